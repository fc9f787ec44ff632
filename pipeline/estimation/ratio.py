"""Totals of questions in groups, as ratios need them: from rows to unit tables, once per column.

Everything estimated is a ratio of weighted totals (a mean's denominator is the sum of weights).
"""

from dataclasses import dataclass, replace

import numpy as np

from pipeline.estimation.items import Coded, Measured
from pipeline.estimation.sample import Sample
from pipeline.estimation.variance import degrees_of_freedom
from pipeline.totals.kernel import OUTSIDE, CellTotals, SumTotals, cell_totals, sum_totals
from pipeline.totals.units import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True)
class Groups:
    """One way to divide the rows: a group per row, or `OUTSIDE`.

    `members` says which units lie in a group, answered or not, (units, groups); `size` how many
    responses (weight above 0) do, (groups,). `freedom` holds the degrees of freedom, (groups,).
    """

    code: Integers
    count: int
    members: Booleans
    size: Integers
    freedom: Floats


@dataclass(frozen=True, slots=True)
class RatioTotals:
    """The totals that ratios y / x of several items in several groups need.

    Attributes
    ----------
    y : (units, groups, items) sum of weight x numerator
    x : (units, groups, items or 1) sum of weight x denominator
    present : (units, groups) whether the unit has an answer in the group
    groups : the base: who was asked, answered or not
    n, n_cell : (groups, items) respondents, and those of them with a numerator other than 0
    weight, squared_weight : (groups, items or 1) sums over the respondents
    yy, yx, xx : (groups, items or 1) sums of weight x products
    pulled_y, pulled_x : (calibration variables, groups, items or 1) sums, or None
    replicate_y, replicate_x : (replicates, groups, items or 1) totals, or None
    """

    y: Floats
    x: Floats
    present: Booleans
    groups: Groups
    n: Floats
    n_cell: Floats
    weight: Floats
    squared_weight: Floats
    yy: Floats
    yx: Floats
    xx: Floats
    pulled_y: Floats | None = None
    pulled_x: Floats | None = None
    replicate_y: Floats | None = None
    replicate_x: Floats | None = None


def groups_of(sample: Sample, code: Integers, count: int) -> Groups:
    """Return a division of the rows into groups."""
    units, inside = sample.units, code >= 0
    table = np.bincount(units.unit[inside] * count + code[inside], minlength=units.count * count)
    size = np.bincount(code[inside & (units.weight > 0)], minlength=count)
    members = table.reshape(units.count, count) > 0
    if sample.replicates is None and sample.silent_units:
        freedom = degrees_of_freedom(members, units)
    else:
        freedom = np.array([sample.degrees_of_freedom(code == k) for k in range(count)])
    return Groups(code, count, members, size, freedom)


def _asked(sample: Sample, groups: Groups, asked: Booleans | None) -> Groups:
    """Return the groups without the rows that were not asked."""
    if asked is None:
        return groups
    return groups_of(sample, np.where(asked, groups.code, OUTSIDE), groups.count)


def totals_of(sample: Sample, column: Coded | Measured, groups: Groups) -> RatioTotals:
    """Add up one column for the mean of each of its items."""
    units, groups = sample.units, _asked(sample, groups, column.asked)
    if isinstance(column, Measured):
        sums = sum_totals(
            units.unit, units.count, units.weight, groups.code, groups.count, column.value
        )
        return _with_replicates(_of_sums(sums, sample, column.value, groups), sample, column)
    codes = len(column.scores)
    cells = cell_totals(
        units.unit, units.count, units.weight, groups.code, groups.count, column.code, codes
    )
    return _with_replicates(_of_cells(cells, sample, column, groups), sample, column)


