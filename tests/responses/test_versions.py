"""Each response is decoded by the version it answered; what names none counts as the launched one."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.layouts.odk_csv import locate
from pipeline.responses.table import RawTable
from pipeline.responses.versions import decode_versions

COLUMNS = ["KEY", "FormVersion", "q1", "q2", "q3", "q4", "q5"]
OLD, NEW = "a" * 12, "b" * 12


def delivered(rows: list[dict[str, str]]) -> RawTable:
    cells = pd.DataFrame(rows, columns=COLUMNS, dtype="str").fillna("")
    cells["KEY"] = [f"r{n}" for n in range(len(rows))]
    cells.index = pd.RangeIndex(2, len(rows) + 2)
    return RawTable(Path("export.csv"), "0" * 64, cells)


@pytest.fixture
def older(questionnaire: Questionnaire) -> Questionnaire:
    """A version whose first question had other codes, and that asked one question more."""
    changed = questionnaire.model_dump(mode="json")
    questions = changed["sections"][0]["questions"]
    questions[0]["choices"][0]["code"] = 5
    questions[1]["show_if"] = None
    questions.append({**questions[4], "name": "q6"})
    return Questionnaire.model_validate(changed)


def test_an_unknown_version_is_refused(questionnaire: Questionnaire) -> None:
    raw = delivered([{"FormVersion": OLD, "q1": "yes"}])
    layout = locate(raw.path, raw.headers, questionnaire)
    with pytest.raises(ResponseError, match=r"a{12}（1 份）"):
        decode_versions(raw, layout, NEW, {NEW: questionnaire})


def test_a_wave_that_nobody_answered_with_its_version_is_refused(
    questionnaire: Questionnaire,
) -> None:
    raw = delivered([{"FormVersion": OLD, "q1": "yes"}])
    layout = locate(raw.path, raw.headers, questionnaire)
    both = {OLD: questionnaire, NEW: questionnaire}
    with pytest.raises(ResponseError, match=r"没有一份答卷回答本轮的问卷（版本 b{12}）"):
        decode_versions(raw, layout, NEW, both)
    assert decode_versions(raw, layout, OLD, both).responses["q1"].tolist() == [1]


@pytest.mark.parametrize("last", [OLD, NEW])
def test_versions_are_decoded_side_by_side(
    questionnaire: Questionnaire, older: Questionnaire, last: str
) -> None:
    """Whichever version is the definition (the last one), the launched one names the columns."""
    raw = delivered([{"FormVersion": v, "q1": "yes", "q2": "3"} for v in (NEW, OLD, NEW)])
    layout = locate(raw.path, raw.headers, questionnaire)
    known = {OLD: older, NEW: questionnaire}
    known = {one: known[one] for one in sorted(known, key=lambda one: one == last)}
    found = decode_versions(raw, layout, NEW, known).responses
    assert found["questionnaire_version"].tolist() == [NEW, OLD, NEW]
    assert found["q1"].tolist() == [1, 5, 1]
    assert "q6__missing" not in found


def test_a_response_without_version_counts_as_the_launched_one(
    questionnaire: Questionnaire, older: Questionnaire
) -> None:
    raw = delivered([{"FormVersion": v, "q1": "yes"} for v in ("", "3", OLD)])
    layout = locate(raw.path, raw.headers, questionnaire)
    found = decode_versions(raw, layout, OLD, {OLD: older, NEW: questionnaire}).responses
    assert found["questionnaire_version"].tolist() == [OLD] * 3
    assert found["q1"].tolist() == [5] * 3
    assert found["q6__missing"].tolist() == ["no_answer"] * 3


def test_what_a_version_did_not_ask_is_not_asked(
    questionnaire: Questionnaire, older: Questionnaire
) -> None:
    raw = delivered([{"FormVersion": NEW, "q1": "yes"}, {"FormVersion": OLD, "q1": "yes"}])
    layout = locate(raw.path, raw.headers, questionnaire)
    found = decode_versions(raw, layout, OLD, {OLD: older, NEW: questionnaire}).responses
    assert found["q6__missing"].tolist() == ["not_asked", "no_answer"]


def test_a_day_that_was_a_number_is_refused(questionnaire: Questionnaire) -> None:
    changed = questionnaire.model_dump(mode="json")
    changed["sections"][0]["questions"][3] = {
        "name": "q4",
        "type": "date",
        "text": {"zh": "哪天？"},
    }
    table = delivered([{"FormVersion": OLD, "q4": "3"}, {"FormVersion": NEW, "q4": "2026-03-02"}])
    layout = locate("export.csv", list(table.cells), questionnaire)
    versions = {OLD: questionnaire, NEW: Questionnaire.model_validate(changed)}
    with pytest.raises(ResponseError, match=r"q4: 版本 a{12} 的题型是 number，本轮的是 date"):
        decode_versions(table, layout, NEW, versions)
