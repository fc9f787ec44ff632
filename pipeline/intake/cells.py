"""What the cells of a column hold: its distinct contents, how often each, and in which rows."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.table import RawTable

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LEADING_ZERO = re.compile(r"0\d+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


def plain_number(cell: str) -> float | None:
    """Return the finite number that a cell shows, None for everything else ("nan", 1_000)."""
    number = float(cell) if _NUMBER.fullmatch(cell) else math.nan
    return number if math.isfinite(number) else None


@dataclass(frozen=True, eq=False)
class Content:
    """The contents of one column; cells are compared as `cell_words.normal` shows them.

    Attributes
    ----------
    header : of the column in the tidied table
    variable : what the file itself says of it; of a csv its name alone
    counts : distinct content that is not empty -> rows, in order of first appearance
    places : row -> place in `counts`; -1 where the cell is empty
    """

    header: str
    variable: Variable
    counts: Mapping[str, int]
    places: npt.NDArray[np.int64]

    @property
    def rows(self) -> int:
        """The rows of the table."""
        return len(self.places)

    @cached_property
    def filled(self) -> int:
        """The rows in which the cell is not empty."""
        return sum(self.counts.values())

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """The contents that are plain numbers, as numbers."""
        found = ((cell, plain_number(cell)) for cell in self.counts)
        return {cell: number for cell, number in found if number is not None}

    @property
    def is_numeric(self) -> bool:
        """Tell whether every content is a plain number."""
        return len(self.numbers) == len(self.counts) > 0

    @cached_property
    def whole(self) -> bool:
        """Tell whether every content is a whole number, written without needless zeros."""
        return self.is_numeric and all(
            number.is_integer() and not _LEADING_ZERO.fullmatch(cell)
            for cell, number in self.numbers.items()
        )

    @cached_property
    def all_different(self) -> bool:
        """Tell whether no filled cell is like another, in at least three rows."""
        return len(self.counts) == self.filled >= 3

    @property
    def is_unreadable(self) -> bool:
        """Tell whether at least half of the filled cells hold what no person typed."""
        bad = sum(count for cell, count in self.counts.items() if _UNPRINTABLE.search(cell))
        return bad * 2 >= self.filled > 0

    @property
    def labels(self) -> Mapping[str, str]:
        """Code -> label, of the labels that say more than the code."""
        return {
            code: label.strip()
            for code, label in self.variable.values.items()
            if label.strip() and label.strip() != code
        }

    @property
    def words(self) -> str:
        """The words of the header and the label of the variable, in small letters."""
        said = f"{normal(self.header)} {normal(self.variable.label)}"
        return said.replace("_", " ").casefold().strip()

    def in_rows(self, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """Return the value of each row's content; NaN where it has none."""
        table = [values.get(cell, math.nan) for cell in self.counts]
        return np.array([*table, math.nan], dtype="float64")[self.places]


def contents(table: RawTable) -> dict[str, Content]:
    """Return what every column holds, by header, in the order of the columns."""
    dictionary = table.dictionary or Dictionary()
    known = {variable.name: variable for variable in dictionary.variables}
    made: dict[str, Content] = {}
    for header, (_, column) in zip(table.headers, table.cells.items(), strict=True):
        variable = known.get(header, Variable(header, kind="text"))
        made.setdefault(header, _content(header, column, variable))
    return made


def _content(header: str, column: pd.Series, variable: Variable) -> Content:
    codes, uniques = pd.factorize(column.to_numpy(dtype=object))
    rows_of = np.bincount(codes[codes >= 0], minlength=len(uniques))
    counts: dict[str, int] = {}
    place_of: dict[str, int] = {}
    places = np.full(len(uniques) + 1, -1, dtype="int64")
    for at, (raw, rows) in enumerate(zip(uniques, rows_of, strict=True)):
        cell = normal(str(raw))
        if cell in EMPTY:
            continue
        places[at] = place_of.setdefault(cell, len(place_of))
        counts[cell] = counts.get(cell, 0) + int(rows)
    return Content(header, variable, counts, places[codes])
