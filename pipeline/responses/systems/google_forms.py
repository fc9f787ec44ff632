"""The sheet of Google Forms: ``Timestamp``, then full question texts as headers.

Several chosen options stand in one cell, joined by a comma and a blank, which an option may hold
itself; the rows of a grid are ``题干 [行]``. No real file was at hand: times, grids and joined
options are read as the linked sheet of a form shows them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline.privacy.contacts import is_contact_header
from pipeline.responses.described import Aside, Column, Described, Item, Joined
from pipeline.responses.systems import System
from pipeline.responses.systems.clock_words import are_moments, iso_moments
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.systems.joined_options import options_of, parts_of
from pipeline.responses.table import RawTable

TIMESTAMPS = frozenset({"timestamp", "时间戳记", "时间戳", "時間戳記"})
SCORES = frozenset({"score", "得分", "总分", "分數"})
ADDRESSES = frozenset({"username", "email address", "电子邮件地址", "电子邮箱", "用户名"})
JOINT = ", "
GRID = re.compile(r"(.+?)\s*\[(.+)\]", re.DOTALL)
LEAST_JOINED = 0.1
"""Share of the contents with a joint, below which the comma is part of what was written."""
MOST_OPTIONS = 30
AMBIGUOUS = (
    "按“, ”拆成选项。Google 表单不区分分隔符与选项里的逗号："
    "若某个选项自己带逗号，它会被拆成两个，请核对。"
)


def _signs(table: RawTable) -> str:
    first = next((header for header in table.headers if header), "")
    if first.strip().casefold() not in TIMESTAMPS or len(table.headers) < 2:
        return ""
    if not are_moments(table.cells.iloc[:, table.headers.index(first)]):
        return ""
    return f"第一列是“{first}”，里面是时间：是 Google 表单的导出。"


def _tidied(table: RawTable) -> RawTable:
    table = with_unique_headers(table)
    first = _timestamp(table)
    if first is None:
        return table
    return replace(table, cells=table.cells.assign(**{first: iso_moments(table.cells[first])}))


def _timestamp(table: RawTable) -> str | None:
    return next((h for h in table.headers if h.strip().casefold() in TIMESTAMPS), None)


def _described(table: RawTable) -> Described:
    asides = tuple(_asides(table))
    known = {aside.header for aside in asides}
    items = []
    for header in table.headers:
        if header in known:
            continue
        grid = GRID.fullmatch(header)
        text, group = (grid[2], grid[1]) if grid else (header, "")
        items.append(_item(Item(text, Column(header), group=group, group_text=group), table))
    notes: tuple[str, ...] = ()
    if any(isinstance(item.where, Joined) for item in items):
        notes = ("多选题写在一格里，用“, ”隔开；选项自己带逗号的，要在问卷里并回一个选项。",)
    return Described(tuple(items), asides, notes=notes)


def _asides(table: RawTable) -> Iterator[Aside]:
    for header in table.headers:
        name = header.strip().casefold()
        if header == _timestamp(table):
            yield Aside(header, "submitted", "提交的时间，时区是表单主人的。")
        elif name in ADDRESSES or is_contact_header(header):
            yield Aside(header, "contact", "个人信息，不读入。")
        elif name in SCORES:
            yield Aside(header, "derived", "测验的得分，由系统算出，不是题目。")


def _item(item: Item, table: RawTable) -> Item:
    """Return the item as a multiple choice if its cells are combinations of a few options."""
    (header,) = item.headers
    cells = table.cells[header]
    rows = parts_of(cells, JOINT)
    joined = [row for row in rows if len(row) > 1]
    parts = {part for row in rows for part in row}
    # Options make more combinations than there are options; sentences with a comma do not.
    combined = len({tuple(row) for row in rows}) > len(parts)
    if len(joined) < LEAST_JOINED * len(rows) or not combined or len(parts) > MOST_OPTIONS:
        return item
    why = [AMBIGUOUS, *_always_together(rows)]
    return replace(
        item,
        where=Joined(header, JOINT),
        kind="multiple_choice",
        options=options_of(rows),
        guessed=tuple(why),
    )


def _always_together(rows: list[list[str]]) -> Iterator[str]:
    """Yield a doubt for every two parts of which neither occurs without the other."""
    pairs = dict.fromkeys(pair for row in rows for pair in pairwise(row))
    for first, second in pairs:
        of_first = [row for row in rows if first in row]
        of_second = [row for row in rows if second in row]
        if of_first == of_second and len(of_first) > 1:
            yield f"“{first}”和“{second}”总是连着出现，可能是同一个带逗号的选项。"


SYSTEM = System("google_forms", "Google 表单", _signs, _tidied, _described)
