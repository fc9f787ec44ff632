"""The workbook that 问卷星 exports 按文本 (file name ending in _0): choices as their texts.

Chosen options of a multiple choice are joined by ``┋``, a ranking by ``→``; words typed beside a
choice stand in ``〖〗``; points may be written ``4分``; what was not shown is ``(跳过)``. Source:
real exports of 2016 to 2026; columns about the interview changed their order over the years.
"""

from dataclasses import replace

import pandas as pd

from pipeline.responses.described import Column, Described, Item, ItemKind, Joined
from pipeline.responses.systems import System, wjx_index
from pipeline.responses.systems.joined_options import options_of, parts_of
from pipeline.responses.systems.wjx_columns import (
    ABOUT,
    BY_TEXT,
    KEY,
    TYPED,
    Heading,
    heading,
    tidied,
)
from pipeline.responses.systems.wjx_items import described, in_points, missing_options
from pipeline.responses.table import RawTable

JOINT = "┋"
ORDER = "选项的先后是从答卷里“┋”前后的次序推出来的；没有人选过的选项不在其中。"
_KINDS: tuple[tuple[str, ItemKind], ...] = (
    ("多选", "multiple_choice"),
    ("单选", "single_choice"),
    ("下拉", "single_choice"),
    ("量表", "scale"),
)
"""Marks of the type that 问卷星 may put after a question, and what they mean."""


def _signs(table: RawTable) -> str:
    headers = table.headers
    if KEY not in headers or wjx_index.SYSTEM.signs(table):
        return ""
    numbered = [header for header in headers if header not in ABOUT and heading(header)]
    about = [header for header in headers if header in ABOUT and header != KEY]
    if not numbered or not (about or any("、" in header[:6] for header in numbered)):
        return ""
    shown = "、".join(["序号", *about[:2]])
    return f"有列 {shown}，题目的列名像“{numbered[0][:20]}”：是问卷星“按文本”的导出。"


def _tidied(table: RawTable) -> RawTable:
    return tidied(table, BY_TEXT, rankings=True)


def _described(table: RawTable) -> Described:
    return described(table, _single)


def _single(one: Heading, table: RawTable) -> Item:
    """Return the question that stands in one column."""
    cells = table.cells[one.header]
    kind: ItemKind | None = next((kind for mark, kind in _KINDS if mark in one.marks), None)
    item = Item(one.text, Column(one.header), f"Q{one.number}", kind)
    if kind == "multiple_choice" or cells.str.contains(JOINT, regex=False).any():
        return _joined(item, cells)
    if in_points(table, one.header):
        return replace(item, kind="scale")
    if f"{one.header}{TYPED}" in table.headers:  # only beside a choice can words be typed
        return replace(item, kind=kind or "single_choice")
    return item


def _joined(item: Item, cells: pd.Series) -> Item:
    (header,) = item.headers
    return replace(
        item,
        where=Joined(header, JOINT),
        kind="multiple_choice",
        options=options_of(parts_of(cells, JOINT, BY_TEXT)) + missing_options(cells),
        guessed=(ORDER,),
    )


SYSTEM = System("wjx", "问卷星（按文本）", _signs, _tidied, _described)
