"""Exploratory factor analysis of the items of a scale, weighted by the design where there is one.

Sources: Jöreskog (1967), Psychometrika 32, 443-482; Steiger & Lind (1980) and Browne & Cudeck
(1992), Sociological Methods & Research 21, 230-258 (RMSEA); Tucker & Lewis (1973), Psychometrika
38, 1-10; the small-sample factor of the chi-squared is Bartlett's (1950). R's psych package is the
reference for unweighted items, `svyfactanal` of its survey package for a design.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Where
from pipeline.estimation.scales.extraction import Extraction, extract
from pipeline.estimation.scales.rotation import varimax
from pipeline.estimation.scales.scale_items import (
    WholeRows,
    covariances,
    read_scale,
    refuse_dependent,
)
from pipeline.totals.units import Floats

Rotation = Literal["none", "varimax"]


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of a scale.

    Attributes
    ----------
    loadings : DataFrame, one row per item, one column per factor (F1, F2, ...), in decreasing
        order of what a factor explains; signed so that a factor's loadings add up to 0 or more
    communality, uniqueness : per item: what the factors explain, and what the fit leaves
    df : of the fit; below 0 the factors are more than the correlations can tell
    rms : root of the mean squared residual correlation
    chisq, rmsea, low, high, tli : fit as in an unweighted sample, the interval of RMSEA on
        `level`; NaN with a design, where no chi-squared distribution holds, and where df is 0
    n : rows with all answers
    warnings : what to look at, in Chinese and English
    """

    loadings: pd.DataFrame = field(compare=False)
    communality: pd.Series = field(compare=False)
    uniqueness: pd.Series = field(compare=False)
    df: int
    rms: float
    chisq: float
    rmsea: float
    low: float
    high: float
    level: float
    tli: float
    n: int
    warnings: tuple[str, ...] = ()


def factors(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    number: int,
    extraction: Extraction = "ml",
    rotation: Rotation = "varimax",
    design: SurveyDesign | None = None,
    where: Where = None,
    missing: WholeRows = "domain_jointly",
    level: float = 0.90,
) -> Factors:
    """Extract and rotate the factors of a scale.

    Parameters
    ----------
    rows : DataFrame, one row per response; with a design all rows of the sample
    items : columns of numbers
    number : how many factors
    extraction : ``ml`` maximum likelihood, ``minres`` minimum residuals, ``pa`` principal axes
    design : None: rows count alike; otherwise the weighted correlations are analysed
    where, missing : see `read_scale`; rows without all answers do not count
    level : of the interval of RMSEA

    Raises
    ------
    ResponseError
        Items that cannot be read or are linearly dependent; more factors than items, or with a
        design more than its correlations can tell.
    """
    scale = read_scale(rows, items, design=design, where=where, missing=missing)
    size = len(items)
    df = ((size - number) ** 2 - size - number) // 2
    if not 1 <= number <= size or (design is not None and df < 0):
        raise ResponseError(
            f"因子分析: {size} 个题目提取 {number} 个因子，太多或太少。请改因子数。"
            "(the number of factors does not fit the number of items)"
        )
    correlation = covariances(scale.counted, scale.weight[scale.inside]).correlation
    refuse_dependent(scale.names, correlation)
    start = None
    if design is not None:
        start = (1 - 0.5 * number / size) / np.diag(np.linalg.inv(correlation))
    found = extract(correlation, number, extraction, start=start)
    loadings = found.loadings if rotation == "none" else varimax(found.loadings)
    common = (loadings**2).sum(axis=1)
    residual = correlation - loadings @ loadings.T
    np.fill_diagonal(residual, 0.0)
    fit = _NO_FIT
    if design is None and df > 0:
        fit = _fit(correlation, loadings, scale.n, df, level)
    names = pd.Index(scale.names)
    return Factors(
        loadings=_ordered(loadings, names), communality=pd.Series(common, names),
        uniqueness=pd.Series(found.uniqueness, names), df=df,
        rms=float(np.sqrt((residual**2).sum() / (size * (size - 1)))),
        chisq=fit[0], rmsea=fit[1], low=fit[2], high=fit[3], level=level, tli=fit[4],
        n=scale.n, warnings=tuple(_warnings(found.converged, common, scale.names, df)),
    )  # fmt: skip


_NO_FIT = (float("nan"),) * 5


def _fit(
    correlation: Floats, loadings: Floats, n: int, df: int, level: float
) -> tuple[float, float, float, float, float]:
    """Return chi-squared, RMSEA with its interval, and the Tucker-Lewis index."""
    size, number = loadings.shape
    model = loadings @ loadings.T
    np.fill_diagonal(model, 1.0)
    bartlett = n - 1 - (2 * size + 5) / 6 - 2 * number / 3
    misfit = _discrepancy(correlation, model)
    chisq = max(misfit * bartlett, 0.0)
    rmsea = float(np.sqrt(max(chisq / (df * n) - 1 / (n - 1), 0.0)))
    tail = (1 - level) / 2
    low, high = (
        float(np.sqrt(_noncentrality(chisq, df, p) / (n - 1) / df)) for p in (1 - tail, tail)
    )
    independent = _discrepancy(correlation, np.eye(size)) * 2 / (size * (size - 1))
    tli = (independent - misfit / df) / (independent - 1 / bartlett)
    return (
        chisq, rmsea, low if low <= rmsea else np.nan, high if high >= rmsea else np.nan, tli
    )  # fmt: skip


def _discrepancy(correlation: Floats, model: Floats) -> float:
    """Return how far a model lies from the correlations, as the likelihood measures it."""
    ratio = np.linalg.solve(model, correlation)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(ratio))


def _noncentrality(chisq: float, df: int, probability: float) -> float:
    """Return the noncentrality under which a chi-squared is below `chisq` so often."""
    from scipy.special import chdtr, chndtrinc

    if float(chdtr(df, chisq)) <= probability:
        return 0.0
    return float(chndtrinc(chisq, df, probability))


def _ordered(loadings: Floats, names: pd.Index) -> pd.DataFrame:
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    columns = [f"F{k + 1}" for k in range(loadings.shape[1])]
    return pd.DataFrame((loadings * sign)[:, order], index=names, columns=columns)


def _warnings(converged: bool, common: Floats, names: Sequence[str], df: int) -> list[str]:
    found = []
    if not converged:
        found.append("因子提取未收敛，载荷仅供参考。(the extraction did not converge)")
    if whole := [name for name, share in zip(names, common, strict=True) if share > 1]:
        found.append(
            f"题目 {'、'.join(whole)} 的共同度超过 1（Heywood 情形），请减少因子。"
            "(communalities above 1: extract fewer factors)"
        )
    if df < 0:
        found.append("因子多于相关系数所能确定的数目。(more factors than the items can tell)")
    return found
