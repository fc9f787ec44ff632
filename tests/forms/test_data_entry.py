"""The workbook for paper answers: what is typed comes back through ingest as it was meant."""

import io
import random
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.errors import ResponseError
from pipeline.forms.data_entry import CODES, KEY, SHEET, workbook, written
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.read import read_questionnaire, version_hash
from pipeline.questionnaire.routing import holds
from pipeline.responses.decode import decode
from pipeline.responses.layouts.data_entry import BAR, ticks_of
from pipeline.responses.layouts.recognise import locate
from pipeline.responses.read import read_table

HERE = Path(__file__).parent
MOMENTS = {"date": "2026-03-02", "time": "08:30", "datetime": "2026-03-02 08:30"}


@pytest.fixture(scope="module", params=["every_type", "residents"])
def questionnaire(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    if request.param == "every_type":
        return read_questionnaire(HERE / "every_type.yaml")
    return read_questionnaire(root / "questionnaires" / request.param / "questionnaire.yaml")


def typed(questionnaire: Questionnaire, luck: random.Random) -> tuple[dict, dict]:
    """Return one respondent's cells by column, and what they decode to."""
    cells: dict[str, object] = {}
    meant: dict[str, object] = {}
    row: dict[str, object] = {}
    for question in questionnaire.questions:
        name, column = question.name, question.exported_as
        frame = pd.DataFrame([row])
        asked = question.show_if is None or bool(holds(question.show_if, frame).iloc[0])
        if isinstance(question, ChoiceQuestion):
            substantive = list(question.substantive)
        match question:
            case SingleChoice() | Scale():
                choice = luck.choice(question.offered) if asked else None
                if choice:
                    word = written(question, choice)
                    cells[column] = int(word) if word.isdigit() else word
                row[name] = None if not choice or choice.missing else choice.code
                meant[name] = row[name]
            case MultipleChoice():
                most = question.max_choices or len(substantive)
                alone = [c for c in substantive if c.exclusive]
                several = [c for c in substantive if not c.exclusive]
                least = max(1, question.min_choices)
                ticked = luck.sample(several, luck.randint(least, min(most, len(several))))
                if alone and luck.random() < 0.2:
                    ticked = alone[:1]
                for choice in substantive:
                    given = asked and choice in ticked
                    if given:
                        cells[ticks_of(question)[choice.code]] = 1
                    row[f"{name}__{choice.code}"] = int(given) if asked else None
                    meant[f"{name}__{choice.code}"] = row[f"{name}__{choice.code}"]
            case Ranking():
                order = luck.sample(substantive, question.depth) if asked else []
                for choice in substantive:
                    place = order.index(choice) + 1 if choice in order else None
                    if place:
                        cells[ticks_of(question)[choice.code]] = place
                    row[f"{name}__{choice.code}"] = place
                    meant[f"{name}__{choice.code}"] = place
            case Number():
                low = 0 if question.minimum is None else question.minimum
                high = low + 9 if question.maximum is None else min(question.maximum, low + 60)
                number = round(luck.uniform(low, high), question.decimals) if asked else None
                row[name] = cells[column] = number
                meant[name] = number
            case Moment():
                if asked:
                    cells[column] = MOMENTS[question.type]
                row[name] = MOMENTS[question.type].replace(" ", "T") if asked else None
                meant[name] = row[name]
            case OpenEnded():
                if asked:
                    cells[column] = f"话{luck.randint(1, 999)}"
            case Calculated():
                row[name] = None  # ingest works it out; the test of decode holds it to the rows
    return {k: v for k, v in cells.items() if v is not None}, meant


def filled(questionnaire: Questionnaire, path: Path, people: int) -> list[dict]:
    luck = random.Random(20261123)
    book = openpyxl.load_workbook(io.BytesIO(workbook(questionnaire)))
    sheet = book[SHEET]
    place = {}
    for cell in sheet[1]:
        parts = str(cell.value).split(BAR)
        place[parts[1] if len(parts) > 2 else parts[0]] = cell.column
    meant = []
    for person in range(people):
        cells, decoded = typed(questionnaire, luck)
        sheet.cell(person + 2, place[KEY]).value = f"P{person:03d}"
        for column, value in cells.items():
            sheet.cell(person + 2, place[column]).value = value
        meant.append(decoded)
    book.save(path)
    return meant


def test_what_is_typed_is_what_is_decoded(questionnaire: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    meant = filled(questionnaire, path, 25)
    table = read_table(path)
    layout = locate(table, questionnaire)
    assert layout.name == "data_entry"
    decoded = decode(table, layout, questionnaire).responses
    assert list(decoded["respondent"]) == [f"P{i:03d}" for i in range(25)]
    assert set(decoded["mode"]) == {"paper"}
    assert set(decoded["questionnaire_version"]) == {version_hash(questionnaire)}
    assert (decoded["undecoded"] == "").all(), decoded["undecoded"].unique()
    compared = 0
    for row, person in enumerate(meant):
        for column, value in person.items():
            found = decoded[column].iloc[row]
            if value is None:
                assert pd.isna(found), (row, column, found)
            else:
                assert found == value, (row, column)
            compared += 1
    assert compared > 25 * 25


def test_every_choice_is_listed_and_nothing_else_is_accepted(
    questionnaire: Questionnaire,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(questionnaire)))
    listed = {(row[1].value, row[4].value) for row in book[CODES].iter_rows(min_row=2)}
    rules = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in book[SHEET].data_validations.dataValidation
    }
    by_column = {
        str(cell.value).split(BAR)[1]: rules[cell.column_letter]
        for cell in book[SHEET][1]
        if str(cell.value).count(BAR) > 1
    }
    for question in questionnaire.questions:
        if isinstance(question, SingleChoice | Scale):
            for choice in question.offered:
                assert (question.exported_as, choice.text.zh) in listed
            rule = by_column[question.exported_as]
            assert rule.type == "list"
            assert rule.showErrorMessage
            allowed = rule.formula1.strip('"').split(",")
            assert allowed == [written(question, c) for c in question.offered]


def test_a_column_taken_out_is_named(questionnaire: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    filled(questionnaire, path, 2)
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    gone = str(sheet.cell(1, 8).value)
    sheet.delete_cols(8)
    book.save(path)
    with pytest.raises(ResponseError, match="录入表里没有") as said:
        locate(read_table(path), questionnaire)
    assert gone.split(BAR)[1] in str(said.value)


def test_the_same_questionnaire_gives_the_same_bytes(questionnaire: Questionnaire) -> None:
    assert workbook(questionnaire) == workbook(questionnaire)


def test_columns_have_the_numbers_of_the_paper_and_tell_rows_and_entries_apart() -> None:
    asked = read_questionnaire(HERE / "every_type.yaml")
    book = openpyxl.load_workbook(io.BytesIO(workbook(asked)))
    heads = [tuple(str(cell.value).split(BAR)) for cell in book[SHEET][1]]
    said = {column: (number, words) for number, column, words in (h for h in heads if len(h) > 2)}
    assert said["v_two"] == ("9(2)", "我经常觉得白忙")
    assert said["c2/net"] == ("11(2)", "补贴：手机")
    assert said["member_count"][0] == "19"
    assert said["member_1_relation"] == ("19(1)", "家庭成员1：与您的关系")
    assert said["member_2_relation_7_text"][0] == "19(1)"
    assert said["member_3_helps/field"] == ("19(4)", "家庭成员3：种地")
    assert said["last_words"][0] == "20"
    codes = {str(row[1].value): str(row[0].value) for row in book[CODES].iter_rows(min_row=2)}
    assert codes["member_2_pupil"] == "19(3)"
