"""The exports hold what was answered, in the three layouts, with the same bytes every time."""

import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from pipeline.errors import QuestionnaireError
from pipeline.i18n import Text
from pipeline.privacy.contacts import contact_columns
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import MultipleChoice
from pipeline.questionnaire.read import version_hash
from pipeline.simulation.delivery import Delivery
from pipeline.simulation.export import exported
from pipeline.simulation.export_sav import CREATED
from pipeline.simulation.simulate import Simulated, simulate
from tests.simulation.made_programme import (
    BASELINE,
    FOLLOWUP,
    LAYOUTS,
    during,
    frame,
    made,
    questionnaire,
    truths,
)


def delivery_of(run: Simulated, asked: Questionnaire) -> Delivery:
    return Delivery(
        run.soiled.submissions, asked, version_hash(asked), run.during, "papi", run.population.luck
    )  # fmt: skip


def again(survey: str, seed: int) -> Simulated:
    asked, planted = questionnaire(survey, BASELINE), truths(survey, BASELINE)
    return simulate(planted, asked, frame(), during(BASELINE), seed=seed)


@pytest.mark.parametrize("survey", LAYOUTS)
def test_the_same_seed_gives_the_same_bytes(survey: str) -> None:
    assert again(survey, 42).export == made(survey, BASELINE).export


def test_another_seed_gives_other_answers() -> None:
    one, other = again("served_units", 43), made("served_units", BASELINE)
    assert one.soiled.submissions != other.soiled.submissions
    assert one.draw.persons.equals(other.draw.persons)  # the nonces alone say who is drawn


@pytest.mark.parametrize("survey", LAYOUTS)
def test_every_submission_has_a_key_of_its_own(survey: str) -> None:
    before, after = made(survey, BASELINE), made(survey, FOLLOWUP)
    assert len(set(after.export.keys)) == after.rows
    if survey == "residents":
        assert not set(before.export.keys) & set(after.export.keys)


@pytest.fixture(scope="module")
def csv() -> pd.DataFrame:
    content = made("residents", FOLLOWUP).export.content
    return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)


def test_the_csv_groups_its_headers_and_splits_its_selects(csv: pd.DataFrame) -> None:
    assert {"g1-q1", "g1-q8", "g1-q8/none", "g2-q10", "g3-q12"} < set(csv)
    ticks = [name for name in csv if name.startswith("g1-q8/")]
    assert len(ticks) == 6
    for _, row in csv.iterrows():
        assert {name.split("/")[1] for name in ticks if row[name] == "1"} == set(
            row["g1-q8"].split()
        )
    assert csv["SubmissionDate"].is_monotonic_decreasing
    assert set(csv["FormVersion"]) == {version_hash(questionnaire("residents", FOLLOWUP))}
    assert {"respondent_phone", "username", "deviceid"} <= set(contact_columns(csv))


def test_the_csv_holds_the_answers_in_their_rows(csv: pd.DataFrame) -> None:
    run, rows = made("residents", FOLLOWUP), csv.set_index("KEY")
    for key, one in zip(run.export.keys, run.soiled.submissions, strict=True):
        assert rows.at[key, "person"] == one.person
        for name in ("q1", "q2", "q8", "q9", "q10"):
            header = run.export.headers[name]
            assert rows.at[key, header] == one.answers.get(name, "")


@pytest.fixture(scope="module")
def sheet() -> list[list[str]]:
    content = made("cadres", FOLLOWUP).export.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Sheet1"]
    return [[str(cell) for cell in row] for row in book.get_sheet_by_name("Sheet1").to_python()]


def test_the_workbook_has_the_columns_of_the_text_export(sheet: list[list[str]]) -> None:
    run = made("cadres", FOLLOWUP)
    header = sheet[0]
    assert header[:8] == ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "uid", "version"]  # fmt: skip
    assert header[8:10] == ["1、题目q1怎么样？", "2、题目q2怎么样？"]
    assert len(sheet) == run.rows + 1
    assert run.export.name == f"312045678_按文本_小问卷_{run.rows}_{run.rows}.xlsx"
    cells = pd.DataFrame(sheet[1:], columns=header)
    assert "来自IP" in contact_columns(cells)
    assert cells["所用时间"].str.fullmatch(r"\d+秒").all()
    assert cells["提交答卷时间"].str.fullmatch(r"2026/9/\d+ \d+:\d\d:\d\d").all()


