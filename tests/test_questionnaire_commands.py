"""The commands check, diff and schema, as people call them."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError
from pipeline.questionnaire.schema import as_json

RUN = CliRunner()


@pytest.fixture
def office(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for one in ("programme.yaml", "residents/questionnaire.yaml", "residents/versions"):
        to = tmp_path / "questionnaires" / one
        to.parent.mkdir(parents=True, exist_ok=True)
        source = root / "questionnaires" / one
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, to)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "questionnaires" / "residents" / "questionnaire.yaml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_warnings_end_with_0_and_name_line_rule_and_remedy(office: Path) -> None:
    edit(office, "您的性别", "众所周知，您的性别")
    done = RUN.invoke(app, ["check"])
    assert done.exit_code == 0
    assert "q16.text: [leading] “众所周知”" in done.output
    assert "提醒 1 条 (warnings); 静默 2 条 (silenced)" in done.output
    assert "[unmeasured_problem] A2.1" in done.output  # the other questionnaires are not here


def test_errors_end_with_1(office: Path) -> None:
    edit(office, '{"=": [q11, 1]}', '{and: [{"=": [q11, 1]}, {"=": [q11, 2]}]}')
    done = RUN.invoke(app, ["check"])
    assert isinstance(done.exception, SurveyError)
    assert "[unreachable] q12 的条件不可能成立" in str(done.exception)


def test_one_file_can_be_checked_alone(office: Path) -> None:
    done = RUN.invoke(app, ["check", str(office)])
    assert done.exit_code == 0
    assert "26 题" in done.output


def test_surveys_and_files_can_be_named_and_all_their_faults_are_told(
    office: Path, tmp_path: Path
) -> None:
    done = RUN.invoke(app, ["check", "residents"])
    assert done.exit_code == 0
    assert "已冻结" in done.output
    assert "unmeasured_problem" not in done.output
    copy = tmp_path / "copy.yaml"
    shutil.copyfile(office, copy)
    edit(copy, "type: scale", "type: scail")
    edit(office, '{"=": [q11, 1]}', '{"=": [q11, 7]}')
    done = RUN.invoke(app, ["check", str(copy), "residents", "nobody"])
    assert isinstance(done.exception, SurveyError)
    for said in ("没有这种题型", "q11", "nobody: 找不到文件"):
        assert said in str(done.exception)


def test_a_survey_is_compared_with_what_was_fielded(office: Path) -> None:
    done = RUN.invoke(app, ["diff", "residents"])
    assert done.exit_code == 0
    assert "q02" in done.output
    assert "26 题中，24 题前后可比，2 题不可比" in done.output
    two = RUN.invoke(app, ["diff", str(office), str(office)])
    assert "两版相同" in two.output
    wrong = RUN.invoke(app, ["diff", "resident"])
    assert "residents" in str(wrong.exception)


def test_the_schema_is_written(tmp_path: Path) -> None:
    to = tmp_path / "there" / "schema.json"
    assert RUN.invoke(app, ["schema", "--to", str(to)]).exit_code == 0
    assert to.read_text(encoding="utf-8") == as_json()
