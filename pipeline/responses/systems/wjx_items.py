"""The questions of a 问卷星 export that stand in several columns, in both variants.

What a column of ``3、(鲁迅)`` holds decides what it is: 0 and 1 are a multiple choice, different
ranks in every row are a ranking, anything else is the row of a matrix.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.described import Column, Described, Item, Option, Ticks
from pipeline.responses.systems.ticks import binary, multiple_choice
from pipeline.responses.systems.wjx_columns import (
    MISSING,
    POINTS,
    RANKED,
    TYPED,
    Block,
    Heading,
    answers,
    asides,
    blocks,
)
from pipeline.responses.table import RawTable

SURELY_RANKED = 0.95
"""Share of the rows with several ranks in which no rank may stand twice."""
NO_TEXT = "导出文件里没有第{number}题的题干，只有选项。请对照问卷补上题干。"
FIRST_ROW = "问卷星用题干作矩阵第一行的列名，这一行叫什么，文件里没有。请对照问卷补上。"
IS_RANKING = "排序题：每个选项一列，写的是排第几位，空着是没有排它。每个选项作一道数字题。"
ONE_PER_COLUMN = "“{text}”的每一列只有一种内容，看作多选题：有内容就是选了。"


def described(table: RawTable, single: Callable[[Heading, RawTable], Item]) -> Described:
    """Return what is known of a tidied table; `single` reads a question that is one column."""
    asked = blocks(table)
    items: list[Item] = []
    texts: dict[str, str] = {}
    for block in asked:
        alone = len(block.headings) == 1 and not block.headings[0].part
        found = (single(block.headings[0], table),) if alone else _of_several(block, table)
        items += found
        texts |= {header: item.text for item in found for header in item.headers}
    items += _typed_beside(table, texts)
    return Described(tuple(items), asides(table, asked))


def missing_options(cells: pd.Series) -> tuple[Option, ...]:
    """Return the contents of a column that give no answer, as options."""
    return tuple(
        Option(cell, label, kind)
        for cell, (label, kind) in MISSING.items()
        if (cells == cell).any()
    )


def _of_several(block: Block, table: RawTable) -> tuple[Item, ...]:
    """Return the items of a question that stands in several columns, or in one for one choice."""
    cells = table.cells[block.headers]
    filled = cells.where(~cells.isin([*MISSING]), "")
    named = {one.header: one.part for one in block.headings}
    if all(named.values()) and (ticks := binary(filled, named)):
        return (_chosen(block, cells, replace(ticks, missing=_missing_in(cells))),)
    if ticks := _one_content_per_column(block, filled):
        why = ONE_PER_COLUMN.format(text=block.text)
        item = multiple_choice(
            cells, replace(ticks, missing=_missing_in(cells)), block.text,
            name=f"Q{block.number}", guessed=[why],
        )  # fmt: skip
        return (item,)
    if all(RANKED in one.header for one in block.headings) or _is_ranking(filled):
        return tuple(_ranked(block, table))
    return tuple(_rows(block, table))


def _chosen(block: Block, cells: pd.DataFrame, ticks: Ticks) -> Item:
    guessed = [] if any(one.text for one in block.headings) else [NO_TEXT]
    return multiple_choice(
        cells, ticks, block.text, name=f"Q{block.number}",
        guessed=[why.format(number=block.number) for why in guessed],
    )  # fmt: skip


def _missing_in(cells: pd.DataFrame) -> dict[str, MissingKind]:
    return {
        cell: kind for cell, (_, kind) in MISSING.items() if bool((cells == cell).any(axis=None))
    }


def _one_content_per_column(block: Block, cells: pd.DataFrame) -> Ticks | None:
    """Return the ticks of columns under one header, each with one label or nothing."""
    texts = {(one.text, one.part) for one in block.headings}
    if len(texts) > 1 or len(block.headings) < 2 or all(RANKED in h for h in block.headers):
        return None
    own = {header: sorted(answers(cells[header])) for header in block.headers}
    labels = [found[0] for found in own.values() if found]
    if len(labels) < 2 or len(set(labels)) < len(labels) or any(len(f) > 1 for f in own.values()):
        return None
    return Ticks({(found[0] if found else header): header for header, found in own.items()})


def _is_ranking(cells: pd.DataFrame) -> bool:
    """Tell whether columns hold ranks: whole numbers from 1, in hardly any row one twice."""
    if len(cells.columns) < 2:
        return False
    told = {cell for header in cells for cell in answers(cells[header])}
    if not told or not all(cell.isdecimal() and 1 <= len(cell) <= 3 for cell in told):
        return False
    if not all(1 <= int(cell) <= len(cells.columns) for cell in told):
        return False
    ranks = cells.apply(pd.to_numeric, errors="coerce")
    several = ranks[ranks.notna().sum(axis=1) > 1]
    twice = several.nunique(axis=1) < several.notna().sum(axis=1)
    return len(several) > 0 and bool(twice.mean() <= 1 - SURELY_RANKED)


def _ranked(block: Block, table: RawTable) -> Iterator[Item]:
    for place, one in enumerate(block.headings, start=1):
        yield Item(
            f"{one.part or one.header}（排第几位）",
            Column(one.header),
            f"Q{block.number}_{place}",
            "number",
            missing_options(table.cells[one.header]),
            group=f"Q{block.number}",
            group_text=block.text,
            minimum=1,
            maximum=len(block.headings),
            guessed=(IS_RANKING,),
        )


def _rows(block: Block, table: RawTable) -> Iterator[Item]:
    """Yield the rows of a matrix or the blanks of a question, one item each."""
    for place, one in enumerate(block.headings, start=1):
        part = one.part or (one.text if one.text != block.text else "")
        unnamed = not part and place == 1
        yield Item(
            part or (block.text if unnamed else f"{block.text}（第{place}行）"),
            Column(one.header),
            f"Q{block.number}_{place}",
            "scale" if in_points(table, one.header) else None,
            group=f"Q{block.number}",
            group_text=block.text,
            guessed=(FIRST_ROW,) if unnamed else (),
        )


def in_points(table: RawTable, header: str) -> bool:
    """Tell whether the cells of a column were written as points (4分)."""
    known = table.dictionary.variable(header) if table.dictionary else None
    return known is not None and known.format == POINTS


def _typed_beside(table: RawTable, texts: Mapping[str, str]) -> Iterator[Item]:
    """Yield the columns with words typed beside a choice; `texts` are those of the questions."""
    for header in table.headers:
        if not header.endswith(TYPED):
            continue
        beside = header.removesuffix(TYPED)
        text = texts.get(beside) or beside
        yield Item(f"{text}（其他，请注明）", Column(header), kind="open_ended")
