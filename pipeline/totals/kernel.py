"""The additive kernel: coded rows -> weighted totals of each variance unit by group and code.

Every linear statistic and its linearised variance need the rows only through these totals, and the
totals add: over batches of a file, over cores. One pass with ``bincount`` serves all groups of a
domain and all codes of a question at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Self

import numpy as np

from pipeline.totals.units import Floats, Integers

OUTSIDE = -1
"""Code of a row that lies in no group, or has no answer."""


@dataclass(frozen=True, slots=True)
class CellTotals:
    """Totals of the cells of a coded column; those of two batches of rows add.

    Attributes
    ----------
    by_unit : (units, groups, codes) sum of weights
    squared_weight : (groups, codes) sum of squared weights
    rows : (groups, codes) rows with a weight above 0
    """

    by_unit: Floats
    squared_weight: Floats
    rows: Integers

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.by_unit + other.by_unit,
            self.squared_weight + other.squared_weight,
            self.rows + other.rows,
        )


@dataclass(frozen=True, slots=True)
class SumTotals:
    """Totals of a numeric column; those of two batches of rows add.

    Attributes
    ----------
    weight, value : (units, groups) sum of weights and of weight x value over rows with a value
    square : (groups,) sum of weight x value squared
    squared_weight : (groups,) sum of squared weights
    rows : (groups,) rows with a weight above 0
    """

    weight: Floats
    value: Floats
    square: Floats
    squared_weight: Floats
    rows: Integers

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.weight + other.weight,
            self.value + other.value,
            self.square + other.square,
            self.squared_weight + other.squared_weight,
            self.rows + other.rows,
        )


def cell_totals(
    unit: Integers,
    units: int,
    weight: Floats,
    group: Integers,
    groups: int,
    code: Integers,
    codes: int,
) -> CellTotals:
    """Add up one batch of rows of a coded column.

    Parameters
    ----------
    unit, weight, group, code : one entry per row
        `unit` in 0..units-1; `group` in 0..groups-1 and `code` in 0..codes-1, or `OUTSIDE`.
    """
    inside = (group >= 0) & (code >= 0)
    if not inside.all():
        unit, weight, group, code = unit[inside], weight[inside], group[inside], code[inside]
    cell = group * codes + code
    cells = groups * codes
    table = _summed(unit * cells + cell, weight, units * cells)
    squares = _summed(cell, weight * weight, cells)
    counted = weight > 0
    rows = np.bincount(cell if counted.all() else cell[counted], minlength=cells)
    return CellTotals(
        table.reshape(units, groups, codes),
        squares.reshape(groups, codes),
        rows.reshape(groups, codes),
    )


def sum_totals(
    unit: Integers, units: int, weight: Floats, group: Integers, groups: int, value: Floats
) -> SumTotals:
    """Add up one batch of rows of a numeric column; NaN is a missing value."""
    inside = (group >= 0) & ~np.isnan(value)
    if not inside.all():
        unit, weight, group, value = unit[inside], weight[inside], group[inside], value[inside]
    cell = unit * groups + group
    weighted = weight * value
    return SumTotals(
        weight=_summed(cell, weight, units * groups).reshape(units, groups),
        value=_summed(cell, weighted, units * groups).reshape(units, groups),
        square=_summed(group, weighted * value, groups),
        squared_weight=_summed(group, weight * weight, groups),
        rows=np.bincount(group[weight > 0], minlength=groups),
    )


def _summed(cell: Integers, given: Floats, cells: int) -> Floats:
    # Without rows bincount forgets the type of its weights.
    return np.bincount(cell, given, cells).astype(np.float64, copy=False)


def added(batches: Iterable[CellTotals]) -> CellTotals:
    """Return the totals of all batches together; at least one batch."""
    return reduce(add, batches)
