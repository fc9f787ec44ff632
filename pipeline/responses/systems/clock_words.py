"""Times with Chinese words or a zone, and columns that hold times at all."""

import re
from datetime import datetime

import pandas as pd

from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.systems.moments import in_iso

_LOOKS = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[ T,].*)?")
_HALF = re.compile(
    r"\s*(上午|下午)\s*(\d{1,2}:\d{2}(?::\d{2})?)|(\d{1,2}:\d{2}(?::\d{2})?)\s*(上午|下午)"
)
_ZONE = re.compile(r"\s*\[?(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d{2}))?\]?$")
LEAST_SHARE = 0.8
"""Share of the different contents that must look like times for a column to hold times."""


def are_moments(cells: pd.Series) -> bool:
    """Tell whether a column holds dates or times, in whatever order of day and month."""
    told = [text for cell in cells.unique() if (text := normal(str(cell))) not in EMPTY]
    found = sum(_LOOKS.fullmatch(text) is not None for text in told)
    return found > 0 and found >= LEAST_SHARE * len(told)


def iso_moments(cells: pd.Series) -> pd.Series:
    """Return a column with its times as ISO text, with their zone where they name one.

    ``2024/3/2 下午 2:22:55 GMT+8`` becomes ``2024-03-02 14:22:55+08:00``. What can be read in two
    ways stays as it is.
    """
    said = {cell: _english(cell) for cell in cells.unique()}
    plain = in_iso(cells.map({cell: text for cell, (text, _) in said.items()}).astype("str"))
    zones = cells.map({cell: zone for cell, (_, zone) in said.items()}).astype("str")
    iso = (plain + zones).astype("str")
    read = {text: _is_iso(text) for text in iso.unique()}
    return iso.where(iso.map(read).astype(bool), cells).astype("str")


def _english(cell: str) -> tuple[str, str]:
    """Return a time with AM or PM behind it and without its zone, and the zone."""
    text = cell.strip().replace("年", "/").replace("月", "/").replace("日", "")
    zone = ""
    if found := _ZONE.search(text):
        text = text[: found.start()]
        zone = f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
    return _HALF.sub(_half, text).strip(), zone


def _half(found: re.Match[str]) -> str:
    half, clock = found[1] or found[4], found[2] or found[3]
    return f" {clock} {'AM' if half == '上午' else 'PM'}"


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
