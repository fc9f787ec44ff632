"""A further wave: the same columns by the same codes, or all that does not fit."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.responses.source import read_source
from tests.intake.folders import listing
from tests.real_files.project import bare_project, diaoyan


def rows(first: str, second: str, wt: str = "1.5") -> str:
    told = "".join(
        f"{[first, second][at % 2]},{20 + at * 3},{wt},{'甲、乙' if at % 3 else '乙'}\n"
        for at in range(30)
    )
    return f"性别,年龄,wt,渠道\n{told}"


def given(text: str, name: str) -> str:
    (Path("..") / name).write_text(text, encoding="utf-8")
    return str(Path("..") / name)


@pytest.fixture(autouse=True)
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = bare_project(root, tmp_path / "project")
    monkeypatch.chdir(folder)
    first = given(rows("男", "女"), "a.csv")
    diaoyan(
        ["new", "mine", "--wave", "w1", "--from", first, "--weight", "wt", "--layout", "plain"]
    )
    return folder


def test_a_wave_is_read_by_the_same_codes(project: Path) -> None:
    definition = Path("questionnaires/mine/questionnaire.yaml").read_bytes()
    said = diaoyan(["new", "mine", "--wave", "w2", "--from", given(rows("女", "不明"), "b.csv")])
    assert "加了一轮 w2" in said
    assert Path("questionnaires/mine/questionnaire.yaml").read_bytes() == definition
    one, two = (read_source(Path("data/raw/mine") / wave) for wave in ("w1", "w2"))
    assert one is not None
    assert two is not None
    assert (two.questions, two.design, two.layout) == (one.questions, one.design, "plain")
    assert two.files[0].name == "b.csv"
    decoded = {}
    for wave in ("w1", "w2"):
        diaoyan(["ingest", "mine", wave])
        decoded[wave] = pd.read_parquet(f"data/processed/ingest/mine/{wave}.parquet")
    name = next(iter(one.questions))
    codes = decoded["w1"][name].iloc[:2].tolist()  # 男, 女
    assert decoded["w2"][name].iloc[0] == codes[1]
    assert decoded["w2"][name].iloc[1::2].isna().all()
    assert decoded["w2"]["undecoded"].iloc[1] == f"{name}=不明"
    book = json.loads(Path("data/processed/codebook/mine/w2.json").read_text("utf-8"))
    assert book["design"]["weight"] == "wt"


def test_a_design_of_its_own_counts_for_that_wave_alone() -> None:
    second = given(rows("男", "女").replace("wt", "w_2"), "b.csv")
    with pytest.raises(SurveyError, match=r"没有列 'wt'"):
        diaoyan(["new", "mine", "--wave", "w2", "--from", second])
    diaoyan(["new", "mine", "--wave", "w2", "--from", second, "--weight", "w_2", "--probability"])
    two, one = read_source(Path("data/raw/mine/w2")), read_source(Path("data/raw/mine/w1"))
    assert two is not None
    assert one is not None
    assert (two.design.weight, two.design.kind) == ("w_2", "probability")
    assert (one.design.weight, one.design.kind) == ("wt", "undecided")


def test_a_wave_needs_a_name_of_its_own(project: Path) -> None:
    before, file = listing(project), given(rows("男", "女"), "b.csv")
    for arguments, sentence in (
        ([], "已有调查 mine。再加一轮请写 --wave"),
        (["--wave", "w1"], "data/raw/draws/mine/w1: 已经有了"),
        (["--wave", "a/b"], "轮次只能用"),
    ):
        with pytest.raises(SurveyError, match=sentence):
            diaoyan(["new", "mine", *arguments, "--from", file])
    assert listing(project) == before


def test_all_columns_that_are_missing_are_named(project: Path) -> None:
    before = listing(project)
    renamed = rows("男", "女").replace("性别", "性 别").replace("年龄", "岁数")
    with pytest.raises(SurveyError) as refused:
        diaoyan(["new", "mine", "--wave", "w2", "--from", given(renamed, "b.csv")])
    said = str(refused.value)
    assert "2 处有误" in said
    assert "没有列 '性别'。相近的列有 性 别。" in said
    assert "没有列 '年龄'。" in said
    assert listing(project) == before


def test_a_survey_whose_questionnaire_was_written_first_takes_none(project: Path) -> None:
    folder = Path("questionnaires/first")
    folder.mkdir()
    text = Path("questionnaires/mine/questionnaire.yaml").read_text("utf-8")
    (folder / "questionnaire.yaml").write_text(
        text.replace("survey: mine", "survey: first"), "utf-8"
    )
    with pytest.raises(SurveyError, match="这项调查的问卷是先写的"):
        diaoyan(["new", "first", "--wave", "w2", "--from", given(rows("男", "女"), "b.csv")])
