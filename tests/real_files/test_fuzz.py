"""Damaged copies of real files: refused or read, never a traceback, no row lost without a word."""

import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from tests.real_files.mutations import mutated, small_files
from tests.real_files.project import bare_project, diaoyan, inside

COPIES = int(os.environ.get("DIAOYAN_FUZZ", "100"))
MOST_BYTES = 60_000 if COPIES <= 100 else 2_000_000
SECONDS = 10
CHUNKS = 4


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def emptied(project: Path, kept: Path) -> None:
    """Take the survey of the last copy out again."""
    for name in ("data/raw/mine", "data/raw/draws", "questionnaires/mine", "data/processed"):
        shutil.rmtree(project / name, ignore_errors=True)
    for name in ("params.yaml", "questionnaires/programme.yaml"):
        shutil.copyfile(kept / name, project / name)


@pytest.mark.shared
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_damaged_files_are_refused_or_read_whole(
    root: Path, shared: Path, tmp_path: Path, chunk: int
) -> None:
    project, kept = bare_project(root, tmp_path / "p"), bare_project(root, tmp_path / "kept")
    files = small_files(shared / "samples", MOST_BYTES)
    read = 0
    faults: list[str] = []
    for copy in range(chunk, COPIES, CHUNKS):
        random_ = random.Random(copy)
        origin = files[copy % len(files)]
        damaged = tmp_path / f"damaged{origin.suffix}"
        damaged.write_bytes(mutated(origin.read_bytes(), origin.suffix.lower(), random_))
        emptied(project, kept)
        with inside(project), within(SECONDS):
            try:
                diaoyan(["new", "mine", "--wave", "w1", "--alone", "--from", str(damaged)])
                for stage in ("check", "ingest mine w1", "validate mine"):
                    diaoyan(stage.split())
            except SurveyError:
                continue
            except Exception as fault:  # all of them are told together
                faults.append(f"copy {copy} of {origin.name}: {fault!r}")
                continue
        of = {
            s: project / f"data/processed/{s}/mine/w1.parquet"
            for s in ("ingest", "validate", "quarantine")
        }
        rows = {
            s: set(pd.read_parquet(path, columns=["raw_row"])["raw_row"]) for s, path in of.items()
        }
        kept_or_not = rows["validate"] | rows["quarantine"]
        if rows["ingest"] != kept_or_not or rows["validate"] & rows["quarantine"]:
            faults.append(f"copy {copy} of {origin.name}: rows in are not rows kept + quarantined")
        read += 1
    assert not faults, "\n".join(faults)
    assert read > 0
