"""The covariance of two waves, from the PSUs that are in both.

A PSU drawn into both waves, known by its name within its stratum, ties them together. With n1 and
n2 PSUs of a stratum of N, m of them in both, the covariance of the two sums of scores z is
(m - n1 n2 / N) S, where

    S = (1/m) sum over the m of (z1 - mean z1) (z2 - mean z2) / (1 - 1/n1 - 1/n2 + m / (n1 n2))

is unbiased for the PSUs' covariance; without a finite population N is infinite, and where all PSUs
are in both it is the usual covariance within the stratum. Of a finite stratum without a shared PSU
S is taken from the correlation in the other strata, and without any as if the waves were perfectly
alike: the error is then too large rather than too small. A stratum's covariance is held to the
geometric mean of its two variances. Persons are taken to be drawn anew within a PSU; where the
same persons answer twice, their likeness is part of their PSU's and counts at the first stage.
Stages below the first add their variances and no covariance.

Source: Kish (1965), Survey Sampling, sec. 12.4; Tam (1984), The American Statistician 38, 288-289;
Berger (2004), Canadian Journal of Statistics 32, 451-467.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.estimation.domains import Where
from pipeline.estimation.ratio import RatioTotals
from pipeline.estimation.sample import Sample
from pipeline.estimation.variance import deviations
from pipeline.totals.units import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave made ready: its sample, and of each PSU its name and that of its stratum."""

    rows: pd.DataFrame
    where: Where
    sample: Sample
    names: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What both waves have.

    Attributes
    ----------
    before, after : the codes of the PSUs that are in both
    strata_before, strata_after : the codes of the strata that are in both
    stratum : of each shared PSU, the place of its stratum among them
    """

    before: Integers
    after: Integers
    strata_before: Integers
    strata_after: Integers
    stratum: Integers


@dataclass(frozen=True, slots=True)
class Division:
    """A division of one wave's rows into groups, with the estimate of each and its unit scores.

    `values` is (groups, 1), `scores` (units, groups, 1).
    """

    sample: Sample
    totals: RatioTotals
    values: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class Side:
    """One estimate of a wave: a division of its rows, and the group."""

    of: Division
    group: int

    @property
    def n(self) -> int:
        """Respondents with an answer."""
        return int(self.of.totals.n[self.group, 0])

    @property
    def value(self) -> float:
        """The estimate."""
        return float(self.of.values[self.group, 0])

    @property
    def score(self) -> Floats:
        """Unit scores of the estimate, (units, 1)."""
        return self.of.scores[:, self.group, :1]

    @property
    def variance(self) -> float:
        """The variance of the estimate."""
        present = self.present if self.of.sample.units.needs_presence else None
        return float(self.of.sample.variance(self.score, present)[0])

    @property
    def freedom(self) -> float:
        """Degrees of freedom of the variance."""
        return float(self.of.totals.groups.freedom[self.group])

    @property
    def present(self) -> Booleans:
        """Units with an answer, (units, 1)."""
        return self.of.totals.present[:, [self.group]]

    @property
    def psus(self) -> Booleans:
        """First-stage clusters with an answer."""
        found: Booleans = (
            self.of.sample.units.stages[0].clusters(self.present.astype(np.float64))[:, 0] > 0
        )
        return found


def overlap_of(before: Wave, after: Wave) -> Overlap:
    """Return what both waves have; rows that are their own PSUs are nobody's twice."""
    codes = [wave.sample.units.stages[0].stratum for wave in (before, after)]
    known = {name: code for code, name in enumerate(before.names)}
    pairs = [(known[name], code) for code, name in enumerate(after.names) if name in known]
    psus = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    named = [
        {name[0]: int(stratum) for name, stratum in zip(wave.names, code, strict=True)}
        for wave, code in zip((before, after), codes, strict=True)
    ]
    both = [(code, named[1][name]) for name, code in named[0].items() if name in named[1]]
    strata = np.array(both, dtype=np.int64).reshape(-1, 2)
    place = np.full(int(codes[0].max()) + 1, -1)
    place[strata[:, 0]] = np.arange(len(strata))
    return Overlap(psus[:, 0], psus[:, 1], strata[:, 0], strata[:, 1], place[codes[0][psus[:, 0]]])


def shared_covariance(before: Side, after: Side, overlap: Overlap) -> float:
    """Return the covariance of the two estimates, from the PSUs that are in both waves."""
    if not len(overlap.strata_before):
        return 0.0
    one, two = (
        _first_stage(side, strata)
        for side, strata in (
            (before, overlap.strata_before),
            (after, overlap.strata_after),
        )
    )
    number = len(overlap.strata_before)
    m = np.bincount(overlap.stratum, minlength=number).astype(np.float64)
    product = one.centred[overlap.before] * two.centred[overlap.after]
    together = np.bincount(overlap.stratum, product, number)
    n1, n2 = one.sampled, two.sampled
    below = (n1 - 1) * (n2 - 1) + m - 1
    # m times S; a lonely PSU in both waves counts under the rule for it.
    shared = np.divide(
        together * n1 * n2, below, out=np.zeros(number), where=(m > 0) & (below > 0)
    )
    alone = (n1 == 1) & (n2 == 1) & (m == 1)
    shared[alone] = together[alone]
    spread = np.sqrt(one.spread * two.spread)
    known = (m > 0) & (spread > 0) & (n1 > 1) & (n2 > 1)
    likeness = 1.0
    if known.any():
        likeness = float(np.clip((shared / np.maximum(m, 1))[known].sum() / spread[known].sum(),
                                 -1.0, 1.0))  # fmt: skip
    fraction = n1 * n2 * np.sqrt(one.per_psu * two.per_psu)  # n1 n2 / N, 0 if N is infinite
    of_shared = np.divide(shared, m, out=likeness * spread, where=m > 0)
    covariance = (m - fraction) * of_shared
    covariance[alone & (fraction == 0)] = shared[alone & (fraction == 0)]
    most = np.sqrt(one.variance * two.variance)
    rule = np.sqrt(one.factor * two.factor)
    return float(rule * np.clip(covariance, -most, most).sum())


@dataclass(frozen=True, slots=True)
class FirstStage:
    """What the first stage of a wave says of one estimate, by stratum that both waves have.

    Attributes
    ----------
    centred : (PSUs,) score totals minus their stratum's mean; of a lonely PSU as its rule says
    sampled, spread, variance : PSUs, variance between PSUs, and what the stratum adds
    per_psu : 1 / N, 0 without a finite population
    factor : of the rule ``average``
    """

    centred: Floats
    sampled: Floats
    spread: Floats
    variance: Floats
    per_psu: Floats
    factor: float


def _first_stage(side: Side, strata: Integers) -> FirstStage:
    units, score = side.of.sample.units, side.score
    stage = units.stages[0]
    present = side.present if units.needs_presence else None
    scaled, factor = deviations(stage, score, units, present)
    sums = stage.clusters(score)[:, 0]
    mean = stage.strata(sums[:, None])[:, 0] / stage.sampled
    lonely = (stage.sampled == 1)[stage.stratum]
    centred = np.where(lonely, scaled[:, 0], sums - mean[stage.stratum])
    squares = np.bincount(stage.stratum, centred**2, len(stage.sampled))
    undrawn = np.bincount(stage.stratum, stage.undrawn, len(stage.sampled)) / stage.sampled
    return FirstStage(
        centred, stage.sampled[strata],
        (squares / np.maximum(stage.sampled - 1, 1))[strata],
        stage.strata(scaled**2)[strata, 0],
        ((1 - undrawn) / stage.sampled)[strata], float(factor[0]),
    )  # fmt: skip
