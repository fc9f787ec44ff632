"""Who adds: coded rows -> weighted totals of each variance unit in the cells of all banners.

Every linear statistic and its linearised variance need the rows only through these totals, and the
totals add: over batches of a file, over cores, over machines. `adder_of` chooses who adds here:
numpy's bincount, or the compiled kernel where the work is worth loading it. Both give the same
totals. A cluster that takes over gives another `Adder`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import accumulate
from os import cpu_count
from typing import Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.totals.coding import Codes

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Part = TypeVar("Part")
Made = TypeVar("Made")

WORTH_COMPILED = 20_000_000
"""From so many additions (rows x banners x columns) the compiled kernel is loaded."""
MOST_CELLS = (1 << 16) - 2
"""Cells that the compiled kernel can tell apart."""


@dataclass(frozen=True, slots=True)
class CodedTotals:
    """Totals of a coded column; those of two batches of rows add.

    Attributes
    ----------
    by_unit : (units, codes, cells) sum of weights
    rows : (codes, cells) rows with a weight above 0
    squared_weight : (cells,) sum of squared weights
    """

    by_unit: Floats
    rows: Integers
    squared_weight: Floats

    @classmethod
    def empty(cls, units: int, codes: int, cells: int) -> Self:
        """Return the totals of no rows."""
        rows = np.zeros((codes, cells), dtype=np.int64)
        return cls(np.zeros((units, codes, cells)), rows, np.zeros(cells))


@dataclass(frozen=True, slots=True)
class MeasuredTotals:
    """Totals of a column of numbers; those of two batches of rows add.

    Attributes
    ----------
    by_unit : (units, 3, cells) sum of weight, weight x value, weight x value squared
    rows : (cells,) rows with a value and a weight above 0
    squared_weight : (cells,) sum of squared weights of the rows with a value
    """

    by_unit: Floats
    rows: Integers
    squared_weight: Floats

    @classmethod
    def empty(cls, units: int, cells: int) -> Self:
        """Return the totals of no rows."""
        return cls(np.zeros((units, 3, cells)), np.zeros(cells, dtype=np.int64), np.zeros(cells))


class Adder(Protocol):
    """Adds up columns of one batch of rows by unit, in the cells of all banners.

    The cells are those of the first banner, then those of the second, and so on.
    """

    @property
    def units(self) -> int: ...
    @property
    def cells(self) -> int: ...

    def coded(self, code: Codes, codes: int, to: CodedTotals | None = None) -> CodedTotals:
        """Add a column of codes 0..codes-1 or `OUTSIDE` to the totals `to`, and return them."""

    def measured(self, value: Floats, to: MeasuredTotals | None = None) -> MeasuredTotals:
        """Add a column of numbers, NaN where missing, to the totals `to`, and return them."""

    def reweighted(self, weight: Floats) -> "Adder":
        """Return who adds the same rows with other weights."""


def adder_of(
    unit: Codes,
    units: int,
    weight: Floats,
    banners: Sequence[tuple[Codes, int]],
    *,
    columns: int = 1,
) -> Adder:
    """Return who adds one batch of rows.

    Parameters
    ----------
    unit : (rows,) 0..units-1, or `OUTSIDE` for rows that add to nothing
    weight : (rows,)
    banners : for each its code per row, 0..count-1 or `OUTSIDE`, and that count
    columns : how many columns will be added
    """
    cells = sum(count for _, count in banners)
    if len(unit) * len(banners) * columns < WORTH_COMPILED or cells > MOST_CELLS:
        return BincountAdder(unit, units, weight, tuple(banners))
    from pipeline.totals.grouped import grouped  # numba takes a second to import

    return grouped(unit, units, weight, banners)


@dataclass(frozen=True, slots=True)
class BincountAdder:
    """Adds one column in one banner at a time."""

    unit: Codes
    units: int
    weight: Floats
    banners: tuple[tuple[Codes, int], ...]

    @property
    def cells(self) -> int:
        return sum(count for _, count in self.banners)

    def coded(self, code: Codes, codes: int, to: CodedTotals | None = None) -> CodedTotals:
        """See `Adder`."""
        found = to or CodedTotals.empty(self.units, codes, self.cells)
        for group, part in self._parts():
            inside = (self.unit >= 0) & (group >= 0) & (code >= 0)
            count, weight = part.stop - part.start, self.weight[inside]
            cell = code[inside].astype(np.int64) * count + group[inside]
            at = self.unit[inside] * np.int64(codes * count) + cell
            found.by_unit[:, :, part] += _sums(at, weight, (self.units, codes, count))
            found.rows[:, part] += _counts(cell[weight > 0], (codes, count))
            found.squared_weight[part] += _sums(group[inside], weight * weight, (count,))
        return found

    def measured(self, value: Floats, to: MeasuredTotals | None = None) -> MeasuredTotals:
        """See `Adder`."""
        found = to or MeasuredTotals.empty(self.units, self.cells)
        for group, part in self._parts():
            inside = (self.unit >= 0) & (group >= 0) & ~np.isnan(value)
            count, cell, weight = part.stop - part.start, group[inside], self.weight[inside]
            at, shape = self.unit[inside] * np.int64(count) + cell, (self.units, count)
            added = weight
            for power in range(3):
                found.by_unit[:, power, part] += _sums(at, added, shape)
                added = added * value[inside]
            found.rows[part] += _counts(cell[weight > 0], (count,))
            found.squared_weight[part] += _sums(cell, weight * weight, (count,))
        return found

    def reweighted(self, weight: Floats) -> Self:
        """See `Adder`."""
        return replace(self, weight=weight)

    def _parts(self) -> list[tuple[Codes, slice]]:
        ends = list(accumulate(count for _, count in self.banners))
        return [
            (code, slice(end - count, end))
            for (code, count), end in zip(self.banners, ends, strict=True)
        ]


def _sums(at: Codes | Integers, added: Floats, shape: tuple[int, ...]) -> Floats:
    return (
        np.bincount(at, added, int(np.prod(shape))).reshape(shape).astype(np.float64, copy=False)
    )


def _counts(at: Codes | Integers, shape: tuple[int, ...]) -> Integers:
    return np.bincount(at, minlength=int(np.prod(shape))).reshape(shape)


def on_all_cores(make: Callable[[Part], Made], parts: Sequence[Part]) -> list[Made]:
    """Return what `make` makes of each part, in their order."""
    cores = min(cpu_count() or 1, len(parts))
    if cores < 2:
        return [make(part) for part in parts]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(make, parts))
