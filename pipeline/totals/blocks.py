"""Blocks of rows whose totals are all that a linearised variance needs, and that variance.

A block is a variance unit. Where every row is a unit of its own (a sample of persons, or persons
drawn within PSUs with their own finite population), a block is a stratum of that last stage: the
sums and the sums of squares of its rows say how they vary, V = n / (n - 1) (sum of z^2 - (sum of
z)^2 / n), so that no table has a line per row.

Source: Cochran (1977), Sampling Techniques, ch. 5 and 11.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.totals.coding import Codes
from pipeline.totals.units import Booleans, Floats, Integers, Stage, VarianceUnits

ROUNDING = 1e-12
"""A block whose rows vary by less than this share of their squares does not vary."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """A stage of sampling whose clusters are made of whole blocks.

    Attributes
    ----------
    first_block, first_cluster : where each cluster begins among the blocks, and each stratum among
        the clusters; at the end their number
    scale : (clusters,) factor of a squared deviation
    centred : (strata,) whether deviations are from the mean of the stratum, or from 0
    """

    first_block: Integers
    first_cluster: Integers
    scale: Floats
    centred: Booleans

    def sums(self, blocks: Floats) -> Floats:
        """Sum a table with one line per block to one line per cluster."""
        summed: Floats = np.add.reduceat(blocks, self.first_block[:-1], axis=0)
        return summed


@dataclass(frozen=True, slots=True)
class Elements:
    """A last stage that draws single rows: how many in each block, and their `Clusters` rules."""

    drawn: Floats
    scale: Floats
    centred: Booleans


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the totals of blocks become a variance: stages of clusters, then perhaps of rows."""

    count: int
    clusters: tuple[Clusters, ...]
    elements: Elements | None

    def variance(self, y: Floats, x: Floats, ratio: Floats, squares: Floats | None) -> Floats:
        """Return the variance of the sum of y - ratio x, (items, cells).

        Parameters
        ----------
        y, x : (blocks, items, cells) and (blocks, cells)
        ratio : (items, cells)
        squares : (blocks, items, cells) sums over rows of (y - ratio x)^2, where rows were drawn
        """
        from pipeline.totals.compiled import add_deviations  # numba takes a second to import

        total = np.zeros(ratio.shape)
        y, x = np.ascontiguousarray(y), np.ascontiguousarray(x)
        for stage in self.clusters:
            add_deviations(
                y, x, ratio, stage.first_block, stage.first_cluster, stage.scale, stage.centred,
                total,
            )  # fmt: skip
        if self.elements is not None and squares is not None:
            score = y - ratio * x[:, None, :]
            each = np.where(self.elements.centred, 1 / self.elements.drawn, 0.0)
            varies = squares - score * score * each[:, None, None]
            varies = np.where(varies < ROUNDING * squares, 0.0, varies)
            total += np.tensordot(self.elements.scale, varies, axes=1)
        return total

    def freedom(self, rows: Floats) -> Floats:
        """Return PSUs minus strata, of the rows (blocks, cells) that a cell has by block."""
        per_stratum = rows
        if self.clusters:
            first = self.clusters[0]
            there = (first.sums(rows) > 0).astype(np.float64)
            per_stratum = np.add.reduceat(there, first.first_cluster[:-1], axis=0)
        found: Floats = per_stratum.sum(axis=0) - (per_stratum > 0).sum(axis=0)
        return found

    def several(self, x: Floats, rows: Floats) -> Booleans:
        """Return which cells have answers from more than one PSU.

        Parameters
        ----------
        x : (blocks, cells) weights of the answers
        rows : (cells,) answers with a weight above 0
        """
        if not self.clusters:
            return rows > 1
        found: Booleans = (self.clusters[0].sums(x) > 0).sum(axis=0) > 1
        return found


def blocks_of(
    units: VarianceUnits, *, single_rows: bool | None = None
) -> tuple[Blocks, Codes] | None:
    """Return the blocks of a sample and the block of each row, or None.

    `single_rows` says whether the units are single rows; None: if there are as many.

    None: pairs of units had probabilities of their own, replicates carry the variance, the rule
    for lonely PSUs looks at each domain or at the other strata, or rows of a stratum were drawn
    with different fractions.
    """
    if units.pairs is not None or units.needs_presence or not units.stages:
        return None
    *_, last = units.stages
    if single_rows is None:
        single_rows = units.count == len(units.unit)
    if not single_rows:
        whole = np.arange(units.count + 1)
        stages = tuple(_clusters(s, whole, units.lonely_psu == "adjust") for s in units.stages)
        return Blocks(units.count, stages, None), units.unit.astype(np.int32)
    if (np.maximum.reduceat(last.undrawn, last.first_cluster)
            != np.minimum.reduceat(last.undrawn, last.first_cluster)).any():  # fmt: skip
        return None
    starts = np.append(last.first_cluster, units.count)
    stages = tuple(_clusters(s, starts, units.lonely_psu == "adjust") for s in units.stages[:-1])
    scale, centred = _rules(last, units.lonely_psu == "adjust")
    elements = Elements(last.sampled, scale[last.first_cluster], centred)
    return Blocks(len(last.sampled), stages, elements), last.stratum[units.unit].astype(np.int32)


def _clusters(stage: Stage, starts: Integers, adjust: bool) -> Clusters:
    """Return a stage in blocks that begin at the units `starts`."""
    scale, centred = _rules(stage, adjust)
    first_block = np.searchsorted(starts, np.append(stage.first_unit, starts[-1]))
    first_cluster = np.append(stage.first_cluster, len(stage.stratum))
    return Clusters(first_block, first_cluster, scale, centred)


def _rules(stage: Stage, adjust: bool) -> tuple[Floats, Booleans]:
    """Return the factor of each cluster's squared deviation and which strata are centred."""
    several, complete = stage.sampled > 1, stage.complete
    correction = np.where(several, stage.sampled / np.maximum(stage.sampled - 1, 1), 1.0)
    correction = np.where(complete, 0.0, stage.share * correction)
    centred = several | complete if adjust else np.ones(len(several), dtype=bool)
    return correction[stage.stratum] * stage.undrawn, centred
