"""Differences between two waves, with the covariance of the PSUs that are in both.

Each wave is estimated under its own design and calibration. A PSU drawn into both waves, known by
its name within its stratum, ties them together: with n1 and n2 PSUs of a stratum, m of them in
both, the covariance of the two sums of scores z is

    c = sum over the m of (z1 - mean z1) (z2 - mean z2) / (1 - 1/n1 - 1/n2 + m / (n1 n2)),

unbiased for draws with replacement; where all PSUs are in both it is the usual covariance within
the stratum. A stratum's covariance is held to the geometric mean of its two variances. Persons are
taken to be drawn anew within a PSU; where the same persons answer twice, their likeness is part of
their PSU's and counts at the first stage. With finite population corrections beyond the first
stage, later stages add their variances and no covariance.

Source: Kish (1965), Survey Sampling, sec. 12.4; Tam (1984), The American Statistician 38, 288-289;
Berger (2004), Canadian Journal of Statistics 32, 451-467.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import ColumnOrCrossed, SurveyDesign
from pipeline.errors import DesignError
from pipeline.estimation.comparison import cohens_h
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import Estimand, scores_of
from pipeline.estimation.intervals import standard_errors, t_quantile, two_sided_p
from pipeline.estimation.items import Item, read_items
from pipeline.estimation.ratio import RatioTotals, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.estimation.variance import deviations
from pipeline.totals.units import Booleans, Floats, Integers

WAVE_COLUMNS = (
    "question", "code", "domain", "domain_value", "estimand", "value_before", "value_after",
    "difference", "standard_error", "low", "high", "level", "degrees_of_freedom", "p", "effect",
    "n_before", "n_after", "shared_psus", "correlation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave made ready: its sample, and of each PSU its name and that of its stratum."""

    rows: pd.DataFrame
    where: Where
    sample: Sample
    names: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The PSUs that are in both waves: their codes in each."""

    before: Integers
    after: Integers


@dataclass(frozen=True, slots=True)
class Side:
    """One estimate of a wave: the totals of a division of its rows, and the group."""

    sample: Sample
    totals: RatioTotals
    group: int

    @property
    def n(self) -> int:
        """Respondents with an answer."""
        return int(self.totals.n[self.group, 0])

    @property
    def present(self) -> Booleans:
        """Units with an answer, (units, 1)."""
        return self.totals.present[:, [self.group]]

    @property
    def psus(self) -> Booleans:
        """First-stage clusters with an answer."""
        found: Booleans = (
            self.sample.units.stages[0].clusters(self.present.astype(np.float64))[:, 0] > 0
        )
        return found

    def estimate(self, estimand: Estimand) -> tuple[float, Floats]:
        """Return the value and its unit scores, (units, 1)."""
        value, scores = scores_of(self.totals, self.sample, estimand)
        return float(value[self.group, 0]), scores[:, self.group, :1]


def compare(
    rows_before: pd.DataFrame,
    rows_after: pd.DataFrame,
    questions: Sequence[str | Item],
    *,
    design: SurveyDesign | tuple[SurveyDesign, SurveyDesign],
    by: By = None,
    where: tuple[Where, Where] | None = None,
    missing: Missing = "domain",
    level: float = 0.95,
    estimand: Estimand = "mean",
) -> pd.DataFrame:
    """Estimate differences between two waves, after minus before.

    Parameters
    ----------
    rows_before, rows_after : all rows of each wave, as for `means`
    questions : columns of numbers, or items (shares and means)
    design : of both waves, or of each; columns that say strata and clusters may be named alike
    by : groups, matched between the waves by the text of their level
    where : a domain in each wave

    Returns
    -------
    DataFrame in the columns of `WAVE_COLUMNS`, one row per item, domain and level that has
    respondents in both waves
        `correlation` is that of the two estimates; `shared_psus` counts PSUs with answers in both.
        Degrees of freedom: those of Welch and Satterthwaite, at most PSUs minus strata of both
        waves together. `effect` is Cohen's h of shares, missing for means and totals.

    Raises
    ------
    DesignError
        Replicate weights, or joint probabilities: they do not tell which PSUs are shared.
    """
    designs = design if isinstance(design, tuple) else (design, design)
    items = [q if isinstance(q, Item) else Item(q, "", (q,), (), "mean") for q in questions]
    domains = where or (None, None)
    waves = [
        _wave(rows, drawn, items, chosen, missing)
        for rows, drawn, chosen in zip((rows_before, rows_after), designs, domains, strict=True)
    ]
    overlap = _overlap(*waves)
    found: list[dict[str, Any]] = []
    divided = [banners(w.rows, w.sample, by, w.where) for w in waves]
    for item in items:
        columns = [read_items(w.rows, [item]) for w in waves]
        for (domain, texts, groups), (_, later_texts, later_groups) in zip(*divided, strict=True):
            totals = totals_of(waves[0].sample, columns[0], groups)
            later = totals_of(waves[1].sample, columns[1], later_groups)
            for text in texts:
                if text not in later_texts:
                    continue
                sides = (
                    Side(waves[0].sample, totals, texts.index(text)),
                    Side(waves[1].sample, later, later_texts.index(text)),
                )
                if any(side.n == 0 for side in sides):
                    continue
                known = {
                    "question": item.question, "code": item.code, "domain": domain,
                    "domain_value": text,
                    "estimand": "total" if estimand == "total" else item.estimand,
                }  # fmt: skip
                found.append({**known, **_difference(*sides, overlap, estimand, level)})
    frame = pd.DataFrame(found, columns=list(WAVE_COLUMNS))
    share = frame["estimand"] == "proportion"
    effect = [
        cohens_h(b, a) if is_share else np.nan
        for a, b, is_share in zip(frame["value_before"], frame["value_after"], share, strict=True)
    ]
    return frame.assign(effect=effect, level=level)


def _wave(
    rows: pd.DataFrame,
    design: SurveyDesign,
    items: Sequence[Item],
    where: Where,
    missing: Missing,
) -> Wave:
    if design.replicates is not None or (design.pps and design.pps.method != "brewer"):
        raise DesignError(
            "两期比较: 重复权数或联合概率的设计看不出哪些初级单元两期共有。请用层与群的设计。"
            "(replicates and joint probabilities do not tell the shared PSUs; give strata and "
            "clusters)"
        )
    kept, where, counted = without_gaps(rows, items, where, missing)
    if counted is not None:
        # An answer counts only where all are given.
        gaps = {c: kept[c].where(counted) for item in items for c in item.columns}
        kept = kept.assign(**gaps)
    sample = sample_of(kept, design)
    stage = sample.units.stages[0]
    psu_of_row = stage.cluster_of(sample.units.unit)
    first = np.unique(psu_of_row, return_index=True)[1]
    strata = _names(kept, design.strata[:1], first)
    psus = _names(kept, design.clusters[:1], first) if design.clusters else []
    return Wave(kept, where, sample, list(zip(strata, psus, strict=True)) if psus else [])


def _names(rows: pd.DataFrame, entries: Sequence[ColumnOrCrossed], first: Integers) -> list[str]:
    columns = [c for entry in entries for c in ([entry] if isinstance(entry, str) else entry)]
    if not columns:
        return [""] * len(first)
    return ["\x1f".join(map(str, line)) for line in rows[columns].iloc[first].to_numpy()]


def _overlap(before: Wave, after: Wave) -> Overlap:
    """Return the shared PSUs; rows that are their own PSUs are nobody's twice."""
    known = {name: code for code, name in enumerate(before.names)}
    pairs = [(known[name], code) for code, name in enumerate(after.names) if name in known]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Overlap(table[:, 0], table[:, 1])


