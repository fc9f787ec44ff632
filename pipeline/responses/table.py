"""A delivered table, cell for cell, whatever kind of file it came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd


@dataclass(frozen=True, slots=True)
class Labels:
    """What a labelled file says about its own variables.

    Attributes
    ----------
    variables : variable -> its label, for those that have one
    values : variable -> code as text -> label of that code
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawTable:
    """An export as it was delivered: every cell is text, an empty cell is ''.

    `cells` is indexed by the row's number as a program shows it that opens the file: the line of
    a csv or sheet (1-based, the header is line 1), the case of a SAV (1-based). A header may occur
    more than once.
    """

    path: Path
    sha256: str
    cells: pd.DataFrame
    labels: Labels | None = None

    @property
    def headers(self) -> list[str]:
        """The headers in the order of the columns."""
        return [str(header) for header in self.cells.columns]


def cell_text(value: object) -> str:
    """Return what a cell shows: whole numbers without a point, times as ISO, nothing as ''."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            if value != value:  # a missing number
                return ""
            return str(int(value)) if value.is_integer() else f"{value:.15g}"
        case datetime():
            return "" if pd.isna(value) else value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
    return str(value)
