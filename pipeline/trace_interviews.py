"""From a number on interviews back to the passages, and to the notes or coding sheets."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from pipeline.i18n import Language, word
from pipeline.places import CODING_SHEETS, INTERVIEW_NOTES, INTERVIEWS, SIGNOFF
from pipeline.text_analysis.notes import note_files
from pipeline.trace_answers import unlike

QUOTED = ("quote", "explanation")
"""Kinds of rows that hold signed-off words, no count."""


def of_interviews(row: pd.Series, language: Language) -> Iterator[str]:
    """Yield, line by line, what a disclosed row of interviews rests on."""
    named = " ".join(str(row[one]) for one in ("kind", "problem", "theme", "stance") if row[one])
    if pd.notna(row["n"]):  # agreement of the coders, or how many passages they coded
        value = "" if pd.isna(row["value"]) else f" = {row['value']:.6f}"
        yield f"{row['id']}  {named}{value}; n = {row['n']} ({row['used']})"
        yield from _files(sorted(CODING_SHEETS.glob("coder-*.xlsx")), language)
        return
    passages = pd.read_parquet(INTERVIEWS)
    # A count is of a problem and stance, whatever the theme; all else is of one theme too.
    for column in ("problem", "stance", *(() if row["kind"] == "count" else ("theme",))):
        passages = passages[passages[column] == row[column]]
    again = passages["interview"].nunique()
    if row["kind"] in QUOTED:
        yield f"{row['id']}  {named}"
        yield f"{word('trace.signed', language)}: {row[f'quote_{language}'] or row['quote_zh']}"
        yield from _files([SIGNOFF], language)
    else:
        yield f"{row['id']}  {named}: {row['interviews']}"
        mark = unlike(again, row["interviews"])
        yield f"{word('trace.again', language)}: {again}{mark}"
    for _, one in passages.drop_duplicates(["interview", "passage"]).iterrows():
        yield f"  {one['interview']} {one['passage']} ({one['role']}) {one['rule']}"
    names = tuple(passages["interview"].unique())
    yield from _files([n for n in note_files(INTERVIEW_NOTES) if n.stem.endswith(names)], language)


def _files(paths: Iterable[Path], language: Language) -> Iterator[str]:
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield f"{word('trace.file', language)}: {path.as_posix()} sha256 {digest[:16]}"
