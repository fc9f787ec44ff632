"""Weighting a design with replicate weights: each replicate goes through the same step.

The step's factor is the same for all rows of a *group* (a raking cell, a cluster, or the row
itself), so a replicate's factors follow from its weight totals by group. What the step does to the
variance is then in the spread of the replicates, and the design keeps no calibration.

Source: Valliant (1993), JASA 88, 89-96; Wolter (2007), Introduction to Variance Estimation, 2nd
ed., sec. 2.5 and 3.3.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import CalibrationError, DesignError
from pipeline.totals.units import Floats, Integers
from pipeline.weighting.base import added, refuse_reading
from pipeline.weighting.levels import summed

Refit = Callable[[Floats], Floats]
"""From the weight of each group to the factor of each group."""
MOST = 4_000_000_000
"""Bytes of replicate factors that are still held."""


def reweighted(
    frame: pd.DataFrame,
    design: SurveyDesign,
    base: Floats,
    into: str,
    group: Integers,
    factor: Floats,
    refit: Refit,
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Give the full sample its new weights and every replicate its own.

    Parameters
    ----------
    base : weight of each row before the step
    group : of each row
    factor : the full sample's factor of each group
    refit : finds the factors of a replicate

    Returns
    -------
    frame with the column `into` and, according to how the replicates came, a column
    ``{into}_unit`` of new units of equal factors or columns ``{into}_r1``, ``{into}_r2`` and so
    on; the design whose replicates they are

    Raises
    ------
    CalibrationError
        A replicate that cannot be brought to the totals: said which.
    """
    given = design.replicates
    if given is None:
        raise TypeError("a design without replicates")
    for name in (f"{into}_unit", f"{into}_r1"):
        refuse_reading(design, name)
    frame = added(frame, {into: base * factor[group]})
    if given.factors is not None:
        pairs = _pairs(frame, given, base, group, len(factor))
        found = np.stack(list(_refitted(pairs.held.T, refit)), axis=1)
        risen = (found != 0).any(axis=1) & (factor == 0)
        if not risen.any():  # else the full sample's weight has no multiple that fits
            made = pairs.times(found, factor)
            frame = added(frame, {f"{into}_unit": pairs.of_row.astype(np.int32)})
            kept = replace(given, unit=f"{into}_unit", factors=made)
            return frame, replace(design.with_weight(into), replicates=kept)
    frame, kept = _in_columns(frame, given, base, into, group, len(factor), refit)
    return frame, replace(design.with_weight(into), replicates=kept)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Replicate units crossed with groups: within both, every replicate has one factor.

    `held` is (groups, replicates), the weight of each group in each replicate.
    """

    of_row: Integers
    group: Integers
    factors: Floats
    held: Floats

    def times(self, found: Floats, factor: Floats) -> Floats:
        """Return the factors of the pairs, (pairs, replicates)."""
        whole = factor[:, None]
        ratio = np.divide(found, whole, out=np.zeros_like(found), where=whole != 0)
        made: Floats = self.factors * ratio[self.group]
        return made


def _pairs(
    frame: pd.DataFrame, given: Replicates, base: Floats, group: Integers, groups: int
) -> _Pairs:
    from scipy.sparse import csr_array

    factors, unit = _unit(frame, given)
    pair, of_row = np.unique(unit * groups + group, return_inverse=True)
    if 8 * len(pair) * given.count > MOST:
        raise CalibrationError(
            f"{given.count} 组重复权数 × {len(pair):,} 个单元与类别的组合超出内存。"
            "请减少重复组数，或用较粗的校准变量。(too many combinations of replicate units and "
            "categories; make fewer replicates or calibrate to coarser margins)"
        )
    unit_of, group_of = pair // groups, pair % groups
    sums = summed(of_row, base, len(pair))
    held = csr_array((sums, (group_of, unit_of)), shape=(groups, len(factors))) @ factors
    return _Pairs(of_row, group_of, factors[unit_of], np.asarray(held))


def _in_columns(
    frame: pd.DataFrame,
    given: Replicates,
    base: Floats,
    into: str,
    group: Integers,
    groups: int,
    refit: Refit,
) -> tuple[pd.DataFrame, Replicates]:
    names = [f"{into}_r{place + 1}" for place in range(given.count)]
    weights = list(_replicate_weights(frame, given, base))
    sums = [summed(group, weight, groups) for weight in weights]
    new = {
        name: weight * factor[group]
        for name, weight, factor in zip(names, weights, _refitted(sums, refit), strict=True)
    }
    frame = added(frame, new)
    made = replace(given, columns=tuple(names), combined=True, unit=None, factors=None)
    return frame, made


def _replicate_weights(frame: pd.DataFrame, given: Replicates, base: Floats) -> Iterator[Floats]:
    """Yield the weights of all rows, replicate by replicate."""
    if given.factors is not None:
        factors, unit = _unit(frame, given)
        for column in factors.T:
            yield base * column[unit]
        return
    for name in given.columns:
        column = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if not (np.isfinite(column).all() and column.min(initial=0) >= 0):
            raise DesignError(
                f"列 {name}: 重复权数有空值或负数，无法校准。请补全或改正。"
                "(replicate weights must be numbers of 0 or more)"
            )
        yield column if given.combined else base * column


def _unit(frame: pd.DataFrame, given: Replicates) -> tuple[Floats, Integers]:
    if given.factors is None or given.unit is None:
        raise TypeError("replicates in columns")
    unit = frame[given.unit].to_numpy(dtype=np.int64)
    if unit.min() < 0 or unit.max() >= len(given.factors):
        raise DesignError(
            f"列 {given.unit}: 有编号不在重复权数的 {len(given.factors)} 个单元之内。"
            "请用生成权数时的数据。"
            "(a unit without factors; use the rows for which the replicates were made)"
        )
    return given.factors, unit


def _refitted(sums: Iterable[Floats], refit: Refit) -> Iterator[Floats]:
    for number, held in enumerate(sums, start=1):
        try:
            yield refit(held)
        except CalibrationError as refused:
            raise CalibrationError(
                f"第 {number} 组重复权数 (replicate {number}): {refused}"
            ) from None
