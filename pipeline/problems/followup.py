"""Whether a problem is really gone: the verdict of a later wave, or why there is none.

Every accepted problem with a goal is measured again by the wave after the one in which it was
accepted. In a group the baseline is the shrunk one, because groups are picked for looking worst.
All problems that can be tested are tested together. The verdict comes from the data; what a person
recorded in the register stands beside it. That a problem is resolved takes more than two waves and
is not said here.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from pipeline.disclosure.membership import ALL
from pipeline.disclosure.public import PublicTables
from pipeline.problems.judgement import adjusted, one_sided, reach, verdict_of
from pipeline.problems.problem import Problem, TestVerdict
from pipeline.problems.remeasured import (
    Remeasured,
    Row,
    Status,
    WhyNot,
    later_estimate,
    remeasured,
)

Z_ONE_SIDED_95, Z_POWER_80 = 1.6449, 0.8416
SMALLEST_FALL = 0.05
"""The fall that counts where no goal says another."""


class FollowUp(BaseModel):
    """What can be said about the change of one problem's measured state.

    Shares and differences are 0-1; a difference is later minus earlier share, more is worse.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    status: Status
    verdict: TestVerdict
    """What the data say; ``untested`` unless `status` is ``tested``."""
    recorded: TestVerdict
    """What a person recorded in the register."""
    comparison: str = ""
    """Id of the comparison of the waves, or ''."""
    why_not: WhyNot = ""
    metric: str
    """Id of the estimate that a later wave measures again, '' without a goal."""
    latest: str = ""
    """Id of the estimate of the later wave, or ''."""
    baseline: float | None = None
    shrunk_baseline: float | None = None
    """The baseline that a group is judged by; None for a whole survey."""
    value: float | None = None
    """The share in the later wave."""
    difference: float | None = None
    """From the shrunk baseline where there is one."""
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    """Ends of the 95 % interval of the difference."""
    low90: float | None = None
    high90: float | None = None
    """Ends of its 90 % interval; a fall below `low90` is excluded."""
    p_fall: float | None = None
    q_fall: float | None = None
    p_rise: float | None = None
    q_rise: float | None = None
    checked: int | None = None
    """Problems that were tested together."""
    target: float | None = None
    smallest_fall: float = SMALLEST_FALL
    needed_n: int | None = None
    """Respondents a wave needs to show the smallest fall (80 % power, one-sided 5 %)."""
    detectable: bool | None = None
    """Whether waves of this size can show it: 本轮样本无法检验 where False."""
    as_of: date


_FOLLOWUPS = TypeAdapter(tuple[FollowUp, ...])


@dataclass(frozen=True, slots=True)
class Change:
    """The difference that a verdict rests on, with its one-sided tests."""

    difference: float
    standard_error: float
    df: float
    p_fall: float
    p_rise: float


def follow_up(
    problems: Iterable[Problem], public: PublicTables, *, as_of: date
) -> tuple[FollowUp, ...]:
    """Return the follow-up of every problem, in the order given.

    The tests of all problems, of all surveys, are adjusted together, falls and rises each for
    themselves.
    """
    cases = [(problem, remeasured(problem, public)) for problem in problems]
    changes = [_change(case.change) if case.status == "tested" else None for _, case in cases]
    tested = [change for change in changes if change is not None]
    falls = iter(adjusted([change.p_fall for change in tested]))
    rises = iter(adjusted([change.p_rise for change in tested]))
    return tuple(
        FollowUp.model_validate(
            _of_problem(problem, case, public, as_of)
            | _of_test(problem, change, falls, rises, len(tested))
        )
        for (problem, case), change in zip(cases, changes, strict=True)
    )


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


def _change(row: Row | None) -> Change | None:
    if row is None:
        return None
    whole = row["domain"] == ALL
    difference = row["difference"] if whole else row["value_a"] - row["shrunk_b"]
    error = float(row["standard_error"] if whole else row["shrunk_error"])
    df = float(row["degrees_of_freedom"])
    return Change(float(difference), error, df, *one_sided(float(difference), error, df))


def _of_problem(
    problem: Problem, case: Remeasured, public: PublicTables, as_of: date
) -> dict[str, Any]:
    goal, metric, change = problem.goal, case.metric, case.change
    tested = change if case.status == "tested" else None
    fall = goal.smallest_fall if goal else SMALLEST_FALL
    needed = None if metric is None else _needed(metric, fall)
    shrunk = None if tested is None or tested["domain"] == ALL else float(tested["shrunk_b"])
    return {
        "number": problem.number, "status": case.status, "verdict": "untested",
        "recorded": problem.verdict, "why_not": case.why_not, "as_of": as_of,
        "comparison": "" if change is None else str(change["id"]),
        "metric": goal.metric if goal else "",
        "latest": "" if change is None else later_estimate(change, public),
        "baseline": None if metric is None else float(metric["value"]),
        "shrunk_baseline": shrunk,
        "value": None if tested is None else float(tested["value_a"]),
        "target": goal.target if goal else None, "smallest_fall": fall, "needed_n": needed,
        "detectable": None if metric is None
        else needed is not None and _respondents(metric, tested) >= needed,
    }  # fmt: skip


def _needed(metric: Row, fall: float) -> int | None:
    effect = float(metric["design_effect"])
    known = 1.0 if math.isnan(effect) else effect
    return needed_respondents(float(metric["value"]), fall, known)


def _respondents(metric: Row, tested: Row | None) -> int:
    """Return how many answered; of two waves the fewer."""
    return int(metric["n"]) if tested is None else int(min(tested["n_a"], tested["n_b"]))


def _of_test(
    problem: Problem,
    change: Change | None,
    falls: Iterator[float],
    rises: Iterator[float],
    checked: int,
) -> dict[str, Any]:
    """Return what the test of a problem says, taking its q-values from the iterators."""
    if change is None:
        return {}
    q_fall, q_rise = next(falls), next(rises)
    fall = problem.goal.smallest_fall if problem.goal else SMALLEST_FALL
    difference, error, df = change.difference, change.standard_error, change.df
    wide, narrow = (reach(error, df, level) for level in (0.95, 0.90))
    return {
        "verdict": verdict_of(difference, error, df, q_fall, q_rise, fall),
        "difference": difference, "standard_error": error,
        "low": difference - wide, "high": difference + wide,
        "low90": difference - narrow, "high90": difference + narrow,
        "p_fall": change.p_fall, "q_fall": q_fall, "p_rise": change.p_rise, "q_rise": q_rise,
        "checked": checked,
    }  # fmt: skip


def read_followups(path: Path) -> tuple[FollowUp, ...]:
    """Read what stage `followup` wrote."""
    return _FOLLOWUPS.validate_json(path.read_text(encoding="utf-8"))


def write_followups(followups: Iterable[FollowUp], path: Path) -> None:
    """Write follow-ups as JSON, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _FOLLOWUPS.dump_json(tuple(followups), indent=1).decode("utf-8")
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
