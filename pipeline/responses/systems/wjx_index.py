"""The workbook that 问卷星 exports 按序号 (file name ending in _2): choices as their numbers.

A single choice is the number of the option, from 1; a multiple choice has a 0/1 column per option,
``第6题(运动)``; a ranking has a column of ranks per option; -3 was not shown, -2 was left empty.
What the options of a single choice say stands only in the variant 按文本.
"""

from dataclasses import replace

import pandas as pd

from pipeline.responses.described import Column, Described, Item, Option
from pipeline.responses.systems import System
from pipeline.responses.systems.wjx_columns import (
    ABOUT,
    BY_NUMBER,
    BY_OPTION,
    KEY,
    Heading,
    answers,
    heading,
    tidied,
    whole,
)
from pipeline.responses.systems.wjx_items import described, missing_options
from pipeline.responses.table import RawTable

FILE = "按序号"
MOST_OPTIONS = 30
LEAST_NUMBERED = 3
ONLY_NUMBERS = (
    "按序号导出只有选项的序号。请改用“按文本”导出，或对照问卷，把“选项1”改成选项的文字。"
)
LABELS_UNKNOWN = (
    "这是问卷星“按序号”的导出，单选题的选项只有序号。同一份答卷的“按文本”导出（文件名以 _0 结尾）"
    "有选项的文字，用它可省去补写。"
)


def _signs(table: RawTable) -> str:
    headers = table.headers
    if KEY not in headers:
        return ""
    if by_option := [header for header in headers if BY_OPTION.fullmatch(header)]:
        if _are_numbers(table, by_option):
            return (
                f"有列 序号 和 {by_option[0][:20]} 这样一个选项一列的列：是问卷星“按序号”的导出。"
            )
        return ""
    numbered = [header for header in headers if header not in ABOUT and heading(header)]
    about = [header for header in headers if header in ABOUT and header != KEY]
    if not about or not _are_numbers(table, numbered):
        return ""
    if FILE in table.path.name and numbered:
        return f"文件名里有“{FILE}”，题目列只有数字：是问卷星“按序号”的导出。"
    if len(numbered) < LEAST_NUMBERED:
        return ""
    return f"有列 序号、{about[0]}，{len(numbered)} 个题目列只有数字：是问卷星“按序号”的导出。"


def _are_numbers(table: RawTable, headers: list[str]) -> bool:
    """Tell whether nearly all columns of questions hold whole numbers; open answers are text."""
    columns = [answers(table.cells.iloc[:, table.headers.index(header)]) for header in headers]
    told = [cells for cells in columns if cells]
    whole_numbers = [all(_is_whole(cell) for cell in cells) for cells in told]
    return bool(told) and sum(whole_numbers) * 4 >= len(told) * 3


def _is_whole(cell: str) -> bool:
    return cell.strip().removesuffix(".0").removeprefix("-").isdecimal()


def _tidied(table: RawTable) -> RawTable:
    cells = table.cells if table.cells.empty else table.cells.apply(whole)
    return tidied(replace(table, cells=cells), BY_NUMBER, rankings=False)


def _described(table: RawTable) -> Described:
    found = described(table, _single)
    unknown = any(ONLY_NUMBERS in item.guessed for item in found.items)
    return replace(found, notes=(LABELS_UNKNOWN,)) if unknown else found


def _single(one: Heading, table: RawTable) -> Item:
    """Return the question that stands in one column: a choice where its numbers can be options."""
    cells = table.cells[one.header]
    item = Item(one.text, Column(one.header), f"Q{one.number}")
    if not (last := _last_option(cells)):
        return item
    options = tuple(
        Option(str(number), f"选项{number}", guessed=ONLY_NUMBERS) for number in range(1, last + 1)
    )
    return replace(
        item,
        kind="single_choice",
        options=options + missing_options(cells),
        guessed=(ONLY_NUMBERS,),
    )


def _last_option(cells: pd.Series) -> int:
    """Return the greatest number where a column's numbers can be those of options; else 0.

    Numbers of options run from 1 with few left out; a number that people typed does not.
    """
    told = answers(cells)
    if not all(cell.isdecimal() and len(cell) <= 2 for cell in told):
        return 0
    numbers = {int(cell) for cell in told}
    last = max(numbers, default=0)
    possible = 0 not in numbers and 2 <= last <= MOST_OPTIONS and len(numbers) * 2 >= last
    return last if possible else 0


SYSTEM = System("wjx_index", "问卷星（按序号）", _signs, _tidied, _described)