def _difference(
    before: Side, after: Side, overlap: Overlap, estimand: Estimand, level: float
) -> dict[str, Any]:
    values, variances, freedoms, scores = [], [], [], []
    for side in (before, after):
        value, score = side.estimate(estimand)
        values.append(value)
        scores.append(score)
        present = side.present if side.sample.units.needs_presence else None
        variances.append(float(side.sample.variance(score, present)[0]))
        freedoms.append(float(side.totals.groups.freedom[side.group]))
    shared = _covariance(before, after, scores, overlap)
    spread = max(sum(variances) - 2 * shared, 0.0)
    df = _degrees_of_freedom(before, after, variances, freedoms, overlap)
    error = float(standard_errors(np.array([spread]))[0])
    margin = float(t_quantile((1 + level) / 2, np.array([df]))[0]) * error
    difference = values[1] - values[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.float64(difference) / error if difference else np.float64(0)
        correlation = np.float64(shared) / np.sqrt(variances[0] * variances[1])
    return {
        "value_before": values[0], "value_after": values[1], "difference": difference,
        "standard_error": error, "low": difference - margin, "high": difference + margin,
        "degrees_of_freedom": df,
        "p": float(two_sided_p(np.array([statistic]), np.array([df]))[0]),
        "n_before": before.n, "n_after": after.n, "correlation": float(correlation),
        "shared_psus": int((before.psus[overlap.before] & after.psus[overlap.after]).sum()),
    }  # fmt: skip


def _covariance(before: Side, after: Side, scores: Sequence[Floats], overlap: Overlap) -> float:
    """Return the covariance of the two estimates, from the PSUs that are in both waves."""
    if not len(overlap.before):
        return 0.0
    stages = [side.sample.units.stages[0] for side in (before, after)]
    scaled, added = [], []
    for side, stage, score in zip((before, after), stages, scores, strict=True):
        present = side.present if side.sample.units.needs_presence else None
        own, _ = deviations(stage, score, side.sample.units, present)
        scaled.append(own[:, 0])
        added.append(stage.strata(own**2)[:, 0])
    of_before = stages[0].stratum[overlap.before]
    of_after = stages[1].stratum[overlap.after]
    product = scaled[0][overlap.before] * scaled[1][overlap.after]
    number = len(stages[0].sampled)
    together = np.bincount(of_before, product, number)
    m = np.bincount(of_before, minlength=number)
    twin = np.full(number, -1)
    twin[of_before] = of_after
    n1, n2 = stages[0].sampled, stages[1].sampled[twin]
    below = (n1 - 1) * (n2 - 1) + m - 1
    factor = np.divide(
        np.sqrt((n1 - 1) * (n2 - 1) * n1 * n2), below, out=np.zeros(number), where=below > 0
    )
    factor[(n1 == 1) & (n2 == 1)] = 1.0  # a lonely PSU in both waves, under the rule for it
    most = np.sqrt(added[0] * added[1][twin])
    held = np.clip(together * factor, -most, most)
    return float(held[m > 0].sum())


def _degrees_of_freedom(
    before: Side,
    after: Side,
    variances: Sequence[float],
    freedoms: Sequence[float],
    overlap: Overlap,
) -> float:
    both = before.psus[overlap.before] & after.psus[overlap.after]
    strata = before.sample.units.stages[0].stratum[overlap.before[both]]
    # PSUs minus strata of the two waves together: what both have is counted once.
    most = sum(freedoms) - (int(both.sum()) - len(np.unique(strata)))
    if min(freedoms) <= 0 or min(variances) <= 0:
        return max(most, 0.0)
    welch = sum(variances) ** 2 / sum(v**2 / df for v, df in zip(variances, freedoms, strict=True))
    return float(min(most, welch))
