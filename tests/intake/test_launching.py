"""The questionnaire first: imported, launched, answered, gathered, ingested."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.forms.response_file import header
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire, version_hash
from tests.intake.folders import listing
from tests.real_files.project import STAGES, bare_project, diaoyan

TEXT = "住房调查\n1. 您满意吗？\nA. 满意 B. 一般 C. 不满意\n2. 您住了几年？____年\n"
DEFINITION = Path("questionnaires/mine/questionnaire.yaml")
RAW = Path("data/raw/mine/w1")


@pytest.fixture(autouse=True)
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = bare_project(root, tmp_path / "project")
    monkeypatch.chdir(folder)
    Path("问卷.txt").write_text(TEXT, encoding="utf-8")
    diaoyan(["import", "mine", "问卷.txt"])
    return folder


def response(key: int, name: str, years: str, at: str = "10:00", **more: str) -> Path:
    """Write a response file as the web form hands it out."""
    asked = read_questionnaire(DEFINITION)
    one, two = (question.exported_as for question in asked.questions)
    cells = {
        "SubmissionDate": f"2026-09-01T{at}:00Z", "start": "2026-09-01T09:58:00Z",
        "end": f"2026-09-01T{at}:00Z", "KEY": f"uuid:{key}", "mode": "web", "language": "zh",
        "FormVersion": version_hash(asked), one: str(1 + key % 3), two: years, **more,
    }  # fmt: skip
    path = Path("收回") / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header(asked), restval="")
        writer.writeheader()
        writer.writerow(cells)
    return path


def test_responses_of_a_launched_survey_reach_the_page(project: Path) -> None:
    assert "diaoyan launch mine" in diaoyan(["import", "mine", "问卷.txt", "--replace"])
    assert "data/raw/mine/w1" in diaoyan(["launch", "mine", "w1", "--alone"])
    waves = [one.wave for one in read_programme(Path("questionnaires/programme.yaml")).waves]
    assert "w1" in waves
    assert "mine_w1" in Path("params.yaml").read_text("utf-8")
    for key in range(40):
        response(key, f"{key}.csv", str(key % 30))
    assert "40 responses" in diaoyan(["gather", "mine", "w1", "收回"])
    for stage in STAGES:
        diaoyan(stage.split())
    kept = pd.read_parquet("data/processed/validate/mine/w1.parquet")
    assert len(kept) == 40
    assert "住房调查" in Path("reports/index.html").read_text("utf-8")


def test_launching_again_changes_nothing_and_another_version_is_refused(project: Path) -> None:
    diaoyan(["launch", "mine", "w1"])
    before = listing(project)
    diaoyan(["launch", "mine", "w1"])
    assert listing(project) == before
    DEFINITION.write_text(DEFINITION.read_text("utf-8").replace("您满意吗", "您习惯吗"), "utf-8")
    before = listing(project)
    with pytest.raises(SurveyError, match="已按版本"):
        diaoyan(["launch", "mine", "w1"])
    assert listing(project) == before
    diaoyan(["launch", "mine", "w2"])


@pytest.mark.parametrize("wave", ["../w1", "", "a b"])
def test_a_wave_that_cannot_be_a_folder_is_refused(project: Path, wave: str) -> None:
    before = listing(project)
    with pytest.raises(SurveyError):
        diaoyan(["launch", "mine", wave])
    assert listing(project) == before


def test_a_response_is_gathered_once_and_the_later_of_two_counts(project: Path) -> None:
    diaoyan(["launch", "mine", "w1"])
    first = response(1, "a.csv", "3")
    response(1, "a (1).csv", "3")
    response(2, "b.csv", "5", "11:00")
    assert "2 responses" in diaoyan(["gather", "mine", "w1", "收回"])
    assert "3 responses" in diaoyan(["gather", "mine", "w1", str(response(3, "c.csv", "7"))])
    said = diaoyan(["gather", "mine", "w1", str(response(2, "b.csv", "6", "12:00"))])
    assert "uuid:2" in said
    diaoyan(["ingest", "mine", "w1"])
    made = pd.read_parquet("data/processed/ingest/mine/w1.parquet")
    number = read_questionnaire(DEFINITION).questions[1].name
    assert made.set_index("respondent")[number].to_dict() == {
        "uuid:1": 3, "uuid:2": 6, "uuid:3": 7
    }  # fmt: skip
    assert first.is_file()


def test_files_that_are_no_responses_are_told_together_and_nothing_is_written(
    project: Path,
) -> None:
    diaoyan(["launch", "mine", "w1"])
    response(1, "a.csv", "3")
    response(2, "b.csv", "3", FormVersion="0123456789ab")
    Path("收回/名单.csv").write_text("姓名,电话\n张三,1\n", "utf-8")
    with pytest.raises(SurveyError) as refused:
        diaoyan(["gather", "mine", "w1", "收回"])
    assert "b.csv: 答的是另一份问卷" in str(refused.value)
    assert "名单.csv: 没有 KEY" in str(refused.value)
    assert not (RAW / "responses.csv").exists()
    with pytest.raises(SurveyError, match="请先运行 diaoyan launch"):
        diaoyan(["gather", "mine", "w9", "收回"])
    with pytest.raises(SurveyError, match="找不到答卷文件"):
        diaoyan(["gather", "mine", "w1", "没有"])
