"""What an analyst gets wrong: file, place, what was found, what to do; exit 1; nothing half-written."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.end_to_end.scratch import copied

RUN = ("residents", "2026-baseline")
EXPORT = "data/raw/residents/2026-baseline/residents_2026-baseline.csv"
DEFINITION = "questionnaires/residents/questionnaire.yaml"


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def sampled(root: Path, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, run up to the stage `sample`."""
    project = copied(root, tmp_path_factory.mktemp("project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        for stage in ("verify_draw", "ingest", "validate", "sample"):
            run = () if stage == "verify_draw" else RUN
            patch.setattr(sys, "argv", ["diaoyan", stage, *run])
            with pytest.raises(SystemExit) as ended:
                main()
            assert ended.value.code == 0
    return project


@pytest.fixture
def project(sampled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sampled, tmp_path / "project"))


@pytest.fixture
def fails(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that must fail without writing anything; return what it said."""

    def run(*command: str) -> str:
        before = {p: p.read_bytes() for p in sorted(project.rglob("*")) if p.is_file()}
        monkeypatch.chdir(project)
        monkeypatch.setattr(sys, "argv", ["diaoyan", *command])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        said = capsys.readouterr().err
        assert said.startswith("错误 (error): ")
        assert "Traceback" not in said
        assert {p: p.read_bytes() for p in sorted(project.rglob("*")) if p.is_file()} == before
        return said

    return run


def test_a_broken_questionnaire_is_told_with_its_lines_all_together(
    project: Path, fails: Callable[..., str]
) -> None:
    edited(project / DEFINITION, "type: scale", "type: skale")
    edited(project / DEFINITION, "minutes: 8", "minutes: soon")
    said = fails("ingest", *RUN)
    assert DEFINITION in said
    assert "line 7" in said or "minutes" in said
    assert "skale" in said
    assert said.count("line ") >= 2


def test_yaml_that_is_none_is_told_with_its_line(project: Path, fails: Callable[..., str]) -> None:
    edited(project / DEFINITION, "minutes: 8", "minutes: [8")
    assert "line" in fails("ingest", *RUN)


def test_a_missing_raw_file(project: Path, fails: Callable[..., str]) -> None:
    (project / EXPORT).unlink()
    said = fails("ingest", *RUN)
    assert "data/raw/residents/2026-baseline" in said
    assert "没有答卷文件" in said


def test_an_export_without_a_response(project: Path, fails: Callable[..., str]) -> None:
    header = (project / EXPORT).read_text(encoding="utf-8-sig").splitlines()[0]
    (project / EXPORT).write_text(header + "\n", encoding="utf-8")
    assert "0 份答卷" in fails("ingest", *RUN)


def test_a_launched_version_that_is_not_on_file(project: Path, fails: Callable[..., str]) -> None:
    frozen = next((project / "questionnaires/residents/versions").glob("*.yaml"))
    frozen.unlink()
    said = fails("ingest", *RUN)
    assert frozen.stem in said
    assert "launches.csv" in said


def test_a_wave_whose_launch_is_not_written_down(project: Path, fails: Callable[..., str]) -> None:
    launches = project / "questionnaires/residents/versions/launches.csv"
    lines = launches.read_text(encoding="utf-8").splitlines(keepends=True)
    launches.write_text("".join(x for x in lines if RUN[1] not in x), encoding="utf-8")
    remedy = f"diaoyan freeze residents --wave {RUN[1]}"
    for command in (("ingest", *RUN), ("check",)):
        said = fails(*command)
        assert f"launches.csv 没有 {RUN[1]} 这一轮" in said
        assert said.count(remedy) == 1


def test_a_wave_that_the_programme_does_not_have(project: Path, fails: Callable[..., str]) -> None:
    assert "2026-w1" in fails("ingest", "residents", "2026-w1")


def test_a_wrong_column(project: Path, fails: Callable[..., str]) -> None:
    header = (project / EXPORT).read_text(encoding="utf-8-sig").splitlines()[0]
    named = next(name for name in header.split(",") if name.endswith("q06"))
    edited(project / EXPORT, named, "another")
    said = fails("ingest", *RUN)
    assert EXPORT in said
    assert "'q06'" in said


def test_a_margin_category_with_no_respondent(project: Path, fails: Callable[..., str]) -> None:
    margins = project / "questionnaires/residents/margins.csv"
    line = next(x for x in margins.read_text(encoding="utf-8").splitlines() if "rural" in x)
    count = int(line.split(",")[2])
    edited(margins, line, f"setting,rural,{count - 500}\nsetting,prison,500")
    said = fails("weight", *RUN)
    assert "margins.csv" in said
    assert "prison" in said


def test_a_frame_edited_after_the_draw(project: Path, fails: Callable[..., str]) -> None:
    frame = project / "data/raw/frame/sites.csv"
    lines = frame.read_text(encoding="utf-8").splitlines()
    frame.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert "抽样框" in fails("verify_draw")


def test_an_event_changed_afterwards(project: Path, fails: Callable[..., str]) -> None:
    edited(project / "data/raw/register/events.csv", "州委组织部办公室（示例）", "别人")
    (project / "data/processed/findings.json").write_text("[]", encoding="utf-8")
    assert "line 2" in fails("problems", "--as-of", "2026-11-15")


def test_a_proposal_before_there_are_any(fails: Callable[..., str]) -> None:
    assert "dvc repro" in fails(
        "register", "accept", "P-A1.3-residents", "--at", "2026-11-10", "--who", "办公室",
        "--type", "T5", "--rectification", "staged",
    )  # fmt: skip


def test_an_unknown_problem_code(project: Path, fails: Callable[..., str]) -> None:
    edited(project / DEFINITION, "problem: A1.1", "problem: A1.9")
    said = fails("form", "residents")
    assert "A1.9" in said
    assert "q01" in said


def test_an_identifier_that_no_table_holds(fails: Callable[..., str]) -> None:
    assert "E-0000000000" in fails("trace", "E-0000000000")
