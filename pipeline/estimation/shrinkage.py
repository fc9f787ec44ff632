"""Shares of the levels of a domain, shrunk toward their mean: a baseline for picking the worst.

The levels that looked worst look better the next time even if nothing changed, because chance
had helped to pick them. Fay & Herriot (1979), JASA 74, 269-277, take out beforehand what chance
put in. A level's earlier share is b = theta + e, where theta varies about mu with variance T
between the levels and e is the sampling error, with variance V. The shrunk share

    s = B mu + (1 - B) b,        B = V / (T + V),

leaves an error theta - s that has no covariance with b: picking levels by b does not move it. With
mu by generalised least squares and T by restricted maximum likelihood its mean square is

    MSE = V T / (T + V) + B^2 / sum(w) + 2 g3,        w = 1 / (T + V),
    g3 = B^2 / (T + V) x 2 / sum(w^2),

where the second term is for mu, and g3, for T, counts twice because the first term is estimated
too small by as much. Source: Prasad & Rao (1990), JASA 85, 163-171; Datta & Lahiri (2000),
Statistica Sinica 10, 613-627.

The later share is a = theta + e' if nothing changed; e' has variance V' and, where the waves share
PSUs, covariance c with e. a - s = e' + (theta - s), and theta - s = B (theta - mu) - (1 - B) e
apart from the error of mu. Hence

    Var(a - s) = V' + MSE - 2 (1 - B) c.

Given b its mean is c (b - mu) / (T + V): what shared PSUs have against them shows again in the
later wave. So of levels picked as worst a fall is tested on the safe side. (One could shrink by
(V - c) / (T + V) instead. With c known that is exact; with c estimated from a level's few shared
PSUs it errs twice as often as stated, so it is not done.)
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.totals.units import Floats

MINIMUM_LEVELS = 3
"""Two levels say nothing of how levels vary beyond chance."""
ITERATIONS, CONVERGED = 200, 1e-10
Unshrunk = Literal["", "few_levels", "not_estimable"]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The shrunk values of some levels, one entry each.

    Attributes
    ----------
    value : the shrunk values
    mse : their mean squared errors about the true values
    factor : weight B on the mean, 0 where nothing was shrunk
    mean, between : mu and T; NaN without shrinkage
    why_not : '' or why nothing was shrunk
    """

    value: Floats
    mse: Floats
    factor: Floats
    mean: float
    between: float
    why_not: Unshrunk = ""


def shrink(value: Floats, variance: Floats) -> Shrunk:
    """Shrink the values of the levels of one domain toward their mean.

    Parameters
    ----------
    value, variance : (levels,) estimates with their sampling variances

    Returns
    -------
    Shrunk
        With fewer than three levels, or a variance that is missing or 0, the values as they are,
        with their sampling variances.
    """
    if len(value) < MINIMUM_LEVELS:
        return _as_they_are(value, variance, "few_levels")
    if not (np.isfinite(value).all() and np.isfinite(variance).all() and (variance > 0).all()):
        return _as_they_are(value, variance, "not_estimable")
    between = between_levels(value, variance)
    weight = 1 / (between + variance)
    mean = float((weight * value).sum() / weight.sum())
    factor = variance * weight
    g3 = factor**2 * weight * 2 / (weight**2).sum()
    mse = between * factor + factor**2 / weight.sum() + 2 * g3
    return Shrunk(value - factor * (value - mean), mse, factor, mean, between)


def change_error(variance_after: Floats, covariance: Floats, shrunk: Shrunk) -> Floats:
    """Return the standard errors of later values minus shrunk earlier ones, if nothing changed.

    Parameters
    ----------
    variance_after : (levels,) sampling variances of the later values
    covariance : (levels,) of the earlier and the later value
    """
    spread = variance_after + shrunk.mse - 2 * (1 - shrunk.factor) * covariance
    error: Floats = np.sqrt(np.maximum(spread, 0.0))
    return error


def between_levels(value: Floats, variance: Floats) -> float:
    """Return the variance between levels by restricted maximum likelihood, at least 0.

    Fisher scoring from the median sampling variance.
    """
    start = between = float(np.median(variance))
    for _ in range(ITERATIONS):
        weight = 1 / (between + variance)
        total, squares = weight.sum(), (weight**2).sum()
        apart = value - (weight * value).sum() / total
        score = ((weight * apart) ** 2).sum() - total + squares / total
        information = squares - 2 * (weight**3).sum() / total + (squares / total) ** 2
        before, between = between, max(float(between + score / information), 0.0)
        if abs(between - before) <= CONVERGED * (between + start):
            break
    return between


def _as_they_are(value: Floats, variance: Floats, why_not: Unshrunk) -> Shrunk:
    return Shrunk(value, variance, np.zeros_like(value), float("nan"), float("nan"), why_not)
