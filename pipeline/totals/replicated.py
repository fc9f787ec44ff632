"""Replicate weights in numbers: totals of every replicate, and the variance they give.

Weights are kept as factors of replicate units (a PSU, or the row itself where weights came as
columns), so that hundreds of replicates of a large survey fit into memory.

Source: Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 3-5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import DesignError
from pipeline.totals.units import Booleans, Floats, Integers

DEPENDENT = 1e-5
"""A column of weights of which less than this share is left by the others adds no freedom."""
DENSE = 30_000_000
"""Cells of a table of units up to which sums are taken without a sparse matrix."""


@dataclass(frozen=True, slots=True)
class ReplicateWeights:
    """The replicate weights of the rows: `base` x ``factors[unit]``.

    Attributes
    ----------
    base, unit : of each row
    factors : (units, replicates)
    scale, rscales, mse : see `pipeline.design.Replicates`; `rscales` is (replicates,)
    """

    base: Floats
    unit: Integers
    factors: Floats
    scale: float
    rscales: Floats
    mse: bool

    @property
    def count(self) -> int:
        """How many replicates there are."""
        return int(self.factors.shape[1])

    def weights(self) -> Iterator[Floats]:
        """Yield the analysis weights of all rows, replicate by replicate."""
        for column in self.factors.T:
            yield self.base * column[self.unit]

    def totals(self, cell: Integers, cells: int, value: Floats | None = None) -> Floats:
        """Return weighted sums of `value` (None: of ones) by cell: (replicates, cells).

        `cell` is a code per row, negative where the row does not count.
        """
        inside = cell >= 0
        unit, at = self.unit[inside], cell[inside]
        of_row = self.base[inside] if value is None else self.base[inside] * value[inside]
        if len(self.factors) * cells <= DENSE:
            table = np.bincount(unit * cells + at, of_row, len(self.factors) * cells)
            summed: Floats = self.factors.T @ table.reshape(-1, cells)
            return summed
        from scipy.sparse import csr_array

        sparse = csr_array((of_row, (at, unit)), shape=(cells, len(self.factors)))
        return np.asarray(sparse @ self.factors).T

    def variance(self, deviations: Floats) -> Floats:
        """Return the variance of each column of deviations from the full sample's estimate.

        Replicates in which an estimate is not there are left out of its variance.
        """
        centred, rscales = self._centred(deviations)
        spread: Floats = self.scale * np.nansum(rscales * centred**2, axis=0)
        return np.where(np.isnan(centred).all(axis=0), np.nan, spread)

    def covariance(self, deviations: Floats) -> Floats:
        """Return the covariance of columns, over the replicates that have all of them."""
        whole = ~np.isnan(deviations).any(axis=1)
        if not whole.any():
            return np.full((deviations.shape[1],) * 2, np.nan)
        kept = deviations[whole]
        rscales = self.rscales[whole]
        if not self.mse:
            kept = kept - kept[rscales > 0].mean(axis=0)
        scaled = kept * np.sqrt(self.scale * rscales)[:, None]
        return np.asarray(scaled.T @ scaled)

    def _centred(self, deviations: Floats) -> tuple[Floats, Floats]:
        rscales = self.rscales.reshape((-1,) + (1,) * (deviations.ndim - 1))
        if self.mse:
            return deviations, rscales
        counted = (rscales > 0) & ~np.isnan(deviations)
        number = np.maximum(counted.sum(axis=0), 1)
        mean = np.where(counted, deviations, 0.0).sum(axis=0) / number
        return deviations - mean, rscales

    def degrees_of_freedom(self, inside: Booleans) -> float:
        """Return the rank of the replicate weights over some of the rows, minus 1."""
        seen = np.bincount(self.unit[inside & (self.base > 0)], minlength=len(self.factors))
        return float(self.freedom_of(seen[:, None] > 0)[0])

    def freedom_of(self, members: Booleans) -> Floats:
        """Return the degrees of freedom of domains by the units that are in each.

        Parameters
        ----------
        members : (units, domains); a unit is in a domain with a row of weight above 0
        """
        ranks: dict[bytes, float] = {}
        found = np.empty(members.shape[1])
        for place, here in enumerate(np.ascontiguousarray(members.T)):
            pattern = np.packbits(here).tobytes()
            if pattern not in ranks:
                ranks[pattern] = float(_rank(self.factors[here]) - 1)
            found[place] = ranks[pattern]
        return found


def replicate_weights(
    rows: pd.DataFrame, design: SurveyDesign, weight: Floats
) -> ReplicateWeights:
    """Return the replicate weights of a design.

    Parameters
    ----------
    weight : the full sample's weight of each row

    Raises
    ------
    DesignError
        Weights that are missing or infinite, a unit without factors.
    """
    given = design.replicates
    if given is None:
        raise TypeError("a design without replicate weights")
    rscales = np.broadcast_to(np.asarray(given.rscales, dtype=np.float64), (given.count,)).copy()
    if given.factors is not None and given.unit is not None:
        unit = rows[given.unit].to_numpy(dtype=np.int64)
        if len(unit) and (unit.min() < 0 or unit.max() >= len(given.factors)):
            raise DesignError(
                f"列 {given.unit}: 重复权数只有 {len(given.factors)} 个单元，而列中有 "
                f"{unit.min()} 至 {unit.max()}。请用生成权数时的数据。"
                "(a unit without factors; use the rows for which the replicates were made)"
            )
        return ReplicateWeights(weight, unit, given.factors, given.scale, rscales, given.mse)
    factors = rows[list(given.columns)].to_numpy(dtype=np.float64)
    if (wrong := ~np.isfinite(factors)).any():
        place, column = np.argwhere(wrong)[0]
        raise DesignError(
            f"列 {given.columns[column]}: 第 {place + 1} 行的重复权数不可用。"
            "(replicate weights must be numbers; complete the column)"
        )
    base = np.ones(len(rows)) if given.combined else weight
    unit = np.arange(len(rows), dtype=np.int64)
    return ReplicateWeights(base, unit, factors, given.scale, rscales, given.mse)


def _rank(columns: Floats) -> int:
    """Return how many columns are no combinations of those before, up to `DEPENDENT`."""
    rows, width = (int(size) for size in columns.shape)
    if 0 < width <= rows:
        left = np.abs(np.diagonal(np.linalg.qr(columns, mode="r")))
        if (left > DEPENDENT * np.linalg.norm(columns, axis=0)).all():
            return width  # as below, at once
    basis = np.zeros((len(columns), min(columns.shape)))
    rank = 0
    for column in columns.T:
        left = column.copy()
        for _ in range(2):  # twice is enough against rounding
            left -= basis[:, :rank] @ (basis[:, :rank].T @ left)
        length = float(np.linalg.norm(left))
        if length > DEPENDENT * float(np.linalg.norm(column)):
            basis[:, rank] = left / length
            rank += 1
        if rank == basis.shape[1]:
            break
    return rank
