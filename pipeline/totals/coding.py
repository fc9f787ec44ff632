"""Columns in numbers: a dense code 0.. per row, and the values that the codes stand for.

Whole numbers over a short range, which answers, strata and PSU numbers nearly always are, are
coded by counting over the range; sorting and hashing are left to what is truly scattered. So a
million rows take milliseconds.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

Booleans = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Level = int | float | str

OUTSIDE = -1
"""Code of a row that lies in no group, or has no answer."""
SHORT = 1 << 16
"""A range of whole numbers of this length is counted over even for a few rows."""


def coded(column: pd.Series, *, blank_is_missing: bool = True) -> tuple[Codes, tuple[Level, ...]]:
    """Return a code per row and the values that occur, ascending.

    Parameters
    ----------
    column : numbers, truth values, texts or categories, with gaps
    blank_is_missing : whether an empty text counts as missing

    Returns
    -------
    code : (rows,) position of the row's value among the levels; `OUTSIDE` where missing
    levels : numbers (truth values as 0 and 1; whole ones as int, unless they are far apart) or
        texts. Categories stand in the order of the categories, without those that do not occur.
    """
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) == "boolean":
        column = column.astype("boolean")  # true and false with gaps, as a CSV file gives them
    if isinstance(column.dtype, pd.CategoricalDtype):
        place = column.cat.codes.to_numpy().astype(np.int64)
        code, found = _counted(place, max(1, len(column.cat.categories)), place >= 0)
        return _texts(code, column.cat.categories[found].tolist(), blank_is_missing)
    if not pd.api.types.is_numeric_dtype(column):
        label, values = pd.factorize(column, sort=True)
        return _texts(label.astype(np.int32), values.tolist(), blank_is_missing)
    if isinstance(column.dtype, np.dtype):
        value = column.to_numpy()
    elif pd.api.types.is_float_dtype(column):
        value = column.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        value = column.to_numpy(dtype=np.int64, na_value=0)
    known = column.notna().to_numpy()
    return _numbers(value.view(np.int8) if value.dtype == bool else value, known)


def level_text(level: Level) -> str:
    """Return how a level is written in tables and margins: whole numbers without a point."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def within(outer: Codes, inner: Codes) -> tuple[Codes, int]:
    """Return codes 0.. of the pairs that occur, in order of outer, then inner; and their number.

    A row that is `OUTSIDE` of one is `OUTSIDE` of the pairs.
    """
    width = int(inner.max(initial=0)) + 1
    if len(inner) and min(int(outer.min()), int(inner.min())) >= 0 and width <= len(inner):
        nested = _nested(outer, inner, width)
        if nested is not None:
            return nested, width
    pair = np.multiply(outer, width, dtype=np.int64)
    pair += inner
    length = (int(outer.max(initial=0)) + 1) * width
    code, found = _counted(pair, length, (outer >= 0) & (inner >= 0))
    return code, len(found)


def _nested(outer: Codes, inner: Codes, width: int) -> Codes | None:
    """Return the codes of pairs where every inner code lies in one outer code; None: it does not.

    That is how PSUs mostly come, and then no pair has to be made.
    """
    first = np.full(width, OUTSIDE, dtype=np.int64)
    first[inner[::-1]] = np.arange(len(inner) - 1, -1, -1)
    if (first < 0).any():
        return None
    parent = outer[first]
    if not np.array_equal(parent.take(inner), outer):
        return None
    order = np.argsort(parent, kind="stable")
    if (order[1:] > order[:-1]).all():
        return inner
    rank = np.empty(width, dtype=np.int32)
    rank[order] = np.arange(width, dtype=np.int32)
    return rank.take(inner)


def each_row_within(outer: Codes) -> Codes:
    """Return a code of its own for each row: by outer (no row `OUTSIDE`), then as they stand."""
    many = int(outer.max(initial=0)) >= SHORT
    order = np.argsort(outer if many else outer.astype(np.uint16), kind="stable")
    code = np.empty(len(outer), dtype=np.int32)
    code[order] = np.arange(len(outer), dtype=np.int32)
    return code


def first_rows(code: Codes, count: int) -> Integers:
    """Return the position of the first row of each code; every code 0..count-1 occurs."""
    first = np.full(count, OUTSIDE, dtype=np.int64)
    for begin in range(0, len(code), SHORT):  # most codes occur early
        part = code[begin : begin + SHORT]
        new = np.flatnonzero(first[part] < 0)[::-1]
        first[part[new]] = new + begin  # what is assigned last stays
        if (first >= 0).all():
            break
    return first


def _texts(
    code: Codes, values: list[object], blank_is_missing: bool
) -> tuple[Codes, tuple[str, ...]]:
    if blank_is_missing and "" in values:
        blank = values.index("")
        code = np.where(code == blank, OUTSIDE, code - (code > blank)).astype(np.int32)
        values = [value for value in values if value != ""]
    return code, tuple(str(value) for value in values)


def _numbers(
    value: npt.NDArray[np.generic], known: Booleans
) -> tuple[Codes, tuple[int | float, ...]]:
    if not known.any():
        return np.full(len(value), OUTSIDE, dtype=np.int32), ()
    if not known.all():
        value = np.where(known, value, value[known.argmax()])
    low, high = value.min(), value.max()
    whole = value.dtype.kind != "f"
    if whole or (np.isfinite(low) and np.isfinite(high) and (np.floor(value) == value).all()):
        length = int(high) - int(low) + 1
        if length <= max(SHORT, 2 * len(value)):
            if value.dtype.kind == "i":
                offset = np.subtract(value, low, dtype=np.int64)
            else:
                offset = (value - low).astype(np.int64)
            code, found = _counted(offset, length, known)
            return code, tuple(int(low) + place for place in found.tolist())
    label, numbers = pd.factorize(value, sort=True)
    return np.where(known, label, OUTSIDE).astype(np.int32), tuple(numbers.tolist())


def _counted(number: Integers, length: int, known: Booleans) -> tuple[Codes, Integers]:
    """Return dense codes of numbers in 0..length-1, and which of those numbers occur.

    Rows not `known` are `OUTSIDE`, whatever their number. `number` is overwritten.
    """
    complete = bool(known.all())
    if length > max(SHORT, 4 * len(number)):
        label, found = pd.factorize(number if complete else number[known], sort=True)
        code = np.full(len(number), OUTSIDE, dtype=np.int32)
        code[known] = label
        return code, found
    if not complete:
        np.putmask(number, ~known, length)
    seen = np.bincount(number, minlength=length + 1)[:length] > 0
    if complete and seen.all():
        return number.astype(np.int32), np.arange(length)
    dense = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    return np.append(dense, np.int32(OUTSIDE)).take(number), np.flatnonzero(seen)
