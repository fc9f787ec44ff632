"""Confidence intervals of proportions and means, for whole columns of estimates at once.

``beta`` is Korn & Graubard (1998), Survey Methodology 24, 193-201: the exact binomial interval
with the effective sample size times (t_{n-1} / t_df) squared, as in R's survey package.
``beta_capped`` first holds the effective sample size to the number of answers, as they do and as
Parker et al. (2017), Vital Health Stat 2(175), ask of published shares: with few PSUs a design
effect below 1 is mostly luck, and the interval too narrow. ``logit`` and ``xlogit`` are Wald
intervals on the log-odds, ``asin`` on the arcsine root, ``t`` (also called ``mean``) on the share
itself.
"""

from typing import Literal, assert_never

import numpy as np
from scipy import special

from pipeline.totals.units import Floats

IntervalMethod = Literal["beta", "beta_capped", "t", "mean", "logit", "xlogit", "asin"]


def t_quantile(probability: float, df: Floats) -> Floats:
    """Return quantiles of Student's t; NaN where the degrees of freedom are not above 0."""
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    quantile = np.where(
        np.isposinf(df), special.ndtri(probability), special.stdtrit(finite, probability)
    )
    found: Floats = np.where(df > 0, quantile, np.nan)
    return found


def two_sided_p(statistic: Floats, df: Floats) -> Floats:
    """Return the two-sided p-value of a t statistic; NaN where df is not above 0."""
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    tail = np.where(
        np.isposinf(df),
        special.ndtr(-np.abs(statistic)),
        special.stdtr(finite, -np.abs(statistic)),
    )
    p: Floats = np.where((df > 0) & ~np.isnan(statistic), 2 * tail, np.nan)
    return p


def interval(
    method: IntervalMethod,
    value: Floats,
    variance: Floats,
    *,
    level: float,
    df: Floats,
    n: Floats,
    effective_n: Floats,
    answered: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return the lower and upper ends.

    Parameters
    ----------
    value, variance, df : one entry per estimate
    n : responses in the base, with or without an answer (used by both ``beta`` only)
    effective_n : stands in for value (1 - value) / variance where a share is 0 or 1
        (used by both ``beta`` only)
    answered : responses with an answer, the most that ``beta_capped`` counts; None: `n`

    Returns
    -------
    Two arrays; NaN where df is not above 0, and at shares of 0 and 1 for the log-odds methods.
    """
    t = t_quantile((1 + level) / 2, df)
    error = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        match method:
            case "t" | "mean":
                return value - t * error, value + t * error
            case "logit" | "xlogit":
                odds, spread = special.logit(value), t * error / (value * (1 - value))
                return special.expit(odds - spread), special.expit(odds + spread)
            case "asin":
                angle = np.arcsin(np.sqrt(value))
                spread = t * error / (2 * np.sqrt(value * (1 - value)))
                return np.sin(angle - spread) ** 2, np.sin(angle + spread) ** 2
            case "beta":
                return _korn_graubard(value, variance, level, df, n, effective_n, np.inf)
            case "beta_capped":
                most = n if answered is None else answered
                return _korn_graubard(value, variance, level, df, n, effective_n, most)
    assert_never(method)


def _korn_graubard(
    value: Floats,
    variance: Floats,
    level: float,
    df: Floats,
    n: Floats,
    at_bounds: Floats,
    most: Floats | float,
) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    bound = (value <= 0) | (value >= 1)
    size = np.where(bound, at_bounds, value * (1 - value) / variance)
    size = np.minimum(size, most) * (t_quantile(tail, n - 1) / t_quantile(tail, df)) ** 2
    known = np.isfinite(size)
    safe = np.where(known, size, 1.0)
    low = special.betaincinv(np.where(value > 0, safe * value, 1.0), safe * (1 - value) + 1, tail)
    high = special.betaincinv(
        safe * value + 1, np.where(value < 1, safe * (1 - value), 1.0), 1 - tail
    )
    low, high = np.where(value > 0, low, 0.0), np.where(value < 1, high, 1.0)
    exact = np.isposinf(size) | ((variance == 0) & ~bound & (df > 0))  # nothing left to chance
    otherwise: Floats = np.where(exact, value, np.nan)
    lower: Floats = np.where(known, low, otherwise)
    upper: Floats = np.where(known, high, otherwise)
    return lower, upper
