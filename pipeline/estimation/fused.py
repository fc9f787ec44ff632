"""The fast lane of large tables: all items in all banners, each column in one pass over the rows.

`fused` says which work takes it, and does it; everything else goes the general way
(`pipeline.estimation.ratio`, `.estimate`), with the same results. It takes

- large work: from so many additions on that `pipeline.totals.adding` adds with compiled code;
- designs whose variance is a matter of totals of blocks of rows (`pipeline.totals.blocks`), or of
  replicates that are factors of units; no calibration.

Rows are put in order once; the columns are spread over the cores.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.estimation.estimate import (
    DesignEffect,
    Estimand,
    Estimates,
    described,
    estimated,
)
from pipeline.estimation.items import Coded, Item, Measured, grouped
from pipeline.estimation.lane_totals import Adders, Banner, Base, ColumnTotals
from pipeline.estimation.lines import Lines
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.ratio import Groups, RatioTotals
from pipeline.estimation.sample import Sample
from pipeline.totals import adding
from pipeline.totals.adding import adder_of, on_all_cores
from pipeline.totals.blocks import ROUNDING, Blocks, blocks_of
from pipeline.totals.coding import OUTSIDE, Codes
from pipeline.totals.units import Floats, Integers

TABLE = 96 << 20
"""Bytes that the table of one column may take; more banners than that are added one by one."""
USUAL_CODES = 6
"""Answers of a usual question, to guess the size of its table."""

MOST_ITEMS = 12
"""So many items of a column share a table."""

Division = tuple[str, tuple[str, ...], Integers]


@dataclass(frozen=True, slots=True)
class Lane:
    """A sample of whose columns the totals of blocks are enough."""

    sample: Sample
    blocks: Blocks | None
    count: int

    def adders(
        self, block: Codes, weight: Floats, banners: Sequence[Banner], columns: int
    ) -> Adders:
        """Return who adds a batch of rows in some banners."""
        weights = adder_of(block, self.count, weight, banners, columns=columns)
        alike = np.ones(len(weight)) if self.blocks is not None else (weight > 0).astype(float)
        return Adders(
            weights,
            weights.reweighted(alike),
            weights.reweighted(weight * weight) if self.has_elements else None,
        )

    @property
    def has_elements(self) -> bool:
        """Whether single rows were drawn."""
        return self.blocks is not None and self.blocks.elements is not None

    def groups(self, base: Base) -> Groups:
        """Return the cells as groups, with their degrees of freedom; rows have no codes here."""
        if self.blocks is not None:
            freedom = self.blocks.freedom(base.members)
        elif self.sample.replicates is not None:
            freedom = self.sample.replicates.freedom_of(base.members > 0)
        nobody = np.zeros((1, len(base.size)), dtype=bool)
        return Groups(np.zeros(0, np.int64), len(base.size), nobody, base.size, freedom)

    def totals(
        self, of: ColumnTotals, column: Coded | Measured, groups: Groups
    ) -> tuple[RatioTotals, Floats, Floats]:
        """Return the totals of a column's items in all cells, and y and x by block.

        y is (blocks, items, cells), x is (blocks, cells).
        """
        sums, table = of.sums, of.sums.by_unit
        if isinstance(column, Measured):
            y, x = table[:, 1:2, :], table[:, 0, :]
            whole = table.sum(axis=0)[:, :, None]
            n = n_cell = sums.rows[:, None].astype(np.float64)
            yy, weight = whole[2], whole[0]
        else:
            n_code = sums.rows.astype(np.float64)
            x, y = table.sum(axis=1), _scored(table, column.scores)
            by_code = table.sum(axis=0)
            counted = (column.scores != 0).T.astype(np.float64) @ n_code
            everybody = n_code.sum(axis=0)
            n = np.broadcast_to(everybody[:, None], counted.T.shape)
            for item, cell in np.argwhere(
                column.indicator[:, None] & (counted == everybody) & (everybody > 0)
            ):
                # Sums in another order would leave a share of 1 a last digit short of it.
                y[:, item, cell] = x[:, cell]
            n_cell = np.where(column.indicator, counted.T, n)
            weight = x.sum(axis=0)[:, None]
            yy = by_code.T @ column.scores**2
        replicate_y = replicate_x = None
        if (made := self.sample.replicates) is not None:
            flat = np.ascontiguousarray(y).reshape(len(y), -1)
            replicate_y = (made.factors.T @ flat).reshape(made.count, *y.shape[1:])
            replicate_y = replicate_y.transpose(0, 2, 1)
            replicate_x = (made.factors.T @ x)[:, :, None]
        above = y.sum(axis=0).T
        totals = RatioTotals(
            y=above[None], x=weight[None],
            present=np.zeros((1, len(n)), dtype=bool), groups=groups, n=n, n_cell=n_cell,
            weight=weight, squared_weight=sums.squared_weight[:, None], yy=yy, yx=above, xx=weight,
            replicate_y=replicate_y, replicate_x=replicate_x,
        )  # fmt: skip
        return totals, y, x

    def estimates(
        self,
        of: ColumnTotals,
        column: Coded | Measured,
        groups: Groups,
        estimand: Estimand,
        design_effect: DesignEffect,
    ) -> tuple[Estimates, RatioTotals]:
        """Return the estimates of a column's items in all cells, (cells, items)."""
        totals, y, x = self.totals(of, column, groups)
        if self.blocks is None:
            return estimated(totals, self.sample, estimand, design_effect), totals
        above, below = totals.y[0], totals.x[0]
        value, ratio, scale = above, np.zeros_like(above), np.ones_like(below)
        if estimand == "mean":
            with np.errstate(divide="ignore", invalid="ignore"):
                value = ratio = above / below
            scale = below
        squares = None
        if of.squares is not None:
            squares = _squares(of, column, ratio, estimand)
        spread = self.blocks.variance(y, x, np.ascontiguousarray(ratio.T), squares).T
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = spread / scale**2
        several = self.blocks.several(x, totals.n[:, 0])[:, None]
        return described(totals, value, spread, several, estimand, design_effect), totals