def ratio_totals(sample: Sample, above: Floats, below: Floats, groups: Groups) -> RatioTotals:
    """Add up two numeric columns for the ratio of their totals, over rows that have both."""
    units = sample.units
    both = ~(np.isnan(above) | np.isnan(below))
    code = np.where(both, groups.code, OUTSIDE)

    def sums(value: Floats) -> SumTotals:
        return sum_totals(units.unit, units.count, units.weight, code, groups.count, value)

    def pulled(value: Floats) -> Floats | None:
        if sample.calibration is None:
            return None
        return sample.calibration.sums(code, groups.count, value)[1][:, :, None]

    def replicated(value: Floats) -> Floats | None:
        if sample.replicates is None:
            return None
        return sample.replicates.totals(code, groups.count, value)[:, :, None]

    y, x, together = sums(above), sums(below), sums(above + below)
    rows = y.rows[:, None].astype(np.float64)
    return RatioTotals(
        y=y.value[:, :, None], x=x.value[:, :, None], present=y.weight > 0, groups=groups,
        n=rows, n_cell=rows, weight=y.weight.sum(axis=0)[:, None],
        squared_weight=y.squared_weight[:, None], yy=y.square[:, None], xx=x.square[:, None],
        yx=(together.square - y.square - x.square)[:, None] / 2,
        pulled_y=pulled(above), pulled_x=pulled(below),
        replicate_y=replicated(above), replicate_x=replicated(below),
    )  # fmt: skip


def _with_replicates(totals: RatioTotals, sample: Sample, column: Coded | Measured) -> RatioTotals:
    """Return the totals with those of every replicate, where the design has replicates."""
    if sample.replicates is None:
        return totals
    groups = totals.groups
    if isinstance(column, Measured):
        cell = np.where(np.isnan(column.value), OUTSIDE, groups.code)
        return replace(
            totals,
            replicate_y=sample.replicates.totals(cell, groups.count, column.value)[:, :, None],
            replicate_x=sample.replicates.totals(cell, groups.count)[:, :, None],
        )
    codes = len(column.scores)
    inside = (groups.code >= 0) & (column.code >= 0)
    cell = np.where(inside, groups.code * codes + column.code, OUTSIDE)
    table = sample.replicates.totals(cell, groups.count * codes)
    table = table.reshape(-1, groups.count, codes)
    return replace(
        totals, replicate_y=table @ column.scores, replicate_x=table.sum(axis=2, keepdims=True)
    )


def _of_sums(sums: SumTotals, sample: Sample, value: Floats, groups: Groups) -> RatioTotals:
    rows = sums.rows[:, None].astype(np.float64)
    weight = sums.weight.sum(axis=0)[:, None]
    pulled = sample.calibration and sample.calibration.sums(groups.code, groups.count, value)
    return RatioTotals(
        y=sums.value[:, :, None], x=sums.weight[:, :, None],
        present=sums.weight > 0, groups=groups, n=rows, n_cell=rows,
        weight=weight, squared_weight=sums.squared_weight[:, None],
        yy=sums.square[:, None], yx=sums.value.sum(axis=0)[:, None], xx=weight,
        pulled_y=pulled[1][:, :, None] if pulled else None,
        pulled_x=pulled[0][:, :, None] if pulled else None,
    )  # fmt: skip


def _of_cells(cells: CellTotals, sample: Sample, column: Coded, groups: Groups) -> RatioTotals:
    scores = column.scores
    x = cells.by_unit.sum(axis=2, keepdims=True)
    y = cells.by_unit @ scores
    by_code = cells.by_unit.sum(axis=0)
    n = np.broadcast_to(cells.rows.sum(axis=1, keepdims=True), (groups.count, scores.shape[1]))
    n_cell = cells.rows @ (scores != 0)
    categories = None
    if sample.calibration is not None:
        categories = sample.calibration.cells(groups.code, groups.count, column.code, len(scores))
    pulled_y = None if categories is None else categories @ scores
    pulled_x = None if categories is None else categories.sum(axis=2, keepdims=True)
    if (everyone := column.indicator & (n_cell == n) & (n > 0)).any():
        # Sums in another order would leave a share of 1 a last digit short of it.
        y = np.where(everyone, x, y)
        pulled_y = (
            None
            if pulled_y is None or pulled_x is None
            else np.where(everyone, pulled_x, pulled_y)
        )
    n_cell = np.where(column.indicator, n_cell, n)
    return RatioTotals(
        y=y, x=x, present=x[:, :, 0] > 0, groups=groups,
        n=n.astype(np.float64), n_cell=n_cell.astype(np.float64),
        weight=x.sum(axis=0), squared_weight=cells.squared_weight.sum(axis=1, keepdims=True),
        yy=by_code @ scores**2, yx=y.sum(axis=0), xx=x.sum(axis=0),
        pulled_y=pulled_y, pulled_x=pulled_x,
    )  # fmt: skip
