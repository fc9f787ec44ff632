"""Cronbach's alpha of a scale, with its standard error and what each item does to it.

Variances and covariances are weighted by the design where there is one. The standard error comes
from the influence of each row on the covariances, so that strata, clusters, calibration and
replicates reach it like any estimate; without a design the rows are a simple random sample.

Sources: Cronbach (1951), Psychometrika 16, 297-334; Maydeu-Olivares, Coffman & Hartmann (2007),
Psychological Methods 12, 157-176 (standard error free of a distribution); Bonett (2002), J.
Educational & Behavioral Statistics 27, 335-340 (interval on the log of 1 - alpha). R's psych
package is the reference for the item analysis, its survey package for alpha with a design.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Where
from pipeline.estimation.intervals import t_quantile
from pipeline.estimation.scales.consistency import (
    cronbach,
    guttman6,
    influence_on_alpha,
    mean_correlation,
)
from pipeline.estimation.scales.item_analysis import item_analysis
from pipeline.estimation.scales.scale_items import (
    Covariances,
    MissingItems,
    ScaleItems,
    covariances,
    dependent,
    read_scale,
)
from pipeline.totals.units import Floats

UNREVERSED = (
    "与其他题目方向相反，似应反向计分（reverse=...），alpha 因此偏低。"
    "(point against the others and probably need reversing; alpha is too low)"
)
DEPENDENT = (
    "有题目可由其他题目推出，lambda 6 与校正相关无法计算。"
    "(some items follow from others: no lambda 6 and no corrected correlation)"
)


@dataclass(frozen=True, slots=True)
class Alpha:
    """Internal consistency of a scale.

    Attributes
    ----------
    value : alpha of the items as they are
    standardised : alpha of the items brought to the same variance
    lambda6 : Guttman's lambda 6
    mean_correlation : of two items
    standard_error, low, high : of `value`, by the design; NaN for a sample without probabilities
    df : degrees of freedom of the interval on `level`
    items : one row per item, columns item, key (-1: reversed), n, mean, standard_deviation,
        item_rest (correlation with the sum of the other items), item_total (with the mean of all
        answered items), corrected (with what the scale measures, the item's own error taken out),
        alpha_without, standardised_without (of the other items)
    n : rows with an answer to any item, or to all, as `missing` has it
    warnings : items that seem to need reversing, or were left out, in Chinese and English
    """

    value: float
    standardised: float
    lambda6: float
    mean_correlation: float
    standard_error: float
    low: float
    high: float
    level: float
    df: float
    items: pd.DataFrame = field(compare=False)
    n: int
    warnings: tuple[str, ...] = ()


def alpha(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    design: SurveyDesign | None = None,
    where: Where = None,
    missing: MissingItems | None = None,
    reverse: Sequence[str] = (),
    reverse_by_first_component: bool = False,
    level: float = 0.95,
) -> Alpha:
    """Return alpha and the item analysis of a scale.

    Parameters
    ----------
    rows : DataFrame, one row per response; with a design all rows of the sample
    items : columns of numbers on the same response scale
    missing : see `read_scale`; None: ``pairwise`` without a design, ``domain_jointly`` with one
    reverse : items whose answers point the other way; they are turned within the smallest and
        largest answer to any item
    reverse_by_first_component : also reverse the items that load negatively on the first principal
        component; without it they are named in the warnings

    Raises
    ------
    ResponseError
        Items that cannot be read, or to reverse that are none of the items; fewer than two items
        that vary.
    """
    if missing is None:
        missing = "pairwise" if design is None else "domain_jointly"
    scale = read_scale(rows, items, design=design, where=where, missing=missing)
    if unknown := [item for item in reverse if item not in scale.names]:
        raise ResponseError(
            f"反向题 {'、'.join(unknown)} 不在量表的题目中；请核对。"
            "(items to reverse are none of the scale's)"
        )
    scale, notes = _varying(scale)
    found = covariances(scale.counted, scale.weight[scale.inside])
    keys = np.array([-1.0 if name in reverse else 1.0 for name in scale.names])
    negative = _against_the_rest(found.correlation * np.outer(keys, keys))
    if reverse_by_first_component:
        keys = np.where(negative, -keys, keys)
        notes += _said(scale, negative, "已自动反向计分。(loaded negatively and were reversed)")
        negative = np.zeros(len(keys), dtype=bool)
    turned = replace(found, matrix=found.matrix * np.outer(keys, keys))
    error, df = _standard_error(scale, turned, keys)
    if design is not None and not design.probability_sample:
        error = float("nan")
    value = cronbach(turned.matrix)
    low, high = _interval(value, error, df, level)
    correlation = turned.correlation
    table = item_analysis(scale, turned.matrix, correlation, keys)
    if not negative.any():
        negative = table["item_rest"].to_numpy() < 0
    notes += _said(scale, negative, UNREVERSED)
    if dependent(correlation):
        notes.append(DEPENDENT)
    return Alpha(
        value=value, standardised=cronbach(correlation), lambda6=guttman6(correlation),
        mean_correlation=mean_correlation(correlation), standard_error=error, low=low, high=high,
        level=level, df=df, items=table,
        n=scale.n, warnings=tuple(notes),
    )  # fmt: skip


def _varying(scale: ScaleItems) -> tuple[ScaleItems, list[str]]:
    """Return the items that vary, and a warning about the others."""
    values = scale.counted
    known = ~np.isnan(values)
    least = np.where(known, values, np.inf).min(axis=0)
    varies = np.where(known, values, -np.inf).max(axis=0) > least
    if varies.sum() < 2:
        raise ResponseError(
            f"量表 {'、'.join(scale.names)}: 少于两个题目的回答有差别，无法计算。"
            "(fewer than two items vary)"
        )
    if varies.all():
        return scale, []
    gone = "、".join(n for n, keep in zip(scale.names, varies, strict=True) if not keep)
    said = f"题目 {gone} 的回答全都相同，未计入。(items do not vary and were left out)"
    return scale.only(varies), [said]


def _against_the_rest(correlation: Floats) -> np.ndarray:
    """Return which items load negatively on the first component, signed by the sum of loadings."""
    first = np.linalg.eigh(correlation)[1][:, -1]
    return np.asarray(first * np.sign(first.sum() or 1.0) < 0)


def _said(scale: ScaleItems, which: np.ndarray, said: str) -> list[str]:
    named = [name for name, one in zip(scale.names, which, strict=True) if one]
    return [f"题目 {'、'.join(named)} {said}"] if named else []


def _standard_error(scale: ScaleItems, turned: Covariances, keys: Floats) -> tuple[float, float]:
    """Return the standard error of alpha and its degrees of freedom."""
    counted = influence_on_alpha(scale.counted, turned, keys)
    if scale.sample is None:
        return float(np.sqrt(scale.n / (scale.n - 1) * (counted**2).sum())), float(scale.n - 1)

    def again(weight: Floats) -> Floats:
        new = covariances(scale.counted, weight[scale.inside])
        matrix = new.matrix / new.factor * turned.factor * np.outer(keys, keys)
        return np.array([cronbach(matrix)])

    def influence() -> Floats:
        whole = np.zeros((len(scale.inside), 1))
        whole[scale.inside, 0] = counted
        return whole

    value = np.array([cronbach(turned.matrix)])
    parts = scale.sample.parts(value, again, influence)
    variance = float(scale.sample.covariance(parts, scale.inside)[0, 0])
    return float(np.sqrt(variance)), scale.sample.degrees_of_freedom(scale.inside)


def _interval(value: float, error: float, df: float, level: float) -> tuple[float, float]:
    """Return the ends of an interval on the log of 1 - alpha, so that it stays below 1."""
    if not value < 1:
        return float("nan"), float("nan")
    t = float(t_quantile((1 + level) / 2, np.array([df]))[0])
    ratio = float(np.exp(t * error / (1 - value)))
    return 1 - (1 - value) * ratio, 1 - (1 - value) / ratio
