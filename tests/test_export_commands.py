import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pipeline.errors import SurveyError
from pipeline.export_commands import save
from pipeline.questionnaire.codebook import Codebook, write_codebook
from pipeline.responses.read import read_table
from tests.exports.made import facts
from tests.exports.test_respondents import codebook_of, weighted


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(questionnaire: Codebook) -> None:
    table = Path("data/processed/weight/small/2026.parquet")
    table.parent.mkdir(parents=True)
    weighted().to_parquet(table)
    write_codebook(questionnaire, Path("data/processed/codebook/small/2026.json"))


def call(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(save)
    return CliRunner().invoke(app, list(arguments))


def test_a_run_is_saved_with_its_notes_and_not_overwritten(run: Path, questionnaire) -> None:  # type: ignore[no-untyped-def]
    made(codebook_of(questionnaire))
    done = call("small", "2026", "--to", "答卷.sav")
    assert done.exit_code == 0, done.output
    assert "不得公布" in done.output
    assert "答卷.sav: 3 行, 15 个变量" in done.output
    before = Path("答卷.sav").read_bytes()
    again = call("small", "2026", "--to", "答卷.sav")
    assert isinstance(again.exception, SurveyError)
    assert "--overwrite" in str(again.exception)
    assert call("small", "2026", "--to", "答卷.sav", "--overwrite").exit_code == 0
    assert Path("答卷.sav").read_bytes() == before


def test_a_file_is_converted_and_back(run: Path, questionnaire) -> None:  # type: ignore[no-untyped-def]
    made(codebook_of(questionnaire))
    for before, after in (
        ("", "a.sav"),
        ("a.sav", "b.dta"),
        ("b.dta", "c.csv"),
        ("c.csv", "d.sav"),
    ):
        given = ["--from", before] if before else ["small", "2026"]
        done = call(*given, "--to", after)
        assert done.exit_code == 0, done.exception
    first, last = read_table(Path("a.sav")), read_table(Path("d.sav"))
    assert facts(first) == facts(last)


def test_what_cannot_be_saved_says_what_to_do(run: Path, questionnaire) -> None:  # type: ignore[no-untyped-def]
    made(codebook_of(questionnaire))
    shutil.copy("data/processed/codebook/small/2026.json", "a.csv")
    for arguments, found in (
        (("--to", "x.sav"), "二者取一"),
        (("small", "--to", "x.sav"), "二者取一"),
        (("small", "2026", "--from", "a.csv", "--to", "x.sav"), "二者取一"),
        (("--from", "absent.sav", "--to", "x.sav"), "找不到文件"),
        (("--from", "a.csv", "--to", "a.csv"), "来源文件自身"),
        (("small", "2027", "--to", "x.sav"), "small 已有 2026"),
        (("small", "2026", "--to", "x.xlsx"), "不能存成这种文件"),
        (("small", "2026", "--to", "absent/x.sav"), "找不到文件夹"),
    ):
        done = call(*arguments)
        assert isinstance(done.exception, SurveyError), arguments
        assert found in str(done.exception)
    assert not Path("x.sav").exists()
