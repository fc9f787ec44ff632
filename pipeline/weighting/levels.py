"""Calibration variables in numbers: rows fall into few cells, and it is cells that are weighted.

Columns of short whole numbers go into the key of the crossed cells as they are, without codes of
their own. What a category is called is asked per distinct level, never per row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.totals import coding
from pipeline.totals.coding import OUTSIDE
from pipeline.totals.units import Floats, Integers

DENSE = 4096
"""Whole numbers that span no more than this are coded by distance."""
KEYS = 1 << 22
"""Keys of a table up to which combinations that do not occur are carried along."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column in numbers.

    Attributes
    ----------
    number : of each row; `low` less is its code in 0 .. len(`texts`) - 1
    texts : category of each code, None where it is missing (or an empty text)
    """

    number: npt.NDArray[np.integer]
    low: int
    texts: tuple[str | None, ...]

    @property
    def code(self) -> npt.NDArray[np.int32]:
        """The code of each row, an array of its own."""
        code = self.number.astype(np.int32)
        code -= self.low
        return code


@dataclass(frozen=True, slots=True)
class Cells:
    """The combinations of several columns' categories that occur.

    Attributes
    ----------
    key : of each row
    cell_of_key : cell of each key, -1 of a key that does not occur
    codes : per column the category of each cell, -1 where it is missing
    count : how many cells there are
    """

    key: npt.NDArray[np.integer]
    cell_of_key: Integers
    codes: tuple[Integers, ...]
    count: int

    def sums(self, weight: Floats) -> Floats:
        """Sum weights of rows to one number per cell."""
        keys = summed(self.key, weight, len(self.cell_of_key))
        here = self.cell_of_key >= 0
        return summed(self.cell_of_key[here], keys[here], self.count)

    def rows(self, of_cell: Floats) -> Floats:
        """Give each row its cell's value."""
        table = np.append(of_cell, 0.0)[self.cell_of_key]  # -1 is the last
        spread: Floats = table[self.key]
        return spread

    @property
    def cell(self) -> Integers:
        """The cell of each row."""
        of_row: Integers = self.cell_of_key[self.key]
        return of_row


def summed(code: npt.NDArray[np.integer], weight: Floats, count: int) -> Floats:
    """Sum weights by code: (count,)."""
    return np.bincount(code, weight, count).astype(np.float64, copy=False)


def coded(column: pd.Series) -> Coded:
    """Return a column in numbers."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub" and len(column):
        given = column.to_numpy()
        given = given.view(np.int8) if given.dtype.kind == "b" else given
        low, high = int(given.min()), int(given.max())
        if high - low < DENSE:
            texts = tuple(str(value) for value in range(low, high + 1))
            if given.dtype.itemsize > 4 or high >= 1 << 31:
                return Coded((given - low).astype(np.int32), 0, texts)
            return Coded(given, low, texts)
    code, levels = coding.coded(column)
    return Coded(code, OUTSIDE, (None, *(coding.level_text(level) for level in levels)))


@dataclass(frozen=True, slots=True)
class Crossing:
    """Several columns together, before their categories are put in order.

    Attributes
    ----------
    key : of each row
    kept : the keys that occur
    levels : per column the code of each key that occurs
    """

    columns: tuple[Coded, ...]
    key: npt.NDArray[np.integer]
    keys: int
    kept: Integers
    levels: tuple[Integers, ...]

    def occurring(self, column: int) -> set[str]:
        """Return the categories of a column that occur."""
        texts = self.columns[column].texts
        found = (texts[level] for level in np.unique(self.levels[column]))
        return {text for text in found if text is not None}

    def cells(self, orders: Sequence[Sequence[str]]) -> Cells:
        """Return the cells in the order of the categories given for each column.

        A category that is not among them counts as missing; missing ones come first.
        """
        codes = [
            _places(column.texts, order)[level]
            for column, level, order in zip(self.columns, self.levels, orders, strict=True)
        ]
        cells, cell = np.unique(np.stack(codes), axis=1, return_inverse=True)
        cell_of_key = np.full(self.keys, -1)
        cell_of_key[self.kept] = cell.reshape(-1)
        return Cells(self.key, cell_of_key, tuple(cells), cells.shape[1])


def crossing_of(columns: Sequence[Coded]) -> Crossing:
    """Return several columns together: one key per row."""
    key: npt.NDArray[np.integer] = columns[0].code
    levels = [np.arange(len(columns[0].texts))]
    for column in columns[1:]:
        key, levels = _crossed(key, levels, column)
    occurs = np.zeros(len(levels[0]), dtype=bool)
    occurs[key] = True
    kept = np.flatnonzero(occurs)
    return Crossing(tuple(columns), key, len(occurs), kept, tuple(one[kept] for one in levels))


def _places(texts: Sequence[str | None], order: Sequence[str]) -> Integers:
    place = {category: code for code, category in enumerate(order)}
    return np.array([-1 if text is None else place.get(text, -1) for text in texts])


def _crossed(
    key: npt.NDArray[np.integer], levels: list[Integers], column: Coded
) -> tuple[npt.NDArray[np.integer], list[Integers]]:
    """Return the key of the old key and a column, and per column the level of each key."""
    width = len(column.texts)
    if len(levels[0]) * width > KEYS:
        kept, key = np.unique(key, return_inverse=True)
        levels = [level[kept] for level in levels]
    if len(levels[0]) * width > KEYS:
        kept, key = np.unique(key.astype(np.int64) * width + column.code, return_inverse=True)
        return key, [*(level[kept // width] for level in levels), kept % width]
    key *= width  # the key is this function's own array: no second copy of a long column
    key += column.number
    key -= column.low
    number = np.arange(len(levels[0]) * width)
    return key, [*(level[number // width] for level in levels), number % width]
