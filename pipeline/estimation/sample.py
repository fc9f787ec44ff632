"""A sample made ready for estimation, and the variance of whatever is computed from it.

Every estimator gives the *parts* of its deviation: under a linearised design one line per variance
unit (the unit's score total), under replicate weights one line per replicate (its estimate minus
the full sample's). Parts are linear: those of a difference are the difference of the parts. The
sample turns parts into variances, so that fpc, lonely PSUs, calibration, unequal probabilities and
replicates reach every estimator alike.

Source: Binder (1983), Int. Stat. Review 51, 279-292; Demnati & Rao (2004), Survey Methodology 30,
17-26.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.projections import calibration_of
from pipeline.estimation.residuals import Calibration
from pipeline.estimation.variance import covariance, degrees_of_freedom, satterthwaite, variance
from pipeline.totals.replicated import ReplicateWeights, replicate_weights
from pipeline.totals.units import Booleans, Floats, VarianceUnits, one_unit, units_of

Statistic = Callable[[Floats], Floats]
"""From analysis weights (rows,) to estimates (k,)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A table of rows under its design: made once, for all questions."""

    units: VarianceUnits
    calibration: Calibration | None = None
    replicates: ReplicateWeights | None = None
    silent_units: bool = True

    @property
    def weight(self) -> Floats:
        """Analysis weight of each row."""
        return self.units.weight

    def parts(
        self, value: Floats, statistic: Statistic, influence: Callable[[], Floats]
    ) -> Floats:
        """Return the parts of estimates that are no ratios of totals.

        Parameters
        ----------
        value : (k,) the estimates
        statistic : the estimates from other weights, for replicate designs
        influence : gives (rows, k), what a row adds to the estimate per unit of its weight, for
            linearised designs; 0 outside the domain

        Returns
        -------
        (units or replicates, k)
        """
        if self.replicates is not None:
            return np.stack([statistic(weight) for weight in self.replicates.weights()]) - value
        return self.scores(influence())

    def scores(self, influence: Floats) -> Floats:
        """Return unit score totals (units, k) of influences (rows, k), as residuals."""
        weighted = influence * self.weight[:, None]
        if self.calibration is not None:
            weighted = self.calibration.residual_rows(weighted)
        unit, count = self.units.unit, self.units.count
        return np.stack([np.bincount(unit, column, count) for column in weighted.T], axis=1)

    def variance(self, parts: Floats, present: Booleans | None = None) -> Floats:
        """Return the variance of each column of parts; `present` as in `variance.variance`."""
        if self.replicates is not None:
            return self.replicates.variance(parts)
        return variance(parts, self.units, present)

    def covariance(
        self, parts: Floats, inside: Booleans | None = None, *, present: Booleans | None = None
    ) -> Floats:
        """Return the covariance matrix of the columns of parts.

        Lonely-PSU rules ask which rows lie in the domain (`inside`, None: all), or which units do
        (`present`, (units, 1)).
        """
        if self.replicates is not None:
            return self.replicates.covariance(parts)
        if self.units.needs_presence and present is None:
            present = self.presence(np.ones(len(self.weight), bool) if inside is None else inside)
        return covariance(parts, self.units, present)

    def presence(self, inside: Booleans) -> Booleans:
        """Return which units have rows among those inside, (units, 1)."""
        if inside.all():
            return np.ones((self.units.count, 1), dtype=bool)
        seen = np.bincount(self.units.unit[inside], minlength=self.units.count)
        return (seen > 0)[:, None]

    def degrees_of_freedom(self, inside: Booleans | None = None) -> float:
        """Return PSUs minus strata over the rows inside, or the replicates' rank minus 1."""
        inside = np.ones(len(self.weight), dtype=bool) if inside is None else inside
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(inside)
        if not self.silent_units:
            inside = inside & (self.weight != 0)
        return float(degrees_of_freedom(self.presence(inside), self.units)[0])

    def satterthwaite(self, parts: Floats, members: Booleans, present: Booleans) -> float:
        """Return the freedom that strata leave to one column of parts; of replicates, of all."""
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(np.ones(len(self.weight), dtype=bool))
        return float(satterthwaite(parts, members, self.units, present)[0])


def sample_of(rows: pd.DataFrame, design: SurveyDesign) -> Sample:
    """Return the sample that `rows` are under `design`."""
    if design.replicates is not None:
        units = one_unit(rows, design)
        return Sample(units, replicates=replicate_weights(rows, design, units.weight))
    units = units_of(rows, design)
    calibration = calibration_of(rows, design, units)
    return Sample(units, calibration, silent_units=design.silent_units)
