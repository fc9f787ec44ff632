"""The typed values of a sheet as the text that it shows: dates as ISO, errors as blanks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from pipeline.responses.table import cell_text
from pipeline.responses.workbook import ERRORS

DAY_ZERO = date(1899, 12, 30)
"""Day 0 of the calendar in which Excel counts days."""
LONG = 1e15
"""Excel keeps 15 digits; further ones of an identity number are lost."""
SLACK = timedelta(days=31)


@dataclass(slots=True)
class _Column:
    """The dated cells of a column: where they stand, whether any has a time of day."""

    dated: list[tuple[int, date]] = field(default_factory=list)
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a sheet as text, and what is to be said of them."""

    rows: list[list[str]]
    notes: tuple[str, ...]


def texts_of(rows: Sequence[Sequence[object]]) -> Cells:
    """Return the cells as text.

    A column of dates with and without a time of day shows the time throughout. Numbers in a
    column that is mostly dates are dates that lost their format, if as days they fall among them.
    """
    columns: dict[int, _Column] = {}
    long: list[str] = []
    made = []
    for number, row in enumerate(rows):
        texts = []
        for place, value in enumerate(row):
            texts.append(_text(value))
            if isinstance(value, date):
                _remember(columns.setdefault(place, _Column()), number, value)
            elif isinstance(value, (int, float)) and abs(value) >= LONG:
                long.append(f"{_letters(place)}{number + 1}")
        made.append(texts)
    notes = [
        note for place, column in columns.items() if (note := _evened(made, rows, place, column))
    ]
    if long:
        notes.append(
            f"{long[0]} 等 {len(long)} 格是超过 15 位的数，Excel 只保留 15 位，末几位已丢失；"
            "这种号码请存成文本后重新导出。"
        )
    return Cells(made, tuple(notes))


def _remember(column: _Column, row: int, value: date) -> None:
    column.dated.append((row, value.date() if isinstance(value, datetime) else value))
    column.timed |= isinstance(value, datetime) and _rounded(value).time() != time.min


def _text(value: object) -> str:
    match value:
        case str():
            return "" if value in ERRORS else value
        case datetime():
            return _rounded(value).isoformat(sep=" ")
        case timedelta():
            seconds = round(value.total_seconds())
            sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
            return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case time():
            return value.replace(microsecond=0).isoformat()
    return cell_text(value)


def _rounded(value: datetime) -> datetime:
    """Return a time to the second: a fraction of a day has none that can be written exactly."""
    if value.microsecond < 500_000 or value > datetime.max - timedelta(seconds=1):
        return value.replace(microsecond=0)
    return value.replace(microsecond=0) + timedelta(seconds=1)


def _evened(
    made: list[list[str]], rows: Sequence[Sequence[object]], place: int, column: _Column
) -> str:
    """Write the dates of a column alike, in place; return a note if numbers became dates."""
    for row, day in column.dated:
        if not column.timed:
            made[row][place] = day.isoformat()
        elif len(made[row][place]) == len("2026-09-03"):
            made[row][place] += " 00:00:00"
    counted = {
        at: value
        for at, row in enumerate(rows)
        if place < len(row) and _is_day(value := row[place]) and isinstance(value, (int, float))
    }
    if not counted or len(counted) > len(column.dated):
        return ""
    days = [day for _, day in column.dated]
    as_dates = {at: DAY_ZERO + timedelta(days=int(value)) for at, value in counted.items()}
    if min(as_dates.values()) < min(days) - SLACK or max(as_dates.values()) > max(days) + SLACK:
        return ""
    for at, day in as_dates.items():
        made[at][place] = day.isoformat() + (" 00:00:00" if column.timed else "")
    first, day = next(iter(as_dates.items()))
    return (
        f"{_letters(place)} 列是日期，其中 {len(as_dates)} 格只存着天数"
        f"（如 {_letters(place)}{first + 1} 的 {int(counted[first])}），"
        f"按日期读（{day.isoformat()}）。"
    )


def _is_day(value: object) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and 1 <= value <= 100_000
        and value == int(value)
    )


def _letters(place: int) -> str:
    name, place = "", place + 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(65 + digit) + name
    return name
