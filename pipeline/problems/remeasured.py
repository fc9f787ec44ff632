"""What was measured again of a problem: its goal's figure, and the published change since.

The goal of a problem names an estimate of the wave in which it was accepted. Its change is the
comparison of kind ``wave`` whose earlier wave is that one, of the same question, answers and
group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from pipeline.disclosure.membership import ALL
from pipeline.disclosure.public import PublicTables
from pipeline.problems.problem import Problem

Status = Literal["one_wave", "no_goal", "metric_gone", "not_comparable", "tested"]
WhyNot = Literal[
    "", "wording", "choices", "routing", "mode", "absent", "measure", "domain", "not_drawn",
    "not_published", "too_few",
]  # fmt: skip
"""Words in the locale table `report`, as ``why_<word>``. The first five are those of comparisons;
``measure``: other answers count as unfavourable now; ``domain``: its levels are not the same."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Remeasured:
    """Whether a problem can be tested, and the published rows for it.

    `metric` is the estimate that the goal names, `change` the comparison of the waves.
    """

    status: Status
    why_not: WhyNot = ""
    metric: Row | None = None
    change: Row | None = None


def remeasured(problem: Problem, public: PublicTables) -> Remeasured:
    """Return what was measured again of a problem."""
    if problem.goal is None:
        return Remeasured("no_goal")
    metric = public.rows.get(problem.goal.metric)
    if metric is None or pd.isna(metric["value"]):
        return Remeasured("metric_gone")
    since = [
        row
        for row in _wave_rows(public)
        if (row["survey"], row["b"]) == (metric["survey"], metric["wave"])
    ]
    if not since:
        return Remeasured("one_wave", metric=metric)
    same = [row for row in since if row["question"] == metric["question"]]
    for row in same:
        if row["conclusion"] == "not_comparable":
            return Remeasured("not_comparable", row["why_not"], metric, row)
    for row in same:
        if _group(row, str(row["a"])) == _group(metric, str(metric["domain_value"])):
            status, why_not = _testable(row, public)
            return Remeasured(status, why_not, metric, row if status == "tested" else None)
    return Remeasured(*_absent(metric, same, since), metric)


def later_estimate(change: Row, public: PublicTables) -> str:
    """Return the id of the published share that a change leads to, '' if there is none."""
    table = public.estimates
    same = (table["wave"] == change["wave"]) & (table["estimand"] == "proportion")
    for name in ("survey", "question", "code", "domain"):
        same &= table[name] == change[name]
    if change["domain"] != ALL:
        same &= table["domain_value"].astype(str) == str(change["a"])
    found = table.loc[same & table["value"].notna(), "id"]
    return str(found.iloc[0]) if len(found) else ""


def _wave_rows(public: PublicTables) -> Iterator[Row]:
    if "kind" not in public.comparisons:
        return
    kept = public.comparisons["kind"] == "wave"
    yield from (public.rows[str(id_)] for id_ in public.comparisons.loc[kept, "id"])


def _group(row: Row, level: str) -> tuple[str, str, str]:
    return (str(row["code"]), str(row["domain"]), "" if row["domain"] == ALL else level)


def _testable(row: Row, public: PublicTables) -> tuple[Status, WhyNot]:
    if not public.probability_sample(row):
        return "not_comparable", "not_drawn"
    if pd.isna(row["difference"]):
        return "metric_gone", "not_published"
    if pd.isna(row["p"]):
        return "metric_gone", "too_few"
    if row["domain"] != ALL and pd.isna(row["shrunk_b"]):
        return "metric_gone", "not_published"
    return "tested", ""


def _absent(metric: Row, same: list[Row], since: list[Row]) -> tuple[Status, WhyNot]:
    """Say why there is no comparison of the metric's own group."""
    if same and metric["code"] not in {row["code"] for row in same}:
        return "not_comparable", "measure"
    if same and metric["domain"] not in {row["domain"] for row in since}:
        return "not_comparable", "domain"
    return "metric_gone", "not_published"
