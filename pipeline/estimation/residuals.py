"""What calibration takes away from a variance: scores become residuals on its variables.

After poststratification a row's score loses the mean of its category, taken with the weights.
After raking the category means are taken out margin by margin, ten times over, rows counting
alike: what R's survey package does. Where margins nearly say the same, ten rounds stop short of
the full projection, and the standard error is a little larger. All of it needs sums by category
only, and adds. A row whose category in a margin is not known stays out of that margin's
projection.

Source: Deville & Särndal (1992), JASA 87, 376-382; Valliant (1993), JASA 88, 89-96.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.design import Rake, SurveyDesign
from pipeline.estimation.items import encoded
from pipeline.totals.kernel import OUTSIDE, CellTotals, SumTotals, cell_totals, sum_totals
from pipeline.totals.units import Floats, Integers, VarianceUnits

ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Margin:
    """The categories of one calibration variable: a code per row, `OUTSIDE` where not known."""

    code: Integers
    categories: int

    def cells(
        self, pull: Floats, group: Integers, groups: int, code: Integers, codes: int
    ) -> CellTotals:
        """Add up a coded column by category instead of by unit."""
        known = np.where(self.code >= 0, group, OUTSIDE)
        at = np.maximum(self.code, 0)
        return cell_totals(at, self.categories, pull, known, groups, code, codes)

    def sums(self, pull: Floats, group: Integers, groups: int, value: Floats) -> SumTotals:
        """Add up a numeric column by category instead of by unit."""
        known = np.where(self.code >= 0, group, OUTSIDE)
        at = np.maximum(self.code, 0)
        return sum_totals(at, self.categories, pull, known, groups, value)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The projection that makes residuals of scores.

    Attributes
    ----------
    margins : the calibration variables
    pull : weight of each row in the projection (0 for rows of weight 0)
    counts : (units, categories of all margins) sum of analysis weights
    normal : (categories, categories) sum of `pull` over the rows in both categories
    """

    margins: tuple[Margin, ...]
    pull: Floats
    counts: Floats
    normal: Floats

    def residual(self, scores: Floats, by_category: Floats) -> Floats:
        """Take the projection out of unit scores.

        Parameters
        ----------
        scores : (units, columns) score totals
        by_category : (categories, columns) sums of `pull` x the row's unweighted score
        """
        coefficients = np.zeros_like(by_category)
        start = np.cumsum([0, *(margin.categories for margin in self.margins)])
        blocks = [slice(a, b) for a, b in pairwise(start)]
        pull = np.maximum(np.diag(self.normal), np.finfo(float).tiny)[:, None]
        for _ in range(ROUNDS if len(blocks) > 1 else 1):
            for block in blocks:
                left = by_category[block] - self.normal[block] @ coefficients
                coefficients[block] += left / pull[block]
        residual: Floats = scores - self.counts @ coefficients
        return residual


def calibration_of(
    rows: pd.DataFrame, design: SurveyDesign, units: VarianceUnits
) -> Calibration | None:
    """Return the projection of a calibrated design, or None."""
    if not design.calibration:
        return None
    step = design.calibration[0]
    if isinstance(step, Rake):
        variables, pull = list(step.margins), (units.weight > 0).astype(np.float64)
    else:
        variables, pull = [step.variable], units.weight
    margins = tuple(_margin(rows[variable], units.weight) for variable in variables)
    everyone = np.zeros(len(rows), dtype=np.int64)
    counts = np.concatenate(
        [
            cell_totals(
                units.unit, units.count, units.weight, everyone, 1, m.code, m.categories
            ).by_unit[:, 0, :]
            for m in margins
        ],
        axis=1,
    )
    normal = np.block(
        [
            [a.cells(pull, everyone, 1, b.code, b.categories).by_unit[:, 0, :] for b in margins]
            for a in margins
        ]
    )
    return Calibration(margins, pull, counts, normal)


def _margin(column: pd.Series, weight: Floats) -> Margin:
    code, levels = encoded(column)
    return Margin(np.where(weight > 0, code, OUTSIDE), max(1, len(levels)))
