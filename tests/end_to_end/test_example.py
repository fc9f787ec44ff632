"""The example, from raw answers to the page, twice: same bytes, and nothing left to do."""

import csv
import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.trace import trace
from tests.end_to_end.scratch import copied, finished, side_by_side, start


def hashes(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("data/processed", "reports")
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and path.name not in (".gitignore", "build.json")
    }


@pytest.fixture(scope="module")
def projects(root: Path, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two copies of the project, each after its first `dvc repro`."""
    pair = [copied(root, tmp_path_factory.mktemp(f"clone{n}")) for n in (1, 2)]
    side_by_side("dvc repro", pair, PYTHONHASHSEED=["0", "1"])
    return pair


def test_two_clones_give_the_same_bytes(projects: list[Path]) -> None:
    first, second = (hashes(project) for project in projects)
    assert "reports/index.html" in first
    assert "reports/lists/问题清单.xlsx" in first
    assert first == second


def test_a_second_repro_runs_no_stage(projects: list[Path]) -> None:
    said = finished(start("dvc repro", projects[0]))
    assert "Running stage" not in said
    assert "up to date" in said


def test_a_changed_margin_reruns_what_depends_on_it_and_no_more(projects: list[Path]) -> None:
    margins = projects[1] / "questionnaires/residents/margins.csv"
    margins.write_text(margins.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    said = finished(start("dvc status", projects[1]))
    assert "weight@" in said
    assert "ingest@" not in said
    assert "form@" not in said


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("E", "residents_2026-baseline.csv"),
        ("C", "residents_2026-baseline.csv"),
        ("T", "residents_2026-baseline.csv"),
        ("Q", "data/processed/"),
        ("I", "data/raw/interviews/"),
    ],
)
def test_a_number_of_the_page_is_walked_back_to_the_raw_file(
    projects: list[Path], monkeypatch: pytest.MonkeyPatch, kind: str, file: str
) -> None:
    page = (projects[0] / "reports/index.html").read_text(encoding="utf-8")
    found = dict.fromkeys(re.findall(rf'data-cell="({kind}-[0-9a-f]{{10}})"', page))
    assert found
    monkeypatch.chdir(projects[0])
    for identifier in list(found)[:12]:
        said = trace(identifier)
        assert identifier in said
        assert file in said
        assert "≠" not in said


def test_the_summary_names_the_page(projects: list[Path]) -> None:
    said = finished(start("diaoyan summary", projects[0])).strip().splitlines()
    assert len(said) == 2
    assert "reports/index.html" in said[1]


def test_contact_data_is_nowhere_but_in_the_raw_file(projects: list[Path]) -> None:
    raw = projects[0] / "data/raw/residents/2026-baseline/residents_2026-baseline.csv"
    with raw.open(encoding="utf-8-sig", newline="") as file:
        phones = {row["respondent_phone"] for row in csv.DictReader(file)} - {""}
    assert phones
    for folder in ("data/processed", "reports"):
        for path in sorted((projects[0] / folder).rglob("*")):
            if path.is_file() and path.suffix in (".json", ".html", ".csv"):
                text = path.read_text(encoding="utf-8")
                assert not any(phone in text for phone in phones), path


def test_the_notebook_runs_on_a_fresh_repro(projects: list[Path]) -> None:
    notebook = nbformat.read(projects[0] / "notebooks/explore.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(projects[0] / "notebooks")}}
    )
    client.execute()
    told = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("教科书" in output.get("text", "") for output in told)
    assert not any(output["output_type"] == "error" for output in told)
