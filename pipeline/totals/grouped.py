"""Rows in the order of their variance units, added up by the compiled kernel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from pipeline.totals.adding import CodedTotals, Floats, Integers, MeasuredTotals
from pipeline.totals.coding import SHORT, Codes
from pipeline.totals.compiled import Cells, add_codes, add_values


@dataclass(frozen=True, slots=True)
class GroupedRows:
    """Adds each column in all banners in one pass; see `pipeline.totals.adding.Adder`.

    Attributes
    ----------
    start : (units + 1,) where the rows of each unit begin in the order of units
    order : the rows in that order
    weight, cell : (rows,) and (rows, banners), in that order; a row outside a banner has the cell
        after the last
    squared_weight : (cells,) sum of squared weights of all rows
    """

    start: Integers
    order: Integers
    weight: Floats
    cell: Cells
    cells: int
    squared_weight: Floats

    @property
    def units(self) -> int:
        return len(self.start) - 1

    def coded(self, code: Codes, codes: int, to: CodedTotals | None = None) -> CodedTotals:
        """See `Adder`."""
        found = to or CodedTotals.empty(self.units, codes, self.cells)
        rows = np.zeros((codes, self.cells + 1), dtype=np.uint32)
        squares = np.zeros(0 if code.min(initial=0) >= 0 else self.cells + 1)
        code = np.require(code, np.int32, ["C", "W"])
        add_codes(
            self.start, self.order, self.weight, self.cell, code, found.by_unit, rows, squares
        )
        found.rows[:] += rows[:, :-1]
        found.squared_weight[:] += squares[:-1] if len(squares) else self.squared_weight
        return found

    def measured(self, value: Floats, to: MeasuredTotals | None = None) -> MeasuredTotals:
        """See `Adder`."""
        found = to or MeasuredTotals.empty(self.units, self.cells)
        rows = np.zeros(self.cells + 1, dtype=np.uint32)
        squares = np.zeros(self.cells + 1 if np.isnan(value).any() else 0)
        value = np.require(value, np.float64, ["C", "W"])
        add_values(
            self.start, self.order, self.weight, self.cell, value, found.by_unit, rows, squares
        )
        found.rows[:] += rows[:-1]
        found.squared_weight[:] += squares[:-1] if len(squares) else self.squared_weight
        return found

    def reweighted(self, weight: Floats) -> Self:
        """See `Adder`."""
        ordered = weight[self.order]
        squares = _squares(ordered, self.cell, self.cells)
        return replace(self, weight=ordered, squared_weight=squares)


def grouped(
    unit: Codes, units: int, weight: Floats, banners: Sequence[tuple[Codes, int]]
) -> GroupedRows:
    """Return the rows in the order of their units; see `adder_of`."""
    order = _order(unit, units)
    start = np.append(0, np.cumsum(np.bincount(unit[unit >= 0], minlength=units)))
    cells = sum(count for _, count in banners)
    cell = np.empty((len(unit), len(banners)), dtype=np.uint16)
    before = 0
    for place, (code, count) in enumerate(banners):
        cell[:, place] = np.where(code < 0, cells, code + before)
        before += count
    cell, ordered = cell.take(order, axis=0), weight.take(order)
    return GroupedRows(start, order, ordered, cell, cells, _squares(ordered, cell, cells))


def _order(unit: Codes, units: int) -> Integers:
    """Return the rows by unit, those of a unit as they stand; rows of unit -1 are left out."""
    # numpy sorts short integers by counting: the lower half of the code, then the upper.
    order = np.argsort((unit & (SHORT - 1)).astype(np.uint16), kind="stable")
    if units > SHORT:
        order = order[np.argsort((unit >> 16).astype(np.int16)[order], kind="stable")]
    if (unit >= 0).all():
        return order
    return order[unit[order] >= 0]


def _squares(weight: Floats, cell: Cells, cells: int) -> Floats:
    square, found = weight * weight, np.zeros(cells)
    for one in cell.T:
        found += np.bincount(one, square, cells + 1)[:cells]
    return found
