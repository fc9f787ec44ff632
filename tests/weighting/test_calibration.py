import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipeline.design import Poststratify, Rake, SurveyDesign
from pipeline.errors import CalibrationError
from pipeline.weighting import calibrate, poststratify, rake
from tests.weighting.invented import DESIGN as DRAWN
from tests.weighting.invented import survey

DESIGN = SurveyDesign(weight="base")


def frame(cells, rest=1):
    """Two rows in each cell of a 2 x 3 table, with weights of their own."""
    pairs = [(a, b) for a in ("x", "y") for b in (1, 2, 3)]
    rows = [(a, b, c) for (a, b), c in zip(pairs, cells, strict=True)] * 2
    return pd.DataFrame(rows, columns=["a", "b", "base"]).assign(base=lambda f: f["base"] * rest)


def shares(weights, total):
    given = np.array(weights, dtype=float)
    return given / given.sum() * total


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 50), min_size=6, max_size=6),
    st.lists(st.integers(1, 20), min_size=5, max_size=5),
    st.integers(1, 10**6),
)
def test_raked_weights_meet_every_margin_and_add_up_to_the_population(cells, wanted, population):
    of_a, of_b = shares(wanted[:2], population), shares(wanted[2:], population)
    margins = {"a": dict(zip("xy", of_a, strict=True)), "b": dict(zip("123", of_b, strict=True))}
    rows, design = rake(frame(cells), DESIGN, margins, tolerance=1e-9, max_iterations=2000)
    assert rows["weight"].sum() == pytest.approx(population)
    for name, counts in margins.items():
        held = rows.groupby(rows[name].astype(str))["weight"].sum()
        assert held.to_dict() == pytest.approx(counts)
    assert design.weight == "weight"
    assert isinstance(design.calibration[0], Rake)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 50), min_size=6, max_size=6), st.integers(2, 1000))
def test_the_scale_of_the_base_weights_does_not_matter(cells, factor):
    margins = {"a": {"x": 30, "y": 70}, "b": {"1": 20, "2": 30, "3": 50}}
    one, _ = rake(frame(cells), DESIGN, margins, tolerance=1e-10, max_iterations=1000)
    other, _ = rake(frame(cells, factor), DESIGN, margins, tolerance=1e-10, max_iterations=1000)
    np.testing.assert_allclose(one["weight"], other["weight"], rtol=1e-9)


def test_raking_keeps_the_odds_ratio_of_the_table():
    """Deming & Stephan: only row and column factors; the association stays that of the sample."""
    rows = pd.DataFrame(
        [("x", "1", 10.0), ("x", "2", 20.0), ("y", "1", 30.0), ("y", "2", 15.0)],
        columns=["a", "b", "base"],
    )
    margins = {"a": {"x": 40, "y": 60}, "b": {"1": 50, "2": 50}}
    w = rake(rows, DESIGN, margins, tolerance=1e-12)[0]["weight"]
    assert w[0] * w[3] / (w[1] * w[2]) == pytest.approx(10 * 15 / (20 * 30))


def test_a_person_of_unknown_category_keeps_out_of_that_margin():
    rows = pd.DataFrame({"a": ["x", "x", "y", None], "base": [1.0, 1, 1, 1]})
    raked, _ = rake(rows, DESIGN, {"a": {"x": 50, "y": 50}})
    assert raked["weight"].tolist() == pytest.approx([18.75, 18.75, 37.5, 25])
    assert raked["weight"].sum() == pytest.approx(100)


def test_poststratified_weights_keep_their_proportions_within_a_category():
    rows = pd.DataFrame({"a": ["x", "x", "y"], "base": [1.0, 3.0, 5.0]})
    made, design = poststratify(rows, DESIGN, "a", {"x": 8, "y": 2}, into="w")
    assert made["w"].tolist() == pytest.approx([2, 6, 2])
    assert design.calibration == (Poststratify("a", {"x": 8.0, "y": 2.0}, "base", "w"),)


def test_margins_that_contradict_each_other_do_not_converge():
    rows = pd.DataFrame({"a": ["x", "y"], "b": ["1", "2"], "base": [1.0, 1.0]})
    with pytest.raises(CalibrationError, match="仍与总体数相差"):
        rake(rows, DESIGN, {"a": {"x": 30, "y": 70}, "b": {"1": 60, "2": 40}})


def test_a_category_without_respondents_is_refused():
    rows = pd.DataFrame({"a": ["x"], "base": [1.0]})
    with pytest.raises(CalibrationError, match="a=y"):
        rake(rows, DESIGN, {"a": {"x": 1, "y": 1}})


MARGINS = {
    "sex": {"m": 4000, "f": 6000},
    "tier": {"1": 2000, "2": 3000, "3": 5000},
    "stratum": {"0": 600, "1": 800, "2": 1600, "3": 2000, "4": 2200, "5": 2800},
}


@settings(max_examples=15)
@given(st.permutations(range(240)), st.integers(1, 4))
def test_the_order_of_rows_changes_nothing(order, seed):
    frame = survey(seed)
    straight, _ = rake(frame, DRAWN, MARGINS, tolerance=1e-10)
    mixed, _ = rake(frame.iloc[order], DRAWN, MARGINS, tolerance=1e-10)
    np.testing.assert_allclose(mixed["weight"].sort_index(), straight["weight"], rtol=1e-9)


