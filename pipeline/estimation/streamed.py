"""The fast lane over Parquet files larger than memory: batches of rows add to the same totals.

A first pass learns the distinct rows of the design and the values of every column, further passes
add: as many columns at a time as `TABLES` holds. Memory does not grow with the rows. Splitting the
rows in other batches changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import DesignError, ResponseError
from pipeline.estimation.domains import ALL, By, Missing, Where, inside, without_gaps
from pipeline.estimation.estimate import DesignEffect, Estimand
from pipeline.estimation.fused import Lane, in_columns, in_tables, narrowed
from pipeline.estimation.items import Base as CountedBelow
from pipeline.estimation.items import Coded, Item, Measured, only, read_items, scores_of_levels
from pipeline.estimation.lane_totals import Base, ColumnTotals
from pipeline.estimation.lines import Lines
from pipeline.estimation.sample import Sample
from pipeline.questionnaire.expressions import questions_of
from pipeline.totals.adding import on_all_cores
from pipeline.totals.blocks import blocks_of
from pipeline.totals.coding import OUTSIDE, Codes, Level, coded, level_text
from pipeline.totals.design_columns import refuse_gaps, weights
from pipeline.totals.parquet import DistinctRows, ParquetRows, distinct_rows, placed
from pipeline.totals.units import Booleans, Floats, Integers, units_of

TABLES = 384 << 20
"""Bytes of the tables of all columns that are added in one pass."""

Levels = dict[str, tuple[Level, ...]]


def add_batches(
    lines: Lines,
    rows: ParquetRows,
    *,
    design: SurveyDesign,
    by: By,
    where: Where,
    missing: Missing,
    estimand: Estimand,
    design_effect: DesignEffect,
) -> None:
    """Add the estimates of all items in all banners to `lines`; see `means`.

    Raises
    ------
    ResponseError
        `where` is a column of truth values.
    DesignError
        The variance of the design needs all rows at once.
    """
    if isinstance(where, pd.Series):
        raise ResponseError(
            "where: 读 Parquet 文件时请给条件（pipeline.questionnaire.routing.parse），"
            "不能给一列真假值。(give a condition, not a column of truth values)"
        )
    columns = in_columns(lines.items)
    entries = [ALL] if by is None else [by] if isinstance(by, str) else list(by)
    grouping = {c for e in entries if e != ALL for c in ((e,) if isinstance(e, str) else e)}
    levels = rows.levels(
        sorted(grouping | {i[0].columns[0] for i in columns if _one_coded_column(i)})
    )
    layout = _layout(rows, design)
    banners = [_banner(entry, levels) for entry in entries]
    always = {*design.columns, *grouping, *_read_by(where, rows)}
    if missing != "domain":
        always |= {c for item in lines.items for c in (*item.columns, item.missing) if c}
    divided = [(one.name, one.texts, np.array([k])) for k, one in enumerate(banners)]
    for part in in_tables(divided, layout.lane.count):
        of = [banners[int(place[0])] for _, _, place in part]
        for together in _in_passes(columns, levels, sum(len(b.texts) for b in of), layout.lane):
            job = _Pass(together, of, levels, lines.base, estimand, layout)
            named = always | {c for i in together for c in (*i[0].columns, i[0].missing) if c}
            for frame in rows.batches(sorted(named)):
                refuse_gaps(frame, design)
                kept, chosen, counted = without_gaps(frame, lines.items, where, missing)
                if len(kept):
                    job.add(kept, inside(kept, chosen), counted)
            job.finish(lines, design_effect)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The design of a file: its lane, and where each distinct row of the design lies."""

    design: SurveyDesign
    lane: Lane
    distinct: DistinctRows
    block: Codes
    expansion: Floats

    def place(self, frame: pd.DataFrame) -> tuple[Codes, Floats]:
        """Return the block and the weight of each row."""
        at = self.distinct.place(frame)
        return self.block[at], weights(frame, self.design, self.expansion[at])


def _layout(rows: ParquetRows, design: SurveyDesign) -> _Layout:
    if design.replicates is not None or design.calibration:
        raise _needs_memory(rows, "重复权数或校准", "replicate weights and calibration")
    if len(design.clusters) < max(1, len(design.fpc)):
        raise _needs_memory(
            rows, "没有群（每行自成一个抽样单元）", "without clusters, each row a unit of its own,"
        )
    bare = {c for c in (design.weight, design.probability) if c and not design.pps}
    keys = [c for c in design.columns if c not in bare]
    distinct = distinct_rows(rows, keys)
    known = distinct.rows.assign(**dict.fromkeys(bare, 1.0))
    units = units_of(known, design)
    found = blocks_of(units, single_rows=False)
    if found is None:
        raise _needs_memory(rows, "这种方差规则", "this rule of variance")
    expansion = np.ones(len(known)) if bare else units.weight
    return _Layout(
        design, Lane(Sample(units), found[0], found[0].count), distinct, found[1], expansion
    )


def _needs_memory(rows: ParquetRows, chinese: str, english: str) -> DesignError:
    return DesignError(
        f"{rows.path}: {chinese}的设计要一次读入所有行。请用 pandas.read_parquet(path, "
        f"columns=...) 只读入所需的列。(designs {english} need all rows at once; read the columns "
        "you need into a DataFrame)"
    )


