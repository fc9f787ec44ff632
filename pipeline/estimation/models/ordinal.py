"""Ordinal regression: cumulative link models, of which proportional odds is the logistic one.

P(answer <= category k) = F(threshold_k - linear predictor): a positive coefficient moves answers
up. Coefficients and thresholds solve the weighted score equations; their covariance is that of the
scores under the sample design, or their spread over replicate weights.

Source: McCullagh (1980), JRSS B 42, 109-142; Binder (1983), Int. Stat. Review 51, 279-292.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import special

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.domains import Missing, Where
from pipeline.estimation.models.cumulative_links import BEYOND_ALL, LINKS, Likelihood
from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.irls import Precision, independent, law_of, scoring
from pipeline.estimation.models.model import INTERCEPT, Model
from pipeline.estimation.models.model_matrix import Columns
from pipeline.estimation.models.model_rows import ModelRows, model_rows
from pipeline.estimation.models.variable_metric import curvature
from pipeline.totals.units import Booleans, Floats

OUTERMOST_OF_R = 100.0


def ordinal(
    rows: pd.DataFrame,
    model: Model | str,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    precision: Precision = "converged",
) -> Fit:
    """Fit a cumulative link model to an outcome of ordered categories.

    The arguments are those of `regression`; the model's `link` is ``logit`` (the default) or
    ``probit``, its `family` is not used, and the order of the outcome's categories is that of
    `Model.levels`, of a pandas Categorical, or of the values. ``as_r`` ends where R's ``optim``
    does, with its finite differences; standard errors then differ in the fourth digit.

    Returns
    -------
    Fit
        Coefficients, then the thresholds ``low|high``. Categories that nobody chose have none.

    Raises
    ------
    SurveyError
        As `regression`; fewer than three categories chosen; another link.
    """
    of = Model.of(model) if isinstance(model, str) else model
    if (of.link or "logit") not in LINKS:
        raise SurveyError(
            f"ordinal: 连接函数 {of.link!r} 不可用，可用 logit、probit。(use one of these)"
        )
    of = replace(of, intercept=True)
    seen = model_rows(rows, of, design=design, where=where, missing=missing, ordinal=True)
    return fitted(seen, level=level, precision=precision)


def fitted(seen: ModelRows, *, level: float = 0.95, precision: Precision = "converged") -> Fit:
    """Fit the model to rows made ready."""
    here = seen.counted
    every, _ = seen.coding.columns(seen.rows)
    kept = independent(every.values[here], seen.weight[here])
    slopes = kept & np.array([term != INTERCEPT for term in every.terms])
    columns = every.only(slopes)
    chosen, code = np.unique(seen.outcome[here].astype(np.int64), return_inverse=True)
    if len(chosen) < 3:
        raise SurveyError(
            f"{seen.model.outcome}: 有序模型至少要有三个被选中的类别，而有 {len(chosen)} 个；"
            "两个类别请用 family='binomial'。(three categories at least; use binomial for two)"
        )
    likelihood = Likelihood(
        LINKS[seen.model.link or "logit"], columns.values[here], code, seen.offset[here],
        len(chosen) - 1, OUTERMOST_OF_R if precision == "as_r" else BEYOND_ALL,
    )  # fmt: skip
    raw = seen.sample.weight[here]
    weight = raw if precision == "as_r" else seen.weight[here]
    value, converged = _optimum(likelihood, weight, seen, precision)
    inverse = _inverse(likelihood, weight, value, precision)
    converged &= bool(np.isfinite(inverse).all())
    if not converged and precision == "converged":
        inverse = np.full_like(inverse, np.nan)  # an error beside a runaway estimate would mislead
    failed: list[int] = []

    def refitted(analysis: Floats) -> Floats:
        some = analysis[here] > 0
        part = likelihood.only(some)
        share = analysis[here][some]
        again, fine = np.full(len(value), np.nan), False
        if len(np.unique(part.code)) == len(chosen):
            if precision == "as_r":
                again, fine = part.unbound(part.minimised(share, part.bound(value))), True
            else:
                again, fine = part.newton(share / share.mean(), value)
        failed.extend([] if fine else [1])
        return again if fine else np.full(len(value), np.nan)

    def influence() -> Floats:
        per_unit = np.zeros((len(here), len(value)))
        with np.errstate(all="ignore"):
            scores = likelihood.scores(value)
        per_unit[here] = scores @ inverse * (weight / raw)[:, None]
        return per_unit

    parts = seen.sample.parts(value, refitted, influence)
    names = [seen.categories[place] for place in chosen]
    thresholds = tuple(f"{low}|{high}" for low, high in pairwise(names))
    scaled = seen.weight[here]
    alone = replace(likelihood, x=np.zeros((len(code), 0)))
    null, _ = alone.newton(scaled, alone.start(scaled))
    return Fit(
        kind="ordinal", seen=seen, columns=columns, names=columns.names + thresholds, value=value,
        covariance=seen.sample.covariance(parts, here), parts=parts,
        naive=inverse * (weight[0] / scaled[0]), df_resid=seen.df - len(columns.names),
        dispersion=1.0, deviance=2 * likelihood.loss(scaled, value),
        null_deviance=2 * alone.loss(scaled, null), level=level, precision=precision,
        dropped=tuple(n for n, k in zip(every.names, kept, strict=True) if not k),
        warnings=_warnings(converged, len(failed), every, kept),
    )  # fmt: skip


def _optimum(
    likelihood: Likelihood, weight: Floats, seen: ModelRows, precision: Precision
) -> tuple[Floats, bool]:
    if precision == "converged":
        return likelihood.newton(weight, likelihood.start(weight))
    q, middle = likelihood.thresholds, (likelihood.thresholds + 1) // 2
    law = law_of(replace(seen.model, family="binomial", link=seen.model.link or "logit"))
    x = np.hstack([np.ones((len(likelihood.x), 1)), likelihood.x])
    # R starts from the split at the middle; its two functions scale weights and gaps differently.
    given = seen.sample.replicates is not None
    scale = weight if given else weight / weight.mean()
    split = (likelihood.code >= middle).astype(np.float64)
    first = scoring(x, split, scale, likelihood.offset, law, precision="as_r").value
    gaps = special.logit(np.arange(1, q + 1) / (q + 1))
    if not (given and (seen.model.link or "logit") == "logit"):
        gaps = gaps / 1.7
    start = np.concatenate([first[1:], -first[0] + gaps - gaps[middle - 1]])
    with np.errstate(all="ignore"):
        if not np.isfinite(likelihood.loss(weight, start)):  # R gives up here
            return likelihood.newton(weight, likelihood.start(weight))
    return likelihood.unbound(likelihood.minimised(weight, likelihood.bound(start))), True


def _inverse(
    likelihood: Likelihood, weight: Floats, value: Floats, precision: Precision
) -> Floats:
    """Return the inverse information; NaN where there is none."""
    with np.errstate(all="ignore"):
        try:
            if precision == "converged":
                return np.asarray(np.linalg.inv(likelihood.information(weight, value)), np.float64)
            bound = likelihood.bound(value)
            differenced = curvature(lambda at: likelihood.slope(weight, at), bound)
            forth = likelihood.jacobian(bound)
            found: Floats = forth @ np.linalg.inv(differenced) @ forth.T
            return found
        except np.linalg.LinAlgError:
            return np.full((len(value), len(value)), np.nan)


def _warnings(converged: bool, failed: int, every: Columns, kept: Booleans) -> tuple[str, ...]:
    said = []
    if not converged:
        said.append(
            "迭代没有收敛（可能某个变量可无误地分开结果），结果不可用。"
            "(no convergence, perhaps for separation; do not use this)"
        )
    if len(dropped := [n for n, k in zip(every.names, kept, strict=True) if not k]):
        said.append(
            f"{'、'.join(dropped)}: 是前面各列的线性组合，未估计。(collinear columns dropped)"
        )
    if failed:
        said.append(
            f"{failed} 组重复权数下没有估计，方差未计入它们。"
            f"({failed} replicates without an estimate are left out of the variance)"
        )
    return tuple(said)
