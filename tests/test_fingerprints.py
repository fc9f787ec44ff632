"""A stage's fingerprint changes with the code it runs, and with no other."""

import shutil
import sys
from pathlib import Path

import pytest

from pipeline.fingerprints import fingerprints, stage_names


@pytest.fixture(scope="module")
def found(root: Path) -> dict[str, set[str]]:
    named = fingerprints(root / "pipeline")
    return {
        stage: {Path(line.split()[0]).relative_to(root).as_posix() for line in lines.splitlines()}
        for stage, lines in named.items()
    }


def test_every_stage_has_one(root: Path, found: dict[str, set[str]]) -> None:
    assert set(found) == set(stage_names(root / "pipeline"))
    for stage, files in found.items():
        assert f"pipeline/stages/{stage}.py" in files


def test_it_names_what_the_stage_runs_also_beside_the_modules(
    found: dict[str, set[str]],
) -> None:
    assert "pipeline/weighting/raking.py" in found["weight"]
    assert "pipeline/reporting/templates/page.html.j2" in found["report"]
    assert "pipeline/locale/zh.toml" in found["report"]
    assert "pipeline/validation/suite.py" in found["judge"]


def test_it_leaves_out_what_the_stage_does_not_run(found: dict[str, set[str]]) -> None:
    assert not any(name.startswith("pipeline/estimation/models/") for name in found["estimate"])
    assert not any(name.startswith("pipeline/reporting/") for name in found["weight"])
    assert "pipeline/cli.py" not in set().union(*found.values())
    assert not any("__pycache__" in name for name in set().union(*found.values()))


def test_a_change_moves_the_fingerprints_of_those_who_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "small_package"
    (package / "stages").mkdir(parents=True)
    for name, text in {
        "__init__.py": "", "stages/__init__.py": "", "used.py": "X = 1\n", "other.py": "Y = 1\n",
        "stages/one.py": "from small_package.used import X\n", "stages/two.py": "Z = 1\n",
    }.items():  # fmt: skip
        (package / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = fingerprints(package)
    (package / "used.py").write_text("X = 2\n", encoding="utf-8")
    (package / "other.py").write_text("Y = 2\n", encoding="utf-8")
    after = fingerprints(package)
    assert before["one"] != after["one"]
    assert before["two"] == after["two"]
    (package / "used.py").write_bytes(b"X = 1\r\n")
    assert fingerprints(package)["one"] == before["one"]
    shutil.rmtree(package)
    sys.modules.pop("small_package", None)
