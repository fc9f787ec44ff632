"""A person accepts a proposal: it gets a number and the text it rests on is recorded.

The pipeline never does this by itself. The number (area, year, sequence) is never used again.
"""

from collections.abc import Sequence
from datetime import date

from pipeline.errors import RegisterError
from pipeline.problems.lifecycle import change, lives
from pipeline.problems.problem import ProblemType, Proposal, Rectification
from pipeline.problems.register import Change, Event


def accept(
    events: Sequence[Event],
    proposal: Proposal,
    *,
    at: date,
    who: str,
    problem_type: ProblemType,
    rectification: Rectification,
) -> tuple[Event, ...]:
    """Return the log with the acceptance of a proposal added.

    Parameters
    ----------
    who : the post that accepts, never a name
    problem_type, rectification : what a person has to decide when accepting

    Raises
    ------
    RegisterError
        If the proposal was accepted before and that problem was not dropped.
    """
    for number, live in accepted_proposals(events).items():
        if number == proposal.id:
            raise RegisterError(
                f"{proposal.id} 已立为问题 {live}。如需更改，请对该问题登记新事件。"
                "(this proposal was accepted before)"
            )
    recorded = {
        "proposal": proposal.id,
        "problem_code": proposal.problem,
        "statement_zh": proposal.statement.zh,
        "statement_en": proposal.statement.en,
        "basis_zh": proposal.basis.zh,
        "basis_en": proposal.basis.en,
        "findings": " ".join(proposal.findings),
        "grade": proposal.grade,
        "tier": str(proposal.tier),
        "manifest_level": proposal.manifest_level,
        "root_level": proposal.root_level,
        "source_zh": proposal.source.zh,
        "source_en": proposal.source.en,
        "problem_type": problem_type,
        "rectification": rectification,
        "goal_metric": proposal.estimate,
    }
    changes = [
        Change(action="accept", field=name, value=value) for name, value in recorded.items()
    ]
    number = next_number(events, proposal.problem.partition(".")[0], at.year)
    return change(events, changes, at=at, who=who, problem=number)


def accepted_proposals(events: Sequence[Event]) -> dict[str, str]:
    """Return proposal id -> number of the problem that it became; dropped ones are free again."""
    return {
        life.facts["proposal"]: life.number for life in lives(events) if life.phase != "dropped"
    }


def next_number(events: Sequence[Event], area: str, year: int) -> str:
    """Return the next free number of an area in a year; a number is never used twice."""
    prefix = f"{area}-{year}-"
    used = {int(e.problem[len(prefix) :]) for e in events if e.problem.startswith(prefix)}
    return f"{prefix}{max(used, default=0) + 1:03d}"
