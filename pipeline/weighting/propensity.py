"""Response propensities: the probability of a response given what is known of all units.

A logistic model, weighted with the design's weights, is fitted by maximum likelihood. Classes of
similar propensity are more robust to a wrong model than its own probabilities (Little 1986).

Source: Rosenbaum & Rubin (1983), Biometrika 70, 41-55; Little (1986), Int. Stat. Review 54,
139-157; five classes: Cochran (1968), Biometrics 24, 295-313.
"""

import warnings

import numpy as np
import pandas as pd

from pipeline.errors import CalibrationError
from pipeline.totals.units import Booleans, Floats
from pipeline.weighting.levels import coded
from pipeline.weighting.response_classes import PLACE, Classes

CERTAIN = 1e-8
"""A fitted propensity this near to 0 or 1 means that the model separates respondents."""


def propensities(
    frame: pd.DataFrame, columns: list[str], answered: Booleans, weight: Floats
) -> Floats:
    """Return each unit's fitted probability of a response, (rows,).

    Columns of numbers enter linearly and must be complete; all others as categories, a missing
    value being one of its own.

    Raises
    ------
    CalibrationError
        No such column, missing numbers, or a model that separates respondents from the others.
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    variables = _variables(frame, columns)
    counted = weight > 0
    model = sm.GLM(
        answered[counted].astype(np.float64), variables[counted],
        family=sm.families.Binomial(), freq_weights=weight[counted] / weight[counted].mean(),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        fitted = model.fit(maxiter=100, tol=1e-12)
    rate = np.ones(len(frame))
    rate[counted] = np.asarray(fitted.fittedvalues, dtype=np.float64)
    within = (rate[counted] > CERTAIN) & (rate[counted] < 1 - CERTAIN)  # NaN is not
    if not within.all():
        raise CalibrationError(
            f"{PLACE}: 以 {'、'.join(columns)} 可完全预测是否应答，倾向模型无法估计。"
            "请减少变量或合并类别。"
            "(the model separates respondents from the others; use fewer variables or categories)"
        )
    return rate


def propensity_classes(rate: Floats, classes: int, counted: Booleans) -> Classes:
    """Return classes of (nearly) equal numbers of units, lowest propensity first."""
    if classes < 1:
        raise CalibrationError(f"{PLACE}: classes={classes}，至少 1。(at least one class)")
    cuts = np.quantile(rate[counted], np.arange(1, classes) / classes)
    place = np.searchsorted(np.unique(cuts), rate, side="left")
    _, place = np.unique(place, return_inverse=True)
    count = int(place.max()) + 1
    names = tuple(f"倾向类 {k + 1} (propensity class {k + 1})" for k in range(count))
    return Classes(place, names, np.zeros((0, count), dtype=np.int64))


def own_factors(rate: Floats, answered: Booleans, weight: Floats, largest: float | None) -> Floats:
    """Return one over each respondent's own propensity, 0 for the others."""
    factor: Floats = np.where(answered, 1 / rate, 0.0)
    above = (factor > largest) & (weight > 0) if largest is not None else np.zeros(len(rate), bool)
    if above.any():
        raise CalibrationError(
            f"{PLACE}: {int(above.sum())} 个应答单元的调整系数超过 {largest:g}（最大 "
            f"{factor.max():.3g}）。请改用倾向类 classes=5。"
            "(adjustments above the largest factor; use classes of propensity)"
        )
    return factor


def _variables(frame: pd.DataFrame, columns: list[str]) -> Floats:
    made: list[Floats] = [np.ones(len(frame))]
    for name in columns:
        if name not in frame:
            raise CalibrationError(f"{PLACE}: 数据表没有列 {name}。(no such column)")
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            value = column.to_numpy(dtype=np.float64, na_value=np.nan)
            if gaps := int(np.isnan(value).sum()):
                raise CalibrationError(
                    f"{PLACE}: 列 {name} 有 {gaps} 个空值。请先补全，或作为类别。"
                    "(missing values; complete them or make the column categorical)"
                )
            spread = value.std()
            if spread > 0:
                made.append((value - value.mean()) / spread)
            continue
        of = coded(column)
        _, code = np.unique(of.code, return_inverse=True)
        made.extend((code == k).astype(np.float64) for k in range(1, int(code.max()) + 1))
    return np.stack(made, axis=1)
