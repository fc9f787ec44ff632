"""Read SAS data: the transport format .xpt (version 5 and 8) and .sas7bdat.

Value labels of SAS lie in a catalogue of formats, not in these files. Very small numbers (5.4e-79)
that other readers give for NHANES are zeros that they convert wrongly; here they are 0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.errors import ResponseError
from pipeline.responses.grid import content_of
from pipeline.responses.label_encodings import deliver_decoded
from pipeline.responses.labelled import table_of
from pipeline.responses.moments import MILLISECONDS_PER_DAY, Clock
from pipeline.responses.readstat import Delivered, Value
from pipeline.responses.table import RawTable

START = date(1960, 1, 1)
DAYS = re.compile(
    r"(?:DATE|(?:DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|YYMM[CDNPS]?|MMYY[CDNPS]?|MONYY|YEAR|YYQ[CDNPS]?|"
    r"JULIAN|JULDAY|WEEKDATX?|WORDDATX?|[EB]8601DA|IS8601DA|NLDATE\w*|MINGUO|DAY|DOWNAME|MONNAME)"
    r"[\d.]*",
    re.IGNORECASE,
)
MOMENTS = re.compile(
    r"(?:DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|[EB]8601D[TNXZ]|IS8601DT|"
    r"NLDATM\w*)[\d.]*",
    re.IGNORECASE,
)
TIMES = re.compile(
    r"(?:TIME|TIMEAMPM|TOD|HHMM|HOUR|MMSS|[EB]8601TM|IS8601TM|NLTIM\w*)[\d.]*", re.IGNORECASE
)
PLAIN = re.compile(
    r"(?:\$|BEST|COMMAX?|DOLLARX?|EUROX?|PERCENTN?|NUMX|NEGPAREN|FRACT|HEX|ROMAN|WORDS?F?|SSN|"
    r"[FEDZ]|\$CHAR|\$HEX|\$UPCASE|\$QUOTE|PVALUE|BESTX?|BINARY|OCTAL|\$F)?[\d.]*",
    re.IGNORECASE,
)
"""Formats of SAS's own that give numbers and texts; another one is of the file's author."""

RECORD = 80
OBSERVATIONS = re.compile(rb"HEADER RECORD\*{7}OBSV?8? +HEADER RECORD!{7}")
DATA_SET = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8) +HEADER RECORD!{7}")
TAGS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
COMPRESSED = b"**COMPRESSED**"
CUT = (
    "长度不是 80 字节的整数倍，文件不完整。请重新下载或导出。"
    "(not a whole number of 80-byte records; download or export it again)"
)


def clock_of(display: str) -> Clock | None:
    """Return how a display format of SAS counts; None for a plain number."""
    if DAYS.fullmatch(display):
        return Clock("date", MILLISECONDS_PER_DAY, START)
    if MOMENTS.fullmatch(display):
        return Clock("datetime", 1000, START)
    if TIMES.fullmatch(display):
        return Clock("time", 1000, None)
    return None


def read_xport(path: Path) -> RawTable:
    """Read the observations of a .xpt: ``.`` as '', ``.A`` to ``.Z`` and ``._`` as such.

    The library gives every missing value as the same nothing; which it was is read from the bytes.

    Raises
    ------
    ResponseError
        If it is no transport file that can be read, or cut short, or holds several data sets.
    """
    content = content_of(path)
    if content.startswith(COMPRESSED):
        raise ResponseError(
            f"{path}: 这是 PROC CPORT 写的文件，不是 XPORT 数据。"
            "请在 SAS 中用 libname xport 重新导出。(written by PROC CPORT; export it with XPORT)"
        )
    if len(content) % RECORD:
        raise ResponseError(f"{path}: {CUT}")
    if (sets := len(DATA_SET.findall(content))) > 1:
        raise ResponseError(
            f"{path}: 里面有 {sets} 个数据集，不知道读哪一个。请分开导出，每个文件一个。"
            "(several data sets; export each into a file of its own)"
        )
    delivered, notes = deliver_decoded(path, "xport")
    delivered = _with_tags(delivered, content)
    return table_of(path, delivered, clock_of, (*notes, *_foreign_formats(delivered)))


def read_sas7bdat(path: Path) -> RawTable:
    """Read the observations of a .sas7bdat: ``.`` as '', ``.A`` to ``.Z`` and ``._`` as such.

    Raises
    ------
    ResponseError
        If it is no data set that can be read, or its texts are in no encoding that can be told.
    """
    delivered, notes = deliver_decoded(path, "sas7bdat")
    return table_of(path, delivered, clock_of, (*notes, *_foreign_formats(delivered)))


def _foreign_formats(delivered: Delivered) -> list[str]:
    """Tell which variables have their labels in a catalogue that is not here."""
    found = [
        f"{name}（{display}）"
        for name, display in delivered.formats.items()
        if display and not PLAIN.fullmatch(display) and clock_of(display) is None
        and not delivered.values.get(name)
    ]  # fmt: skip
    if not found:
        return []
    named = "、".join(found)
    return [f"{named} 用的是自定义格式，值标签在 SAS 的格式目录（.sas7bcat）里，不在本文件中。"]


def _with_tags(delivered: Delivered, content: bytes) -> Delivered:
    """Put the letters of tagged missing values where the library gives none."""
    start = OBSERVATIONS.search(content)
    length = sum(delivered.widths.values())
    if start is None or len(delivered.widths) != len(delivered.columns):
        return delivered
    first = start.start() + RECORD
    if not length or len(content) < first + delivered.rows * length:
        return delivered
    cells = np.frombuffer(content, np.uint8, delivered.rows * length, first)
    table = cells.reshape(delivered.rows, length)
    columns: dict[str, Sequence[Value]] = dict(delivered.columns)
    letters: dict[str, list[str]] = {}
    at = 0
    for name, width in delivered.widths.items():
        if not delivered.is_text(name):
            found = _tags(table[:, at : at + width])
            columns[name] = [
                found.get(row) if value is None else value
                for row, value in enumerate(columns[name])
            ]
            letters[name] = sorted(set(found.values()))
        at += width
    return replace(delivered, columns=columns, letters=_only_found(letters))


def _tags(cells: np.ndarray) -> dict[int, str]:
    """Return row -> letter of the cells that hold one: a letter, then only zeros."""
    tagged = np.isin(cells[:, 0], list(TAGS)) & ~cells[:, 1:].any(axis=1)
    return {int(row): chr(cells[row, 0]) for row in np.flatnonzero(tagged)}


def _only_found(letters: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in letters.items() if found}
