"""Columns that hold dates or times, whatever way they are written."""

import re
from collections.abc import Iterable

from pipeline.intake.cells import Content
from pipeline.responses.described import Aside, Role

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_ZONE = r"(?:\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}|[A-Za-z]{3,9} \d{1,2}, ?\d{4})"
)
_DATE = re.compile(_DAY)
_DATE_TIME = re.compile(rf"{_DAY}[T ,]\s*(?:上午|下午)?\s*{_CLOCK}(?:\s*[AaPp]\.?[Mm]\.?)?{_ZONE}")
_TIME = re.compile(rf"{_CLOCK}(?:\s*[AaPp]\.?[Mm]\.?)?{_ZONE}")
LEAST_SHARE = 0.8
"""Share of the filled rows that must be a date or time."""

_NAMED: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("end", re.compile(r"\bend|_end|endtime|结束|completed?\b|finish|endint")),
    ("start", re.compile(r"start|begin|began|开始|stint")),
    ("submitted", re.compile(r"submi|提交|timestamp|时间戳|recorded|received")),
)
_SHOWN = {"start": "开始时间", "end": "结束时间", "submitted": "提交时间", "date": "日期"}


def moment(content: Content, taken: Iterable[Role]) -> Aside | None:
    """Return the column set aside as a date or time; None if it is neither.

    Parameters
    ----------
    content : of one column
    taken : roles that another column has already: there is one start, one end, one submission
    """
    shown = _moments(content)
    declared = content.variable.kind in ("date", "datetime", "time") and content.filled > 0
    if not shown and not declared:
        return None
    role: Role = "date"
    if "time of day" not in shown and content.variable.kind != "time":
        role = next((r for r, words in _NAMED if words.search(content.words)), "date")
    if role in taken:
        role = "date"
    example = next(iter(content.counts))
    return Aside(content.header, role, f"内容是日期或时间（如 “{example}”），当作{_SHOWN[role]}。")


def _moments(content: Content) -> str:
    """Return what the filled cells mostly are: "moment", "time of day", '' for neither."""
    if not content.counts:
        return ""
    rows = dict.fromkeys(("moment", "time of day"), 0)
    for cell, count in content.counts.items():
        if _DATE.fullmatch(cell) or _DATE_TIME.fullmatch(cell):
            rows["moment"] += count
        elif _TIME.fullmatch(cell):
            rows["time of day"] += count
    kind, most = max(rows.items(), key=lambda one: one[1])
    return kind if most >= LEAST_SHARE * content.filled else ""
