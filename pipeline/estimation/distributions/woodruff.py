"""From a quantile to its interval: by the share of the population at or below it.

The interval of that share is turned back through the rule of the quantile: its lower end is the
quantile at the share's lower limit. A score interval holds the values whose share a test does not
reject.

Source: Woodruff (1952), JASA 47, 635-646; Francisco & Fuller (1991), Annals of Statistics 19,
454-469 (score).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from pipeline.estimation.estimate import Estimates, estimated
from pipeline.estimation.intervals import interval, standard_errors, t_quantile
from pipeline.estimation.items import Coded, Measured
from pipeline.estimation.ratio import Groups, groups_of, totals_of
from pipeline.estimation.sample import Sample
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Floats

ShareMethod = Literal["mean", "beta", "xlogit", "asin"]
TurnBack = Callable[[Floats], Floats]
"""From probabilities (groups, k) to quantiles."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """What an interval of quantiles needs besides the quantiles.

    Attributes
    ----------
    level : of confidence
    df : degrees of freedom of t, (groups, 1)
    beta_df : those of ``beta``: PSUs minus strata over the rows with an answer, (groups, 1)
    beta_n : responses that ``beta`` counts, (groups, 1)
    as_in_r : no exact binomial interval where all values are at or below the quantile, and score
        intervals turned back by the unweighted share
    """

    level: float
    df: Floats
    beta_df: Floats
    beta_n: Floats
    as_in_r: bool

    @property
    def t(self) -> Floats:
        """Quantile of Student's t, (groups, 1)."""
        return t_quantile((1 + self.level) / 2, self.df)


def confidence_of(
    sample: Sample,
    column: Measured,
    groups: Groups,
    *,
    level: float,
    df: float | None = None,
    beta_n: float | None = None,
    as_in_r: bool = False,
) -> Confidence:
    """Return the confidence of a question in the groups.

    `df` None: the design's; `beta_n` None: the responses with an answer.
    """
    answers, missing = groups, np.isnan(column.value)
    if missing.any():
        answers = groups_of(sample, np.where(missing, OUTSIDE, groups.code), groups.count)
    base = groups
    if column.asked is not None:
        base = groups_of(sample, np.where(column.asked, groups.code, OUTSIDE), groups.count)
    freedom = base.freedom if df is None else np.full(groups.count, float(df))
    counted = answers.size.astype(np.float64)
    if beta_n is not None:
        counted = np.full(groups.count, beta_n)
    return Confidence(level, freedom[:, None], answers.freedom[:, None], counted[:, None], as_in_r)


def shares_at_most(sample: Sample, column: Measured, groups: Groups, limits: Floats) -> Estimates:
    """Estimate in each group the share of rows whose value is at most each limit.

    Parameters
    ----------
    limits : (groups, k); NaN gives NaN
    """
    order = np.argsort(limits, axis=1)
    ascending = np.take_along_axis(limits, order, axis=1)
    above = np.zeros(len(column.value), dtype=np.int64)
    for limit in ascending.T:
        above += column.value > limit[groups.code]
    k = limits.shape[1]
    coded = Coded(
        np.where(np.isnan(column.value), OUTSIDE, above), tuple(range(k + 1)),
        (np.arange(k + 1)[:, None] <= np.arange(k)).astype(np.float64),
        np.ones(k, dtype=bool), column.asked,
    )  # fmt: skip
    found = estimated(totals_of(sample, coded, groups), sample)
    back = np.argsort(order, axis=1)
    found = replace(
        found,
        **{f.name: np.take_along_axis(getattr(found, f.name), back, 1) for f in fields(found)},
    )
    known = ~np.isnan(limits)
    return replace(
        found,
        value=np.where(known, found.value, np.nan),
        variance=np.where(known, found.variance, np.nan),
    )


