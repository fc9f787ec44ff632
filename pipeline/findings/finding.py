"""A finding: one sentence, the published figures that carry it, what speaks against it, its grade.

Numbers stand in sentences as marks, ``[[E-0a1b2c3d4e:value]]`` or ``[[C-0a1b2c3d4e:difference]]``:
the row of a disclosed table and the field of that row. Whoever shows a sentence resolves them.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pipeline.i18n import Text
from pipeline.questionnaire.parts import Standard

Grade = Literal["A", "B", "C", "D"]
Verdict = Literal["above", "below", "no_difference", "no_standard"]

MARK = re.compile(r"\[\[(?P<id>[A-Z]-[^:\[\]]+):(?P<field>[a-z_]+)\]\]")


class Figure(BaseModel):
    """The main published estimate of a finding, as it stood in the disclosed table.

    `value`, `low`, `high` are shares (0-1); `low` and `high` are None for a non-probability
    sample, which has no margin of error. `n` is rounded to 5 for a domain and exact for a survey.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float | None
    high: float | None
    n: int


class Change(BaseModel):
    """What is established of a share since the wave before, by which published comparison."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    comparison: str
    moved: Literal["higher", "lower", "not_comparable"]
    difference: float | None = None
    """Share of this wave minus that of the wave before."""
    why_not: str = ""
    """Why the waves are not comparable, as comparisons say it."""


class Finding(BaseModel):
    """A statement about a population with its evidence, its contrary evidence and its grade.

    `id` is built from the problem code and the place of the question among all questions that
    measure this problem (``F-A1.4-01``; `pipeline.findings.numbering`), or ``F-A1.4-Q1`` for a
    finding that rests on interviews alone; it changes neither with figures nor with waves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^F-A[1-7]\.[1-9]-(\d{2}|Q\d)$")]
    survey: str
    """'' for a finding that rests on interviews alone."""
    wave: str
    problem: Annotated[str, Field(pattern=r"^A[1-7]\.[1-9]$")]
    question: str
    statement: Text
    """With marks."""
    estimate: str
    """Id of the main estimate, '' for a finding that rests on interviews alone."""
    figure: Figure | None
    comparisons: tuple[str, ...]
    """Ids of all comparisons that were made, those without a difference included."""
    change: Change | None = None
    """What the statement says of the wave before, or None where it says nothing."""
    notes: tuple[Text, ...]
    """Sentences on groups, with marks; one for each domain that was compared."""
    themes: tuple[str, ...]
    interview_support: int
    """Interviews with a passage that supports the statement."""
    interview_contradict: int
    standard: Standard | None
    against_standard: Verdict
    presentable: bool
    grade: Grade
    grade_reason: Text
    contrary: Annotated[tuple[Text, ...], Field(min_length=1)]
    decision: Text
    manifest_level: str
    root_level: str
    headline: Annotated[int, Field(ge=1, le=5)] | None
    """Place on the first screen (an order of reading, never shown as a rank), or None."""
    exploratory: bool
    limitation: Text


_FINDINGS = TypeAdapter(tuple[Finding, ...])


def marks(text: Text) -> tuple[tuple[str, str], ...]:
    """Return the (row id, field) pairs that a text names, in order, first Chinese then English."""
    return tuple(
        (found["id"], found["field"])
        for words in (text.zh, text.en)
        for found in MARK.finditer(words)
    )


def read_findings(path: Path) -> tuple[Finding, ...]:
    """Read the findings that stage `findings` wrote."""
    return _FINDINGS.validate_json(path.read_text(encoding="utf-8"))


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write findings as JSON, the same bytes for the same findings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _FINDINGS.dump_json(tuple(findings), indent=1).decode("utf-8")
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
