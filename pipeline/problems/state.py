"""A problem as it stands on a day: its events, the findings it rests on, and the lamp.

The lamp speaks of the schedule of tasks, never of whether the problem is gone; the verdict comes
from tests alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import get_args

from pydantic import TypeAdapter

from pipeline.findings.finding import Finding
from pipeline.i18n import Text
from pipeline.problems.lifecycle import Life, lives
from pipeline.problems.problem import (
    FindingLink,
    Goal,
    Lamp,
    MeasureState,
    Phase,
    Problem,
    TestVerdict,
)
from pipeline.problems.proposals import basis_of, proposal_id
from pipeline.problems.register import Event

BEHIND_YELLOW, BEHIND_RED = 10, 30
"""Points of progress behind schedule from which the lamp turns."""
NEAR_DAYS = 7
_PHASE: TypeAdapter[Phase] = TypeAdapter(Phase)
_VERDICT: TypeAdapter[TestVerdict] = TypeAdapter(TestVerdict)
_STATE: TypeAdapter[MeasureState] = TypeAdapter(MeasureState)


def problems_of(
    events: Sequence[Event], findings: Iterable[Finding], *, as_of: date
) -> tuple[Problem, ...]:
    """Return all accepted problems that were not dropped, in order of numbers.

    Raises
    ------
    RegisterError
        If the log holds an event that is not allowed.
    """
    standing: dict[str, list[Finding]] = {}
    for finding in findings:
        standing.setdefault(proposal_id(finding), []).append(finding)
    return tuple(
        _problem(life, standing.get(life.facts.get("proposal", ""), ()), as_of)
        for life in lives(events, as_of)
        if life.phase != "dropped"
    )


def lamp(assigned: date | None, deadline: date | None, progress: int, *, done: bool,
         as_of: date) -> Lamp:  # fmt: skip
    """Return the lamp of a task.

    Green: at most 10 points behind an even schedule; yellow: 10 to 30 behind, or the deadline is
    7 days off or nearer; red: more than 30 behind, or overdue; grey: not assigned yet, or without
    a deadline. Work that is done is green.
    """
    if assigned is None or deadline is None or as_of < assigned:
        return "grey"
    if done or progress == 100:
        return "green"
    if as_of > deadline:
        return "red"
    days = (deadline - assigned).days
    behind = (100 * (as_of - assigned).days / days if days else 100) - progress
    if behind > BEHIND_RED:
        return "red"
    if behind > BEHIND_YELLOW or (deadline - as_of).days <= NEAR_DAYS:
        return "yellow"
    return "green"


def _problem(life: Life, standing: Sequence[Finding], as_of: date) -> Problem:
    facts = life.facts.get
    deadline = date.fromisoformat(life.facts["deadline"]) if facts("deadline") else None
    done = life.phase in ("measures_done", "resolved", "closed")
    progress = 100 if done else int(facts("progress", "0"))
    basis = Text(zh=facts("basis_zh", ""), en=facts("basis_en", ""))
    return Problem(
        number=life.number,
        proposal=facts("proposal", ""),
        statement=Text(zh=facts("statement_zh", ""), en=facts("statement_en", "")),
        basis=basis,
        area=life.number.partition("-")[0],
        problem=facts("problem_code", ""),
        problem_type=facts("problem_type", ""),
        manifest_level=facts("manifest_level", ""),
        root_level=facts("root_level", ""),
        source=Text(zh=facts("source_zh", ""), en=facts("source_en", "")),
        findings=tuple(facts("findings", "").split()),
        finding_link=_link(standing, basis),
        grade=facts("grade", "D"),
        main_cause=facts("main_cause", ""),
        rectification=facts("rectification", "staged"),
        tier=int(facts("tier", "3")),
        owner=facts("owner", ""),
        co_units=tuple(one for one in facts("co_units", "").split("、") if one),
        responsible_role=facts("responsible_role", ""),
        lead_role=facts("lead_role", ""),
        goal=_goal(life),
        measures=life.gathered.get("measure", ()),
        milestones=life.gathered.get("milestone", ()),
        difficulty=facts("difficulty", ""),
        next_step=facts("next_step", ""),
        supervisor_role=facts("supervisor_role", ""),
        accepted=life.accepted or as_of,
        assigned=life.assigned,
        deadline=deadline,
        closed=life.closed,
        progress=progress,
        measure_state=_measure_state(life, done, deadline, as_of),
        verdict=_verdict(life),
        phase=_PHASE.validate_python("accepted" if life.phase == "accepting" else life.phase),
        lamp=lamp(life.assigned, deadline, progress, done=done, as_of=as_of),
    )


def _link(standing: Sequence[Finding], basis: Text) -> FindingLink:
    """Compare what was accepted with what the same survey says of the same problem now.

    A later wave's findings take the place of those that were accepted: they read otherwise, or,
    where the share is no more beyond its standard, the problem stands in the register alone.
    """
    if not any(finding.against_standard == "above" for finding in standing):
        return "gone"
    return "current" if basis in [basis_of(finding) for finding in standing] else "changed"


def _goal(life: Life) -> Goal | None:
    metric, target = life.facts.get("goal_metric", ""), life.facts.get("goal_target", "")
    return Goal(metric=metric, target=float(target)) if metric and target else None


def _measure_state(life: Life, done: bool, deadline: date | None, as_of: date) -> MeasureState:
    stated = life.facts.get("measure_state", "")
    if done:
        return "sustained" if stated == "sustained" else "done"
    if deadline is not None and as_of > deadline:
        return "overdue"
    if stated in get_args(MeasureState):
        return _STATE.validate_python(stated)
    return "underway" if life.phase == "underway" else "not_started"


def _verdict(life: Life) -> TestVerdict:
    if life.phase in ("closed", "reopened"):
        return _VERDICT.validate_python(life.phase)
    return _VERDICT.validate_python(life.facts.get("verdict", "untested"))
