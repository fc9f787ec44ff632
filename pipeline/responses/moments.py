"""Numbers that statistical files hold for dates and times, written as ISO 8601.

Each program counts from a day of its own: SPSS seconds from 1582-10-14, Stata and SAS days or
seconds from 1960-01-01 (Stata: milliseconds). Sources: the manuals of IBM SPSS (Date and Time
Formats), Stata (help datetime), SAS (About SAS Date, Time, and Datetime Values).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

MILLISECONDS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Clock:
    """How a format counts.

    Attributes
    ----------
    unit : milliseconds in one step
    start : the day of the number 0; None for a time of day or a duration
    """

    kind: Literal["date", "datetime", "time"]
    unit: int
    start: date | None


@dataclass(frozen=True, slots=True)
class Months:
    """A format that counts months (Stata: quarters, half years) from January 1960."""

    months: int

    def text(self, number: float) -> str | None:
        """Return the first day of a period; None if it is no whole number or no year."""
        if not float(number).is_integer():
            return None
        year, month = divmod(1960 * 12 + int(number) * self.months, 12)
        return f"{year:04}-{month + 1:02}-01" if 1 <= year <= 9999 else None


def text_of(number: float, clock: Clock) -> str | None:
    """Return a moment as ISO text, to the millisecond; None if the calendar has no such day.

    A time may exceed 24 hours (a duration), and a date that holds a time of day shows it.
    """
    try:
        total = round(number * clock.unit)
        if clock.start is None:
            return _time(total)
        whole = datetime.combine(clock.start, datetime.min.time()) + timedelta(milliseconds=total)
    except (OverflowError, ValueError):
        return None
    if clock.kind == "date" and total % MILLISECONDS_PER_DAY == 0:
        return whole.date().isoformat()
    return whole.isoformat(sep=" ", timespec="milliseconds" if whole.microsecond else "seconds")


def _time(total: int) -> str:
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, thousandths = divmod(total, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{thousandths:03}" if thousandths else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}"


def moment(number: float, clock: Clock | Months) -> str | None:
    """Return a moment as ISO text; None where the number is none."""
    return clock.text(number) if isinstance(clock, Months) else text_of(number, clock)
