"""What the fast lane adds up of one column, and who adds it."""

from dataclasses import dataclass

import numpy as np

from pipeline.estimation.items import Coded, Measured
from pipeline.totals.adding import Adder, CodedTotals, MeasuredTotals
from pipeline.totals.coding import OUTSIDE, Codes
from pipeline.totals.units import Booleans, Floats, Integers

Banner = tuple[Codes, int]


@dataclass(frozen=True, slots=True)
class Base:
    """Who was asked, by cell.

    Attributes
    ----------
    members : (blocks, cells) rows, those of weight 0 too (with replicates: without them)
    size : (cells,) rows with a weight above 0
    """

    members: Floats
    size: Integers

    def __add__(self, other: "Base") -> "Base":
        return Base(self.members + other.members, self.size + other.size)


@dataclass(frozen=True, slots=True)
class ColumnTotals:
    """Totals of one column; `squares` are of squared weights, where single rows were drawn.

    `origin` was taken off the numbers of a measured column before `squares` were added.
    """

    sums: CodedTotals | MeasuredTotals
    squares: CodedTotals | MeasuredTotals | None
    origin: float = 0.0


@dataclass(frozen=True, slots=True)
class Adders:
    """Who adds the rows of a batch: with their weights, and what else the design needs."""

    weights: Adder
    rows: Adder
    squares: Adder | None

    def base(self, asked: Booleans | None, rows: int) -> Base:
        """Return the base of a column of which these rows (None: all) were asked."""
        code = np.zeros(rows, dtype=np.int32)
        if asked is not None:
            code[~asked] = OUTSIDE
        counted = self.rows.coded(code, 1).by_unit[:, 0, :]
        return Base(counted, self.weights.coded(code, 1).rows[0])

    def column(
        self, column: Coded | Measured, origin: float = 0.0, to: ColumnTotals | None = None
    ) -> ColumnTotals:
        """Add a column to the totals `to`, and return them."""
        before = (None, None) if to is None else (to.sums, to.squares)
        added = [
            None if adder is None else _added(adder, column, about, before[place])
            for place, (adder, about) in enumerate(((self.weights, 0.0), (self.squares, origin)))
        ]
        sums, squares = added
        if sums is None:
            raise TypeError("rows are always added with their weights")
        return ColumnTotals(sums, squares, origin)


def _added(
    adder: Adder,
    column: Coded | Measured,
    about: float,
    to: CodedTotals | MeasuredTotals | None,
) -> CodedTotals | MeasuredTotals:
    if isinstance(column, Measured):
        value = column.value - about if about else column.value
        return adder.measured(value, to if isinstance(to, MeasuredTotals) else None)
    code = column.code.astype(np.int32, copy=False)
    return adder.coded(code, len(column.scores), to if isinstance(to, CodedTotals) else None)
