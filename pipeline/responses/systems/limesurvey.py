"""LimeSurvey: csv whose headers are codes, question texts, or both (``code[SQ]. text [sub]``)."""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.responses.described import Described, Ticks
from pipeline.responses.systems import System
from pipeline.responses.systems.columns import (
    Known,
    bare,
    by_bare_name,
    contents,
    given,
    has_value_labels,
    labels_of,
    of_unique,
    set_aside,
    shown,
    with_labels,
    with_typed_apart,
)
from pipeline.responses.systems.limesurvey_questions import (
    groups,
    is_typed,
    questions,
    ticks_of,
)
from pipeline.responses.table import RawTable

_BOTH = re.compile(r"([A-Za-z][A-Za-z0-9_]*(?:\[[^\[\]]*\])*)\.\s(.*)", re.DOTALL)
_FEWEST = 3
_CONTACT = Known("contact", "LimeSurvey 的联系信息。")
_OWN_NAMES: Mapping[str, tuple[tuple[str, ...], Known]] = {
    "id": (("Response ID", "答案 ID", "Antwort ID"), Known("key", "LimeSurvey 的答卷编号。")),
    "submitdate": (
        ("Date submitted", "提交日期", "Datum Abgeschickt"),
        Known("submitted", "交卷时间；没有交卷的为空。"),
    ),
    "startdate": (("Date started", "开始日期", "Datum gestartet"), Known("start", "开始时间。")),
    "datestamp": (
        ("Date last action", "最后操作日期", "Datum letzte Aktivität"),
        Known("end", "最后一次操作的时间。"),
    ),
    "startlanguage": (
        ("Start language", "起始语言", "Start-Sprache"),
        Known("language", "开始时的语言。"),
    ),
    "interviewtime": (
        ("Total time", "总时间", "Gesamtzeit"),
        Known("seconds", "作答用时，秒。"),
    ),
    "lastpage": (
        ("Last page", "最后一页", "Letzte Seite"),
        Known("metadata", "答到第几页。"),
    ),
    "seed": (("Seed", "种子", "Zufallsstartwert"), Known("metadata", "随机数的种子。")),
    "refurl": (("Referrer URL",), Known("metadata", "来路网址。")),
    "ipaddr": (("IP address", "IP 地址", "IP-Adresse"), _CONTACT),
    "token": (("Access code", "Token", "操作代码"), _CONTACT),
    "firstname": (("First name",), _CONTACT),
    "lastname": (("Last name",), _CONTACT),
    "email": (("Email address",), _CONTACT),
}
_OWN = by_bare_name(
    {name: known for code, (titles, known) in _OWN_NAMES.items() for name in (code, *titles)}
)
_TELLING = frozenset(
    bare(name)
    for code in ("submitdate", "startdate", "datestamp", "startlanguage", "lastpage", "seed")
    for name in (code, *_OWN_NAMES[code][0])
)
_TIMING = re.compile(
    r"(?:Group|Question) time: .*|groupTime\d*|questionTime\d*",
    re.DOTALL,
)
_FILE_COUNT = re.compile(r"filecount - .*|.*\[filecount\]|.*_filecount", re.DOTALL)
_EQUATION = re.compile(r"\{.*\}", re.DOTALL)
_NO_DATE = "1980-01-01"
"""What LimeSurvey writes as the date of every response of a survey without date stamps."""


def _signs(table: RawTable) -> str:
    """Return why a table is an export of LimeSurvey; '' if it is not."""
    if has_value_labels(table):
        return ""
    told = [header for header in table.headers if bare(header) in _TELLING or _both(header)]
    if len(told) < _FEWEST:
        return ""
    return f"有列 {'、'.join(told[:4])}，是 LimeSurvey 的导出。"


def _tidied(table: RawTable) -> RawTable:
    """Return the table under its codes, the texts as labels, and typed words apart from ticks."""
    codes = sum(_both(header) for header in table.headers) >= _FEWEST
    headers, labels = [], []
    for header in table.headers:
        match = _BOTH.fullmatch(header) if codes else None
        headers.append(match[1] if match else header)
        labels.append(shown(match[2] if match else header))
    made = with_labels(table, headers, labels)
    for group in groups(made, _asked(made)):
        typed = [part for part in group.parts if is_typed(part)]
        if not typed or (ticks := ticks_of(made.cells, group)) is None:
            continue
        for part in typed:
            if not _says_ticks(made.cells[part.header], ticks):
                siblings = [p.header for p in group.parts if not is_typed(p)]
                made = with_typed_apart(
                    made, part.header, siblings, ticks.ticked[0], _unticked(made.cells, ticks)
                )
    return made


def _described(table: RawTable) -> Described:
    """Return LimeSurvey's own columns, its matrices, multiple choices and rankings."""
    table = of_unique(table)
    labels = labels_of(table)
    asides = set_aside(
        table.cells,
        ((h, _known(table.cells[h], h, labels[h])) for h in table.headers),
    )
    aside = {one.header for one in asides}
    items, notes = questions(table, [h for h in table.headers if h not in aside])
    return Described(items, asides, notes=(*notes, *_notes(table)))


def _asked(table: RawTable) -> list[str]:
    """Return the columns whose names are none of LimeSurvey's own."""
    own = (_TIMING, _FILE_COUNT)
    return [
        header
        for header in table.headers
        if bare(header) not in _OWN and not any(names.fullmatch(header) for names in own)
    ]


def _both(header: str) -> bool:
    """Tell whether a header is one of LimeSurvey's own in the form ``code. text``."""
    match = _BOTH.fullmatch(header)
    return match is not None and bare(match[1]) in _TELLING


def _known(cells: pd.Series, header: str, label: str) -> Known | None:
    """Return what a column is that holds no answer; None where it may be a question."""
    if (own := _OWN.get(bare(header))) is not None:
        if own.role == "submitted" and _has_no_dates(cells):
            return Known("metadata", "问卷没有记录日期，LimeSurvey 一律写 1980-01-01。")
        return own
    if _TIMING.fullmatch(header):
        return Known("metadata", "页面或题目的计时。")
    if _FILE_COUNT.fullmatch(header):
        return Known("metadata", "上传文件的个数。")
    if _EQUATION.fullmatch(label or header):
        return Known("derived", "公式题，由其他答案算出。")
    found = contents(cells)
    if found and all(word.startswith("[{") and '"filename"' in word for word in found):
        return Known("metadata", "上传的文件，表里只有文件名。")
    return None


def _has_no_dates(cells: pd.Series) -> bool:
    found = contents(cells)
    return bool(found) and all(word.startswith(_NO_DATE) for word in found)


def _says_ticks(cells: pd.Series, ticks: Ticks) -> bool:
    return set(contents(cells)) <= {*ticks.ticked, *ticks.unticked}


def _unticked(cells: pd.DataFrame, ticks: Ticks) -> str:
    """Return what stands where a choice was not chosen: a word, or nothing."""
    found = {word for header in ticks.headers.values() for word in contents(cells[header])}
    return next((word for word in ticks.unticked if word in found), "")


def _notes(table: RawTable) -> Iterator[str]:
    for header in table.headers:
        own = _OWN.get(bare(header))
        if own is None or own.role != "submitted":
            continue
        if open_ := int((given(table.cells[header]) == "").sum()):
            yield (
                f"列 {header} 显示有 {open_} 份没有交卷（为空）。它们答过的题仍会计入，"
                "不要时请在导出时只选已完成的答卷。"
            )


SYSTEM = System("limesurvey", "LimeSurvey", _signs, _tidied, _described)
