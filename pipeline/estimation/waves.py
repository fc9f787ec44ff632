"""Differences between two waves, with the covariance of the PSUs that are in both.

Each wave is estimated under its own design and calibration; what ties them together, the PSUs
drawn into both, is in `pipeline.estimation.overlap`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import ColumnOrCrossed, SurveyDesign
from pipeline.errors import DesignError
from pipeline.estimation.arguments import refuse_bad_level, several
from pipeline.estimation.comparison import cohens_h
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import Estimand, scores_of
from pipeline.estimation.intervals import standard_errors, t_quantile, two_sided_p
from pipeline.estimation.items import Coded, Item, Measured, read_items
from pipeline.estimation.overlap import (
    Division,
    Overlap,
    Side,
    Wave,
    overlap_of,
    shared_covariance,
)
from pipeline.estimation.ratio import Groups, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.coding import level_text
from pipeline.totals.units import Integers

WAVE_COLUMNS = (
    "question", "code", "domain", "domain_value", "estimand", "value_before", "value_after",
    "difference", "standard_error", "low", "high", "level", "degrees_of_freedom", "p", "effect",
    "n_before", "n_after", "error_before", "error_after", "psus_before", "psus_after",
    "shared_psus", "correlation",
)  # fmt: skip


def compare(
    rows_before: pd.DataFrame,
    rows_after: pd.DataFrame,
    questions: str | Item | Sequence[str | Item],
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
        `error_before` and `error_after` are the standard errors of the two estimates and
        `correlation` ties them; `psus_before`, `psus_after`, `shared_psus` count PSUs with answers
        in one wave and in both.
        Degrees of freedom: those of Welch and Satterthwaite, at most PSUs minus strata of both
        waves together. `effect` is Cohen's h of shares, missing for means and totals.

    Raises
    ------
    DesignError
        Replicate weights, or joint probabilities: they do not tell which PSUs are shared.
    """
    refuse_bad_level(level)
    designs = design if isinstance(design, tuple) else (design, design)
    items = [
        q if isinstance(q, Item) else Item(q, "", (q,), (), "mean") for q in several(questions)
    ]
    domains = where or (None, None)
    _refuse_other_types(rows_before, rows_after, designs)
    waves = [
        _wave(rows, drawn, items, chosen, missing)
        for rows, drawn, chosen in zip((rows_before, rows_after), designs, domains, strict=True)
    ]
    overlap = overlap_of(*waves)
    found: list[dict[str, Any]] = []
    divided = [banners(w.rows, w.sample, by, w.where) for w in waves]
    for item in items:
        columns = [read_items(w.rows, [item]) for w in waves]
        for (domain, texts, groups), (_, later_texts, later_groups) in zip(*divided, strict=True):
            earlier, later = (
                _division(wave.sample, column, of, estimand)
                for wave, column, of in zip(waves, columns, (groups, later_groups), strict=True)
            )
            for text in texts:
                if text not in later_texts:
                    continue
                sides = (
                    Side(earlier, texts.index(text)),
                    Side(later, later_texts.index(text)),
                )
                if any(side.n == 0 for side in sides):
                    continue
                known = {
                    "question": item.question, "code": item.code, "domain": domain,
                    "domain_value": text,
                    "estimand": "total" if estimand == "total" else item.estimand,
                }  # fmt: skip
                found.append({**known, **_difference(*sides, overlap, level)})
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
        gaps |= {
            item.missing: kept[item.missing].where(counted, "no_answer")
            for item in items
            if item.empty_counts  # else an empty cell would be an answer
        }
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
    texts = [
        [level_text(value) for value in rows[column].iloc[first].tolist()] for column in columns
    ]
    return ["\x1f".join(line) for line in zip(*texts, strict=True)]


def _refuse_other_types(
    before: pd.DataFrame, after: pd.DataFrame, designs: Sequence[SurveyDesign]
) -> None:
    """Refuse strata and PSUs that are numbers in one wave and texts in the other."""
    columns = [
        [c for entry in (*d.strata[:1], *d.clusters[:1])
         for c in ([entry] if isinstance(entry, str) else entry)]
        for d in designs
    ]  # fmt: skip
    for one, two in zip(*columns, strict=False):
        if (
            one in before
            and two in after
            and (
                pd.api.types.is_numeric_dtype(before[one])
                != pd.api.types.is_numeric_dtype(after[two])
            )
        ):
            raise DesignError(
                f"两期比较: 列 {one} 一期是数字、另一期是文本，认不出共有的单元。请统一类型。"
                "(numbers in one wave and texts in the other; make the column alike)"
            )


def _division(
    sample: Sample, column: Coded | Measured, groups: Groups, estimand: Estimand
) -> Division:
    totals = totals_of(sample, column, groups)
    return Division(sample, totals, *scores_of(totals, sample, estimand))


def _difference(before: Side, after: Side, overlap: Overlap, level: float) -> dict[str, Any]:
    values = [side.value for side in (before, after)]
    variances = [side.variance for side in (before, after)]
    freedoms = [side.freedom for side in (before, after)]
    shared = shared_covariance(before, after, overlap)
    spread = max(sum(variances) - 2 * shared, 0.0)
    df = _degrees_of_freedom(before, after, variances, freedoms, overlap)
    error, *own = map(float, standard_errors(np.array([spread, *variances])))
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
        "error_before": own[0], "error_after": own[1],
        "psus_before": int(before.psus.sum()), "psus_after": int(after.psus.sum()),
        "shared_psus": int((before.psus[overlap.before] & after.psus[overlap.after]).sum()),
    }  # fmt: skip


def _degrees_of_freedom(
    before: Side,
    after: Side,
    variances: Sequence[float],
    freedoms: Sequence[float],
    overlap: Overlap,
) -> float:
    both = before.psus[overlap.before] & after.psus[overlap.after]
    strata = before.of.sample.units.stages[0].stratum[overlap.before[both]]
    # PSUs minus strata of the two waves together: what both have is counted once.
    most = sum(freedoms) - (int(both.sum()) - len(np.unique(strata)))
    if min(freedoms) <= 0 or min(variances) <= 0:
        return max(most, 0.0)
    welch = sum(variances) ** 2 / sum(v**2 / df for v, df in zip(variances, freedoms, strict=True))
    return float(min(most, welch))
