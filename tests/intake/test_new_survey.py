"""`diaoyan new`: a survey out of files, or a refusal after which the project is as it was."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire
from pipeline.responses.source import read_source
from tests.intake.folders import listing
from tests.real_files.project import bare_project, diaoyan

ROWS = [
    f"{'男女'[at % 2]},{20 + at * 3},{0.5 + at % 4},2018-05-{at % 28 + 1:02} 10:00"
    for at in range(40)
]
SMALL = "性别,年龄,wt,提交时间\n" + "\n".join(ROWS) + "\n"


@pytest.fixture(autouse=True)
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = bare_project(root, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def given(text: str | bytes, name: str = "数据 一 (1).csv") -> str:
    path = Path("..") / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_file_becomes_a_survey(project: Path) -> None:
    said = diaoyan(["new", "mine", "--from", given(SMALL), "--title", "我的\n: 调查"])
    folder = Path("questionnaires/mine")
    asked = read_questionnaire(folder / "questionnaire.yaml")
    assert [q.type for q in asked.questions][:2] == ["single_choice", "number"]
    assert (asked.title.zh, asked.simulated) == ("我的\n: 调查", False)
    run = Path("data/raw/mine/2018")  # the year of the answers
    assert (run / "数据 一 (1).csv").read_bytes() == SMALL.encode()
    source = read_source(run)
    assert source is not None
    assert source.design.kind == "undecided"
    assert source.questions[asked.questions[0].name].column == "性别"
    assert (run / "corrections.csv").read_text("utf-8") == "key,column,old,new,reason,who\n"
    assert Path("data/raw/draws/mine/2018/sites.csv").is_file()
    assert read_programme(Path("questionnaires/programme.yaml")).wave("2018").days_in_field()
    assert "  mine_2018: {survey: mine, wave: '2018'}\n" in Path("params.yaml").read_text("utf-8")
    assert "抽样设计尚未说明" in said
    guide = (folder / "README.md").read_text("utf-8")
    assert guide.startswith("# 我的 : 调查（mine，2018）\n")
    assert "| `--weight` | `wt` |" in guide
    diaoyan(["check"])


def test_without_days_the_wave_has_a_number_and_a_named_one_its_name() -> None:
    table = "sex,age\n" + "".join(f"{'mf'[at % 2]},{at * 3}\n" for at in range(30))
    diaoyan(["new", "mine", "--from", given(table)])
    assert Path("data/raw/mine/wave1/source.yaml").is_file()
    assert read_programme(Path("questionnaires/programme.yaml")).wave("wave1").field_start is None
    diaoyan(["new", "other", "--from", given(table), "--wave", "2.基线"])
    assert Path("data/raw/other/2.基线/source.yaml").is_file()


REFUSALS = {
    "a name with a capital": (["new", "Mine"], SMALL, "不能作调查的名称"),
    "a name in use": (["new", "frame"], SMALL, "已有别的用途"),
    "a long name": (["new", "a" * 41], SMALL, "不超过 40 个字"),
    "a name with a newline": (["new", "mine\n"], SMALL, "不能作调查的名称"),
    "a wave that is a path": (["new", "mine", "--wave", "../x"], SMALL, "轮次只能用"),
    "a long wave": (["new", "mine", "--wave", "x" * 300], SMALL, "轮次只能用"),
    "no such file": (["new", "mine", "--from", "../无.csv"], SMALL, "无.csv: 找不到文件"),
    "a folder": (["new", "mine", "--from", ".."], SMALL, "找不到文件"),
    "one file twice": (["new", "mine", "--from", "../数据 一 (1).csv"], SMALL, "两个文件同名"),
    "a system nobody knows": (["new", "mine", "--layout", "xyz"], SMALL, "没有叫 'xyz' 的系统"),
    "an encoding of another file": (["new", "mine", "--encoding", "b.csv=gbk"], SMALL, "没有给出名为 b.csv"),
    "an encoding nobody knows": (["new", "mine", "--encoding", "数据 一 (1).csv=x"], SMALL, "没有“x”这种编码"),
    "an encoding without a file": (["new", "mine", "--encoding", "gbk"], SMALL, "应写成 文件名=…"),
    "a sheet of a csv": (["new", "mine", "--sheet", "数据 一 (1).csv=a"], SMALL, "不需要"),
    "a weight that is not there": (["new", "mine", "--weight", "WT"], SMALL, "WT: 数据里没有这一列。相近的列有 wt。"),
    "words as weight": (["new", "mine", "--weight", "性别"], SMALL, "--weight 性别: 不是可用的数字"),
    "a header alone": (["new", "mine"], "a,b\n", "0 份答卷"),
    "one row": (["new", "mine"], "a,b\n1,x\n", "没有一列可以作题目"),
    "nothing": (["new", "mine"], "", "数据 一 (1).csv"),
    "no table": (["new", "mine"], b"\x00\x01\x02\x03" * 50, "数据 一 (1).csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_leaves_the_project_as_it_was(project: Path, case: str) -> None:
    arguments, table, sentence = REFUSALS[case]
    file = given(table)
    before = listing(project)
    with pytest.raises(SurveyError) as refused:
        diaoyan([*arguments, "--from", file])
    assert sentence in str(refused.value)
    assert listing(project) == before


def test_several_files_need_a_key_and_names_of_their_own(project: Path) -> None:
    first, second = given("id,a\n1,x\n2,y\n", "a.csv"), given("id,b\n1,u\n2,v\n", "b.csv")
    before = listing(project)
    with pytest.raises(
        SurveyError, match=r"有 2 个数据文件（a\.csv、b\.csv），没有说按哪一列合并"
    ):
        diaoyan(["new", "mine", "--from", first, "--from", second])
    for name in ("source.yaml", "corrections.csv", "dispositions.csv"):
        with pytest.raises(SurveyError, match=f"{name}: 项目里另有这个名称的文件"):
            diaoyan(["new", "mine", "--from", given("id,a\n1,x\n", name)])
    assert listing(project) == before


def test_a_wave_of_data_that_is_there_is_not_written_over(project: Path) -> None:
    Path("data/raw/mine/w1").mkdir(parents=True)
    before = listing(project)
    with pytest.raises(SurveyError, match=r"data/raw/mine/w1: 已经有了"):
        diaoyan(["new", "mine", "--wave", "w1", "--from", given(SMALL)])
    assert listing(project) == before


def column(*cells: str) -> list[str]:
    return [cells[at % len(cells)] for at in range(40)]


HOSTILE = {
    "names of the pipeline's columns": {
        name: column(*cells)
        for name, cells in {
            "county": "ab", "respondent": "cd", "weight": "xyz", "p1": "mn", "wave": "uv",
            "flag_speeding": "rs", "undecoded_cells": [str(n * 7) for n in range(40)],
        }.items()
    },
    "signs of YAML": {
        "? q: #1": column("? a", ": b"), "- b": column("~", "null", "- x"),
        "=1+1": column("=1+1", "<<", "="), "x\ny": column("a\nb", "'", '"'), "{": column("*a", "%", "no"),
    },
    "widths and points": {
        "Ａ": column("Ａ", "A", "①", "1"), "b": column("１", "2"), "满意度": column("1.0", "2.0", "5.0"),
    },
    "long": {"很长" * 900: column("甲", "乙"), "b": column("丙" * 900 + "1", "丙" * 900 + "2")},
    "alike": {"a.b": column("x", "y"), "a_b": column("x", "y"), "A-B": column("x", "y"), "_": column("x", "y")},
    "separators": {"q": column("A;B", "B;C", "A", "C;A"), "w": column("甲、乙", "乙、丙", "甲")},
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_whatever_columns_are_called_every_response_arrives(case: str, project: Path) -> None:
    table = Path("../t.csv")
    pd.DataFrame(HOSTILE[case]).to_csv(table, index=False)
    diaoyan(["new", "mine", "--wave", "w1", "--from", str(table)])
    for command in ("check", "ingest mine w1", "validate mine"):
        diaoyan(command.split())
    rows = {
        stage: pd.read_parquet(f"data/processed/{stage}/mine/w1.parquet")
        for stage in ("ingest", "validate", "quarantine")
    }
    assert len(rows["ingest"]) == len(rows["validate"]) == 40
    assert rows["quarantine"].empty
    asked = read_questionnaire(Path("questionnaires/mine/questionnaire.yaml"))
    assert len(asked.questions) == len(HOSTILE[case])
    reasons = [column for column in rows["ingest"] if column.endswith("__missing")]
    assert (rows["ingest"][reasons] == "").all(axis=None)