def _scored(table: Floats, scores: Floats) -> Floats:
    """Return the sums by item, (blocks, items, cells), of those by code."""
    if scores.shape[0] == scores.shape[1] and (scores == np.eye(len(scores))).all():
        return table
    summed: Floats = np.matmul(np.ascontiguousarray(scores.T), table)
    return summed


def _squares(
    of: ColumnTotals, column: Coded | Measured, ratio: Floats, estimand: Estimand
) -> Floats:
    """Return sums of squared weights x (score - ratio)^2, (blocks, items, cells)."""
    if of.squares is None:
        raise TypeError("no sums of squared weights")
    table = of.squares.by_unit
    if isinstance(column, Measured):
        about = (ratio[:, 0] if estimand == "mean" else 0.0) - of.origin
        apart = table[:, 2, :] + about**2 * table[:, 0, :]
        far = apart - 2 * about * table[:, 1, :]
        return np.where(far < ROUNDING * apart, 0.0, far)[:, None, :]
    found = np.zeros((len(table), *ratio.T.shape))
    for code, score in enumerate(column.scores):
        gap = score[:, None] - ratio.T if estimand == "mean" else score[:, None] + 0 * ratio.T
        found += gap**2 * table[:, code, None, :]
    return found


def lane_of(
    sample: Sample, items: Sequence[Item], divided: Sequence[Division]
) -> tuple[Lane, Codes] | None:
    """Return the lane of large work and the block of each row; None: the general way."""
    rows, columns = len(sample.weight), len(grouped(items))
    widest = max((len(levels) for _, levels, _ in divided), default=0)
    if rows * columns * len(divided) < adding.WORTH_COMPILED or widest > adding.MOST_CELLS:
        return None
    if not sample.silent_units:
        return None
    if (made := sample.replicates) is not None:
        if len(made.factors) >= rows or made.base is not sample.weight:
            return None  # the weights came as columns, a number per row
        return Lane(sample, None, len(made.factors)), made.unit.astype(np.int32)
    found = None if sample.calibration is not None else blocks_of(sample.units)
    if found is None or 8 * found[0].count * USUAL_CODES * widest > 4 * TABLE:
        return None
    blocks, block = found
    return Lane(sample, blocks, blocks.count), block


def add_in_one_pass(
    lines: Lines,
    lane: Lane,
    block: Codes,
    read: Callable[[Sequence[Item]], Coded | Measured],
    divided: Sequence[Division],
    estimand: Estimand,
    design_effect: DesignEffect,
    *,
    log_odds: bool,
) -> None:
    """Add the estimates of all items in all banners to `lines`.

    Parameters
    ----------
    block : of each row
    read : gives the column that some items are read from
    divided : the banners, see `pipeline.estimation.domains.divisions`
    log_odds : whether intervals need the variance of the log-odds
    """
    columns = in_columns(lines.items)
    weight = lane.sample.weight
    for part in in_tables(divided, lane.count):
        names = [name for name, levels, _ in part for _ in levels]
        values = [level for _, levels, _ in part for level in levels]
        banners = [(code.astype(np.int32), len(levels)) for _, levels, code in part]
        adders = lane.adders(block, weight, banners, len(columns))
        everybody = lane.groups(adders.base(None, len(weight)))

        def estimated_items(
            items: Sequence[Item], adders: Adders = adders, everybody: Groups = everybody
        ) -> tuple[Estimates, Floats | None]:
            column = narrowed(read(items))
            groups = everybody
            if column.asked is not None:
                groups = lane.groups(adders.base(column.asked, len(weight)))
            origin = 0.0
            if isinstance(column, Measured) and adders.squares is not None:
                known = column.value[~np.isnan(column.value)]
                origin = float(known.mean()) if len(known) and estimand == "mean" else 0.0
            of = adders.column(column, origin)
            found, totals = lane.estimates(of, column, groups, estimand, design_effect)
            return found, log_odds_variance(totals, lane.sample) if log_odds else None

        for items, (found, on_odds) in zip(
            columns, on_all_cores(estimated_items, columns), strict=True
        ):
            lines.add(items, names, values, found, on_odds)


def in_columns(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Return the items that are read from one column together, not too many at once."""
    return [
        together[first : first + MOST_ITEMS]
        for together in grouped(items)
        for first in range(0, len(together), MOST_ITEMS)
    ]


def narrowed(column: Coded | Measured) -> Coded | Measured:
    """Return the column with those codes as one that score alike for all of its items."""
    if isinstance(column, Measured) or len(column.scores) <= column.scores.shape[1] + 1:
        return column
    scores, place = np.unique(column.scores, axis=0, return_inverse=True)
    code = np.where(column.code < 0, OUTSIDE, place.reshape(-1)[column.code])
    return replace(column, code=code, scores=scores, levels=())


def in_tables(divided: Sequence[Division], count: int) -> list[list[Division]]:
    """Return neighbouring banners that fit into one table of `count` blocks of rows."""
    most = min(adding.MOST_CELLS, TABLE // (8 * count * USUAL_CODES))
    parts: list[list[Division]] = [[]]
    for one in divided:
        if parts[-1] and sum(len(levels) for _, levels, _ in (*parts[-1], one)) > most:
            parts.append([])
        parts[-1].append(one)
    return parts
