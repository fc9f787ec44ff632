"""One case from the files as delivered to an opened page, and what came of it."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.questionnaire.codebook import read_codebook
from tests.real_files.case import Case
from tests.real_files.project import STAGES, bare_project, diaoyan, inside

FIRST = ("check", "ingest mine w1", "validate mine")
"""What CI runs of every file, all in one process."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes
    ----------
    refusal : the message of the command that refused the file; '' where all went through
    system : by which system's module it was read
    rows, kept : delivered and analysed responses
    asked : questions of the drafted questionnaire, by type
    seconds : from `diaoyan new` to the last command
    """

    case: Case
    refusal: str = ""
    system: str = ""
    rows: int = 0
    kept: int = 0
    asked: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def questions(self) -> int:
        """How many questions were drafted."""
        return len(self.asked)


def walked(
    case: Case, root: Path, samples: Path, scratch: Path, commands: Sequence[str]
) -> Outcome:
    """Take a case through `diaoyan new` and the commands, in a project of its own.

    A `SurveyError` is a refusal; anything else that is raised is a fault of the program.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    project = bare_project(root, scratch)
    began = time.perf_counter()
    with inside(project):
        try:
            diaoyan(case.arguments(samples))
            for command in commands:
                diaoyan(command.split())
        except SurveyError as error:
            return Outcome(case, refusal=str(error), seconds=time.perf_counter() - began)
    return _outcome(case, project, time.perf_counter() - began)


def whole(case: Case, root: Path, samples: Path, scratch: Path) -> Outcome:
    """Take a case through every stage to the audited page."""
    return walked(case, root, samples, scratch, ("check", *STAGES))


def _outcome(case: Case, project: Path, seconds: float) -> Outcome:
    from pipeline.responses.source import read_source

    book = read_codebook(project / "data/processed/codebook/mine/w1.json")
    source = read_source(project / "data/raw/mine/w1")
    assert source is not None
    rows = {
        stage: pd.read_parquet(
            project / f"data/processed/{stage}/mine/w1.parquet", columns=["raw_row"]
        )["raw_row"]
        for stage in ("ingest", "validate", "quarantine")
    }
    assert book.raw.rows == len(rows["ingest"]), case.id
    assert set(rows["ingest"]) == set(rows["validate"]) | set(rows["quarantine"]), case.id
    assert not set(rows["validate"]) & set(rows["quarantine"]), case.id
    return Outcome(
        case,
        system=source.layout,
        rows=book.raw.rows,
        kept=len(rows["validate"]),
        asked=tuple(question.type for question in book.questionnaire.questions),
        seconds=seconds,
    )
