"""The example, from raw answers to the page: again the same bytes, and nothing left to do."""

import csv
import hashlib
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.trace import trace
from tests.end_to_end.scratch import copied, finished, in_one_process, start


def hashes(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("data/processed", "reports")
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and path.name not in (".gitignore", "build.json")
    }


@pytest.fixture(scope="module")
def made(root: Path, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project after its first `dvc repro`."""
    project = copied(root, tmp_path_factory.mktemp("clone"))
    finished(start("dvc repro", project, PYTHONHASHSEED="0"), seconds=600)
    return project


def test_the_page_and_the_lists_are_there(made: Path) -> None:
    assert (made / "reports/index.html").is_file()
    assert (made / "reports/lists/问题清单、责任清单、督办清单.xlsx").is_file()
    assert sorted(path.name for path in (made / "reports/forms").iterdir()) == [
        "cadres", "residents", "served_units",
    ]  # fmt: skip


def test_a_second_repro_runs_no_stage(made: Path) -> None:
    said = finished(start("dvc repro", made))
    assert "Running stage" not in said
    assert "up to date" in said


def test_another_run_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """The smallest survey from its raw file, and everything of the programme after it."""
    again = tmp_path / "again"
    shutil.copytree(made, again)
    survey = "served_units"
    commands = [
        *(f"ingest {survey} {wave}" for wave in ("2026-baseline", "2026-followup")),
        *(f"{stage} {survey}" for stage in ("validate", "sample", "weight", "estimate", "themes")),
        f"compare {survey}", "disclose", "findings", "problems --as-of 2026-11-15",
        "followup --as-of 2026-11-15", "report --as-of 2026-11-15", "audit",
    ]  # fmt: skip
    in_one_process(commands, again, PYTHONHASHSEED="1")
    assert hashes(again) == hashes(made)


def test_a_changed_margin_reruns_what_depends_on_it_and_no_more(
    made: Path, tmp_path: Path
) -> None:
    margins = made / "questionnaires/residents/margins.csv"
    before = margins.read_text(encoding="utf-8")
    margins.write_text(before + "\n", encoding="utf-8")
    said = finished(start("dvc status", made))
    margins.write_text(before, encoding="utf-8")
    assert "weight@residents" in said
    assert "weight@cadres" not in said
    assert "ingest@" not in said
    assert "form@" not in said


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("E", "data/raw/"),
        ("C", "data/raw/"),
        ("T", "data/raw/"),
        ("Q", "data/processed/"),
        ("I", "data/raw/interviews/"),
    ],
)
def test_a_number_of_the_page_is_walked_back_to_the_raw_file(
    made: Path, monkeypatch: pytest.MonkeyPatch, kind: str, file: str
) -> None:
    page = (made / "reports/index.html").read_text(encoding="utf-8")
    found = dict.fromkeys(re.findall(rf'data-cell="({kind}-[0-9a-f]{{10}})"', page))
    assert found
    monkeypatch.chdir(made)
    for identifier in list(found)[: 3 if kind == "T" else 12]:
        said = trace(identifier)
        assert identifier in said
        assert file in said
        assert "≠" not in said


def test_the_summary_names_the_page(made: Path) -> None:
    said = finished(start("diaoyan summary", made)).strip().splitlines()
    assert len(said) == 2
    assert "reports/index.html" in said[1]


def test_contact_data_is_nowhere_but_in_the_raw_file(made: Path) -> None:
    raw = made / "data/raw/residents/2026-baseline/residents_2026-baseline.csv"
    with raw.open(encoding="utf-8-sig", newline="") as file:
        phones = {row["respondent_phone"] for row in csv.DictReader(file)} - {""}
    assert phones
    for folder in ("data/processed", "reports"):
        for path in sorted((made / folder).rglob("*")):
            if path.is_file() and path.suffix in (".json", ".html", ".csv"):
                text = path.read_text(encoding="utf-8")
                assert not phones & set(re.findall(r"\d{11}", text)), path


def test_the_notebook_runs_on_a_fresh_repro(made: Path) -> None:
    notebook = nbformat.read(made / "notebooks/explore.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(made / "notebooks")}}
    )
    client.execute()
    told = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("教科书" in output.get("text", "") for output in told)
    assert not any(output["output_type"] == "error" for output in told)
