"""Confidence intervals of proportions and means, for whole columns of estimates at once.

``beta`` is Korn & Graubard (1998), Survey Methodology 24, 193-201: the exact binomial interval
with the effective sample size times (t_{n-1} / t_df) squared, as in R's survey package.
``beta_capped`` first holds the effective sample size to the number of answers, as they do and as
Parker et al. (2017), Vital Health Stat 2(175), ask of published shares: with few PSUs a design
effect below 1 is mostly luck, and the interval too narrow. ``logit`` and ``xlogit`` are Wald
intervals on the log-odds, ``asin`` on the arcsine root, ``t`` (also called ``mean``) on the share
itself. ``likelihood`` holds the shares that a likelihood ratio test with its design effect does
not reject (Rao & Scott 1984, Annals of Statistics 12, 46-60). Where everybody or nobody counts,
log-odds, arcsine and likelihood know no spread: ``beta`` stands in for them.
"""

from typing import Literal, assert_never

import numpy as np
from scipy import special

from pipeline.errors import SurveyError
from pipeline.estimation.arguments import one_of
from pipeline.estimation.likelihood import likelihood_limits
from pipeline.totals.units import Floats

IntervalMethod = Literal[
    "beta", "beta_capped", "t", "mean", "logit", "xlogit", "asin", "likelihood"
]


def t_quantile(probability: float, df: Floats) -> Floats:
    """Return quantiles of Student's t; NaN where the degrees of freedom are not above 0."""
    if not 0 < probability < 1 or probability == 0.5:
        raise SurveyError(
            "level: 置信水平须在 0 与 1 之间，如 0.95。(between 0 and 1, such as 0.95)"
        )
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    quantile = np.where(
        np.isposinf(df), special.ndtri(probability), special.stdtrit(finite, probability)
    )
    found: Floats = np.where(df > 0, quantile, np.nan)
    return found


def standard_errors(variance: Floats) -> Floats:
    """Return square roots; NaN of a negative variance, which Horvitz and Thompson's can be."""
    error: Floats = np.sqrt(np.where(variance < 0, np.nan, variance))
    return error


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
    log_odds_variance: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return the lower and upper ends.

    Parameters
    ----------
    value, variance, df : one entry per estimate
    n : responses in the base, with or without an answer (used by both ``beta`` only)
    effective_n : stands in for value (1 - value) / variance where a share is 0 or 1
        (used by both ``beta``, and at such shares)
    answered : responses with an answer, the most that ``beta_capped`` counts; None: `n`
    log_odds_variance : of ``logit``, the variance of the log-odds where replicates gave it; None
        or NaN: by the delta method

    Returns
    -------
    Two arrays; NaN where df is not above 0, or where the variance is not known and the share lies
    between 0 and 1.
    """
    one_of("interval", method, IntervalMethod)
    most = n if answered is None else answered
    if method == "t" or method == "mean":
        reach = t_quantile((1 + level) / 2, df) * standard_errors(variance)
        return value - reach, value + reach
    if method == "beta" or method == "beta_capped":
        cap = np.inf if method == "beta" else most
        return _korn_graubard(value, variance, level, df, n, effective_n, cap)
    extreme = (value <= 0) | (value >= 1)
    inner = np.where(extreme, 0.5, value)
    on_odds = None if log_odds_variance is None or method != "logit" else log_odds_variance
    low, high = _transformed(method, inner, variance, level, df, most, on_odds)
    if extreme.any():
        exact = _korn_graubard(value, variance, level, df, n, effective_n, np.inf)
        low, high = np.where(extreme, exact[0], low), np.where(extreme, exact[1], high)
    return low, high


def _transformed(
    method: Literal["logit", "xlogit", "asin", "likelihood"],
    value: Floats,
    variance: Floats,
    level: float,
    df: Floats,
    answered: Floats,
    log_odds_variance: Floats | None,
) -> tuple[Floats, Floats]:
    """Return intervals of shares between 0 and 1 that are made on another scale."""
    t, error, spread = (
        t_quantile((1 + level) / 2, df),
        standard_errors(variance),
        value * (1 - value),
    )
    match method:
        case "logit" | "xlogit":
            odds, on_odds = special.logit(value), error / spread
            if log_odds_variance is not None:
                replicated = standard_errors(log_odds_variance)
                on_odds = np.where(np.isnan(replicated), on_odds, replicated)
            return special.expit(odds - t * on_odds), special.expit(odds + t * on_odds)
        case "asin":
            angle, on_angle = np.arcsin(np.sqrt(value)), error / (2 * np.sqrt(spread))
            return np.sin(angle - t * on_angle) ** 2, np.sin(angle + t * on_angle) ** 2
        case "likelihood":
            few = np.maximum(answered - 1, 1)  # the divisor of the model's dispersion
            return likelihood_limits(value, (t * error) ** 2 / spread * answered / few)
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
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(bound, at_bounds, value * (1 - value) / variance)
    single = n <= 1  # a single response has no t of its own
    few = t_quantile(tail, np.where(single, df, n - 1)) / t_quantile(tail, df)
    size = np.minimum(size, most) * few**2
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
