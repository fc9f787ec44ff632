"""Qualtrics: csv with one, two (legacy) or three (Insights) header rows.

The second row has the question texts in the language of the account, the third the identifiers
``{"ImportId":"QID9-1"}``. A legacy export calls its own columns ``V1`` … ``V10``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from pipeline.responses.described import Described
from pipeline.responses.systems import System
from pipeline.responses.systems.columns import (
    Known,
    bare,
    by_bare_name,
    contents,
    given,
    has_value_labels,
    of_unique,
    set_aside,
    shown,
    with_labels,
)
from pipeline.responses.systems.moments import in_iso
from pipeline.responses.systems.qualtrics_questions import questions
from pipeline.responses.table import RawTable

_IMPORT_ID = re.compile(r"""['"]ImportId['"]\s*:\s*['"]([^'"]*)['"]""")
_CHOICE_ID = re.compile(r"""['"]choiceId['"]\s*:\s*['"]([^'"]*)['"]""")
_RESPONSE = re.compile(r"R_[A-Za-z0-9]{6,}")
_LEGACY = re.compile(r"V\d+")
_SELECTED = re.compile(r" - (?:Selected Choice|所选选项)(?= - |$)")
_TRAILING = re.compile(r"(?:-?\d+;)+")
_MOST_HEADER_ROWS = 3
_CONTACT = Known("contact", "Qualtrics 的联系信息。")
_OWN = by_bare_name(
    {
        "ResponseId": Known("key", "Qualtrics 的答卷编号。"),
        "RecordedDate": Known("submitted", "交卷时间。"),
        "StartDate": Known("start", "开始时间。"),
        "EndDate": Known("end", "结束时间。"),
        "Duration (in seconds)": Known("seconds", "作答用时（秒）。"),
        "UserLanguage": Known("language", "作答语言。"),
        "Q_Language": Known("language", "作答语言。"),
        "IPAddress": _CONTACT,
        "RecipientLastName": _CONTACT,
        "RecipientFirstName": _CONTACT,
        "RecipientEmail": _CONTACT,
        "EmailAddress": _CONTACT,
        "Name": _CONTACT,
        "LocationLatitude": Known("contact", "定位，可以认出人。"),
        "LocationLongitude": Known("contact", "定位，可以认出人。"),
        "ExternalReference": Known("identifier", "外部名单中的编号。"),
        "ExternalDataReference": Known("identifier", "外部名单中的编号。"),
        "Status": Known("metadata", "答卷的来历（正式、预览、测试）。"),
        "Finished": Known("metadata", "是否答完。"),
        "Progress": Known("metadata", "完成的百分比。"),
        "ResponseSet": Known("metadata", "答卷所在的集合。"),
        "DistributionChannel": Known("metadata", "问卷链接的发放途径。"),
        "LocationAccuracy": Known("metadata", "定位的精度。"),
    }
)
_MADE = (
    (
        re.compile(r"_(?:First Click|Last Click|Page Submit|Click Count)$"),
        Known("metadata", "页面计时。"),
    ),
    (
        re.compile(r"_DO(?:_-?\w+)?$|^FL_\d+_DO|Display Order$"),
        Known("metadata", "选项或题目随机出现的次序。"),
    ),
    (
        re.compile(r"^(?:SC\d+|SC_\w+|Score(?:-\w+)?|Weighted(?:Avg|StdDev)(?:-\w+)?)$"),
        Known("derived", "Qualtrics 算出的得分。"),
    ),
    (
        re.compile(r" - (?:(?:Parent )?Topics|(?:Topic )?Sentiment(?: \w+)*|Actionability)$"),
        Known("derived", "Qualtrics 对开放题的自动归类。"),
    ),
    (
        re.compile(r"^Q_(?:Recaptcha|RelevantID|BallotBox|Duplicate|TotalDuration)"),
        Known("metadata", "Qualtrics 的反作弊信息。"),
    ),
)
_TOGETHER = (
    (
        ("Browser", "Version", "Operating System", "Resolution"),
        Known("metadata", "受访者的浏览器和系统。"),
    ),
    (("Id", "Name", "Size", "Type"), Known("metadata", "上传文件的信息。")),
)
_TELLING = tuple(
    bare(name)
    for name in (
        "RecordedDate", "DistributionChannel", "UserLanguage", "ExternalReference", "ResponseSet",
        "Duration (in seconds)", "RecipientLastName", "RecipientEmail", "ExternalDataReference",
    )
)  # fmt: skip
_MOMENTS = tuple(bare(name) for name in ("StartDate", "EndDate", "RecordedDate"))
_TRIAL = frozenset({"1", "2", "survey preview", "survey test"})


def _signs(table: RawTable) -> str:
    """Return why a table is an export of Qualtrics; '' if it is not."""
    if has_value_labels(table):
        return ""
    names = _names(table)
    rows = _header_rows(table)
    if any(_is_identifiers(table, row) for row in rows):
        return '表头里有一行 {"ImportId":…}，这是 Qualtrics 新版导出的第三行表头。'
    told = [h for h, name in zip(table.headers, names, strict=True) if name in _TELLING]
    if bare("ResponseId") in names and told:
        return f"有列 ResponseId 和 {'、'.join(told[:3])}，是 Qualtrics 的导出。"
    if len(told) > 2:
        return f"有列 {'、'.join(told[:4])}，是 Qualtrics 的导出。"
    return ""


def _tidied(table: RawTable) -> RawTable:
    """Return the table without its further header rows, whose texts become labels."""
    rows, names = _header_rows(table), _names(table)
    legacy = [
        bool(_LEGACY.fullmatch(header.strip())) and name in _OWN
        for header, name in zip(table.headers, names, strict=True)
    ]
    texts = [""] * len(names)
    identifiers = [""] * len(names)
    for row in rows:
        cells = [str(cell) for cell in table.cells.iloc[row]]
        if _is_identifiers(table, row):
            identifiers = [_identifier(cell) for cell in cells]
        else:
            texts = [_SELECTED.sub("", shown(cell)) for cell in cells]
    headers = [
        texts[place] if legacy[place] and texts[place] else header
        for place, header in enumerate(table.headers)
    ]
    notes = [f"表头共 {len(rows) + 1} 行，题目文字取自第 2 行。"] if rows else []
    kept = replace(table, cells=table.cells.drop(index=table.cells.index[rows]))
    made = with_labels(kept, headers, texts, identifiers, notes)
    return replace(made, cells=_with_plain_cells(made.cells))


def _described(table: RawTable) -> Described:
    """Return the metadata of Qualtrics, its groups of columns, and the texts typed beside."""
    table = of_unique(table)
    headers = table.headers
    asides = set_aside(table.cells, ((h, _known(h, headers)) for h in headers))
    aside = {one.header for one in asides}
    left = [header for header in headers if header not in aside]
    found = questions(table, left)
    return Described(
        found.items,
        (*asides, *found.asides),
        notes=tuple([*_notes(table), *found.notes]),
    )


def _names(table: RawTable) -> list[str]:
    """Return each column's name as compared; of a legacy ``V1``, what the row below says."""
    names = [bare(header) for header in table.headers]
    if not len(table.cells):
        return names
    below = [bare(str(cell)) for cell in table.cells.iloc[0]]
    return [
        told if _LEGACY.fullmatch(header.strip()) and told in _OWN else name
        for header, name, told in zip(table.headers, names, below, strict=True)
    ]


def _header_rows(table: RawTable) -> list[int]:
    """Return the positions of the rows of cells that belong to the header."""
    names = _names(table)
    rows: list[int] = []
    for row in range(min(_MOST_HEADER_ROWS - 1, len(table.cells))):
        if not (_is_identifiers(table, row) or _is_texts(table, row, names)):
            break
        rows.append(row)
    return rows


def _is_identifiers(table: RawTable, row: int) -> bool:
    filled = [cell for cell in map(str, table.cells.iloc[row]) if cell.strip()]
    return bool(filled) and sum("ImportId" in c for c in filled) > len(filled) / 2


def _is_texts(table: RawTable, row: int, names: list[str]) -> bool:
    """Tell whether a row has names where answers have a response's number and times."""
    cells = [str(cell).strip() for cell in table.cells.iloc[row]]
    told = [
        cell for cell, name in zip(cells, names, strict=True) if name in (*_MOMENTS, "responseid")
    ]
    return (
        len(told) > 1
        and all(told)
        and not any(_RESPONSE.fullmatch(cell) or re.match(r"\d", cell) for cell in told)
    )


def _identifier(cell: str) -> str:
    found, choice = _IMPORT_ID.search(cell), _CHOICE_ID.search(cell)
    if found is None:
        return ""
    return f"{found[1]}_{choice[1]}" if choice else found[1]


def _with_plain_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Rewrite times to ISO, and ``1;2;3;`` to ``1;2;3``."""
    cells = cells.copy()
    for header in cells.columns:
        if bare(header) in _MOMENTS:
            cells[header] = in_iso(cells[header])
            continue
        found = contents(cells[header])
        if found and all(_TRAILING.fullmatch(word) for word in found):
            cells[header] = cells[header].str.strip().str.rstrip(";").astype("str")
    return cells


def _known(header: str, headers: list[str]) -> Known | None:
    """Return what a column is that holds no answer; None where it may be a question."""
    if (own := _OWN.get(bare(header))) is not None:
        return own
    for pattern, known in _MADE:
        if pattern.search(header):
            return known
    # These endings are common words: only the four columns of one question prove them.
    for endings, known in _TOGETHER:
        root, _, ending = header.rpartition("_")
        if ending in endings and {f"{root}_{one}" for one in endings} <= set(headers):
            return known
    return None


def _notes(table: RawTable) -> Iterator[str]:
    """Yield what is known of the responses as a whole."""
    for header in table.headers:
        name = bare(header)
        if name not in ("status", "finished"):
            continue
        words = given(table.cells[header]).str.casefold()
        if name == "status" and (trial := int(words.isin(_TRIAL).sum())):
            yield f"列 {header} 显示有 {trial} 份是预览或测试产生的答卷，不是受访者答的，请核对。"
        if name == "finished" and (open_ := int(words.isin(["0", "false"]).sum())):
            yield f"列 {header} 显示有 {open_} 份没有答完。"


SYSTEM = System("qualtrics", "Qualtrics", _signs, _tidied, _described)
