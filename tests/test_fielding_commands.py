"""`diaoyan import`: what is written, what is said, what is refused."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.errors import SurveyError
from pipeline.fielding_commands import import_questionnaire
from pipeline.questionnaire.read import read_questionnaire

TEXT = "住房调查\n1. 您满意吗？\nA. 满意 B. 一般 C. 不满意\n2. 为什么？（第9题选A的回答）\n"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command()(import_questionnaire)
    return app


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "问卷.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_writes_the_questionnaire_and_tells(app: typer.Typer, file: Path) -> None:
    result = CliRunner().invoke(app, ["housing", str(file)])
    assert result.exit_code == 0, result.output
    definition = Path("questionnaires/housing/questionnaire.yaml")
    assert len(read_questionnaire(definition).questions) == 2
    report = definition.with_name("IMPORT.md").read_text(encoding="utf-8")
    assert "q01：猜测" in report
    assert "第 9 题选 A" in report
    assert "diaoyan check" in result.output
    assert "2 questions" in result.output


def test_it_does_not_overwrite(app: typer.Typer, file: Path) -> None:
    assert CliRunner().invoke(app, ["housing", str(file)]).exit_code == 0
    before = Path("questionnaires/housing/questionnaire.yaml").read_bytes()
    file.write_text(TEXT.replace("满意吗", "习惯吗"), encoding="utf-8")
    refused = CliRunner().invoke(app, ["housing", str(file)])
    assert isinstance(refused.exception, SurveyError)
    assert Path("questionnaires/housing/questionnaire.yaml").read_bytes() == before
    assert CliRunner().invoke(app, ["housing", str(file), "--replace"]).exit_code == 0
    assert Path("questionnaires/housing/questionnaire.yaml").read_bytes() != before


@pytest.mark.parametrize("name", ["Housing", "programme.yaml", "a-b"])
def test_a_name_that_cannot_be_is_refused(name: str, app: typer.Typer, file: Path) -> None:
    result = CliRunner().invoke(app, [name, str(file)])
    assert isinstance(result.exception, SurveyError)
    assert not Path("questionnaires").exists()


def test_a_file_without_questions_writes_nothing(app: typer.Typer, file: Path) -> None:
    file.write_text("没有题目", encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, ["housing", str(file)]).exception, SurveyError)
    assert not Path("questionnaires").exists()
