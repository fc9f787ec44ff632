"""Read a Stata .dta, with its labels and extended missing values."""

import re
from datetime import date
from pathlib import Path

from pipeline.responses.label_encodings import deliver_decoded
from pipeline.responses.labelled import table_of
from pipeline.responses.moments import MILLISECONDS_PER_DAY, Clock, Months
from pipeline.responses.table import RawTable

START = date(1960, 1, 1)
LEAP_SECONDS = re.compile(r"%-?tC")
MONTHS = {"m": 1, "q": 3, "h": 6}


def clock_of(display: str) -> Clock | Months | None:
    """Return how a display format of Stata counts; None for a plain number.

    Weeks (``%tw``) and years (``%ty``) stay numbers: a Stata week is no calendar week.
    """
    body = display.replace("-", "").removeprefix("%")
    if body.startswith("d"):  # the old way to write %td
        body = f"t{body}"
    if not body.startswith("t") or len(body) < 2:
        return None
    unit = body[1]
    if unit in "cC":
        return Clock("datetime", 1, START)
    if unit == "d":
        return Clock("date", MILLISECONDS_PER_DAY, START)
    return Months(MONTHS[unit]) if unit in MONTHS else None


def read_dta(path: Path) -> RawTable:
    """Read the observations of a .dta: codes as digits, ``.`` as '', ``.a`` to ``.z`` as such.

    Raises
    ------
    ResponseError
        If it is no .dta that can be read, or its texts are in no encoding that can be told.
    """
    delivered, notes = deliver_decoded(path, "dta")
    if any(map(LEAP_SECONDS.match, delivered.formats.values())):
        notes = (*notes, "%tC 计入闰秒，这里照 %tc 读，相差最多 27 秒。")
    return table_of(path, delivered, clock_of, notes)
