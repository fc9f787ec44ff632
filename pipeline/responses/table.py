"""A delivered table, cell for cell, whatever kind of file it came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pipeline.responses.dictionary import Dictionary

EXACT_INTEGERS = 1e16
"""Below it a double that is whole is written with all its digits."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a labelled file says about its own variables, in short; see `Dictionary`.

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
    more than once. `sheets` names the sheets of a workbook, of which the first was read; other
    kinds of file have none. `dictionary` is what the file, or a definition read with it, says of
    the columns.
    """

    path: Path
    sha256: str
    cells: pd.DataFrame
    sheets: tuple[str, ...] = ()
    dictionary: Dictionary | None = None

    @property
    def labels(self) -> Labels | None:
        """The labels in the dictionary; None where the file is of a kind that has none (a csv)."""
        if self.dictionary is None or not self.dictionary.variables:
            return None
        of = self.dictionary.variables
        return Labels(
            {one.name: one.label for one in of if one.label},
            {one.name: one.values for one in of if one.values},
        )

    @property
    def source(self) -> str:
        """The file, and of a workbook the sheet read and those that were not, for messages."""
        return in_sheet(self.path, self.sheets)

    @property
    def headers(self) -> list[str]:
        """The headers in the order of the columns."""
        return [str(header) for header in self.cells.columns]


def in_sheet(path: Path, sheets: Sequence[str]) -> str:
    """Return a file's path, and of a workbook the sheet read and those that were not."""
    if not sheets:
        return str(path)
    if not (others := "、".join(f"“{name}”" for name in sheets[1:])):
        return f"{path}（工作表 sheet “{sheets[0]}”）"
    return (
        f"{path}（只读了工作表 “{sheets[0]}”；没有读 {others}，"
        "答卷若在那里，请把它移到最前。only this sheet is read; move the answers there）"
    )


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


def exact_text(number: float | None) -> str:
    """Return a number so that ``float`` of the text is the same double; a missing one is ''.

    For statistical files, whose numbers are doubles and not what a cell shows.
    """
    if number is None or number != number:
        return ""
    if abs(number) < EXACT_INTEGERS and float(number).is_integer():
        return str(int(number))
    return repr(float(number))
