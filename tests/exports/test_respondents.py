"""The responses of a run for analysts: every answer labelled, every reason a declared code."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from pipeline.exports.respondents import respondents_table
from pipeline.exports.save import save_table
from pipeline.questionnaire.codebook import Codebook, RawFile
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.table import RawTable
from tests.conftest import small_questionnaire, text


def codebook_of(questionnaire: Questionnaire) -> Codebook:
    raw = RawFile(path="x.csv", sha256="0", layout="x", rows=3, columns={})
    return Codebook(
        survey="small", wave="2026", current="v", versions={"v": questionnaire}, raw=raw
    )


def weighted(**changed: Any) -> pd.DataFrame:
    def codes(*values: int | None) -> Any:
        return pd.array(values, dtype="Int64")

    columns = {
        "respondent": ["a", "b", "c"], "raw_row": [2, 3, 4], "seconds": pd.array([61.5, None, 3], dtype="Float64"),
        "person": ["p-1", "p-2", "p-3"], "county": ["甲县", "乙县", "甲县"],
        "q1": codes(1, None, 2), "q1__missing": ["", "refused", ""],
        "q2": codes(5, None, None), "q2__missing": ["", "not_asked", "dont_know"],
        **{f"q3__{k}": codes(int(k == 1), 0, None) for k in range(1, 5)}, "q3__missing": ["", "", "no_answer"],
        "q4": pd.array([2.5, None, 31], dtype="Float64"), "q4__missing": ["", "no_answer", ""],
        "q5__missing": ["", "", "no_answer"], "undecoded": ["", "", "q1=7x"],
        "flag_speeding": [False, True, False], "stratum": ["甲县", "乙县", "甲县"],
        "psu": ["s1", "s2", "s3"], "base_weight": [1.0, 2.0, 1.0], "weight": [1 / 3, 2.5, 1.0],
    }  # fmt: skip
    return pd.DataFrame({**columns, **changed})


@pytest.fixture(scope="module")
def made() -> RawTable:
    return respondents_table(weighted(), codebook_of(small_questionnaire()))


def test_columns_stand_in_the_order_of_the_questionnaire_without_persons_and_words(
    made: RawTable,
) -> None:
    assert made.headers == [
        "respondent", "seconds", "county", "q1", "q2", "q3__1", "q3__2", "q3__3", "q3__4", "q4",
        "stratum", "psu", "base_weight", "weight", "flag_speeding",
    ]  # fmt: skip
    assert made.dictionary is not None
    assert made.dictionary.weight == "weight"
    assert made.dictionary.sets[0].variables == ("q3__1", "q3__2", "q3__3", "q3__4")
    assert "不得公布" in made.dictionary.notes[0]
    assert made.dictionary.notes[1] == "开放题 q5 没有写入。"
    assert not made.cells.isin(["p-1", "q1=7x"]).any().any()


def test_the_order_in_which_choices_were_shown_is_saved() -> None:
    shown = weighted(q1__order=["2 1", "", "1 2"], q3__order=["", "", ""])
    table = respondents_table(shown, codebook_of(small_questionnaire()))
    assert table.cells["q1__order"].tolist() == ["2 1", "", "1 2"]
    assert "q3__order" not in table.headers


def test_reasons_are_codes_of_the_questionnaire_or_free_ones(made: RawTable) -> None:
    assert made.cells["q1"].tolist() == ["1", "9", "2"]
    assert made.cells["q2"].tolist() == ["5", "-8", "8"]
    assert made.cells["q3__1"].tolist() == ["1", "0", "-9"]
    assert made.cells["q4"].tolist() == ["2.5", "-9", "31"]
    assert made.cells["weight"].map(float).tolist() == [1 / 3, 2.5, 1]
    assert made.cells["seconds"].tolist() == ["61.5", "", "3"]
    assert made.dictionary is not None
    q1 = made.dictionary.variable("q1")
    assert (q1.label, q1.measure) == ("参加过吗？", "nominal")
    assert q1.values == {
        "1": "是", "2": "否", "9": "不愿回答", "-9": "未回答", "-8": "不适用",
    }  # fmt: skip
    assert [one.low for one in q1.missing] == ["-9", "-8", "9"]
    assert made.dictionary.variable("q2").measure == "ordinal"
    tick = made.dictionary.variable("q3__2")
    assert tick.label == "哪些？：乙"
    assert tick.values == {"0": "未选", "1": "选中", "-9": "未回答", "-8": "不适用"}


def test_spss_takes_the_reasons_out_of_every_table(made: RawTable, tmp_path: Path) -> None:
    path = save_table(made, tmp_path / "a.sav").path
    frame, about = pyreadstat.read_sav(path)
    assert frame["q1"].isna().tolist() == [False, True, False]
    assert frame["q2"].isna().tolist() == [False, True, True]
    assert frame["weight"].tolist() == [1 / 3, 2.5, 1]
    assert about.variable_measure["q4"] == "scale"
    assert about.file_label == "小问卷"


def questionnaire_with(
    choices: list[dict[str, Any]], kind: str = "single_choice"
) -> Questionnaire:
    asked = small_questionnaire().model_dump(mode="json")
    q1 = {"name": "q1", "type": kind, "text": text("问？"), "choices": choices}
    return Questionnaire.model_validate(
        asked | {"sections": [{"title": text("一"), "questions": [q1]}]}
    )


def choice(code: int, missing: str | None = None) -> dict[str, Any]:
    return {"code": code, "text": text(f"选项{code}"), "missing": missing}


def alone(q1: list[int | None], reasons: list[str], **more: Any) -> pd.DataFrame:
    columns = {
        "respondent": ["a", "b", "c"], "weight": 1.0, "stratum": "", "psu": ["a", "b", "c"],
        "q1": pd.array(q1, dtype="Int64"), "q1__missing": reasons, **more,
    }  # fmt: skip
    return pd.DataFrame(columns)


def test_codes_stand_together_where_spss_needs_a_range(tmp_path: Path) -> None:
    asked = questionnaire_with(
        [choice(1), choice(2), choice(8, "dont_know"), choice(9, "refused")]
    )
    rows = alone([1, None, None], ["", "no_answer", "refused"])
    made = respondents_table(rows, codebook_of(asked))
    assert made.cells["q1"].tolist() == ["1", "10", "9"]
    assert "stratum" not in made.headers
    saved = save_table(made, tmp_path / "a.sav")
    _, about = pyreadstat.read_sav(saved.path, user_missing=True)
    assert about.missing_ranges["q1"] == [{"lo": 8.0, "hi": 11.0}]


def test_codes_that_answers_have_are_left_to_them() -> None:
    asked = questionnaire_with([choice(-9), choice(-8), choice(1)])
    rows = alone([-9, None, None], ["", "not_asked", "refused"])
    made = respondents_table(rows, codebook_of(asked))
    assert made.cells["q1"].tolist() == ["-9", "-98", "-96"]
    assert made.dictionary is not None
    assert made.dictionary.variable("q1").values["-96"] == "拒答"


def test_a_reason_with_two_codes_says_which_is_written() -> None:
    asked = questionnaire_with(
        [
            choice(1),
            choice(2),
            choice(97, "refused"),
            choice(98, "refused"),
            choice(99, "not_asked"),
        ]
    )
    made = respondents_table(
        alone([1, None, None], ["", "refused", "not_asked"]), codebook_of(asked)
    )
    assert made.cells["q1"].tolist() == ["1", "97", "99"]
    assert made.dictionary is not None
    assert "q1 的代码 97、98 都表示“拒答”，都写成 97。" in made.dictionary.notes
    assert {one.low for one in made.dictionary.variable("q1").missing} >= {"97", "98", "99"}


def test_a_column_without_any_number_is_saved_empty() -> None:
    from pipeline.exports.columns_beside import numbers

    empty = pd.Series([pd.NA, pd.NA], dtype="Float64")
    assert numbers(empty).tolist() == ["", ""]