def test_the_workbook_says_answers_in_the_words_of_the_form(sheet: list[list[str]]) -> None:
    run = made("cadres", FOLLOWUP)
    rows = {row[0].removesuffix(".0"): dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]}
    asked = run.population.questionnaire
    several = asked.question("q8")
    assert isinstance(several, MultipleChoice)
    texts = {choice.exported_as: choice.text.zh for choice in several.choices}
    typed = 0
    for key, one in zip(run.export.keys, run.soiled.submissions, strict=True):
        row = rows[key]
        assert row["uid"] == one.person
        assert (row["2、题目q2怎么样？"] == "(跳过)") == ("q2" not in one.answers)
        ticked = row[run.export.headers["q8"]].split("┋") if one.answers["q8"] else []
        assert [text.split("〖")[0] for text in ticked] == [
            texts[word] for word in one.answers["q8"].split()
        ]
        typed += any("〖" in text for text in ticked)
        assert row[run.export.headers["q9"]] == one.answers["q9"]
    assert typed > 3


def test_a_duplicate_on_the_web_has_the_same_link_twice(sheet: list[list[str]]) -> None:
    run = made("cadres", FOLLOWUP)
    tokens = pd.Series({row[0].removesuffix(".0"): row[6] for row in sheet[1:]})
    later = tokens[list(run.planted["duplicates"])]
    assert set(tokens[tokens.duplicated(keep="first")]) == set(later)


def test_the_sav_is_labelled_and_declares_its_missing_codes(tmp_path: Path) -> None:
    run = made("served_units", FOLLOWUP)
    (tmp_path / "x.sav").write_bytes(run.export.content)
    rows, about = pyreadstat.read_sav(str(tmp_path / "x.sav"), user_missing=True)
    assert list(rows)[:8] == ["id", "person", "site", "submitted", "seconds", "mode", "language", "version"]  # fmt: skip
    assert about.column_names_to_labels["q3"] == "题目q3怎么样？"
    assert about.variable_value_labels["q3"][8.0] == "说不清"
    assert [one["lo"] for one in about.missing_ranges["q3"]] == [8, 9]
    assert (about.variable_measure["q3"], about.variable_measure["q9"]) == ("ordinal", "scale")
    assert about.creation_time.date() == during(FOLLOWUP).field_end
    by_key = rows.set_index("id")
    for key, one in zip(run.export.keys, run.soiled.submissions, strict=True):
        row = by_key.loc[key]
        assert row["person"] == one.person
        assert row["q10"] == one.answers["q10"]
        assert pd.isna(row["q2"]) == (one.answers.get("q2", "") == "")
        if one.answers["q8"]:
            ticked = [name for name in rows if name.startswith("q8_") and row[name] == 1]
            assert ticked == [f"q8_{word}" for word in one.answers["q8"].split()]
    for key in run.planted["out_of_range"]:
        assert by_key.at[key, "q9"] > 31


def test_the_header_of_a_sav_names_no_clock() -> None:
    content = made("served_units", FOLLOWUP).export.content
    assert content[CREATED] == b"20 Sep 2618:00:00"


def test_long_questions_are_cut_at_a_whole_character_and_long_choices_refused(
    tmp_path: Path,
) -> None:
    run, asked = made("served_units", FOLLOWUP), questionnaire("served_units", FOLLOWUP)

    def with_text(**update: object) -> Questionnaire:
        section = asked.sections[0]
        first = section.questions[0].model_copy(update=update)
        long = section.model_copy(update={"questions": (first, *section.questions[1:])})
        return asked.model_copy(update={"sections": (long, *asked.sections[1:])})

    content = exported(delivery_of(run, with_text(text=Text(zh="题" * 90))), "sav").content
    (tmp_path / "x.sav").write_bytes(content)
    _, about = pyreadstat.read_sav(str(tmp_path / "x.sav"))
    assert about.column_names_to_labels["q1"] == "题" * 85
    question = asked.question("q1")
    choices = tuple(c.model_copy(update={"text": Text(zh="长" * 41)}) for c in question.choices)  # type: ignore[union-attr]
    with pytest.raises(QuestionnaireError, match="q1, 选项 1"):
        exported(delivery_of(run, with_text(choices=choices)), "sav")
