"""Coordinated draws: exact probabilities, and a known share of sites that is met again."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import FrameError
from pipeline.sampling.coordination import pareto, pareto_probabilities
from pipeline.sampling.draw import Draw, make_draw, write_draw
from pipeline.sampling.record import Numbers
from pipeline.sampling.selection import inclusion_probabilities
from pipeline.sampling.verify import verify

NONCES = {"甲方": "a-secret-of-sixteen-1", "乙方": "a-secret-of-sixteen-2"}
LATER = {"甲方": "a-secret-of-sixteen-3", "乙方": "a-secret-of-sixteen-4"}


def a_frame(sites: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site": [f"s{k:03d}" for k in range(sites)],
            "county": "jia",
            "setting": "rural",
            "stratum": "jia/rural",
            "persons": [40 + 3 * k for k in range(sites)],
            "need": "1",
            "staff": [5 + k % 7 for k in range(sites)],
        }
    )


def a_draw(wave: str = "w1", nonces: dict[str, str] = NONCES, **changes: object) -> Draw:
    asked: dict[str, object] = {
        "survey": "s", "wave": wave, "sites_per_stratum": 20, "persons_per_site": 4,
        "nonces": nonces, "kept": 0.6,
    }  # fmt: skip
    return make_draw(a_frame(), **(asked | changes))  # type: ignore[arg-type]


@given(st.lists(st.integers(1, 40), min_size=2, max_size=25), st.integers(1, 12))
@settings(max_examples=40)
def test_probabilities_add_up_to_the_sample(sizes: list[int], take: int) -> None:
    targets = inclusion_probabilities({f"u{k}": size for k, size in enumerate(sizes)}, take)
    exact = pareto_probabilities([float(p) for p in targets.values()])
    assert exact.sum() == pytest.approx(min(take, len(sizes)), abs=1e-7)
    assert ((exact > 0) & (exact <= 1 + 1e-9)).all()


def test_probabilities_are_those_that_many_draws_show() -> None:
    sizes = {f"u{k}": size for k, size in enumerate([1, 2, 3, 4, 5, 6])}
    targets = inclusion_probabilities(sizes, 2)
    met = dict.fromkeys(targets, 0)
    draws = 2000
    for number in range(draws):
        for unit in pareto(targets, Numbers((f"seed {number}",), ())):
            met[unit] += 1
    exact = pareto_probabilities([float(p) for p in targets.values()])
    shown = np.array(list(met.values())) / draws
    assert np.abs(shown - exact).max() < 4 * 0.5 / draws**0.5
    assert abs(exact[0] - float(targets["u0"])) > 1e-3  # near the target, and not the target


def test_two_units_of_which_one_is_drawn_have_the_probability_of_a_textbook_integral() -> None:
    """P(u1 a < u2 b) for ranks u (1 - p) / ((1 - u) p): r (r - 1 - ln r) / (r - 1)^2."""
    p = 0.7
    ratio = (p / (1 - p)) ** 2
    wanted = ratio * (ratio - 1 - np.log(ratio)) / (ratio - 1) ** 2
    assert pareto_probabilities([p, 1 - p])[0] == pytest.approx(wanted, abs=1e-8)


def test_a_share_of_the_sites_is_met_again() -> None:
    met = []
    for number in range(12):
        first = a_draw(nonces={"a": f"nonce-of-sixteen-{number}", "b": "b" * 16})
        later = a_draw("w2", {"a": f"other-of-sixteen-{number}", "b": "c" * 16}, previous=first)
        met.append(len(set(first.sites["site"]) & set(later.sites["site"])) / 20)
    # kept sites, and of the fresh numbers those that fall low again (a third of the sites)
    assert np.mean(met) == pytest.approx(0.6 + 0.4 / 3, abs=0.09)


def test_all_kept_is_the_same_sites_and_none_kept_an_independent_draw() -> None:
    first = a_draw()
    again = a_draw("w2", LATER, previous=first, kept=1.0)
    assert list(again.sites["site"]) == list(first.sites["site"])
    assert not set(again.persons["person"]) == set(first.persons["person"])
    fresh = a_draw("w2", LATER, previous=first, kept=0.0)
    assert list(fresh.sites["site"]) == list(a_draw("w2", LATER, kept=0.5).sites["site"])


def test_numbers_go_back_to_the_wave_in_which_a_site_got_its_number() -> None:
    numbers = Numbers(("one", "two", "three"), (Fraction(1), Fraction(1)))
    assert numbers.of("s") == Numbers(("one",), ()).of("s")
    assert Numbers(("one", "two"), (Fraction(0),)).of("s") == Numbers(("two",), ()).of("s")


def test_a_coordinated_draw_is_verified_with_the_draws_before(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    first = a_draw()
    later = a_draw("w2", LATER, previous=first)
    write_draw(first, folder / "w1")
    write_draw(later, folder / "w2")
    assert verify(folder / "w2", a_frame(), survey="s", wave="w2") is not None
    (folder / "w1" / "draw.json").unlink()
    for name in ("sites.csv", "persons.csv"):
        (folder / "w1" / name).unlink()
    with pytest.raises(FrameError, match="earlier w1"):
        verify(folder / "w2", a_frame(), survey="s", wave="w2")


def test_a_unit_has_one_who_answers_and_staff_are_drawn_from_the_staff() -> None:
    units = a_draw(size="equal", roll="unit")
    assert set(units.sites["persons"]) == {1}
    assert set(units.persons["person"]) == {f"{site}-1" for site in units.sites["site"]}
    assert (units.persons["p2"] == 1).all()
    assert units.sites["p1"].nunique() == 1
    staff = a_draw(size="staff", roll="staff")
    counted = a_frame().set_index("site")["staff"]
    assert list(staff.sites["persons"]) == list(counted[staff.sites["site"]])


def test_what_cannot_be_coordinated_is_refused() -> None:
    systematic = a_draw(kept=None)
    with pytest.raises(FrameError, match="系统抽样"):
        a_draw("w2", LATER, previous=systematic)
    with pytest.raises(FrameError, match="保留比例"):
        a_draw("w2", LATER, previous=a_draw(), kept=None)
    with pytest.raises(FrameError, match="staff"):
        make_draw(
            a_frame().drop(columns="staff"), survey="s", wave="w", sites_per_stratum=2,
            persons_per_site=5, nonces=NONCES, size="staff",
        )  # fmt: skip
