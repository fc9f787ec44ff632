"""What the pipeline proposes as a problem, and a problem as its event log says it stands.

A proposal is derived anew at every run; a problem exists because a person accepted a proposal, and
keeps its number and the text it rests on whatever later runs say.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pipeline.findings.finding import Grade
from pipeline.i18n import Text

ProblemType = Literal["T1", "T2", "T3", "T4", "T5", "T6"]
Rectification = Literal["immediate", "staged", "continuing"]
"""立行立改, 分阶段, 持续."""
MeasureState = Literal["not_started", "underway", "milestone", "done", "sustained", "overdue"]
"""未启动, 正在推进, 阶段性完成, 已完成, 已完成并长期坚持, 逾期."""
TestVerdict = Literal[
    "untested", "insufficient", "not_improved", "improved", "improved_small", "worsened",
    "resolved", "closed", "reopened",
]  # fmt: skip
"""What tests said: words in the locale table `problems`, as `verdict_<code>`."""
Lamp = Literal["green", "yellow", "red", "grey"]
Phase = Literal[
    "accepted", "assigned", "underway", "measures_done", "resolved", "closed", "reopened",
    "dropped",
]  # fmt: skip
"""Where the problem stands in its life: words as `phase_<code>`."""
FindingLink = Literal["current", "changed", "gone"]
ProblemCode = Annotated[str, Field(pattern=r"^A[1-7]\.[1-9]$")]


class Record(BaseModel):
    """Common manners: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Proposal(Record):
    """A problem that the findings suggest; a person accepts it or leaves it."""

    id: Annotated[str, Field(pattern=r"^P-A[1-7]\.[1-9]-[a-z0-9_]+$")]
    """``P-<problem code>-<survey>``, the same at every run."""
    problem: ProblemCode
    survey: str
    statement: Text
    """Sentence of the leading finding, with marks."""
    basis: Text
    """The same sentence with its numbers written out, as an acceptance records it."""
    estimate: str
    """Id of the estimate that leads; the goal of a problem is set on it."""
    findings: Annotated[tuple[str, ...], Field(min_length=1)]
    grade: Grade
    tier: Annotated[int, Field(ge=1, le=3)]
    manifest_level: str
    root_level: str
    source: Text
    decision: Text
    accepted_as: str
    """Number of the problem that this proposal became, or ''."""


class Goal(Record):
    """What must be reached, in the units of the measured share (0-1)."""

    metric: str
    """Id of the estimate that is measured again, such as ``E-0a1b2c3d4e``."""
    target: float
    smallest_fall: float = 0.05


class Problem(Record):
    """A problem as the event log says it stands on the day `as_of`."""

    number: Annotated[str, Field(pattern=r"^A[1-7]-\d{4}-\d{3}$")]
    proposal: str
    statement: Text
    """As accepted, with marks where it had numbers; see `finding_link`."""
    basis: Text
    """原文依据: the sentence as it read when the problem was accepted, numbers written out."""
    area: Annotated[str, Field(pattern=r"^A[1-7]$")]
    problem: ProblemCode
    problem_type: ProblemType
    manifest_level: str
    root_level: str
    source: Text
    findings: tuple[str, ...]
    finding_link: FindingLink
    """Whether the findings still stand, read otherwise now, or are gone."""
    grade: Grade
    main_cause: str
    rectification: Rectification
    tier: int
    owner: str
    co_units: tuple[str, ...]
    responsible_role: str
    """A post, never a name."""
    lead_role: str
    goal: Goal | None
    measures: tuple[str, ...]
    milestones: tuple[str, ...]
    difficulty: str
    next_step: str
    supervisor_role: str
    accepted: date
    assigned: date | None
    deadline: date | None
    closed: date | None
    progress: Annotated[int, Field(ge=0, le=100)]
    measure_state: MeasureState
    verdict: TestVerdict
    phase: Phase
    lamp: Lamp


_PROPOSALS = TypeAdapter(tuple[Proposal, ...])
_PROBLEMS = TypeAdapter(tuple[Problem, ...])


def read_proposals(path: Path) -> tuple[Proposal, ...]:
    """Read the proposals that stage `problems` wrote."""
    return _PROPOSALS.validate_json(path.read_text(encoding="utf-8"))


def write_proposals(proposals: Iterable[Proposal], path: Path) -> None:
    """Write proposals as JSON, the same bytes for the same proposals."""
    _write(_PROPOSALS.dump_json(tuple(proposals), indent=1), path)


def read_problems(path: Path) -> tuple[Problem, ...]:
    """Read the problems that stage `problems` wrote."""
    return _PROBLEMS.validate_json(path.read_text(encoding="utf-8"))


def write_problems(problems: Iterable[Problem], path: Path) -> None:
    """Write problems as JSON, the same bytes for the same problems."""
    _write(_PROBLEMS.dump_json(tuple(problems), indent=1), path)


def _write(content: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content.decode("utf-8") + "\n", encoding="utf-8", newline="\n")
