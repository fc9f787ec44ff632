"""Scratch projects in which one case after another goes through the pipeline, in this process."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError

NEEDED = ("params.yaml", "dvc.yaml", "questionnaires/programme.yaml")
HEADERS = {
    "data/raw/frame/sites.csv": "site,county,setting,persons,need,staff\n",
    "data/raw/register/events.csv": "",
    "data/raw/interviews/signoff.csv": "",
}


def bare_project(root: Path, scratch: Path) -> Path:
    """Make a project with no survey in it; what `--alone` leaves of the example."""
    for name in (*NEEDED, *HEADERS):
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, scratch / name)
    for name in HEADERS:
        header = (scratch / name).read_text(encoding="utf-8-sig").splitlines()[0]
        (scratch / name).write_text(header + "\n", encoding="utf-8")
    shutil.copytree(root / "questionnaires/interviews", scratch / "questionnaires/interviews")
    (scratch / "build").mkdir()
    os.symlink(root / "build/form", scratch / "build/form")
    os.symlink(root / "pipeline", scratch / "pipeline")
    return scratch


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def diaoyan(arguments: Sequence[str]) -> str:
    """Run a command in this process; return what it printed.

    Raises
    ------
    SurveyError
        As the command; anything else it raises is a fault of the program.
    """
    done = CliRunner().invoke(app, list(arguments), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    if done.exit_code:
        raise SurveyError(done.output)
    return done.output


STAGES = (
    "form mine", "verify_draw", "ingest mine w1", "interviews", "validate mine", "judge",
    "sample mine", "weight mine", "estimate mine", "themes mine", "compare mine", "disclose",
    "findings", "problems --as-of 2026-11-15", "followup --as-of 2026-11-15",
    "report --as-of 2026-11-15", "audit",
)  # fmt: skip
"""What `dvc repro` runs for this survey, in the order of dvc.yaml."""
