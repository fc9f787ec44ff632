"""Read an SPSS .sav or .zsav, with its labels, declared missing codes and response sets."""

import re
from datetime import date
from pathlib import Path

from pipeline.responses.label_encodings import deliver_decoded
from pipeline.responses.labelled import table_of
from pipeline.responses.moments import Clock
from pipeline.responses.spss_header import case_weight
from pipeline.responses.table import RawTable

GREGORIAN = date(1582, 10, 14)
DAYS = re.compile(r"(?:[AESJ]?DATE|QYR|MOYR|WKYR)[\d.]*", re.IGNORECASE)
MOMENTS = re.compile(r"(?:DATETIME|YMDHMS)[\d.]*", re.IGNORECASE)
TIMES = re.compile(r"(?:D?TIME|MTIME)[\d.]*", re.IGNORECASE)


def clock_of(display: str) -> Clock | None:
    """Return how a display format of SPSS counts; None for a plain number."""
    if DAYS.fullmatch(display):
        return Clock("date", 1000, GREGORIAN)
    if MOMENTS.fullmatch(display):
        return Clock("datetime", 1000, GREGORIAN)
    if TIMES.fullmatch(display):
        return Clock("time", 1000, None)
    return None


def read_sav(path: Path) -> RawTable:
    """Read the cases of a .sav or .zsav: codes as digits, system-missing values as ''.

    Codes that the file declares as user-missing stay, and the dictionary says which they are. The
    file's own encoding (often GBK) is honoured; one that its texts contradict is told in a note.

    Raises
    ------
    ResponseError
        If it is no .sav that can be read, or its texts are in no encoding that can be told.
    """
    delivered, notes = deliver_decoded(path, "sav")
    weight = case_weight(path.read_bytes(), list(delivered.columns), delivered.encoding)
    return table_of(path, delivered, clock_of, notes, weight)
