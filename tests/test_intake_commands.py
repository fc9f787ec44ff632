"""`diaoyan new` at a terminal and without one."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import intake_commands
from pipeline.cli import app
from pipeline.design.declared import DeclaredDesign
from pipeline.responses.source import read_source
from tests.real_files.project import bare_project, diaoyan

ROWS = "".join(
    f"{'甲乙丙'[at % 3]},{at * 3},{1.5 + at % 2},{at % 4 + 1},{at % 6},{100 + at % 3}\n"
    for at in range(60)
)
TABLE = f"性别,年龄,weight,strata,psu id,N\n{ROWS}"


@pytest.fixture(autouse=True)
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = bare_project(root, tmp_path / "project")
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def asked(*answers: str, options: tuple[str, ...] = ()) -> str:
    """Run `new` as if at a terminal, and answer its questions."""
    arguments = ["new", "mine", "--wave", "w1", "--from", "../t.csv", *options]
    done = CliRunner().invoke(
        app, arguments, input="".join(f"{one}\n" for one in answers), standalone_mode=False
    )
    if done.exception:
        raise done.exception
    assert done.exit_code == 0
    return done.output


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    class System:
        stdin = Terminal()

    monkeypatch.setattr(intake_commands, "sys", System)


def design() -> DeclaredDesign:
    source = read_source(Path("data/raw/mine/w1"))
    assert source is not None
    return source.design


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("answers", "kind", "columns"),
    [
        (("", "", "", ""), "undecided", ("", (), (), ())),
        (("weight", "", "", "", "n"), "undecided", ("weight", (), (), ())),
        (("weight", "", "", "", "y"), "probability", ("weight", (), (), ())),
        (
            (" weight ", "strata、性别", "psu id", ""),
            "probability",
            ("weight", ("strata", "性别"), ("psu id",), ()),
        ),
    ],
)
def test_at_a_terminal_the_design_is_asked_for(
    answers: tuple[str, ...], kind: str, columns: tuple[object, ...]
) -> None:
    said = asked(*answers)
    assert "样本是怎样抽取的？" in said
    assert "    weight: " in said  # the candidates, each with its reason
    made = design()
    assert (made.weight, made.strata, made.clusters, made.fpc) == columns
    assert made.kind == kind
    assert ("抽样设计尚未说明" in said) == (kind == "undecided")


@pytest.mark.usefixtures("terminal")
def test_what_the_command_line_says_is_not_asked() -> None:
    assert "怎样抽取" not in asked(options=("--strata", "strata"))
    assert design().kind == "probability"


def test_without_a_terminal_nothing_is_asked_and_a_warning_is_printed() -> None:
    said = asked()
    assert "怎样抽取" not in said
    assert "提醒 (warning): 抽样设计尚未说明" in said
    assert "weight" in said.split("看上去有关的列：")[1]
    assert design() == DeclaredDesign()


def test_what_was_made_is_told() -> None:
    said = diaoyan(["new", "mine", "--wave", "w1", "--from", "../t.csv"])
    assert "60 行，6 列；按“普通表格”读" in said
    assert "请先读 questionnaires/mine/README.md，再运行 diaoyan check、dvc repro。" in said
    assert "示例已移到" not in said
    again = diaoyan(["new", "mine", "--wave", "w2", "--from", "../t.csv", "--alone"])
    assert "--alone 只在新建调查时有效" in again
