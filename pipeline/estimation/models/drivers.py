"""Which variables drive an outcome: the share of R squared that each of them explains.

``lmg``: the rise of R squared when a variable joins, averaged over all orders of joining (the
Shapley value). ``relative_weights``: R squared of the orthogonal variables nearest to the given
ones, handed back to these; close to ``lmg`` and quick with many variables. The shares are smooth
functions of weighted variances and covariances: their standard errors are linearised, or come from
replicate weights, given or made for the purpose.

Source: Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate Analysis, 119;
Grömping (2007), The American Statistician 61, 139-147; Johnson (2000), Multivariate Behavioral
Research 35, 1-19.
"""

from collections.abc import Mapping, Sequence
from math import factorial
from typing import Literal, get_args

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.domains import Missing, Where
from pipeline.estimation.intervals import t_quantile
from pipeline.estimation.items import Level
from pipeline.estimation.models.irls import independent
from pipeline.estimation.models.model import INTERCEPT, Model, quoted
from pipeline.estimation.models.model_rows import ModelRows, model_rows
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.units import Booleans, Floats
from pipeline.weighting.replication import make_replicates

DriverMethod = Literal["lmg", "relative_weights"]
MOST_ORDERS = 16
"""Variables up to which all subsets are looked at."""
STEP = 1e-5


def drivers(
    rows: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    *,
    design: SurveyDesign,
    method: DriverMethod = "lmg",
    where: Where = None,
    missing: Missing = "domain",
    levels: Mapping[str, Sequence[Level]] | None = None,
    level: float = 0.95,
    bootstrap: int | None = None,
    seed: int | None = None,
) -> pd.DataFrame:
    """Share out the R squared of a linear model among its variables.

    Parameters
    ----------
    rows, where, missing : as for `regression`
    outcome : a column of numbers (0/1 too)
    predictors : columns; a category is one driver with all its indicators
    levels : as of `Model`
    bootstrap, seed : how many bootstrap replicates to make; intervals are then percentiles of the
        shares over them. An importance next to 0 has a skewed distribution, for which this is
        better than the linearised interval

    Returns
    -------
    DataFrame, one row per predictor in the order given: predictor, importance (part of R squared),
    share (of R squared, the sum is 1), standard_error, low, high (of the share; without
    `bootstrap` on the log-odds where it lies between 0 and 1), degrees_of_freedom, n;
    `attrs["r_squared"]` holds R squared.

    Raises
    ------
    SurveyError
        Fewer than two predictors, collinear ones, an outcome that does not vary; ``lmg`` of more
        than 16 predictors; a bootstrap of a design that has replicate weights, or without a seed.
    """
    _refuse(predictors, method)
    model = Model(outcome, [quoted(name) for name in predictors], levels=dict(levels or {}))
    seen = model_rows(rows, model, design=design, where=where, missing=missing)
    table, driver = _table(seen)
    here, sample = seen.counted, _resampled(seen, bootstrap, seed)
    divide = _lmg if method == "lmg" else _relative_weights

    if not np.ptp(table[:, -1]):
        raise SurveyError(f"{outcome}: 结果没有变化，无从解释。(the outcome does not vary)")
    weight = sample.weight[here]
    spread = _covariance(table, weight)
    value, slopes = divide(spread, driver)

    def importance(analysis: Floats) -> Floats:
        try:
            with np.errstate(divide="ignore", invalid="ignore"):
                return divide(_covariance(table, analysis[here]), driver)[0]
        except np.linalg.LinAlgError:  # a replicate without one of the categories
            return np.full(len(value), np.nan)

    def influence() -> Floats:
        centred = table - np.average(table, axis=0, weights=weight)
        own = np.zeros((len(here), len(value)))
        bent = np.einsum("ia,jab,ib->ij", centred, slopes, centred, optimize=True)
        own[here] = (bent - np.einsum("jab,ab->j", slopes, spread)) / weight.sum()
        return own

    def shares(analysis: Floats) -> Floats:
        found = importance(analysis)
        share: Floats = found / found.sum()
        return share

    if sample.replicates is not None:
        parts = sample.parts(value / value.sum(), shares, influence)
    else:
        parts = sample.parts(value, importance, influence)
        parts = (parts - parts.sum(axis=1, keepdims=True) * value / value.sum()) / value.sum()
    error = np.sqrt(np.diag(sample.covariance(parts, here)))
    df = np.full(len(value), seen.df)
    low, high = _interval(value / value.sum(), error, t_quantile((1 + level) / 2, df))
    if bootstrap is not None:
        ends = [(1 - level) / 2, (1 + level) / 2]
        low, high = np.nanquantile(parts + value / value.sum(), ends, axis=0)
    found = pd.DataFrame(
        {
            "predictor": list(predictors), "importance": value, "share": value / value.sum(),
            "standard_error": error, "low": low, "high": high, "degrees_of_freedom": df,
            "n": seen.n,
        }
    )  # fmt: skip
    found.attrs["r_squared"] = float(value.sum())
    return found


