"""Days and times as people and systems write them, as answers are kept: ISO text to the minute."""

import re
from datetime import datetime
from typing import Literal

MomentKind = Literal["date", "time", "datetime"]
_DAY = (
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日)"
)
_CLOCK = r"(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?(?:\d{2})?)?"
_FORMS: dict[MomentKind, re.Pattern[str]] = {
    # SPSS and Excel give a day a clock that says midnight
    "date": re.compile(rf"{_DAY}(?:[T ]\s*0?0:00(?::00(?:[.,]0+)?)?{_ZONE})?", re.ASCII),
    "time": re.compile(rf"{_CLOCK}{_ZONE}", re.ASCII),
    "datetime": re.compile(rf"{_DAY}(?:\s*[T ]\s*|(?<=日)){_CLOCK}{_ZONE}", re.ASCII),
}


def moment_of(words: str, kind: MomentKind) -> str | None:
    """Return a day, time or both as ISO text (2026-03-02, 08:30, 2026-03-02T08:30).

    The year stands first: 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日. Seconds and the zone are
    left out: what is kept is what the clock on the wall said. None where the words are no moment
    of this kind, or the calendar has none such.
    """
    found = _FORMS[kind].fullmatch(words.strip())
    if found is None:
        return None
    numbers = [int(part) for part in found.groups() if part is not None]
    year, month, day = (2000, 1, 1) if kind == "time" else numbers[:3]
    hour, minute = (0, 0) if kind == "date" else numbers[-2:]
    try:
        text = datetime(year, month, day, hour, minute).isoformat(timespec="minutes")
    except ValueError:
        return None
    return {"date": text[:10], "time": text[11:], "datetime": text}[kind]
