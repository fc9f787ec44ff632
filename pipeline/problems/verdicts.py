"""The verdicts of follow-up as rows beside the disclosed tables, so that pages can cite them.

A row is called ``V-<number of the problem>``. Its figures were computed from disclosed figures
alone; a page cites them like any other figure, and the audit finds them here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.disclosure.public import PublicTables
from pipeline.problems.followup import FollowUp

FIGURES = ("difference", "low", "high", "shrunk_baseline", "q_fall", "q_rise", "checked",
           "needed_n")  # fmt: skip
"""What a page may cite of a verdict; shares 0-1, differences in the same unit."""


def with_verdicts(disclosed: PublicTables, followups: Iterable[FollowUp]) -> PublicTables:
    """Return the disclosed tables with one row more for every problem that is followed up."""
    rows = {verdict_id(one.number): _row(one, disclosed) for one in followups}
    return disclosed.with_verdicts(rows)


def verdict_id(number: str) -> str:
    """Return the id of the verdict on the problem `number`."""
    return f"V-{number}"


def _row(one: FollowUp, disclosed: PublicTables) -> Mapping[str, Any]:
    compared = disclosed.rows.get(one.comparison, {})
    source = compared or disclosed.rows.get(one.metric, {})
    return {
        "id": verdict_id(one.number),
        "kind": "verdict",
        "survey": source.get("survey", ""),
        "wave": source.get("wave", ""),
        "verdict": one.verdict,
        "comparison": one.comparison,
        "n_a": compared.get("n_a"),
        "n_b": compared.get("n_b"),
        **{name: getattr(one, name) for name in FIGURES},
    }
