"""The example goes out of the way whole; nothing else is touched, nothing is written over."""

import shutil
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.intake.example import (
    SET_ASIDE,
    example_files,
    example_surveys,
    forget_results,
    set_aside,
)
from pipeline.intake.yaml_text import questionnaire_text
from tests.conftest import small_questionnaire
from tests.intake.folders import listing

FILES = (
    "data/raw/cadres/2026/export.csv", "data/raw/draws/cadres/2026/sites.csv",
    "questionnaires/truths.yaml", "data/raw/frame/sites.csv", "data/raw/register/events.csv",
    "data/raw/interviews/signoff.csv", "data/raw/interviews/notes.docx",
    "data/raw/interviews/coding/a.xlsx", "questionnaires/cadres/lexicon.txt",
    "questionnaires/interviews/codeframe.yaml",
)  # fmt: skip
OWN = ("questionnaires/own/questionnaire.yaml", "data/raw/own/w1/export.csv")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"\ufeffhead,{name}\nrow\n", encoding="utf-8")
    written("cadres", simulated=True)
    return tmp_path


def written(survey: str, *, simulated: bool) -> None:
    asked = small_questionnaire().model_copy(update={"survey": survey, "simulated": simulated})
    definition = Path("questionnaires") / survey / "questionnaire.yaml"
    definition.parent.mkdir(parents=True, exist_ok=True)
    definition.write_text(questionnaire_text(asked, {}), encoding="utf-8")


def test_all_of_the_example_is_moved_and_tables_keep_their_header(project: Path) -> None:
    before = listing(project)
    assert example_surveys() == ("cadres",)
    set_aside(example_files(example_surveys()))
    after = listing(project)
    headers = FILES[3:6]
    assert {name for name, content in after.items() if content and not name.startswith("data/example/")} == {
        *headers, "questionnaires/interviews/codeframe.yaml"
    }  # fmt: skip
    for name in headers:
        assert after[name] == f"head,{name}\n".encode()
    for name in set(FILES) - {"questionnaires/interviews/codeframe.yaml"}:
        assert after[f"data/example/{name}"] == before[name]


def test_other_surveys_and_what_they_may_use_stay(project: Path) -> None:
    written("own", simulated=False)
    Path(OWN[1]).parent.mkdir(parents=True)
    Path(OWN[1]).write_text("x\n", encoding="utf-8")
    Path("questionnaires/broken").mkdir()
    Path("questionnaires/broken/questionnaire.yaml").write_text("a: [", encoding="utf-8")
    before = listing(project)
    set_aside(example_files(example_surveys()))
    after = listing(project)
    stayed = [*OWN, *FILES[2:8], "questionnaires/broken/questionnaire.yaml"]
    assert {name: after[name] for name in stayed} == {name: before[name] for name in stayed}
    assert "data/raw/cadres" not in after
    assert "data/raw/draws/cadres" not in after


def test_a_second_copy_is_refused_before_anything_moves(project: Path) -> None:
    shutil.copytree("data/raw/cadres", SET_ASIDE / "data/raw/cadres")
    before = listing(project)
    with pytest.raises(SurveyError, match=r"data/example/data/raw/cadres: 已经有了，不覆盖"):
        example_files(example_surveys())
    assert listing(project) == before


@pytest.mark.parametrize("at", [0, 4, 7])
def test_what_cannot_be_moved_leaves_all_where_it_was(
    project: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(project)
    move, calls = shutil.move, iter(range(99))

    def refused(origin: Path, target: Path) -> None:
        if next(calls) == at:
            raise PermissionError(13, "Permission denied", str(origin))
        move(origin, target)

    monkeypatch.setattr(shutil, "move", refused)
    with pytest.raises(SurveyError, match="移不走（Permission denied）。什么也没有改动"):
        set_aside(example_files(example_surveys()))
    assert listing(project) == before


def test_results_of_the_example_are_forgotten(project: Path) -> None:
    for name in ("data/processed/a.json", "reports/index.html"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text("x", encoding="utf-8")
    forget_results()
    forget_results()
    assert not Path("reports").exists()
    assert not Path("data/processed").exists()
    assert example_files(()) == ()
