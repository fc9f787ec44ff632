"""Linear, logistic, Poisson and gamma regression of survey answers.

Coefficients solve the weighted score equations; their covariance is that of the scores under the
sample design, times the inverse information on both sides, or the spread of the coefficients over
replicate weights. Collinear columns are dropped and named, as R does.

Source: Binder (1983), Int. Stat. Review 51, 279-292; Lumley & Scott (2017), Statistical Science
32, 265-278.
"""

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.domains import Missing, Where
from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.irls import Law, Optimum, Precision, independent, law_of, scoring
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.model_rows import ModelRows, model_rows
from pipeline.estimation.models.separation import separating, suspicious
from pipeline.totals.units import Floats


def regression(
    rows: pd.DataFrame,
    model: Model | str,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    precision: Precision = "converged",
) -> Fit:
    """Fit a generalised linear model.

    Parameters
    ----------
    rows : DataFrame, one row per response
        All rows of the sample: those outside a domain are needed for the variance.
    model : a `Model`, or the formula of a linear one: ``"trust ~ age + county"``
    where : a condition on answers, or one truth value per row; it makes a domain and keeps the
        design
    missing : ``domain`` (and ``domain_jointly``): a row without a value of the model leaves the
        domain; ``drop_rows``: it is deleted before the design is read; ``refuse``: it is an error
    level : of the confidence intervals
    precision : ``converged`` to the optimum; ``as_r`` stops where R's ``glm`` stops

    Returns
    -------
    Fit
        Where columns separate the outcome of a logistic or Poisson model, their coefficients are
        not finite: `warnings` say so, their standard errors are missing, and replicates in which
        this happens are left out of the variance.

    Raises
    ------
    SurveyError
        A formula that cannot be read, columns missing, an outcome that the family cannot have, no
        row with all values, or a link that leads to impossible means.
    """
    of = Model.of(model) if isinstance(model, str) else model
    seen = model_rows(rows, of, design=design, where=where, missing=missing)
    return fitted(seen, level=level, precision=precision)


def fitted(seen: ModelRows, *, level: float = 0.95, precision: Precision = "converged") -> Fit:
    """Fit the model to rows made ready."""
    every, _ = seen.coding.columns(seen.rows)
    here, law = seen.counted, law_of(seen.model)
    kept = independent(every.values[here], seen.weight[here])
    if not kept.any():
        raise SurveyError(f"模型 {seen.model.text}: 没有可用的列。(no column is left)")
    columns = every.only(kept)
    x, outcome, offset = columns.values[here], seen.outcome[here], seen.offset[here]
    weight = seen.weight[here]
    found = scoring(x, outcome, weight, offset, law, precision=precision)
    failed: list[int] = []

    def refitted(analysis: Floats) -> Floats:
        again = _again(analysis[here], x, outcome, offset, law, found.value, precision)
        failed.extend([1] if np.isnan(again).any() else [])
        return again

    def influence() -> Floats:
        per_unit = np.zeros((len(here), x.shape[1]))
        ratio = weight / seen.sample.weight[here]
        per_unit[here] = (found.score @ found.inverse) * ratio[:, None]
        return per_unit

    parts = seen.sample.parts(found.value, refitted, influence)
    dropped = tuple(n for n, k in zip(every.names, kept, strict=True) if not k)
    covariance = seen.sample.covariance(parts, here)
    runaway = np.zeros(len(found.value), dtype=bool)
    if suspicious(law.family, found.mean):
        runaway = separating(law.family, x, outcome)
    if precision == "converged" or np.isnan(found.value).any():
        runaway |= np.isnan(found.value)
        covariance = np.where(runaway | runaway[:, None], np.nan, covariance)
    return Fit(
        kind="regression", seen=seen, columns=columns, names=columns.names, value=found.value,
        covariance=covariance, parts=parts, naive=found.inverse,
        df_resid=seen.df + 1 - len(found.value),
        dispersion=_dispersion(seen, found, law), deviance=found.deviance,
        null_deviance=_null_deviance(seen, law, precision), level=level, precision=precision,
        dropped=dropped,
        warnings=_warnings(seen, columns.only(runaway).names, found, dropped, len(failed)),
    )  # fmt: skip


def _again(
    analysis: Floats,
    x: Floats,
    outcome: Floats,
    offset: Floats,
    law: Law,
    start: Floats,
    precision: Precision,
) -> Floats:
    """Return the coefficients with a replicate's weights; NaN where there are none."""
    some = analysis > 0
    nothing = np.full(len(start), np.nan)
    if not some.any():
        return nothing
    weight = analysis[some] / analysis[some].sum()
    try:
        found = scoring(
            x[some], outcome[some], weight, offset[some], law, start=start, precision=precision
        )
    except SurveyError:
        return nothing
    if not found.converged and precision == "converged":
        return nothing
    if suspicious(law.family, found.mean) and separating(law.family, x[some], outcome[some]).any():
        return nothing
    return found.value


def _dispersion(seen: ModelRows, found: Optimum, law: Law) -> float:
    weight, outcome = seen.weight[seen.counted], seen.outcome[seen.counted]
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = (outcome - found.mean) / np.sqrt(law.variance(found.mean))
        if seen.sample.replicates is not None:
            return float(np.average(residual**2, weights=weight))
        centred = residual - np.average(residual, weights=weight)
    spread = float(np.average(centred**2, weights=weight))
    return spread * seen.n / (seen.n - 1) if seen.n > 1 else float("nan")


def _null_deviance(seen: ModelRows, law: Law, precision: Precision) -> float:
    here = seen.counted
    outcome, weight, offset = seen.outcome[here], seen.weight[here], seen.offset[here]
    if not seen.coding.intercept:
        return law.deviance(outcome, law.inverse(offset), weight)
    if seen.model.offset is None:  # whatever the link
        mean = np.full(len(outcome), np.average(outcome, weights=weight))
        return law.deviance(outcome, mean, weight)
    ones = np.ones((len(outcome), 1))
    return scoring(ones, outcome, weight, offset, law, precision=precision).deviance


def _warnings(
    seen: ModelRows,
    runaway: tuple[str, ...],
    found: Optimum,
    dropped: tuple[str, ...],
    failed: int,
) -> tuple[str, ...]:
    said = []
    if runaway:
        said.append(
            f"{'、'.join(runaway)}: 可无误地分开结果，系数趋于无穷，所列数值没有意义。"
            "请合并类别或去掉这些变量。"
            "(separation: these coefficients run away; merge categories or drop the variables)"
        )
    elif not found.converged:
        said.append("迭代没有收敛，结果不可用。(the iteration did not converge; do not use this)")
    if dropped:
        said.append(
            f"{'、'.join(dropped)}: 是前面各列的线性组合，未估计。(collinear columns dropped)"
        )
    if failed:
        said.append(
            f"{failed} 组重复权数下没有有限的估计，方差未计入它们。"
            f"({failed} replicates without a finite estimate are left out of the variance)"
        )
    if seen.df + 1 - len(found.value) <= 0:
        said.append(
            f"设计自由度 {seen.df:g} 不足以估计 {len(found.value)} 个系数，没有 p 值和区间。"
            "(too few degrees of freedom for p-values and intervals; use fewer terms)"
        )
    return tuple(said)
