"""Times as exports write them, rewritten to ISO where only one reading is possible.

``5/10/18 4:01`` can be read in two ways; a column in which one cell is ``5/16/18`` cannot. A
column that leaves it open stays as it is.
"""

import re
from datetime import datetime
from typing import NamedTuple

import pandas as pd

from pipeline.responses.systems.columns import contents

_MONTHS = {
    name: month
    for month, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_CLOCK = r"(?:[,T]?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
_ENGLISH = re.compile(rf"([A-Za-z]{{3}})[a-z]*\.? (\d{{1,2}}), (\d{{4}}){_CLOCK}")
_PARTED = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_CLOCK}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.](\d{{1,2}})[/.](\d{{1,2}}){_CLOCK}")
_LEAST = 0.5
"""Share of a column's different contents that must be times for the column to hold times."""


class _Read(NamedTuple):
    """A time as it stands: the two figures that may be day and month, the year, the clock."""

    first: int
    second: int
    year: int
    clock: tuple[str | None, str | None, str | None, str | None]
    month_known: bool


def in_iso(cells: pd.Series) -> pd.Series:
    """Return cells with times in ISO (``2018-05-10 04:01:00``); other cells as they are.

    A column of times in ISO, of anything else, or of times that can be read in two ways comes back
    unchanged.
    """
    found = {word: read for word in contents(cells) if (read := _read(word)) is not None}
    if not found or len(found) < _LEAST * len(contents(cells)):
        return cells
    month_first = _month_first(list(found.values()))
    if month_first is None:
        return cells
    iso = {word: _iso(read, month_first) for word, read in found.items()}
    return cells.map({cell: iso.get(str(cell).strip()) or cell for cell in cells.unique()}).astype(
        "str"
    )


def _read(word: str) -> _Read | None:
    text = word.replace("\u202f", " ").replace("\xa0", " ")
    if match := _ENGLISH.fullmatch(text):
        month = _MONTHS.get(match[1].casefold())
        if month is None:
            return None
        return _Read(month, int(match[2]), int(match[3]), _clock(match), True)
    if match := _YEAR_FIRST.fullmatch(text):
        return _Read(int(match[2]), int(match[3]), int(match[1]), _clock(match), True)
    if match := _PARTED.fullmatch(text):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return _Read(int(match[1]), int(match[2]), year, _clock(match), False)
    return None


def _clock(match: re.Match[str]) -> tuple[str | None, str | None, str | None, str | None]:
    return match[4], match[5], match[6], match[7]


def _month_first(times: list[_Read]) -> bool | None:
    """Tell whether months stand first; None where the column leaves it open or contradicts."""
    open_ = [time for time in times if not time.month_known]
    if not open_:
        return True
    day_first = any(time.first > 12 for time in open_)
    month_first = any(time.second > 12 for time in open_)
    return None if day_first == month_first else month_first


def _iso(time: _Read, month_first: bool) -> str:
    """Return a time in ISO, a date where it has no clock, '' where there is no such time."""
    swap = not (time.month_known or month_first)
    month, day = (time.second, time.first) if swap else (time.first, time.second)
    hour, minute, second, half = time.clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        moment = datetime(time.year, month, day, hours, int(minute or 0), int(second or 0))
    except ValueError:
        return ""
    if hour is None:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds")