def test_other_names_of_categories_change_nothing():
    frame = survey()
    renamed = frame.assign(
        tier=frame["tier"].map({1: "乡镇", 2: "县", 3: "市"}).astype("category")
    )
    other = MARGINS | {"tier": {"市": 5000, "县": 3000, "乡镇": 2000}}
    one, _ = rake(frame, DRAWN, MARGINS, tolerance=1e-12)
    two, _ = rake(renamed, DRAWN, other, tolerance=1e-12)
    np.testing.assert_allclose(two["weight"], one["weight"], rtol=1e-10)


def _indicators(frame):
    return np.stack([frame[n].astype(str) == c for n, of in MARGINS.items() for c in of]) * 1.0


def _flat(margins):
    return [count for of in margins.values() for count in of.values()]


@settings(max_examples=25)
@given(st.floats(0.3, 0.9), st.floats(1.1, 3.0))
def test_raking_within_bounds_keeps_them_and_meets_the_margins_or_says_so(low, high):
    frame = survey().assign(base=lambda f: f["base"] * 10_000 / f["base"].sum())
    possible = linprog(
        np.zeros(240), A_eq=_indicators(frame), b_eq=_flat(MARGINS),
        bounds=np.outer(frame["base"], (low, high)),
    ).success  # fmt: skip
    if not possible:
        with pytest.raises(CalibrationError, match="within bounds"):
            rake(frame, DRAWN, MARGINS, bounds=(low, high), tolerance=1e-8)
        return
    made, design = rake(frame, DRAWN, MARGINS, bounds=(low, high), tolerance=1e-8)
    ratio = made["weight"] / made["base"]
    assert ratio.min() >= low * (1 - 1e-12)
    assert ratio.max() <= high * (1 + 1e-12)
    for name, counts in MARGINS.items():
        held = made.groupby(made[name].astype(str))["weight"].sum()
        assert held.to_dict() == pytest.approx(counts, rel=1e-6)
    assert design.calibration[0].bounds == (low, high)


def test_bounded_raking_is_calibration_by_the_raking_distance_cut_at_the_bounds():
    """Case 6 of the table of Deville & Särndal (1992): two roads to the same weights."""
    frame = survey().assign(base=lambda f: f["base"] * 10_000 / f["base"].sum())
    raked, _ = rake(frame, DRAWN, MARGINS, bounds=(0.3, 2.0), tolerance=1e-10)
    made, _ = calibrate(
        frame, DRAWN, terms=list(MARGINS), totals=MARGINS, distance="raking", bounds=(0.3, 2.0),
        tolerance=1e-12,
    )  # fmt: skip
    assert (raked["weight"] / raked["base"]).max() == pytest.approx(2.0)
    np.testing.assert_allclose(raked["weight"], made["weight"], rtol=1e-7)


def test_a_bound_out_of_reach_is_named_with_what_was_reached():
    rows = pd.DataFrame({"a": ["x", "x", "y"], "base": [1.0, 1.0, 1.0]})
    with pytest.raises(CalibrationError, match=r"a=y.*wanted 2, reached 1 within bounds"):
        rake(rows, DESIGN, {"a": {"x": 1, "y": 2}}, bounds=(0.5, 1.2))


def test_under_bounds_those_of_known_category_are_spread_like_the_population():
    frame = survey().assign(base=lambda f: f["base"] * 10_000 / f["base"].sum())
    frame.loc[::7, "sex"] = None
    made, _ = rake(frame, DRAWN, MARGINS, bounds=(0.4, 2.2), tolerance=1e-10)
    assert made["weight"].sum() == pytest.approx(10_000)
    held = made.groupby("sex")["weight"].sum()
    assert held["f"] / held["m"] == pytest.approx(1.5)
    assert (made["weight"] / made["base"]).between(0.4 - 1e-9, 2.2 + 1e-9).all()


def test_raking_can_end_by_the_rule_of_r():
    """One round after which no cell moves by a person, though a margin is missed by more."""
    frame = survey()
    rough, _ = rake(frame, DRAWN, MARGINS, tolerance=1e9, until="cells_settled")
    held = rough.groupby("stratum")["weight"].sum()
    assert held.to_dict() == pytest.approx({int(k): n for k, n in MARGINS["stratum"].items()})
    assert abs(rough.groupby("sex")["weight"].sum()["m"] / 4000 - 1) > 1e-6
    fine, _ = rake(frame, DRAWN, MARGINS, tolerance=1e-14, until="cells_settled")
    exact, _ = rake(frame, DRAWN, MARGINS, tolerance=1e-13)
    np.testing.assert_allclose(fine["weight"], exact["weight"], rtol=1e-10)


def test_a_category_of_which_all_have_weight_zero_is_refused():
    rows = pd.DataFrame({"a": ["x", "y"], "base": [1.0, 0.0]})
    with pytest.raises(CalibrationError, match="a=y: 此类受访者的权数都是 0"):
        rake(rows, DESIGN, {"a": {"x": 1, "y": 1}})


def test_a_category_of_no_people_gets_no_weight():
    rows = pd.DataFrame({"a": ["x", "y"], "base": [1.0, 3.0]})
    made, _ = rake(rows, DESIGN, {"a": {"x": 5, "y": 0, "z": 0}})
    assert made["weight"].tolist() == [5, 0]


def test_margins_without_counts_and_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(CalibrationError, match="无从校准"):
        rake(survey(), DRAWN, {})
    with pytest.raises(CalibrationError, match="下限"):
        rake(survey(), DRAWN, MARGINS, bounds=(2, 1))
