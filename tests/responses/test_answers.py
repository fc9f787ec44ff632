"""Rankings, days and calculated values: from the cell to the columns."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.questionnaire.questions import Moment, Ranking
from pipeline.responses.answers import read_answers
from pipeline.responses.given import given_to
from pipeline.responses.layouts import Layout
from tests.conftest import text

WORDS = ("road", "water", "school", "clinic", "care")
RANKING = Ranking.model_validate(
    {
        "name": "r", "type": "ranking", "text": text("先办什么"), "places": 3,
        "choices": [
            *({"code": n, "name": w, "text": text(w)} for n, w in enumerate(WORDS, start=1)),
            {"code": 9, "name": "dk", "text": text("说不清"), "missing": "dont_know"},
        ],
    }
)  # fmt: skip


def places(cell: str) -> tuple[dict[int, int], str, str]:
    """Return the places by code, the reason, and what was not understood, of one cell."""
    answers = read_answers(RANKING, pd.Series([cell], dtype="str"))
    found = {int(name[3:]): column[0] for name, column in answers.columns.items()}
    return (
        {code: int(place) for code, place in found.items() if pd.notna(place)},
        str(answers.reason[0]),
        str(answers.unread[0]),
    )


@settings(max_examples=40)
@given(st.permutations(WORDS), st.integers(0, 3))
def test_a_choice_has_the_place_at_which_its_word_stands(order: list[str], many: int) -> None:
    placed, reason, unread = places(" ".join(order[:many]))
    assert placed == {WORDS.index(w) + 1: n for n, w in enumerate(order[:many], start=1)}
    assert (reason, unread) == ("", "")


@pytest.mark.parametrize("cell", ["road road", "road bridge", "road dk", "dk dk"])
def test_a_ranking_that_means_nothing_is_left_for_validation(cell: str) -> None:
    assert places(cell) == ({}, "", cell)


def test_of_more_than_were_asked_for_the_first_count() -> None:
    placed, reason, unread = places("road water school clinic")
    assert sorted(placed.values()) == [1, 2, 3]
    assert placed[WORDS.index("road") + 1] == 1
    assert (reason, unread) == ("", "")


def test_a_dont_know_is_a_reason() -> None:
    assert places("dk") == ({}, "dont_know", "")
    assert places("9") == ({}, "dont_know", "")


def in_columns(**row: str) -> tuple[dict[int, int], str, str]:
    headers = {code: f"r/{word}" for code, word in [*enumerate(WORDS, start=1), (9, "dk")]}
    cells = pd.DataFrame([{h: row.get(h[2:], "") for h in headers.values()}], dtype="str")
    layout = Layout("odk_csv", "KEY", {}, {}, {"r": headers})
    return places(given_to(cells, layout, RANKING)[0][0])


def test_places_in_columns_say_the_same() -> None:
    assert in_columns(water="1", road="2.0", school="0") == ({2: 1, 1: 2}, "", "")
    assert in_columns(road="１", clinic="3") == ({1: 1, 4: 2}, "", "")  # a gap moves up
    assert in_columns() == ({}, "", "")
    assert in_columns(dk="1") == ({}, "dont_know", "")


@pytest.mark.parametrize(
    ("row", "unread"),
    [
        ({"road": "1", "water": "1"}, "road=1 water=1"),
        ({"road": "first"}, "road=first"),
        ({"road": "4"}, "road=4"),
    ],
)
def test_places_that_cannot_be_are_left_for_validation(row: dict[str, str], unread: str) -> None:
    assert in_columns(**row) == ({}, "", unread)


def test_a_day_that_is_none_is_left_for_validation() -> None:
    day = Moment.model_validate({"name": "d", "type": "date", "text": text("哪天")})
    answers = read_answers(day, pd.Series(["2026/3/2", "2026-02-30", ""], dtype="str"))
    assert answers.columns["d"].fillna("").tolist() == ["2026-03-02", "", ""]
    assert answers.unread.tolist() == ["", "2026-02-30", ""]
