"""The command makes what it is asked for, and says what it cannot make."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError


@pytest.fixture
def project(questionnaires: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "questionnaires").symlink_to(questionnaires)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_wave_is_made_in_about_the_size_asked_for(project: Path) -> None:
    command = ["simulate", "served_units", "2026-baseline", "--responses", "20", "--margins", "m"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "data/raw/served_units/2026-baseline: 24 个单位, 抽中 24 人" in done.output
    assert (project / "m/served_units/margins.csv").is_file()
    assert [path.name for path in (project / "data/raw/draws").rglob("draw.json")] == ["draw.json"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["simulate", "nobody"], "可模拟 cadres、residents、served_units"),
        (["simulate", "residents", "2027"], "没有轮次 '2027'"),
        (["simulate", "--responses", "9"], "须写明一项调查"),
    ],
)
def test_what_cannot_be_made_is_said(command: list[str], said: str, project: Path) -> None:
    done = CliRunner().invoke(app, command)
    assert isinstance(done.exception, SurveyError)
    assert said in str(done.exception)
    assert not (project / "data").exists()
