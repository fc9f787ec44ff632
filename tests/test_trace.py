"""A number is walked back to both its sides; one that is not what the answers give is marked."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.places import DISCLOSED, FOLLOWUP, PROBLEMS, RunPlaces, SurveyPlaces
from pipeline.problems.judgement import one_sided
from pipeline.questionnaire.codebook import read_codebook, write_codebook
from pipeline.questionnaire.model import Questionnaire
from pipeline.trace import trace
from pipeline.trace_answers import wording
from tests.every_type import every_type
from tests.made_study import project, questionnaire_of, rows_of

EARLIER, LATER = RunPlaces("small", "w1"), RunPlaces("small", "w2")
ANOTHER = "您参加过没有？"
COLUMNS = (
    "id", "kind", "domain", "a", "b", "value_a", "value_b", "conclusion", "shrunk_b", "why_not",
)  # fmt: skip


def share(rows: pd.DataFrame) -> float:
    base = rows[rows["q1__missing"] == ""]
    return float(np.average(base["q1"].astype(float) == 1, weights=base["weight"]))


def comparisons(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    old, new = share(before), share(after)
    of_a = [rows[rows["county"] == "甲县"] for rows in (after, before)]
    near, far = (round(share(rows), 3) for rows in of_a)
    rest = after[after["county"] != "甲县"]
    nan = float("nan")
    lines = [
        ("C-all", "wave", "all", "", "w1", new, old, "lower", nan, ""),
        ("C-jia", "wave", "county", "甲县", "w1", near, far, "no_difference", 0.61, ""),
        ("C-why", "wave", "all", "", "w1", nan, nan, "not_comparable", nan, "wording"),
        ("C-one", "wave", "all", "", "", nan, nan, "one_wave", nan, ""),
        ("C-rest", "group", "county", "甲县", "rest", share(of_a[0]), share(rest), "lower", nan, ""),
        ("C-two", "group", "county", "甲县", "乙县", share(of_a[0]),
         share(after[after["county"] == "乙县"]), "lower", nan, ""),
        ("C-held", "standard", "all", "all", "standard", new, 0.35, "higher", nan, ""),
        ("C-false", "standard", "all", "all", "standard", new + 0.01, 0.35, "higher", nan, ""),
        ("C-none", "group", "county", "丁县", "rest", nan, new, "lower", nan, ""),
    ]  # fmt: skip
    table = pd.DataFrame(lines, columns=list(COLUMNS)).assign(
        survey="small", wave="w2", question="q1", code="1", standard_error=0.03, low=-0.1,
        high=0.1, degrees_of_freedom=30.0, p=0.2, q=0.3, family="f", family_size=3,
        shrunk_error=0.04,
    )  # fmt: skip
    return table.assign(difference=table["value_a"] - table["value_b"])


def followed_up(row: pd.Series) -> dict[str, object]:
    fall, rise = one_sided(row["difference"], row["standard_error"], row["degrees_of_freedom"])
    figures = dict.fromkeys(("low", "high", "low90", "high90"), 0.0)
    return figures | {
        "number": "A1-2026-001", "status": "tested", "verdict": "not_improved",
        "recorded": "improved", "comparison": "C-all", "metric": "E-gone",
        "baseline": row["value_b"], "value": row["value_a"], "difference": row["difference"],
        "standard_error": 0.03, "q_fall": fall, "q_rise": rise, "p_fall": fall, "p_rise": rise,
        "checked": 1, "smallest_fall": 0.2, "as_of": "2026-11-15",
    }  # fmt: skip


@pytest.fixture
def made(
    tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> pd.DataFrame:
    """Two waves of a survey with raw files; return their comparisons."""
    before, after = (rows_of(seed).assign(site="") for seed in (1, 2))
    before, after = (rows.assign(raw_row=range(1, len(rows) + 1)) for rows in (before, after))
    asked = [questionnaire_of(questionnaire, ANOTHER), questionnaire_of(questionnaire)]
    project(tmp_path, {"w1": (before, asked[0]), "w2": (after, asked[1])})
    monkeypatch.chdir(tmp_path)
    for run, suffix in ((EARLIER, "xlsx"), (LATER, "sav")):
        file = Path(f"raw-{run.wave}.{suffix}")
        file.write_text(run.wave, encoding="utf-8")
        book = read_codebook(run.record("codebook"))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        read = {"path": str(file), "sha256": digest, "columns": {"q1": f"题目一 {run.wave}"}}
        raw = book.raw.model_copy(update=read)
        write_codebook(book.model_copy(update={"raw": raw}), run.record("codebook"))
        put(pd.DataFrame({"raw_row": [7, 7]}), run.table("quarantine"))
    table = comparisons(before, after)
    put(table, SurveyPlaces("small").comparison)
    disclose(table)
    FOLLOWUP.write_text(json.dumps([followed_up(table.iloc[0])]), encoding="utf-8")
    PROBLEMS.write_text("[]", encoding="utf-8")
    return table


def put(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False)


def disclose(table: pd.DataFrame) -> None:
    put(table, DISCLOSED / "comparisons.parquet")
    put(pd.DataFrame({"id": ["E-1"], "survey": "small", "wave": "w2"}),
        DISCLOSED / "estimates.parquet")  # fmt: skip
    put(pd.DataFrame({"survey": ["small"] * 3, "wave": "w2"}), LATER.table("estimate"))
    design = {"survey": "small", "wave": "w2", "probability_sample": True, "strata": 3,
              "psus": 18}  # fmt: skip
    entry = {"survey": "small", "wave": "w2", "table": "estimates", "published": 1,
             "withheld": {"remainder": 2}}  # fmt: skip
    for name, content in (("designs", [design]), ("log", {"tables": [entry]})):
        (DISCLOSED / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


IDS = ("C-all", "C-jia", "C-why", "C-one", "C-rest", "C-two", "C-held", "C-none", "V-A1-2026-001",
       "D-small-w2", "L-small-w2-estimates-remainder")  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("identifier", IDS)
@pytest.mark.usefixtures("made")
def test_every_kind_of_id_is_walked_back(identifier: str, language: str) -> None:
    said = trace(identifier, "en" if language == "en" else "zh")
    assert said.startswith(identifier)
    assert "≠" not in said


def test_a_share_that_the_answers_do_not_give_is_marked(made: pd.DataFrame) -> None:
    assert said_of("C-false").count("≠") == 1
    coarse = made.assign(value_b=made["value_b"] + 0.0011)  # more than the grid of groups
    put(coarse, SurveyPlaces("small").comparison)
    assert said_of("C-jia").count("≠") == 1


def said_of(identifier: str) -> str:
    return trace(identifier)


@pytest.mark.usefixtures("made")
def test_two_waves_stand_with_their_wording_files_and_shared_sites() -> None:
    said = said_of("C-jia")
    for run, asked in ((EARLIER, ANOTHER), (LATER, "参加过吗？")):
        raw = read_codebook(run.record("codebook")).raw
        assert f"q1 {asked}" in said
        assert raw.path in said
        assert raw.sha256 in said
        assert f"题目一 {run.wave}" in said
    assert "两轮都有回答的单位: 6 (w2 6, w1 6)" in said
    assert "收缩后的基线: 0.610000" in said
    assert "个案号（SPSS）" in said
    assert "第一个工作表的行" in said


@pytest.mark.usefixtures("made")
def test_waves_that_do_not_compare_say_why_with_both_wordings() -> None:
    said = said_of("C-why")
    assert "题目表述改了" in said
    assert ANOTHER in said
    assert "参加过吗？" in said


def test_a_verdict_is_given_again_by_all_tests_made_with_it(made: pd.DataFrame) -> None:
    said = said_of("V-A1-2026-001")
    assert "共同检验的问题数 1" in said
    assert "登记的结论是“已改善”" in said
    assert said_of("C-all") in said
    wrong = followed_up(made.iloc[0]) | {"verdict": "worsened"}
    FOLLOWUP.write_text(json.dumps([wrong]), encoding="utf-8")
    assert "≠ worsened" in said_of("V-A1-2026-001")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("identifier", ["V-A1-2026-009", "D-x-w2", "L-small-w2-themes-x", "E-0"])
def test_an_unknown_id_is_said_to_be_unknown(identifier: str) -> None:
    with pytest.raises(SurveyError, match="没有编号"):
        trace(identifier)


@pytest.mark.usefixtures("made")
def test_a_raw_file_that_changed_is_refused() -> None:
    Path("raw-w1.xlsx").write_text("another", encoding="utf-8")
    with pytest.raises(SurveyError, match="与读取时不同"):
        trace("C-all")


def test_a_place_in_a_ranking_is_told() -> None:
    ranking = next(q for q in every_type().questions if q.name == "priorities")
    assert list(wording(ranking, "3@1", "zh"))[1] == "  3 = 办学（排第1）"
    assert list(wording(ranking, "3@3", "en"))[1] == "  3 = Schools (among the first 3)"
