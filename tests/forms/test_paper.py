"""What the paper questionnaire prints, before any file format."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.forms.guide import guide
from pipeline.forms.numbering import numbers
from pipeline.forms.paper import Paper, Printed, paper
from pipeline.forms.paper_fields import (
    NORMAL,
    Blanks,
    Entries,
    Field,
    Grid,
    Lines,
    Listed,
    Nothing,
    Points,
    Row,
    Tick,
    Ticks,
    matrix,
    scale,
    ticks,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.questions import Calculated
from pipeline.questionnaire.read import read_questionnaire

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def every_type() -> Questionnaire:
    return read_questionnaire(HERE / "every_type.yaml")


@pytest.fixture(scope="module")
def programme(root: Path) -> Programme:
    return read_programme(root / "questionnaires" / "programme.yaml")


@pytest.fixture(scope="module")
def laid(every_type: Questionnaire, programme: Programme) -> Paper:
    return paper(every_type, programme)


def blocks(made: Paper) -> dict[str, Printed]:
    return {one.name: one for part in made.parts for one in part.printed}


def ticks_of(field: Field) -> list[Tick]:
    match field:
        case Ticks():
            return list(field.choices)
        case Points():
            return list(field.points)
        case Grid():
            return list(field.head)
        case Listed():
            return list(field.rows[0][1].choices)
        case Blanks():
            return list(field.instead)
        case _:
            return []


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["zh", "en", "fr"])
def test_every_block_is_printed_with_its_wording_and_number(
    every_type: Questionnaire, programme: Programme, language: str, large: bool
) -> None:
    made = blocks(paper(every_type, programme, language=language, large=large))
    number = numbers(every_type)
    asked = [one for one in every_type.blocks if not isinstance(one, Calculated)]
    assert list(made) == [one.name for one in asked]
    for block in asked:
        assert made[block.name].stem == block.text(language)
        assert made[block.name].number == number.get(block.name, "")


def test_each_type_has_the_field_that_it_is_answered_in(laid: Paper) -> None:
    kinds = {name: type(one.field) for name, one in blocks(laid).items()}
    assert {name: kinds[name] for name in ("welcome", "age", "sex", "satisfied", "views", "wish")} == {
        "welcome": Nothing, "age": Blanks, "sex": Ticks, "satisfied": Points, "views": Grid, "wish": Lines,
    }  # fmt: skip
    assert kinds["member"] is Entries
    assert kinds["moved"] is Blanks


def test_choices_bear_their_codes_and_the_other_a_line(laid: Paper) -> None:
    job = ticks_of(blocks(laid)["job"].field)
    assert [one.code for one in job] == ["1", "2", "3", "4", "97", "98"]
    assert [one.specify for one in job] == ["", "", "", "", "（请注明）", ""]
    assert [one.code for one in ticks_of(blocks(laid)["age"].field)] == ["998", "999"]


def test_how_many_and_which_range_stand_behind_the_wording(laid: Paper) -> None:
    marks = {name: one.marks for name, one in blocks(laid).items()}
    assert marks["problems"] == "（可多选，选 2 至 3 项）"
    assert marks["channels"] == "（每行最多选 2 项）"
    assert marks["priorities"] == "（在方框内写 1 至 3，1 排在最前）"
    assert marks["age"] == "（0 至 120）"
    assert marks["moved"] == "（2000 年 1 月 1 日 至 2026 年 6 月 30 日）"
    assert marks["sex"] == ""


def test_routes_are_told_in_words_once_per_section_where_they_are_alike(
    every_type: Questionnaire, laid: Paper
) -> None:
    for name, one in blocks(laid).items():
        assert one.after == guide(every_type).after(name)
    before = {one.name: one.before or part.before for part in laid.parts for one in part.printed}
    assert before == {name: guide(every_type).before(name) for name in blocks(laid)}
    rows = blocks(laid)["views"].field
    assert isinstance(rows, Grid)
    assert "务农" in rows.tables[0][2].route


def test_a_roster_has_a_column_per_entry_and_says_what_it_leaves_out(
    every_type: Questionnaire, programme: Programme
) -> None:
    wider = every_type.model_dump(mode="json")
    wider["sections"][5]["questions"][0]["maximum"] = 20
    made = blocks(paper(Questionnaire.model_validate(wider), programme))["member"].field
    assert isinstance(made, Entries)
    assert [len(heads) for heads in made.heads] == [3, 3]
    assert "20" in made.more
    assert [cell.row.number for cell in made.cells] == ["(1)", "(2)", "(3)", "(4)", "(5)"]


def test_large_print_puts_one_choice_on_a_line(
    every_type: Questionnaire, programme: Programme
) -> None:
    made = paper(every_type, programme, large=True)
    assert made.sheet.size >= 18
    for one in blocks(made).values():
        assert not isinstance(one.field, Points)
        if isinstance(one.field, Ticks):
            assert all(len(line) == 1 for line in one.field.lines)


def test_a_picture_of_another_kind_is_refused(
    every_type: Questionnaire, programme: Programme
) -> None:
    with pytest.raises(SurveyError, match=r"job\.png"):
        paper(every_type, programme, images={"job.png": b"<svg/>"})


def test_control_characters_are_left_out(every_type: Questionnaire, programme: Programme) -> None:
    given = every_type.model_copy(
        update={"title": every_type.title.model_copy(update={"zh": "甲\x07乙"})}
    )
    assert paper(given, programme).title == "甲 乙"


WORDS = (
    st.text(st.sampled_from("甲乙丙丁abc "), min_size=1, max_size=40).map(str.strip).filter(bool)
)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(Tick, st.just("1"), WORDS, st.sampled_from(["", "："])), min_size=2, max_size=14
    )
)
def test_every_choice_is_printed_once_and_no_line_is_overfull(choices: list[Tick]) -> None:
    made = ticks(choices, 44.0, one_per_line=False, mark="tick")
    assert list(made.choices) == choices
    for line in made.lines:
        assert sum(made.span(one) for one in line) <= made.columns
    assert ticks_of(scale(choices, NORMAL)) == choices


@settings(max_examples=60)
@given(
    st.lists(st.builds(Tick, st.just("1"), WORDS), min_size=2, max_size=14),
    st.lists(st.builds(Row, st.just("(1)"), WORDS), min_size=1, max_size=30),
)
def test_every_row_of_a_matrix_is_printed_once(head: list[Tick], rows: list[Row]) -> None:
    made = matrix(head, rows, NORMAL)
    assert ticks_of(made) == head
    match made:
        case Grid():
            assert [row for table in made.tables for row in table] == rows
        case Listed():
            assert [row for row, _ in made.rows] == rows
