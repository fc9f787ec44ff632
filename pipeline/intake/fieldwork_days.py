"""When answers came in, as far as the files tell."""

import re
from datetime import date

import pandas as pd

from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Aside
from pipeline.responses.table import RawTable

LEAST_READ = 0.5
"""Of the filled cells more than this share must be days for the column to count."""
EARLIEST, LATEST = 1900, 2100
_ZONE = re.compile(r"(?<=\d)\s*(?:Z|[+-]\d{2}:?\d{2})$")


def fieldwork_days(table: RawTable, asides: tuple[Aside, ...]) -> tuple[date, date] | None:
    """Return the first and last day of the answers; None where no column tells it.

    Only times in ISO form count: how others order day and month cannot be known from the cells. A
    day is that of the clock which the time was read from, wherever it stood.
    """
    for role in ("submitted", "end", "start"):
        for aside in asides:
            if aside.role == role:
                days = _days(table.cells[aside.header])
                if days is not None:
                    return days
    return None


def _days(cells: pd.Series) -> tuple[date, date] | None:
    shown = cells.map(normal)
    filled = shown[~shown.isin(EMPTY)].str.replace(_ZONE, "", regex=True)
    times = pd.to_datetime(filled, errors="coerce", format="ISO8601").dropna()
    times = times[times.dt.year.between(EARLIEST, LATEST)]
    if len(times) <= LEAST_READ * len(filled) or times.empty:
        return None
    return times.min().date(), times.max().date()
