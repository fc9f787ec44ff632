"""Numbers as people type them: ``1,234``, ``3,5``, ``¥3500``, ``56岁``.

How a comma is meant shows only in the whole column, so a column is read at once. The same column
always gives the same numbers.
"""

import re

import pandas as pd

from pipeline.responses.cell_words import EMPTY, normal

_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_WITH_POINT = re.compile(r"[-+]?\d*\.\d+")
_SIGNED = re.compile(r"(?:[$¥€£]|rmb|cny|usd)?\s*([-+]?[\d.,]*\d)\s*(\D*)", re.IGNORECASE)
_SAME_UNIT = {"周岁": "岁", "块": "元", "圆": "元", "个月": "月", "个小时": "小时", "个": ""}
MOSTLY = 0.5
"""Units are taken off only where at least this share of the filled cells is no plain number."""


def typed_numbers(column: pd.Series) -> pd.Series:
    """Return the numbers that the cells of a column hold, as Float64; what is none is missing.

    Commas between groups of three figures set off thousands, unless the column has decimals
    behind a comma and none behind a point. A currency sign before and one and the same unit behind
    the numbers are taken off, where most cells could not be read otherwise.
    """
    cells = pd.Series(column.to_numpy(), index=column.index).astype("str").map(normal)
    read = {cell: _plain(cell) for cell in cells.unique() if cell not in EMPTY}
    read |= _with_commas([cell for cell, number in read.items() if number is None], read)
    if _unread(cells, read) >= MOSTLY:
        read |= _with_units([cell for cell, number in read.items() if number is None], read)
    return cells.map(read).astype("Float64")


def unit_of(column: pd.Series) -> str:
    """Return the unit that stands behind most of the numbers of a column, '' for none."""
    cells = {normal(str(cell)) for cell in column.unique()} - EMPTY
    found = [_SAME_UNIT.get(unit, unit) for unit in map(_unit, sorted(cells)) if unit]
    return max(sorted(set(found)), key=found.count) if found else ""


def _plain(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    # "1_000" and "nan" are numbers to Python alone; beyond 1e300 a mistype breaks every sum.
    return number if abs(number) < 1e300 and "_" not in text else None


def _with_commas(unread: list[str], read: dict[str, float | None]) -> dict[str, float | None]:
    thousands = [cell for cell in unread if _THOUSANDS.fullmatch(cell)]
    commas = [cell for cell in unread if _DECIMAL_COMMA.fullmatch(cell)]
    if set(commas) - set(thousands) and not any(map(_WITH_POINT.fullmatch, read)):
        return {cell: _plain(cell.replace(",", ".")) for cell in commas}
    return {cell: _plain(cell.replace(",", "")) for cell in thousands}


def _unread(cells: pd.Series, read: dict[str, float | None]) -> float:
    filled = cells[~cells.isin(EMPTY)]
    return float(filled.map(read).isna().mean()) if len(filled) else 0.0


def _unit(text: str) -> str:
    found = _SIGNED.fullmatch(text)
    return found[2].strip() if found else ""


def _with_units(unread: list[str], read: dict[str, float | None]) -> dict[str, float | None]:
    found = {cell: match for cell in unread if (match := _SIGNED.fullmatch(cell))}
    units = {_SAME_UNIT.get(unit, unit) for m in found.values() if (unit := m[2].strip())}
    if len(units) > 1:
        return {}  # months beside years are no numbers that can be compared
    figures = {cell: match[1] for cell, match in found.items()}
    plain = {cell: _plain(figure) for cell, figure in figures.items()}
    known = read | {figure: plain[cell] for cell, figure in figures.items()}
    commas = _with_commas([f for f in figures.values() if known[f] is None], known)
    return {cell: commas.get(figure, plain[cell]) for cell, figure in figures.items()}
