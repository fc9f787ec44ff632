"""A two-way table under its design: the cells' totals by variance unit, from one pass over rows.

Counts, shares and every test of independence are computed from these totals alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where, crossed, inside, without_gaps
from pipeline.estimation.items import Coded, Item
from pipeline.estimation.ratio import Groups, RatioTotals, groups_of, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Booleans, Floats, Integers

Column = str | tuple[str, ...]
"""A column of codes; several columns are crossed."""
MOST_CELLS = 10_000


@dataclass(frozen=True, slots=True)
class TwoWay:
    """The cells of a x b over the rows inside the domain that have both.

    Attributes
    ----------
    a, b : names of the columns; `a` goes down the table, `b` across
    a_levels, b_levels : the levels that occur, as texts
    a_code : level of a of each row, `OUTSIDE` where it has none or lies outside the domain
    across : totals of a's levels (items) in b's levels (groups), whose degrees of freedom and
        members are left out
    cells : totals of all cells (items) in the one group of the whole table, `b` varying fastest
    rows_inside : responses in the domain, also those that lack a or b
    freedom : PSUs minus strata over them
    """

    a: str
    b: str
    a_levels: tuple[str, ...]
    b_levels: tuple[str, ...]
    a_code: Integers
    across: RatioTotals
    cells: RatioTotals
    rows_inside: int
    freedom: float

    @property
    def shape(self) -> tuple[int, int]:
        """Levels of a, levels of b."""
        return len(self.a_levels), len(self.b_levels)

    def columns(self, sample: Sample) -> RatioTotals:
        """Return the totals of a's levels (items) in b's levels (groups), with their bases."""
        groups = groups_of(sample, self.across.groups.code, len(self.b_levels))
        return replace(self.across, groups=groups)

    def rows(self, sample: Sample) -> RatioTotals:
        """Return the totals of b's levels (items) in a's levels (groups)."""
        width = len(self.a_levels)
        both = (self.a_code >= 0) & (self.across.groups.code >= 0)
        squares: Floats = np.bincount(
            self.a_code[both], sample.weight[both] ** 2, minlength=width
        ).astype(np.float64, copy=False)
        groups = groups_of(sample, self.a_code, width)
        return _arranged(self.across, groups, squares[:, None], _swapped)

    @property
    def counts(self) -> Floats:
        """Weighted counts, (levels of a, levels of b)."""
        summed: Floats = self.cells.y.sum(axis=(0, 1)).reshape(self.shape)
        return summed

    @property
    def n(self) -> Integers:
        """Respondents in each cell, (levels of a, levels of b)."""
        return self.cells.n_cell.reshape(self.shape).astype(np.int64)


def two_way_tables(
    rows: pd.DataFrame,
    pairs: Sequence[tuple[Column, Column]],
    *,
    design: SurveyDesign,
    where: Where,
    missing: Missing,
) -> tuple[Sample, list[TwoWay]]:
    """Return the sample and the table of each pair of columns.

    Parameters
    ----------
    missing : ``domain`` and ``domain_jointly``: a row without one of the two answers leaves the
        table, and stays in the design; ``drop_rows``: rows without any of the answers are deleted
        before the design is read; ``refuse``: they are an error

    Raises
    ------
    ResponseError
        A column is absent, or no row has both answers.
    """
    named = dict.fromkeys(c for pair in pairs for column in pair for c in columns_of(column))
    if absent := [name for name in named if name not in rows]:
        raise ResponseError(
            f"列 {'、'.join(absent)} 不在数据表中；请核对题号。(no such column; check the names)"
        )
    if missing in ("drop_rows", "refuse"):
        items = [Item(name, "", (name,), (), "proportion") for name in named]
        rows, where, _ = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    chosen = inside(rows, where)
    size = int((chosen & (sample.weight > 0)).sum())
    freedom = sample.degrees_of_freedom(chosen)
    base = replace(
        _bare(sample, np.where(chosen, 0, OUTSIDE), 1),
        size=np.array([size]), freedom=np.array([freedom]),
    )  # fmt: skip
    coded = {column: crossed(rows, columns_of(column)) for pair in pairs for column in pair}
    return sample, [
        _table(sample, pair, (coded[pair[0]], coded[pair[1]]), chosen, base, size, freedom)
        for pair in pairs
    ]


def columns_of(column: Column) -> tuple[str, ...]:
    """Return the columns that are crossed."""
    return (column,) if isinstance(column, str) else tuple(column)


def _table(
    sample: Sample,
    pair: tuple[Column, Column],
    coded: tuple[tuple[Integers, tuple[str, ...]], tuple[Integers, tuple[str, ...]]],
    chosen: Booleans,
    base: Groups,
    size: int,
    freedom: float,
) -> TwoWay:
    a, b = ("*".join(columns_of(column)) for column in pair)
    (down, down_levels), (across, across_levels) = coded
    if len(down_levels) * len(across_levels) > MOST_CELLS:
        raise ResponseError(
            f"{a} × {b}: 共 {len(down_levels)} × {len(across_levels)} 格，超过 {MOST_CELLS:,} 格。"
            "请先合并类别或分组。(too many cells; group the values first)"
        )
    if not chosen.all():
        across = np.where(chosen, across, OUTSIDE)
    totals = _across(sample, down, down_levels, across, len(across_levels))
    used_down: Booleans = totals.n_cell.sum(axis=0) > 0
    used_across: Booleans = totals.n_cell.sum(axis=1) > 0
    if not used_down.any():
        raise ResponseError(
            f"{a} × {b}: 域内没有同时回答两题的人。请核对筛选条件。"
            "(nobody in the domain has both answers; check the filter)"
        )
    if not (used_down.all() and used_across.all()):
        down, down_levels = _occurring(down, down_levels, used_down)
        across, across_levels = _occurring(across, across_levels, used_across)
        totals = _across(sample, down, down_levels, across, len(across_levels))
    squares = totals.squared_weight.sum(axis=0, keepdims=True)
    return TwoWay(
        a, b, down_levels, across_levels,
        a_code=down if chosen.all() else np.where(chosen, down, OUTSIDE), across=totals,
        cells=_arranged(totals, base, squares, _flattened), rows_inside=size, freedom=freedom,
    )  # fmt: skip


def _across(
    sample: Sample, down: Integers, levels: tuple[str, ...], across: Integers, width: int
) -> RatioTotals:
    each, width = len(levels), max(1, width)
    column = Coded(down, levels, np.eye(each), np.ones(each, dtype=bool))
    return totals_of(sample, column, _bare(sample, across, width))


def _bare(sample: Sample, code: Integers, width: int) -> Groups:
    """Return a division of the rows of which nothing has been counted yet."""
    members = np.zeros((sample.units.count, width), dtype=bool)
    return Groups(code, width, members, np.zeros(width, np.int64), np.full(width, np.nan))


def _occurring(
    code: Integers, levels: tuple[str, ...], occurs: Booleans
) -> tuple[Integers, tuple[str, ...]]:
    """Return codes and levels without the levels that do not occur."""
    new = np.where(occurs, np.cumsum(occurs) - 1, OUTSIDE)
    left = tuple(level for level, kept in zip(levels, occurs, strict=True) if kept)
    return np.where(code >= 0, new[np.maximum(code, 0)], OUTSIDE), left


def _arranged(
    across: RatioTotals, groups: Groups, squares: Floats, arrange: Callable[[Floats], Floats]
) -> RatioTotals:
    """Return the same cells in another order of groups and items.

    `squares` are the groups' sums of squared weights, (groups, 1); `arrange` takes a table
    (..., levels of b, levels of a) to (..., groups, items).
    """

    def each(table: Floats | None) -> tuple[Floats | None, Floats | None]:
        if table is None:
            return None, None
        items = arrange(table)
        return items, items.sum(axis=-1, keepdims=True)

    y, n_cell = arrange(across.y), arrange(across.n_cell)
    x, by_code = y.sum(axis=2, keepdims=True), y.sum(axis=0)
    pulled_y, pulled_x = each(across.pulled_y)
    replicate_y, replicate_x = each(across.replicate_y)
    return RatioTotals(
        y=y, x=x, present=x[:, :, 0] > 0, groups=groups,
        n=np.broadcast_to(n_cell.sum(axis=1, keepdims=True), n_cell.shape), n_cell=n_cell,
        weight=x.sum(axis=0), squared_weight=squares, yy=by_code, yx=by_code, xx=x.sum(axis=0),
        pulled_y=pulled_y, pulled_x=pulled_x, replicate_y=replicate_y, replicate_x=replicate_x,
    )  # fmt: skip


def _swapped(table: Floats) -> Floats:
    return np.swapaxes(table, -1, -2)


def _flattened(table: Floats) -> Floats:
    return _swapped(table).reshape(*table.shape[:-2], 1, -1)
