"""Real files: three surveys that FiveThirtyEight ran on SurveyMonkey."""

from pathlib import Path

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.surveymonkey import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles

TWO_ROWS = delivered(
    ["Respondent ID", "Start Date", "IP Address", "Sex?", "", "Which?", "", "", "Rate", "", "Why?"],
    ["", "", "", "Response", "Other (please specify)", "Tea", "Milk", "Other (please specify)",
     "Price", "Taste", "Open-Ended Response"],
    ["100000001", "05/10/2018 4:01:00 PM", "1.2.3.4", "Man", "", "Tea", "", "wine", "Good", "Bad", "so"],
    ["100000002", "05/16/2018 4:01:00 AM", "1.2.3.4", "", "x", "Tea", "Milk", "", "Bad", "Bad", ""],
)  # fmt: skip


def test_an_empty_header_belongs_to_the_one_on_its_left():
    assert "RespondentID" in SYSTEM.signs(TWO_ROWS)
    tidied = SYSTEM.tidied(TWO_ROWS)
    assert tidied.headers == [
        "Respondent ID", "Start Date", "IP Address", "Sex?", "Sex? - Other (please specify)",
        "Which? - Tea", "Which? - Milk", "Which? - Other (please specify)",
        "Which? - Other (please specify)〖其他〗", "Rate - Price", "Rate - Taste", "Why?",
    ]  # fmt: skip
    assert list(tidied.cells.index) == [3, 4]
    assert list(tidied.cells["Start Date"]) == ["2018-05-10 16:01:00", "2018-05-16 04:01:00"]


def test_options_rows_and_words_under_two_header_rows():
    described = SYSTEM.described(SYSTEM.tidied(TWO_ROWS))
    assert roles(described) == {
        "Respondent ID": "key", "Start Date": "start", "IP Address": "contact",
    }  # fmt: skip
    which = item_of(described, "Which? - Tea")
    assert which.text == "Which?"
    assert isinstance(which.where, Ticks)
    assert list(which.where.headers) == ["Tea", "Milk", "Other (please specify)"]
    assert item_of(described, "Sex? - Other (please specify)").text == "Sex?（其他，请注明）"
    assert item_of(described, "Rate - Taste").group == "Rate"
    assert item_of(described, "Why?").kind == "open_ended"
    assert "Sex?" not in described.headers


def test_an_export_by_numbers_has_each_columns_own_number():
    table = delivered(
        ["Respondent ID", "Which?", ""], ["", "Tea", "Milk"], ["", "Response", "Response"]
    )
    assert SYSTEM.signs(table) == ""  # no second header row, and no long number
    table = delivered(
        ["Respondent ID", "Sex?", "Which?", ""],
        ["", "Response", "Tea", "Milk"], ["100000001", "1", "1", ""], ["100000002", "2", "1", "2"],
    )  # fmt: skip
    item = item_of(SYSTEM.described(SYSTEM.tidied(table)), "Which? - Tea")
    assert item.where == Ticks({"Tea": "Which? - Tea", "Milk": "Which? - Milk"})


@pytest.mark.shared
def test_not_selected_is_shown_and_empty_is_not_asked(shared: Path):
    table = read_table(shared / "samples/microdata/csv/masculinity_raw-responses.csv")
    assert "q0001" in SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.cells["StartDate"].str.startswith("2018-05-").all()
    described = SYSTEM.described(tidied)
    assert roles(described) == {"(列1)": "key", "StartDate": "start", "EndDate": "end"}
    ticks = [item for item in described.items if isinstance(item.where, Ticks)]
    assert [item.name for item in ticks] == [
        "q0004", "q0008", "q0010", "q0011", "q0012", "q0019", "q0020", "q0021", "q0025",
    ]  # fmt: skip
    assert {item.where.unticked for item in ticks} == {("Not selected",)}
    assert sum(item.group == "q0007" for item in described.items) == 11
    assert described.notes


@pytest.mark.shared
def test_long_numbers_of_responses_give_it_away(shared: Path):
    table = read_table(shared / "samples/microdata/csv/comma_survey.csv")
    assert "RespondentID" in SYSTEM.signs(table)
    assert roles(SYSTEM.described(SYSTEM.tidied(table))) == {"RespondentID": "key"}