@dataclass(frozen=True, slots=True)
class _Banner:
    name: str
    columns: tuple[tuple[str, dict[Level, int]], ...]
    texts: tuple[str, ...]

    def code(self, frame: pd.DataFrame) -> Codes:
        """Return the group of each row."""
        found = np.zeros(len(frame), dtype=np.int32)
        for column, among in self.columns:
            code, levels = coded(frame[column])
            inner = placed(levels, among)[code]
            both = (found >= 0) & (inner >= 0)
            found = np.where(both, found * len(among) + inner, OUTSIDE).astype(np.int32)
        return found


def _banner(entry: str | tuple[str, ...], levels: Levels) -> _Banner:
    if entry == ALL:
        return _Banner(ALL, (), (ALL,))
    named = (entry,) if isinstance(entry, str) else entry
    texts = [""]
    for column in named:
        texts = [f"{text}*{level_text(level)}" for text in texts for level in levels[column]]
    among = tuple((c, {level: k for k, level in enumerate(levels[c])}) for c in named)
    return _Banner("*".join(named), among, tuple(text[1:] for text in texts))


class _Pass:
    """One pass over the rows: some columns in some banners."""

    def __init__(
        self,
        columns: Sequence[Sequence[Item]],
        banners: Sequence[_Banner],
        levels: Levels,
        base: CountedBelow,
        estimand: Estimand,
        layout: _Layout,
    ) -> None:
        self.columns, self.banners, self.levels = columns, banners, levels
        self.base, self.estimand, self.layout = base, estimand, layout
        self.totals: list[ColumnTotals | None] = [None] * len(columns)
        self.read: list[Coded | Measured | None] = [None] * len(columns)
        self.asked: list[Base | None] = [None] * len(columns)

    def add(self, frame: pd.DataFrame, chosen: Booleans, counted: Booleans | None) -> None:
        """Add a batch of rows."""
        lane = self.layout.lane
        block, weight = self.layout.place(frame)
        banners = []
        for banner in self.banners:
            code = banner.code(frame)
            code[~chosen] = OUTSIDE
            banners.append((code, len(banner.texts)))
        adders = lane.adders(block, weight, banners, len(self.columns))
        everybody = adders.base(None, len(frame))

        def add(place: int) -> None:
            items = self.columns[place]
            column = only(read_items(frame, items, self.base), counted)
            asked = everybody
            if column.asked is not None:
                asked = adders.base(column.asked, len(frame))
            before, known = self.asked[place], self.totals[place]
            self.asked[place] = asked if before is None else before + asked
            column = narrowed(_of_all(column, items, self.levels, self.base))
            origin = 0.0 if known is None else known.origin
            self.totals[place] = adders.column(column, origin, known)
            self.read[place] = _without_rows(column)

        on_all_cores(add, range(len(self.columns)))

    def finish(self, lines: Lines, design_effect: DesignEffect) -> None:
        """Add the estimates to `lines`."""
        names = [banner.name for banner in self.banners for _ in banner.texts]
        values = [text for banner in self.banners for text in banner.texts]
        for place, items in enumerate(self.columns):
            totals, column, asked = self.totals[place], self.read[place], self.asked[place]
            if totals is None or column is None or asked is None:
                continue  # no rows were left
            found, _ = self.layout.lane.estimates(
                totals, column, self.layout.lane.groups(asked), self.estimand, design_effect
            )
            self.totals[place] = None
            lines.add(items, names, values, found)


def _of_all(
    column: Coded | Measured, items: Sequence[Item], levels: Levels, base: CountedBelow
) -> Coded | Measured:
    """Return a column of a batch in the codes of the whole file."""
    if isinstance(column, Measured):
        return column
    every: tuple[Level, ...] = levels[items[0].columns[0]] if _one_coded_column(items) else (0, 1)
    if base != "valid" or items[0].empty_counts:
        every = (*every, "")
    place = placed(column.levels, {level: k for k, level in enumerate(every)})
    code: Integers = place[column.code].astype(np.int64)
    return replace(column, code=code, levels=every, scores=scores_of_levels(items, every))


def _without_rows(column: Coded | Measured) -> Coded | Measured:
    if isinstance(column, Measured):
        return Measured(np.zeros(0))
    return replace(column, code=np.zeros(0, dtype=np.int64), asked=None)


def _one_coded_column(items: Sequence[Item]) -> bool:
    """Return whether the items are read from the codes of one column."""
    return len(items[0].columns) == 1 and not all(
        item.estimand == "mean" and not item.values for item in items
    )


def _read_by(where: Where, rows: ParquetRows) -> set[str]:
    """Return the columns that a condition may look at."""
    if where is None or isinstance(where, pd.Series):
        return set()
    questions = set(questions_of(where))
    return {c for c in rows.columns if c.split("__")[0] in questions}


def _in_passes(
    columns: Sequence[tuple[Item, ...]], levels: Levels, cells: int, lane: Lane
) -> list[list[tuple[Item, ...]]]:
    """Return the columns whose tables fit into memory together."""
    passes: list[list[tuple[Item, ...]]] = [[]]
    taken = 0
    for items in columns:
        codes = 3
        if _one_coded_column(items):
            codes = min(len(levels[items[0].columns[0]]) + 1, 2 ** len(items))
        size = 8 * lane.count * codes * cells * (2 if lane.has_elements else 1)
        if passes[-1] and taken + size > TABLES:
            passes.append([])
            taken = 0
        passes[-1].append(items)
        taken += size
    return passes