def by_share(
    method: ShareMethod, share: Estimates, confidence: Confidence, turn_back: TurnBack
) -> tuple[Floats, Floats]:
    """Return Woodruff's ends, (groups, k) each; NaN where a limit leaves 0..1.

    Where all values lie at or below the quantile, the share has no spread and its interval is the
    exact binomial one.
    """
    shape = share.value.shape

    def wide(table: Floats) -> Floats:
        return np.broadcast_to(table, shape).reshape(-1)

    def ends(method: ShareMethod) -> tuple[Floats, Floats]:
        df = confidence.beta_df if method == "beta" else confidence.df
        low, high = interval(
            method, wide(share.value), wide(share.variance), level=confidence.level, df=wide(df),
            n=wide(confidence.beta_n), effective_n=wide(share.effective_n),
        )  # fmt: skip
        return low.reshape(shape), high.reshape(shape)

    low, high = ends(method)
    inner = (share.value > 0) & (share.value < 1)
    if not confidence.as_in_r and method == "mean" and not inner.all():
        exact = ends("xlogit")  # which there is the exact binomial interval
        low, high = np.where(inner, low, exact[0]), np.where(inner, high, exact[1])
    if confidence.as_in_r and method != "mean":
        low, high = np.where(inner, low, np.nan), np.where(inner, high, np.nan)
    outside_low, outside_high = ~(low >= 0), ~(high <= 1)
    return (
        np.where(outside_low, np.nan, turn_back(np.where(outside_low, np.nan, low))),
        np.where(outside_high, np.nan, turn_back(np.where(outside_high, np.nan, high))),
    )


def legacy_wald(
    probability: Floats, share: Estimates, confidence: Confidence, turn_back: TurnBack
) -> tuple[Floats, Floats]:
    """Return Wald limits about the probability itself, held to 0..1 and turned back."""
    reach = confidence.t * standard_errors(share.variance)
    low, high = np.maximum(probability - reach, 0.0), np.minimum(probability + reach, 1.0)
    return turn_back(low), turn_back(high)


def by_score(
    probability: Floats,
    share: Estimates,
    sample: Sample,
    column: Measured,
    groups: Groups,
    confidence: Confidence,
    turn_back: TurnBack,
) -> tuple[Floats, Floats]:
    """Return score ends: where (p - share at or below) / its standard error crosses t and -t.

    The score steps down at each value. Of the two shares beside the step that crosses, the one
    whose score is nearer is turned back.
    """
    distinct = np.unique(column.value[~np.isnan(column.value)])
    shape, unknown = share.value.shape, np.isnan(share.variance)
    if not len(distinct):
        return np.full(shape, np.nan), np.full(shape, np.nan)
    ends = []
    for limit in (confidence.t, -confidence.t):
        # The score is above the limit before place `low` and at most the limit at `high`.
        low, high = np.full(shape, -1), np.full(shape, len(distinct) - 1)
        while (high - low > 1).any():
            middle = (low + high) // 2
            score, _ = _scores(
                probability, sample, column, groups, distinct[np.maximum(middle, 0)]
            )
            down = (score <= limit) & (middle > low)
            high, low = np.where(down, middle, high), np.where(down, low, np.maximum(middle, low))
        before, share_before = _scores(
            probability, sample, column, groups, distinct[np.maximum(low, 0)]
        )
        at, share_at = _scores(probability, sample, column, groups, distinct[high])
        nearer = (low >= 0) & (np.abs(before - limit) < np.abs(at - limit))
        if confidence.as_in_r:
            share_before, share_at = (
                _unweighted(sample, column, groups, distinct[np.maximum(place, 0)])
                for place in (low, high)
            )
        crossing = np.where(nearer, share_before, share_at)
        ends.append(turn_back(np.where(unknown | np.isnan(limit), np.nan, crossing)))
    return ends[0], ends[1]


def _scores(
    probability: Floats, sample: Sample, column: Measured, groups: Groups, values: Floats
) -> tuple[Floats, Floats]:
    share = shares_at_most(sample, column, groups, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (probability - share.value) / standard_errors(share.variance)
    return np.nan_to_num(score, nan=0.0, posinf=np.inf, neginf=-np.inf), share.value


def _unweighted(sample: Sample, column: Measured, groups: Groups, values: Floats) -> Floats:
    """Return the share of rows, each counted once, at or below the values."""
    counted = (groups.code >= 0) & (sample.weight > 0) & ~np.isnan(column.value)
    code, of_row = groups.code[counted], column.value[counted]
    size = np.bincount(code, minlength=groups.count)
    below = [np.bincount(code, of_row <= limit[code], groups.count) for limit in values.T]
    with np.errstate(invalid="ignore"):
        found: Floats = np.stack(below, axis=1) / size[:, None]
    return found
