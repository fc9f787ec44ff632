"""A table of text from nowhere particular: one header row, or evidently two.

Only what does not need guessing is said here: which column tells responses apart by its name and
contents, row numbers, times whose name says which. Everything else is left to inference.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from pipeline.privacy.contacts import is_contact_header
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Aside, Described, Role
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.systems import System
from pipeline.responses.systems.clock_words import are_moments, iso_moments
from pipeline.responses.systems.columns import bare
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.table import RawTable

KEYS = (
    "respondentid", "respid", "respno", "responseid", "caseid", "respondent", "uuid", "id", "#",
    "idno", "序号", "编号", "问卷编号", "答卷编号", "样本编号", "样本号", "个案号", "受访者编号",
    "问卷号", "key", "recordid", "serial", "seqn", "idnum", "pid", "hhid", "subjectid",
    "participantid",
)  # fmt: skip
"""Names of the column that tells responses apart, as `columns.bare` shows them; best first."""
TIMES: dict[str, Role] = {
    **dict.fromkeys(
        ("submitted", "submittime", "submitdate", "datesubmitted", "submissiontime", "提交时间",
         "提交日期", "交卷时间", "timestamp", "submissiondate", "recordeddate"), "submitted"),
    **dict.fromkeys(("start", "starttime", "startdate", "stintrvw", "开始时间", "startedat",
                     "开始答题时间", "开始填写时间"), "start"),
    **dict.fromkeys(("end", "endtime", "enddate", "endintrvw", "结束时间", "endedat",
                     "结束答题时间", "结束填写时间"), "end"),
}  # fmt: skip
LEAST_ROWS = 5
MOSTLY = 0.8
JOINT = " / "
"""Between the two rows of a header, as the reader of workbooks joins them."""


def _signs(table: RawTable) -> str:
    if table.dictionary is not None and table.dictionary.variables:
        return ""
    return "没有哪个系统的特征，按普通表格读：每列的类型由内容推断，请逐列核对。"


def _tidied(table: RawTable) -> RawTable:
    if second := _second_header(table):
        table = _merged(table, second)
    elif texts := _row_of_texts(table):
        table = _labelled(table, texts)
    table = with_unique_headers(table)
    times = {
        header: iso_moments(table.cells[header])
        for header in table.headers
        if bare(header) in TIMES and are_moments(table.cells[header])
    }
    return replace(table, cells=table.cells.assign(**times)) if times else table


def _second_header(table: RawTable) -> list[str]:
    """Return the cells of a second header row under merged cells; [] where there is none.

    It is evident: the header has empty cells or repeats itself; the first row is filled there, and
    nowhere a number; of the columns with a name of their own, hardly any is filled.
    """
    headers = table.headers
    if len(table.cells) < 2 or len(headers) < 3:
        return []
    row = [normal(cell) for cell in table.cells.iloc[0]]
    merged = [not header or headers.count(header) > 1 for header in headers]
    for place in range(1, len(headers)):  # the first of merged cells bears the name
        merged[place - 1] |= merged[place] and not headers[place]
    own = [cell for cell, below in zip(row, merged, strict=True) if not below]
    under = [cell for cell, below in zip(row, merged, strict=True) if below]
    if sum(merged) < 2 or any(map(_is_number, row)) or not any(headers):
        return []
    if sum(cell == "" for cell in under) > (1 - MOSTLY) * len(under):
        return []
    if sum(cell != "" for cell in own) > (1 - MOSTLY) * len(own):
        return []
    # a row of text answers would be followed by others like it
    same = (table.cells.iloc[1:] == table.cells.iloc[0]).any(axis=0).to_numpy()
    return [] if any(s and c and b for s, c, b in zip(same, row, merged, strict=True)) else row


def _merged(table: RawTable, second: list[str]) -> RawTable:
    """Return the table with both rows of its header in one: 满意度 / 态度."""
    above, names = "", []
    for top, below in zip(table.headers, second, strict=True):
        above = top or (above if below else "")
        names.append(JOINT.join(part for part in (above, below) if part))
    cells = table.cells.iloc[1:].set_axis(pd.Index(names, dtype="str"), axis=1)
    note = f"第 {table.cells.index[0]} 行是第二行表头，已并入列名。"
    return replace(table, cells=cells, dictionary=_with_note(table, note))


def _row_of_texts(table: RawTable) -> list[str]:
    """Return the first row where it holds the texts of questions above columns of numbers."""
    if len(table.cells) <= LEAST_ROWS or not all(table.headers):
        return []
    row = [cell.strip() for cell in table.cells.iloc[0]]
    rest = table.cells.iloc[1:]
    numeric = [
        _are_numbers(rest.iloc[:, place]) and not _is_number(cell)
        for place, cell in enumerate(row)
    ]
    texts = sum(is_one and len(cell) > 1 for is_one, cell in zip(numeric, row, strict=True))
    if texts < 2 or texts < MOSTLY * len(row) or len(set(row)) < len(row):
        return []
    return row


def _labelled(table: RawTable, texts: list[str]) -> RawTable:
    """Return the table without its row of texts, which become the labels of its columns."""
    note = f"第 {table.cells.index[0]} 行是题目的文字，不是答卷，已作为各列的说明。"
    table = replace(table, cells=table.cells.iloc[1:], dictionary=_with_note(table, note))
    table = with_unique_headers(table)
    known = table.dictionary or Dictionary()
    variables = tuple(
        Variable(header, text, kind="text")
        for header, text in zip(table.headers, texts, strict=True)
    )
    return replace(table, dictionary=replace(known, variables=variables))


def _with_note(table: RawTable, note: str) -> Dictionary:
    known = table.dictionary or Dictionary()
    return replace(known, notes=(*known.notes, note))


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?", normal(cell)))


def _are_numbers(cells: pd.Series) -> bool:
    told = [cell for cell in map(normal, cells.unique()) if cell not in EMPTY]
    return bool(told) and all(map(_is_number, told))


def _described(table: RawTable) -> Described:
    return Described(asides=tuple(_asides(table)))


def _asides(table: RawTable) -> Iterator[Aside]:
    numbered = _row_numbers(table)
    if numbered:
        why = "没有列名、从 1 起逐行加 1：是行号，不是题目。"
        yield Aside(numbered, "metadata", why)
    key = key_of(table)
    if key:
        yield Aside(key, "key", f"列名像编号，{len(table.cells)} 行各不相同。")
    taken: set[Role] = set()
    for header in table.headers:
        role = TIMES.get(bare(header))
        if role is None or header == key or not are_moments(table.cells[header]):
            continue
        why = f"列名是“{header}”，里面是时间。"
        yield Aside(header, "date" if role in taken else role, why)
        taken.add(role)


def key_of(table: RawTable) -> str:
    """Return the column whose name and contents tell responses apart, '' where there is none."""
    for name in KEYS:
        for header in table.headers:
            if (
                (bare(header) or header.strip()) == name
                and not is_contact_header(header)
                and is_key(table, header)
            ):
                return header
    return ""


def is_key(table: RawTable, header: str) -> bool:
    """Tell whether every row of a column is filled, and no two are alike."""
    cells = table.cells[header].map(normal)
    return len(cells) > 1 and bool(cells.is_unique) and not cells.isin(EMPTY).any()


def _row_numbers(table: RawTable) -> str:
    """Return the first column if it had no name and counts the rows, as R writes it."""
    if not table.headers or not re.fullmatch(r"\(列1\)", table.headers[0]):
        return ""
    cells = table.cells.iloc[:, 0].map(normal).tolist()
    counted = cells in ([str(n) for n in range(1, len(cells) + 1)],
                        [str(n) for n in range(len(cells))])  # fmt: skip
    return table.headers[0] if cells and counted else ""


SYSTEM = System("plain", "普通表格", _signs, _tidied, _described)
