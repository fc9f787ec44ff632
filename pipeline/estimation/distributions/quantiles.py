"""Weighted quantiles in domains: the public call.

Source: Woodruff (1952), JASA 47, 635-646; see `quantile_rules` beside this module for the
rules and `woodruff` for the intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import DesignError, ResponseError
from pipeline.estimation.arguments import several
from pipeline.estimation.distributions.quantile_rules import Rule, Sorted, in_order, quantile_of
from pipeline.estimation.distributions.woodruff import (
    Confidence,
    by_score,
    by_share,
    confidence_of,
    legacy_wald,
    shares_at_most,
)
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import Estimates
from pipeline.estimation.intervals import standard_errors
from pipeline.estimation.items import Item, Measured
from pipeline.estimation.ratio import Groups
from pipeline.estimation.sample import Sample, sample_of
from pipeline.estimation.tables import finished, measured, numeric_item, tidy
from pipeline.totals.coding import level_text
from pipeline.totals.units import Floats, Integers

QuantileInterval = Literal["mean", "beta", "xlogit", "asin", "score", "replicate", "legacy_wald"]


def quantiles(
    rows: pd.DataFrame,
    questions: str | Item | Sequence[str | Item],
    *,
    design: SurveyDesign,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    rule: Rule = "math",
    interval: QuantileInterval = "mean",
    df: float | None = None,
    as_in_r: bool = False,
) -> pd.DataFrame:
    """Estimate quantiles in domains.

    Parameters
    ----------
    rows, questions, design, by, where, missing, level, df : as for `means`
    probabilities : from 0 to 1
    rule : how a quantile is read off the sorted values, see `quantile_rules`
    interval : Woodruff's with an interval of the share at or below the quantile (``mean`` is t,
        ``beta``, ``xlogit``, ``asin``); ``score`` inverts a test of that share; ``replicate`` is t
        with the spread of the replicates' quantiles; ``legacy_wald`` is Woodruff's about the
        probability itself
    as_in_r : compute as R's survey package does where it differs: rounding of the cumulated
        weights decides ties, a step rule gives the second smallest value below the first weight
        share, a score interval is turned back by the unweighted share, ``beta`` counts all rows of
        a calibrated or PPS design, and where everyone lies at or below the quantile ``mean`` gives
        it no width and the others no ends (otherwise the exact binomial interval stands in)

    Returns
    -------
    DataFrame, one row per question, probability, domain and level with respondents
        The columns of `means`: ``code`` is the probability and ``estimand`` is quantile. The
        standard error is half the interval's length over t. ``low`` or ``high`` is NaN where
        Woodruff's limit leaves 0..1, the standard error then too. ``effective_n`` and
        ``design_effect`` are those of the share at or below the quantile.

    Raises
    ------
    DesignError
        If ``replicate`` is asked of a design without replicate weights.
    ResponseError
        If a probability lies outside 0..1, or a column is absent or not numeric.
    """
    p = _probabilities(probabilities)
    if interval == "replicate" and design.replicates is None:
        raise DesignError(
            "quantiles: interval='replicate' 需要重复权数；请换区间方法，或先用 make_replicates。"
            "(needs replicate weights; choose another interval or make replicates first)"
        )
    items = [numeric_item(question) for question in several(questions)]
    rows, where, counted = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    divided = banners(rows, sample, by, where)
    # In R no row leaves a calibrated or PPS design: ``beta`` counts them all.
    keeps_rows = bool(as_in_r and (design.calibration or design.pps))
    beta_n = float(len(rows)) if keeps_rows else None
    codes = [level_text(float(one)) for one in p]
    tables = []
    for item in items:
        column = measured(rows, item, counted)
        order = np.argsort(column.value, kind="stable")
        order = order[: len(order) - int(np.isnan(column.value).sum())]
        ascending = column.value[order]
        parts = []
        for domain, values, groups in divided:
            division = _Division(
                column, groups, order, ascending, *_segments(groups.code[order], groups.count),
                rule, as_in_r,
            )  # fmt: skip
            confidence = confidence_of(
                sample, column, groups, level=level, df=df, as_in_r=as_in_r, beta_n=beta_n
            )
            found, low, high = _estimates(interval, p, sample, division, confidence)
            table = tidy(item.question, codes, domain, values, found, ["quantile"] * len(p))
            parts.append(table.assign(low=low.T.reshape(-1), high=high.T.reshape(-1)))
        whole = pd.concat(parts, ignore_index=True)
        whole["standard_error"] = np.sqrt(whole["variance"])
        tables.append(finished([whole.assign(interval_method=interval)], codes, level))
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Division:
    """A question's rows in ascending order, group after group.

    Attributes
    ----------
    order, ascending : rows with an answer by value, and their values
    pick : places in `order`, by group; those of group g are ``pick[start[g]:start[g + 1]]``
    """

    column: Measured
    groups: Groups
    order: Integers
    ascending: Floats
    pick: Integers
    start: Integers
    rule: Rule
    as_in_r: bool

    def sorted(self, weight: Floats) -> list[Sorted]:
        """Return the sorted values of each group with these weights of the rows."""
        value, weight = self.ascending[self.pick], weight[self.order][self.pick]
        return [
            in_order(value[a:b], weight[a:b])
            for a, b in zip(self.start[:-1], self.start[1:], strict=True)
        ]

    def read(self, parts: list[Sorted], probability: Floats) -> Floats:
        """Return the quantiles (groups, k) of sorted values."""
        each = zip(parts, probability, strict=True)
        return np.stack([quantile_of(self.rule, of, p, self.as_in_r) for of, p in each])


def _estimates(
    method: QuantileInterval,
    p: Floats,
    sample: Sample,
    division: _Division,
    confidence: Confidence,
) -> tuple[Estimates, Floats, Floats]:
    """Return the quantiles of each group with their ends, (groups, probabilities)."""
    parts = division.sorted(sample.weight)
    q = division.read(parts, np.broadcast_to(p, (len(parts), len(p))))
    share = shares_at_most(sample, division.column, division.groups, q)

    def turn_back(probability: Floats) -> Floats:
        return division.read(parts, probability)

    match method:
        case "replicate":
            reach = confidence.t * standard_errors(_spread(p, q, sample, division))
            low, high = q - reach, q + reach
        case "score":
            low, high = by_score(
                p, share, sample, division.column, division.groups, confidence, turn_back
            )
        case "legacy_wald":
            low, high = legacy_wald(p, share, confidence, turn_back)
        case "mean" | "beta" | "xlogit" | "asin":
            low, high = by_share(method, share, confidence, turn_back)
        case _:
            assert_never(method)
    found = replace(
        share, value=q, variance=((high - low) / (2 * confidence.t)) ** 2, n_cell=share.n,
        degrees_of_freedom=np.broadcast_to(confidence.df, q.shape),
    )  # fmt: skip
    return found, low, high


def _spread(p: Floats, q: Floats, sample: Sample, division: _Division) -> Floats:
    """Return the variance of the quantiles over the replicates."""
    wide = np.broadcast_to(p, q.shape)

    def of_replicate(weight: Floats) -> Floats:
        return division.read(division.sorted(weight), wide).reshape(-1)

    parts = sample.parts(q.reshape(-1), of_replicate, _no_influence)
    return sample.variance(parts).reshape(q.shape)


def _no_influence() -> Floats:
    raise TypeError("a quantile has no influence function; replicate weights are needed")


def _segments(code: Integers, groups: int) -> tuple[Integers, Integers]:
    """Return the places sorted by group, in their order within it, and where each group starts."""
    pick = np.arange(len(code)) if (code >= 0).all() else np.flatnonzero(code >= 0)
    code = code[pick]
    if groups > 1:
        narrow = code.astype(np.int16) if groups < 2**15 else code  # sorts by counting
        pick = pick[np.argsort(narrow, kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(code, minlength=groups))])
    return pick.astype(np.int64), start.astype(np.int64)


def _probabilities(given: Sequence[float]) -> Floats:
    p = np.asarray(given, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        wrong = [str(one) for one in p if not 0 <= one <= 1]
        raise ResponseError(
            f"quantiles: 概率 {'、'.join(wrong)} 不在 0 与 1 之间；请改正 probabilities。"
            "(probabilities must lie between 0 and 1)"
        )
    return p
