import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError


def test_the_command_makes_a_sheet_for_each_coder_and_overwrites_none(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data/raw/interviews", "questionnaires/interviews"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("coding"))
    shutil.copyfile(
        root / "questionnaires/programme.yaml", tmp_path / "questionnaires/programme.yaml"
    )
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["coding_sheet", "--most", "30"])
    assert done.exit_code == 0, done.output
    sheets = sorted(Path("data/raw/interviews/coding").glob("*"))
    assert [path.name for path in sheets] == ["coder-1.xlsx", "coder-2.xlsx"]
    book = load_workbook(sheets[1])
    assert book["编码"].max_row == 33
    book["编码"]["E4"] = "没有主题"
    book.save(sheets[1])
    again = CliRunner().invoke(app, ["coding_sheet"])
    assert isinstance(again.exception, SurveyError)
    assert "coder-2.xlsx" in str(again.exception)
