"""A plan is carried out whole, or nothing of it is left."""

import os
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.intake.scaffold import Plan, carry_out
from tests.intake.folders import listing


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data/raw").mkdir(parents=True)
    (folder / "params.yaml").write_text("a: 1\n", encoding="utf-8")
    (folder / "programme.yaml").write_text("b: 1\n", encoding="utf-8")
    (tmp_path / "数据 一.csv").write_bytes(b"x\n\xff\n")
    return folder


def plan(project: Path, texts: dict[str, str] | None = None) -> Plan:
    run = project / "data/raw/mine/w1"
    first = {project / "params.yaml": "a: 2\n", project / "programme.yaml": "b: 2\n"}
    more = {project / name: text for name, text in (texts or {}).items()}
    return Plan(
        first | {run / "source.yaml": "s", project / "q/mine/versions/.gitkeep": ""} | more,
        {run / "数据 一.csv": project.parent / "数据 一.csv"},
        (project / "q/mine", run),
    )


def test_all_of_a_plan_is_written(project: Path) -> None:
    carry_out(plan(project, {"q/mine/README.md": "半\ud83d"}))
    made = listing(project)
    assert made["params.yaml"] == b"a: 2\n"
    assert made["data/raw/mine/w1/数据 一.csv"] == b"x\n\xff\n"
    assert made["q/mine/README.md"] == "半\\ud83d".encode()
    assert made["q/mine/versions/.gitkeep"] == b""
    assert not [name for name in made if name.endswith(".new")]


def test_what_is_there_is_not_written_over(project: Path) -> None:
    (project / "data/raw/mine/w1").mkdir(parents=True)
    before = listing(project)
    with pytest.raises(SurveyError, match="w1: 已经有了"):
        carry_out(plan(project))
    assert listing(project) == before


def failing(at: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the replacing of a file fail the n-th time."""
    replace, calls = os.replace, iter(range(99))

    def refused(*given: Path) -> None:
        if next(calls) == at:
            raise error
        replace(*given)

    monkeypatch.setattr(os, "replace", refused)


@pytest.mark.parametrize("at", range(4))
def test_after_a_failure_nothing_is_left(
    project: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(project)
    failing(at, OSError(28, "No space left", "params.yaml"), monkeypatch)
    with pytest.raises(
        SurveyError, match=r"params\.yaml: 写不进去（No space left）。什么也没有改动"
    ):
        carry_out(plan(project))
    assert listing(project) == before


def test_after_an_interrupt_nothing_is_left_either(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(project)
    failing(3, KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        carry_out(plan(project))
    assert listing(project) == before


def test_what_comes_then_takes_all_back_if_it_fails(project: Path) -> None:
    before = listing(project)

    def fails() -> None:
        assert (project / "params.yaml").read_text("utf-8") == "a: 2\n"
        raise SurveyError("then")

    with pytest.raises(SurveyError, match="then"):
        carry_out(plan(project), then=fails)
    assert listing(project) == before


def test_a_file_that_is_gone_is_told(project: Path) -> None:
    (project.parent / "数据 一.csv").unlink()
    before = listing(project)
    with pytest.raises(SurveyError, match=r"数据 一\.csv: 写不进去"):
        carry_out(plan(project))
    assert listing(project) == before
