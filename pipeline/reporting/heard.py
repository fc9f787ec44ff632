"""What interviews say of a problem, and how far their coding can be relied on."""

from collections.abc import Iterator, Mapping

from pipeline.disclosure.public import PublicTables
from pipeline.reporting.tables import Row

CODING = ("coded", "open", "alpha_themes", "alpha_stance", "rule_precision", "rule_recall")
"""Kinds of rows that speak of the coding of all interviews."""


def interview_rows(disclosed: PublicTables, problem: str, kind: str) -> tuple[Row, ...]:
    """Return what interviews say of a problem: counts by stance (``count``) or quotes.

    A passage that speaks of a problem under two themes is quoted once.
    """
    rows = [
        row
        for row in _interviews(disclosed)
        if (row["kind"], row["problem"]) == (kind, problem)
        and row["stance"] in ("supports", "contradicts")
    ]
    if kind == "quote":
        rows = list({row["quote_zh"]: row for row in reversed(rows)}.values())
    return tuple(sorted(rows, key=lambda row: (row["stance"] != "supports", row["id"])))


def agreement_rows(disclosed: PublicTables, problem: str) -> tuple[Row, ...]:
    """Return how far two coders agree on the themes of a problem, one row a theme."""
    rows = (row for row in _interviews(disclosed) if row["kind"] == "alpha")
    return tuple(
        sorted((r for r in rows if r["problem"] == problem), key=lambda row: row["theme"])
    )


def coding_rows(disclosed: PublicTables) -> Mapping[str, str]:
    """Return the ids of what is known of the coding of all interviews, by its kind."""
    return {
        str(row["kind"]): str(row["id"]) for row in _interviews(disclosed) if row["kind"] in CODING
    }


def _interviews(disclosed: PublicTables) -> Iterator[Row]:
    heard = disclosed.interviews["id"] if "id" in disclosed.interviews else ()
    return (disclosed.rows[one] for one in heard)
