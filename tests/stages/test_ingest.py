"""From a delivered workbook to responses that were judged, by the version that the wave fielded."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.codebook import Codebook, read_codebook
from pipeline.questionnaire.versions import freeze
from pipeline.stages.ingest import ingest
from pipeline.stages.judge import judge
from pipeline.stages.validate import validate
from tests.responses.made import workbook

DEFINITION = """\
survey: small
title: {zh: 小问卷}
population: {zh: 居民}
respondents: {zh: 受访者}
minutes: 3
mode: {zh: 网页}
commissioned_by: {zh: 甲}
conducted_by: {zh: 乙}
simulated: true
limitation: {zh: 小}
introduction: {zh: 您好}
sections:
  - title: {zh: 一}
    questions:
      - name: q1
        type: single_choice
        text: {zh: 参加过吗？}
        choices: [{code: 1, text: {zh: 参加过}}, {code: 2, text: {zh: 没有}}]
      - {name: q2, type: number, text: {zh: 几次？}, minimum: 0, maximum: 31}
      - {name: q3, type: open_ended, text: {zh: 为什么？}}
"""
HEADER = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来自IP",
    "uid",
    "version",
    "1、参加过吗？",
    "2、几次？",
    "3、为什么？",
]
ADDRESS = "203.0.113.7(示例省-示例州)"


def row(number: int, *answers: str) -> list[object]:
    person = f"jia-rural-01-{number}"
    return [number, "2026/3/2 9:05:00", "300秒", ADDRESS, person, "", *answers]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A survey whose wording changed after the wave, and the wave's workbook."""
    definition = tmp_path / "questionnaire.yaml"
    definition.write_text(DEFINITION, encoding="utf-8")
    freeze(definition, tmp_path / "versions", "2026-w1")
    later = DEFINITION.replace("参加过吗？", "来过吗？").replace("参加过}", "来过}")
    definition.write_text(later, encoding="utf-8")
    freeze(definition, tmp_path / "versions", "2026-w2")
    (tmp_path / "raw").mkdir()
    rows = [
        row(1, "参加过", "300", "请打13800000001"),
        row(2, "没有", "99", "(跳过)"),
        row(3, "参加过", "3", "路远"),
    ]
    workbook(tmp_path / "raw", [HEADER, *rows])
    (tmp_path / "raw/corrections.csv").write_text(
        "key,column,old,new,reason,who\n1,2、几次？,300,30,核对记录,数据员01\n", encoding="utf-8"
    )
    return tmp_path


def ingested(folder: Path, wave: str) -> Codebook:
    at = f"small/{wave}"
    ingest(
        folder / "raw",
        folder / "raw/corrections.csv",
        folder / "questionnaire.yaml",
        folder / "versions",
        folder / f"codebook/{at}.json",
        folder / f"ingest/{at}.parquet",
        folder / f"verbatims/{at}.parquet",
        survey="small",
        wave=wave,
    )
    return read_codebook(folder / f"codebook/{at}.json")


def test_a_wave_is_decoded_by_the_version_it_fielded(folder: Path) -> None:
    codebook = ingested(folder, "2026-w1")
    assert codebook.questionnaire.question("q1").text.zh == "参加过吗？"
    assert len(codebook.versions) == 2
    assert codebook.raw.layout == "wjx_text"
    assert codebook.raw.columns["q2"] == "2、几次？"
    assert codebook.dropped_contacts == ("来自IP",)
    rows = pd.read_parquet(folder / "ingest/small/2026-w1.parquet")
    assert rows["q1"].tolist() == [1, 2, 1]
    assert rows["q2"].tolist() == [30, 99, 3]  # the first one as it was corrected
    assert rows["questionnaire_version"].unique().tolist() == [codebook.current]
    said = pd.read_parquet(folder / "verbatims/small/2026-w1.parquet")
    assert said[["text", "masked"]].to_numpy().tolist() == [["请打〔电话〕", 1], ["路远", 0]]


def test_the_file_of_another_version_is_refused(folder: Path) -> None:
    with pytest.raises(
        SurveyError, match="找不到题目 '来过吗？' 的列。相近的列有 '1、参加过吗？'"
    ):
        ingested(folder, "2026-w2")


def test_what_was_ingested_is_validated_and_judged(folder: Path) -> None:
    ingested(folder, "2026-w1")
    stages = ("ingest", "verbatims", "codebook", "validate", "quarantine", "verdicts")
    responses, verbatims, codebook, valid, quarantine, verdicts = (folder / s for s in stages)
    table = "small/2026-w1.parquet"
    validate(
        responses / table,
        verbatims / table,
        codebook / "small/2026-w1.json",
        valid / table,
        quarantine / table,
    )
    kept = pd.read_parquet(valid / table)
    assert kept["respondent"].tolist() == ["1", "3"]
    assert kept["flag_phone_in_open_answer"].tolist() == [True, False]
    assert pd.read_parquet(quarantine / table)["value"].tolist() == ["99.0"]
    judge(responses, verbatims, codebook, valid, quarantine, verdicts)
    record = json.loads((verdicts / "small/2026-w1.json").read_text(encoding="utf-8"))
    assert (record["delivered"], record["kept"], record["quarantined"]) == (3, 2, 1)
    found = {rule["rule"]: (rule["unexpected"], rule["masked"]) for rule in record["rules"]}
    assert found["out_of_range"] == (1, 1)
    assert found["phone_in_open_answer"] == (1, 1)
