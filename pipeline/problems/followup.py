"""Whether a problem is really gone: what a later wave is compared with, and when it can be.

With one wave there is nothing to compare, and this says so for every problem: what will be
measured again, against which target, and whether the sample of this wave could show the smallest
fall that counts. A verdict comes only from an independent later wave (events of action ``test``).
"""

import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from pipeline.disclosure.public import PublicTables
from pipeline.problems.problem import Problem, TestVerdict

Z_ONE_SIDED_95, Z_POWER_80 = 1.6449, 0.8416


class FollowUp(BaseModel):
    """What can be said about the change of one problem's measured state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    status: Literal["one_wave", "no_goal", "metric_gone", "awaits_test", "tested"]
    verdict: TestVerdict
    metric: str
    """Id of the estimate that a later wave measures again, '' without a goal."""
    baseline: float | None
    target: float | None
    smallest_fall: float
    needed_n: int | None
    """Respondents a later wave needs to show the smallest fall (80 % power, one-sided 5 %)."""
    detectable: bool | None
    """Whether a wave of this size can show it: 本轮样本无法检验 where False."""
    as_of: date


_FOLLOWUPS = TypeAdapter(tuple[FollowUp, ...])


def follow_up(
    problems: Iterable[Problem], public: PublicTables, *, as_of: date
) -> tuple[FollowUp, ...]:
    """Return the follow-up of every problem, in the order given."""
    return tuple(_of_problem(problem, public, as_of) for problem in problems)


def needed_respondents(share: float, fall: float, design_effect: float) -> int | None:
    """Return n of the later wave at which a fall of `fall` is found with 80 % power.

    Two independent samples of equal size, one-sided test at 5 % of the difference of shares, the
    variance multiplied by the design effect. None if the share cannot fall by so much.
    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 4.
    """
    later = share - fall
    if later < 0 or fall <= 0:
        return None
    variance = share * (1 - share) + later * (1 - later)
    n = (Z_ONE_SIDED_95 + Z_POWER_80) ** 2 * variance / fall**2 * design_effect
    return max(1, math.ceil(n))


def _of_problem(problem: Problem, public: PublicTables, as_of: date) -> FollowUp:
    goal = problem.goal
    row = public.rows.get(goal.metric) if goal else None
    baseline = float(row["value"]) if row and row["value"] == row["value"] else None
    needed = detectable = None
    if row is not None and goal is not None and baseline is not None:
        effect = float(row["design_effect"])
        needed = needed_respondents(
            baseline, goal.smallest_fall, effect if effect == effect else 1.0
        )
        detectable = needed is not None and int(row["n"]) >= needed
    return FollowUp(
        number=problem.number,
        status=_status(problem, baseline, public),
        verdict=problem.verdict,
        metric=goal.metric if goal else "",
        baseline=baseline,
        target=goal.target if goal else None,
        smallest_fall=goal.smallest_fall if goal else 0.05,
        needed_n=needed,
        detectable=detectable,
        as_of=as_of,
    )


def _status(
    problem: Problem, baseline: float | None, public: PublicTables
) -> Literal["one_wave", "no_goal", "metric_gone", "awaits_test", "tested"]:
    if problem.goal is None:
        return "no_goal"
    if baseline is None:
        return "metric_gone"
    survey = public.rows[problem.goal.metric]["survey"]
    estimates = public.estimates
    if estimates.loc[estimates["survey"] == survey, "wave"].nunique() < 2:
        return "one_wave"
    return "awaits_test" if problem.verdict == "untested" else "tested"


def read_followups(path: Path) -> tuple[FollowUp, ...]:
    """Read what stage `followup` wrote."""
    return _FOLLOWUPS.validate_json(path.read_text(encoding="utf-8"))


def write_followups(followups: Iterable[FollowUp], path: Path) -> None:
    """Write follow-ups as JSON, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _FOLLOWUPS.dump_json(tuple(followups), indent=1).decode("utf-8")
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
