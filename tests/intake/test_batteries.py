import numpy as np
import pytest

from pipeline.responses.described import Item
from pipeline.responses.read import read_table
from tests.intake.tables import told

LIKED = ("not at all", "a little", "some", "a lot")


def test_like_names_and_answers_are_one_group() -> None:
    points = ["1", "2", "3", "4", "5", "2"]
    shuffled = {f"S{n}": points[n:] + points[:n] for n in range(1, 5)}
    found = told({**shuffled, "T1": points, "city": ["甲", "乙"] * 3})
    assert [found[f"S{n}"].group for n in range(1, 5)] == ["S"] * 4  # type: ignore[union-attr]
    assert found["T1"].group == ""  # type: ignore[union-attr]


def test_the_words_in_common_are_the_groups_text() -> None:
    stem = "Please rate how much you like the cuisine of "
    answers = [*LIKED, *LIKED]
    found = told({stem + country: answers for country in ("Peru", "Chad", "Laos")})
    for item in found.values():
        assert isinstance(item, Item)
        assert item.group_text == stem.strip()


def test_an_item_against_the_others_is_told_and_not_turned() -> None:
    draw = np.random.default_rng(5)
    level = draw.integers(1, 6, 200)
    noisy = [np.clip(level + draw.integers(-1, 2, 200), 1, 5) for _ in range(4)]
    noisy[2] = 6 - noisy[2]
    found = told({f"s{n}": [str(v) for v in noisy[n]] for n in range(4)})
    for n in range(4):
        item = found[f"s{n}"]
        assert isinstance(item, Item)
        assert not item.reverse
        assert any("反向题" in guess for guess in item.guessed) == (n == 2)


@pytest.mark.shared
def test_the_reversed_items_of_the_big_five_are_told(shared: object) -> None:
    """Source: the key of the 25 items in R's psych package (`bfi.keys`)."""
    table = read_table(shared / "samples/microdata/csv/bfi.csv")  # type: ignore[operator]
    found = told({header: list(table.cells[header]) for header in table.headers})
    told_of = {h for h, one in found.items() if isinstance(one, Item) and "反向题" in str(one)}
    assert told_of == {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    assert {one.group for one in found.values() if isinstance(one, Item)} == {*"ACENO", ""}
