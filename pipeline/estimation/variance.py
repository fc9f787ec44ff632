"""Variance of linearised scores under the sample design, from the totals of the variance units.

A score is what a unit adds to an estimate's deviation. With-replacement formula at the first stage
unless a finite population correction is given; with corrections per stage, stage k adds its
variance times the sampling fractions of the stages before.

Source: Binder (1983), Int. Stat. Review 51, 279-292; the rules for lonely PSUs are those of R's
survey package (Lumley 2010, Complex Surveys, sec. 2.3 and app. A).
"""

import numpy as np

from pipeline.totals.units import Booleans, Floats, Stage, VarianceUnits


def variance(scores: Floats, units: VarianceUnits, present: Booleans | None = None) -> Floats:
    """Return the variance of each column's sum.

    Parameters
    ----------
    scores : (units, columns) score totals
    present : (units, columns) whether a unit has rows in the column's domain; needed only where
        ``units.needs_presence``

    Returns
    -------
    (columns,) variances; NaN under ``average`` where no stratum has two PSUs
    """
    if units.pairs is not None:
        summed: Floats = np.einsum("ij,ij->j", scores, units.pairs @ scores)
        return summed
    total = np.zeros(scores.shape[1])
    for stage in units.stages:
        deviation, factor = deviations(stage, scores, units, present)
        total += factor * np.einsum("ij,ij->j", deviation, deviation)
    return total


def covariance(scores: Floats, units: VarianceUnits, present: Booleans | None = None) -> Floats:
    """Return the covariance matrix of the columns' sums.

    `present` is one column: whether a unit has rows in the domain that all estimates share.
    """
    if units.pairs is not None:
        form: Floats = scores.T @ units.pairs @ scores
        return form
    wide = None if present is None else np.repeat(present, scores.shape[1], axis=1)
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for stage in units.stages:
        deviation, factor = deviations(stage, scores, units, wide)
        deviation = deviation * np.sqrt(factor)
        total += deviation.T @ deviation
    return total


def degrees_of_freedom(present: Booleans, units: VarianceUnits) -> Floats:
    """Return PSUs minus strata, counted over the units that are present in each column's domain.

    Present is a unit with a row of weight above 0 and an answer, or a sampled unit without any
    response (weight 0) that is known to lie in the domain.
    """
    stage = units.stages[0]
    psus = stage.clusters(present.astype(np.float64)) > 0
    per_stratum = stage.strata(psus)
    freedom: Floats = per_stratum.sum(axis=0) - (per_stratum > 0).sum(axis=0)
    return freedom


def satterthwaite(
    scores: Floats, members: Booleans, units: VarianceUnits, present: Booleans | None = None
) -> Floats:
    """Return the degrees of freedom that the strata's shares in a variance leave, per column.

    df = (sum of v_h)^2 / sum of (v_h^2 / (n_h - 1)), where v_h is what stratum h adds to the
    variance between PSUs and n_h its PSUs with members; at most PSUs minus strata, which it equals
    where there is one stratum. A lonely PSU that adds to the variance counts as one degree of
    freedom. PSUs minus strata stand where nothing varies.

    Source: Satterthwaite (1946), Biometrics Bulletin 2, 110-114; Korn & Graubard (1999), Analysis
    of Health Surveys, sec. 5.2.

    Parameters
    ----------
    scores, present : as for `variance`
    members : (units, columns) as for `degrees_of_freedom`
    """
    stage = units.stages[0]
    deviation, _ = deviations(stage, scores, units, present)
    added = stage.strata(deviation**2)
    psus = stage.strata(stage.clusters(members.astype(np.float64)) > 0)
    most = degrees_of_freedom(members, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = added.sum(axis=0) ** 2 / (added**2 / np.maximum(psus - 1, 1)).sum(axis=0)
    bounded: Floats = np.where(np.isfinite(found), np.minimum(found, most), most)
    return bounded


def deviations(
    stage: Stage, scores: Floats, units: VarianceUnits, present: Booleans | None
) -> tuple[Floats, Floats]:
    """Return scaled deviations, whose squares add up to the stage's variance, and a factor.

    The factor spreads the mean contribution of the good strata over the lonely ones (``average``).
    """
    sums = stage.clusters(scores)
    mean = stage.strata(sums) / stage.sampled[:, None]
    complete, several = stage.complete, stage.sampled > 1
    correction = np.where(several, stage.sampled / np.maximum(stage.sampled - 1, 1), 1.0)
    correction = np.where(complete, 0.0, stage.share * correction)
    scale = np.sqrt(correction[stage.stratum] * stage.undrawn)[:, None]
    deviation = (sums - mean[stage.stratum]) * scale
    factor = np.ones(scores.shape[1])
    if units.lonely_psu not in ("adjust", "average"):
        return deviation, factor

    lonely = (~several & ~complete)[:, None] & np.ones(scores.shape[1], dtype=bool)
    in_domain = np.ones_like(lonely)
    if present is not None and units.needs_presence:
        here = stage.strata(stage.clusters(present.astype(np.float64)) > 0)
        in_domain = here > 0
        lonely &= in_domain
        if units.lonely_psu_in_domains:
            lonely |= several[:, None] & ~complete[:, None] & (here == 1)
    of_lonely = lonely[stage.stratum]
    if units.lonely_psu == "adjust":
        whole = sums * scale
        return np.where(of_lonely, whole, deviation), factor
    strata, good = in_domain.sum(axis=0), (in_domain & ~lonely).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(good > 0, strata / good, np.nan)
    return np.where(of_lonely, 0.0, deviation), factor
