"""Cells as the numbers that statistical files hold: numbers, dates, times.

SPSS counts seconds from 14 October 1582, Stata days (of dates) and milliseconds (of times) from
1 January 1960; neither knows time zones. The reverse is `pipeline.responses.moments`.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.responses.dictionary import Kind

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"(-?)(\d{1,9}):([0-5]\d):([0-5]\d(?:\.\d+)?)", re.ASCII)
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Clock:
    """How a format counts time.

    Attributes
    ----------
    epoch, first : the day of the number 0, and the earliest date that the format knows
    per_day, per_second : units of a date; of a date with time, or a time
    has_times : whether a time without a date is a kind of its own
    """

    epoch: date
    first: date
    per_day: float
    per_second: float
    has_times: bool

    def number(self, cell: str, kind: Kind) -> float | None:
        """Return the number that stands for a cell; None where the cell is none of its kind."""
        match kind:
            case "number":
                return number_of(cell)
            case "date":
                days = self._days(cell)
                return None if days is None else float(days * self.per_day)
            case "datetime":
                return self._moment(cell)
            case "time" if self.has_times:
                seconds = _seconds(cell)
                return None if seconds is None else seconds * self.per_second
        return None

    def _moment(self, cell: str) -> float | None:
        day, _, time = cell.replace("T", " ", 1).partition(" ")
        days, seconds = self._days(day), _seconds(time or "00:00:00")
        if days is None or seconds is None or not 0 <= seconds < SECONDS_PER_DAY:
            return None
        return float((days * SECONDS_PER_DAY + seconds) * self.per_second)

    def _days(self, cell: str) -> int | None:
        if not DAY.fullmatch(cell):
            return None
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            return None
        return (day - self.epoch).days if day >= self.first else None

    def day(self, count: int) -> str:
        """Return the date `count` days after the epoch as cell text."""
        return (self.epoch + timedelta(days=count)).isoformat()


SPSS_CLOCK = Clock(date(1582, 10, 14), date(1582, 10, 15), 86_400, 1, has_times=True)
STATA_CLOCK = Clock(date(1960, 1, 1), date(100, 1, 1), 1, 1000, has_times=False)


def number_of(cell: str) -> float | None:
    """Return the number that a cell shows in ASCII digits; None if it shows none."""
    if not NUMBER.fullmatch(cell):
        return None
    number = float(cell)
    return number if math.isfinite(number) else None


def _seconds(cell: str) -> float | None:
    found = TIME.fullmatch(cell)
    if found is None:
        return None
    sign, hours, minutes, seconds = found.groups()
    total = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return -float(total) if sign else float(total)
