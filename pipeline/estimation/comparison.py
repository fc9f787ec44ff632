"""Differences between groups, and from a standard, each with its test.

A difference is linearised as a whole, so that what two groups share (strata, PSUs, the
calibration) enters with its covariance. The test is a t test. Between groups its degrees of
freedom are Satterthwaite's: where a few PSUs of a small group carry most of the variance, the many
PSUs of the rest do not make it better known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.calibrated import CALIBRATED, without_margin
from pipeline.estimation.domains import ALL, crossed
from pipeline.estimation.estimate import scores_of
from pipeline.estimation.intervals import t_quantile, two_sided_p
from pipeline.estimation.items import Coded, Item, read_items
from pipeline.estimation.linear import estimates
from pipeline.estimation.ratio import Groups, RatioTotals, groups_of, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Integers

MINIMUM_SIDE = 30
"""Fewest respondents on each side of a comparison."""
MINIMUM_PSUS = 4
"""Fewest PSUs with an answer on each side; with 3, tests at 5 % erred in 9 % of simulations."""
REST, STANDARD = "rest", "standard"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: the rows of one code of a division."""

    totals: RatioTotals
    group: int


def between_groups(
    rows: pd.DataFrame,
    items: Sequence[Item],
    domains: Sequence[str],
    *,
    design: SurveyDesign,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each level of each domain with the rest, and two levels with each other.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`
    items : shares
    domains : columns of groups; a row without a level there is on neither side

    Returns
    -------
    DataFrame, one row per item, domain and level with 30 respondents and 4 PSUs on both sides
        Columns question, code, domain, a, b, value_a, value_b, n_a, n_b, difference (a - b),
        standard_error, low, high, degrees_of_freedom, p, effect (Cohen's h).
    """
    sample = sample_of(rows, design)
    found: list[dict[str, Any]] = []
    for item in items:
        column = read_items(rows, [item])
        if not isinstance(column, Coded):
            raise TypeError(f"{item.question}: only shares are compared between groups")
        for domain in domains:
            code, texts = crossed(rows, (domain,))
            for a, b, sides in _pairs(sample, column, code, texts):
                row = _difference(sample, *sides, level)
                if row is not None:
                    known = {"question": item.question, "code": item.code, "domain": domain}
                    found.append({**known, "a": a, "b": b, **row})
    return pd.DataFrame(found)


def against_standards(
    rows: pd.DataFrame,
    items: Sequence[tuple[Item, float]],
    *,
    design: SurveyDesign,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare shares of the whole sample with the standards they are held against.

    A share of 0 or 1 has no standard error: its p-value is then the exact one, twice the chance
    that nobody (everybody) among the effective n answers so, and its interval that of Korn &
    Graubard. A share fixed by the calibration is not tested.

    Returns
    -------
    DataFrame, one row per item with at least 30 respondents; columns as in `between_groups`, with
    `a` = "all", `b` = "standard", and `n_b` missing
    """
    found: list[dict[str, Any]] = []
    if not items:
        return pd.DataFrame()
    shares = without_margin(
        estimates(rows, [item for item, _ in items], design=design, level=level), design
    )
    for item, standard in items:
        match = (shares["question"] == item.question) & (shares["code"] == item.code)
        match &= (shares["n"] >= MINIMUM_SIDE) & (shares["interval_method"] != CALIBRATED)
        for share in shares[match].to_dict("records"):
            row = _tested(
                share["value"] - standard, share["standard_error"] ** 2,
                share["degrees_of_freedom"], level,
            )  # fmt: skip
            if share["standard_error"] == 0:
                hit = standard if share["value"] > 0 else 1 - standard
                row["p"] = min(1.0, 2 * hit ** share["effective_n"])
                row["low"], row["high"] = share["low"] - standard, share["high"] - standard
            found.append(
                {
                    "question": item.question, "code": item.code, "domain": ALL, "a": ALL,
                    "b": STANDARD, "value_a": share["value"], "value_b": standard,
                    "n_a": share["n"], "n_b": None, **row,
                    "effect": cohens_h(share["value"], standard),
                }
            )  # fmt: skip
    return pd.DataFrame(found)


def _pairs(
    sample: Sample, column: Coded, code: Integers, texts: Sequence[str]
) -> Iterator[tuple[str, str, tuple[Side, Side]]]:
    levels = totals_of(sample, column, groups_of(sample, code, max(1, len(texts))))
    if len(texts) == 2:
        yield texts[0], texts[1], (Side(levels, 0), Side(levels, 1))
        return
    for place, text in enumerate(texts if len(texts) > 2 else ()):
        other = np.where(code < 0, OUTSIDE, np.where(code == place, OUTSIDE, 0))
        rest = totals_of(sample, column, groups_of(sample, other, 1))
        yield text, REST, (Side(levels, place), Side(rest, 0))


def _difference(sample: Sample, a: Side, b: Side, level: float) -> dict[str, Any] | None:
    counts = [int(side.totals.n[side.group, 0]) for side in (a, b)]
    if min(counts) < MINIMUM_SIDE or min(_psus(sample, side) for side in (a, b)) < MINIMUM_PSUS:
        return None
    values, scores = [], []
    for side in (a, b):
        value, score = scores_of(side.totals, sample, "mean")
        values.append(float(value[side.group, 0]))
        scores.append(score[:, side.group, 0])
    present = a.totals.present[:, [a.group]] | b.totals.present[:, [b.group]]
    members = _members(a.totals.groups, a.group) | _members(b.totals.groups, b.group)
    scored = (scores[0] - scores[1])[:, None]
    spread = float(sample.variance(scored, present)[0])
    df = sample.satterthwaite(scored, members, present)
    return {
        "value_a": values[0], "value_b": values[1], "n_a": counts[0], "n_b": counts[1],
        **_tested(values[0] - values[1], spread, df, level), "effect": cohens_h(*values),
    }  # fmt: skip


def _psus(sample: Sample, side: Side) -> int:
    if not sample.units.stages:
        return MINIMUM_PSUS  # replicate weights do not tell the PSUs
    present = side.totals.present[:, [side.group]].astype(np.float64)
    return int((sample.units.stages[0].clusters(present) > 0).sum())


def _members(groups: Groups, group: int) -> Any:
    return groups.members[:, [group]]


def _tested(difference: float, spread: float, df: float, level: float) -> dict[str, float]:
    """Return a difference with its error, interval and p-value; NaN where df is not above 0."""
    freedom = np.array([df])
    error = np.sqrt(spread) if spread >= 1e-30 else 0.0 * spread
    margin = float(t_quantile((1 + level) / 2, freedom)[0]) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.float64(difference) / error if difference else np.float64(0)
    return {
        "difference": difference,
        "standard_error": float(error),
        "low": difference - margin,
        "high": difference + margin,
        "degrees_of_freedom": df,
        "p": float(two_sided_p(np.array([statistic]), freedom)[0]),
    }


def cohens_h(a: float, b: float) -> float:
    """Return Cohen's h, the difference of two shares on the arcsine scale."""
    return float(2 * np.arcsin(np.sqrt(a)) - 2 * np.arcsin(np.sqrt(b)))