def _refuse(predictors: Sequence[str], method: str) -> None:
    if method not in get_args(DriverMethod):
        raise SurveyError(
            f"drivers: method={method!r} 不可用，可用 {'、'.join(get_args(DriverMethod))}。"
            "(use one of these)"
        )
    if len(predictors) < 2 or len(set(predictors)) < len(predictors):
        raise SurveyError("drivers: 至少要有两个不同的变量。(at least two different predictors)")
    if method == "lmg" and len(predictors) > MOST_ORDERS:
        raise SurveyError(
            f"drivers: {len(predictors)} 个变量的次序太多（最多 {MOST_ORDERS} 个）；请改用 "
            "method='relative_weights'。(too many predictors for lmg; use relative_weights)"
        )


def _resampled(seen: ModelRows, bootstrap: int | None, seed: int | None) -> Sample:
    if bootstrap is None:
        return seen.sample
    if seen.sample.replicates is not None:
        raise SurveyError(
            "drivers: 设计已有重复权数，不必再给 bootstrap。"
            "(the design has replicate weights; leave bootstrap out)"
        )
    rows, design = make_replicates(
        seen.rows, seen.design, method="bootstrap", count=bootstrap, seed=seed,
        into_unit="drivers_replicate_unit",
    )  # fmt: skip
    return sample_of(rows, design)


def _table(seen: ModelRows) -> tuple[Floats, list[Booleans]]:
    """Return the columns with the outcome last, and which of them belong to each driver."""
    columns, _ = seen.coding.columns(seen.rows)
    weight = seen.weight[seen.counted]
    kept = independent(columns.values[seen.counted], weight)
    if not kept.all():
        gone = [name for name, one in zip(columns.names, kept, strict=True) if not one]
        raise SurveyError(
            f"{'、'.join(gone)}: 是其他变量的线性组合或没有变化，请去掉。"
            "(a combination of the other predictors, or constant; drop it)"
        )
    of = columns.only(np.array([term != INTERCEPT for term in columns.terms]))
    table = np.column_stack([of.values, seen.outcome])[seen.counted]
    drivers = [np.array([t == term for t in of.terms]) for term in dict.fromkeys(of.terms)]
    return table, drivers


def _covariance(table: Floats, weight: Floats) -> Floats:
    centred = table - np.average(table, axis=0, weights=weight)
    spread: Floats = (centred * weight[:, None]).T @ centred / weight.sum()
    return spread


def _lmg(spread: Floats, driver: Sequence[Booleans]) -> tuple[Floats, Floats]:
    """Return each driver's importance, and its derivatives by the covariances.

    The residual variance of a subset is v'Sv with v = (-coefficients, 1); at the best coefficients
    its derivative by S is vv'.
    """
    count, width, total = len(driver), len(spread), spread[-1, -1]
    value = np.zeros(count)
    slopes = np.zeros((count, width, width))
    joins = [
        factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)
    ]
    for code in range(2**count):
        members = [bool(code >> place & 1) for place in range(count)]
        size = sum(members)
        some = np.zeros(width - 1, dtype=bool)
        for own, inside in zip(driver, members, strict=True):
            some |= own & inside
        v = np.zeros(width)
        v[-1] = 1.0
        v[:-1][some] = -np.linalg.solve(
            spread[:-1, :-1][np.ix_(some, some)], spread[:-1, -1][some]
        )
        left = float(v @ spread @ v)
        slope = -np.outer(v, v) / total
        slope[-1, -1] += left / total**2
        share = np.array([joins[size - 1] if inside else -joins[size] for inside in members])
        value += share * (1 - left / total)
        slopes += share[:, None, None] * slope
    return value, slopes


def _relative_weights(spread: Floats, driver: Sequence[Booleans]) -> tuple[Floats, Floats]:
    width = len(spread)
    value = _johnson(spread, driver)
    slopes = np.zeros((len(driver), width, width))
    size = np.sqrt(np.diag(spread))
    for a in range(width):
        for b in range(a + 1):
            step = np.zeros((width, width))
            step[a, b] = step[b, a] = STEP * size[a] * size[b]
            change = _johnson(spread + step, driver) - _johnson(spread - step, driver)
            # The covariance of a and b stands in the matrix twice, a variance once.
            slopes[:, a, b] = slopes[:, b, a] = change / (2 * step[a, b]) / (1 if a == b else 2)
    return value, slopes


def _johnson(spread: Floats, driver: Sequence[Booleans]) -> Floats:
    size = np.sqrt(np.diag(spread))
    correlation = spread / np.outer(size, size)
    values, vectors = np.linalg.eigh(correlation[:-1, :-1])
    root = (vectors * np.sqrt(values)) @ vectors.T
    of_orthogonal = np.linalg.solve(root, correlation[:-1, -1])
    of_column = root**2 @ of_orthogonal**2
    return np.array([of_column[own].sum() for own in driver])


def _interval(share: Floats, error: Floats, t: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(share / (1 - share))
        reach = t * error / (share * (1 - share))
        low, high = 1 / (1 + np.exp(-(odds - reach))), 1 / (1 + np.exp(-(odds + reach)))
    inside = (share > 0) & (share < 1)
    return np.where(inside, low, share), np.where(inside, high, share)
