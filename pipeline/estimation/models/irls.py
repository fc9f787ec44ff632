"""Maximum (pseudo-)likelihood of generalised linear models by iterated weighted least squares.

Families and links are those of statsmodels; the iteration is written out because the reference
numbers of R's survey package depend on where R's ``glm`` stops: at a relative change of the
deviance below 1e-8, with the information matrix of the step before. ``as_r`` does the same, for
comparisons with R to many digits; ``converged`` goes on to the optimum, from which R's standard
errors differ in the fourth to eighth digit.

Source: McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., sec. 2.5; Binder (1983),
Int. Stat. Review 51, 279-292 for the scores.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.errors import SurveyError
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.separation import separating, suspicious
from pipeline.totals.units import Booleans, Floats

Precision = Literal["converged", "as_r"]
TOLERANCE = {"converged": 1e-11, "as_r": 1e-8}
STEPS = {"converged": 200, "as_r": 25}
DEPENDENT = 1e-11
"""A column of which less than this share is left by the others is a combination of them."""
NEARLY_DEPENDENT = 1e-3
"""Below this share cross-products lose too many digits, and the columns themselves are used."""
HALVINGS = 40
PATIENCE = 40
"""Steps after which a fit that still moves is looked at for separation."""
OF_CHANCES = ("logit", "probit", "cloglog", "cauchit")
SMALLEST = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Law:
    """A family with its link: functions of the mean or of the linear predictor."""

    family: str
    link: Callable[[Floats], Floats]
    inverse: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    variance: Callable[[Floats], Floats]
    deviance: Callable[[Floats, Floats, Floats], float]
    linear: bool

    def first_mean(self, outcome: Floats, weight: Floats) -> Floats:
        """Return means to start from."""
        if self.family == "binomial":
            return (weight * outcome + 0.5) / (weight + 1)
        return outcome + 0.1 if self.family == "poisson" else outcome

    def valid(self, mean: Floats) -> bool:
        """Return whether all means are possible."""
        possible = np.isfinite(mean).all()
        if self.family == "binomial":
            return bool(possible and mean.min() > 0 and mean.max() < 1)
        return bool(possible and (self.family == "gaussian" or mean.min() > 0))


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the iteration ended.

    Attributes
    ----------
    value : (columns,) coefficients; NaN where the columns are dependent
    inverse : (columns, columns) inverse information at these weights
    score : (rows, columns) each row's score per unit of weight
    mean : (rows,) fitted means
    """

    value: Floats
    inverse: Floats
    score: Floats
    mean: Floats
    deviance: float
    converged: bool


def law_of(model: Model) -> Law:
    """Return the family and link of a model."""
    from statsmodels.genmod import families

    if model.family != "binomial" and model.chosen_link in OF_CHANCES:
        raise SurveyError(
            f"Model.link: {model.chosen_link} 只用于 binomial 模型，而 family 是 {model.family}。"
            "(a link of chances; only for binomial models)"
        )
    links = families.links
    link = {
        "identity": links.Identity, "log": links.Log, "logit": links.Logit,
        "probit": links.Probit, "cloglog": links.CLogLog, "cauchit": links.Cauchy,
        "inverse": links.InversePower, "sqrt": links.Sqrt,
    }[model.chosen_link]()  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an unusual link is the caller's choice
        family = {
            "gaussian": families.Gaussian, "binomial": families.Binomial,
            "poisson": families.Poisson, "gamma": families.Gamma,
        }[model.family](link=link, check_link=False)  # fmt: skip

    def inverse(predictor: Floats) -> Floats:
        mean: Floats = link.inverse(predictor)
        if model.family == "binomial" and model.chosen_link in ("logit", "probit", "cloglog"):
            mean = np.clip(mean, SMALLEST, 1 - SMALLEST)
        return mean

    def slope(predictor: Floats) -> Floats:
        found: Floats = link.inverse_deriv(predictor)
        if model.family == "binomial":
            found = np.where(np.isnan(found), 0.0, found)
            if model.chosen_link in ("logit", "probit", "cloglog"):
                found = np.maximum(found, SMALLEST)
        return found

    def deviance(outcome: Floats, mean: Floats, weight: Floats) -> float:
        return float(family.deviance(outcome, mean, var_weights=weight))

    linear = model.family == "gaussian" and model.chosen_link == "identity"
    return Law(model.family, link, inverse, slope, family.variance, deviance, linear)


def scoring(
    x: Floats,
    outcome: Floats,
    weight: Floats,
    offset: Floats,
    law: Law,
    *,
    start: Floats | None = None,
    precision: Precision = "converged",
) -> Optimum:
    """Solve the weighted score equations.

    Parameters
    ----------
    x : (rows, columns) independent columns; all arrays hold rows of positive weight only
    start : coefficients to start from

    Raises
    ------
    SurveyError
        No start is found: the link does not fit the outcome.
    """
    with np.errstate(all="ignore"):
        return _scoring(x, outcome, weight, offset, law, start, precision)


def _scoring(
    x: Floats,
    outcome: Floats,
    weight: Floats,
    offset: Floats,
    law: Law,
    start: Floats | None,
    precision: Precision,
) -> Optimum:
    value = start
    mean = law.first_mean(outcome, weight)
    predictor = law.link(mean) if value is None else offset + x @ value
    mean = law.inverse(predictor)
    if not (np.isfinite(predictor).all() and law.valid(mean)):
        raise _no_start(law)
    deviance = law.deviance(outcome, mean, weight)
    inverse = np.full((x.shape[1],) * 2, np.nan)
    slope, converged = law.slope(predictor), False
    per_weight = slope**2 / law.variance(mean)
    for step in range(STEPS[precision]):
        if step == PATIENCE and suspicious(law.family, mean):
            if separating(law.family, x, outcome).any():
                break
        slope = law.slope(predictor)
        per_weight = slope**2 / law.variance(mean)
        target = predictor - offset + (outcome - mean) / slope
        found, inverse = _least_squares(x, weight * per_weight, target)
        if np.isnan(found).any():
            return Optimum(found, inverse, np.zeros_like(x), mean, np.nan, False)
        before, value_before = deviance, value
        value = found
        for halving in range(HALVINGS + 1):
            predictor = offset + x @ value
            mean = law.inverse(predictor)
            deviance = law.deviance(outcome, mean, weight)
            fine = law.valid(mean) and np.isfinite(deviance)
            if precision == "converged" and value_before is not None:
                fine = fine and deviance <= before + 1e-9 * (abs(before) + 0.1)
            if fine:
                break
            if value_before is None:
                raise _no_start(law)
            if halving < HALVINGS:
                value = (value + value_before) / 2
        if precision == "as_r":
            converged = abs(deviance - before) / (abs(deviance) + 0.1) < TOLERANCE[precision]
        elif law.linear:
            converged = True
        elif value_before is not None:
            scale = np.abs(value) + np.sqrt(np.diag(inverse))
            change = np.abs(value - value_before)
            converged = bool((change <= TOLERANCE[precision] * scale).all())
        if converged:
            break
    slope = law.slope(predictor)
    if precision == "converged" and not law.linear:
        per_weight = slope**2 / law.variance(mean)
        _, inverse = _least_squares(x, weight * per_weight, predictor)
    score = x * (per_weight * (outcome - mean) / slope)[:, None]
    return Optimum(np.asarray(value), inverse, score, mean, deviance, converged)


def independent(x: Floats, weight: Floats) -> Booleans:
    """Return which columns are no combinations of those before them, over the weighted rows."""
    if _root((x * weight[:, None]).T @ x) is not None:
        return np.ones(x.shape[1], dtype=bool)
    scaled = x * np.sqrt(weight)[:, None]
    basis = np.zeros((len(x), min(x.shape)))
    kept = np.zeros(x.shape[1], dtype=bool)
    for place, column in enumerate(scaled.T):
        rank, left = int(kept.sum()), column.copy()
        if rank == basis.shape[1]:
            break
        for _ in range(2):  # twice is enough against rounding
            left -= basis[:, :rank] @ (basis[:, :rank].T @ left)
        length = float(np.linalg.norm(left))
        if length > DEPENDENT * float(np.linalg.norm(column)):
            basis[:, rank] = left / length
            kept[place] = True
    return kept


def _least_squares(x: Floats, weight: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and inverse cross-products; NaN where the columns are dependent."""
    weighted = x * weight[:, None]
    back = _root(weighted.T @ x)
    if back is not None:
        inverse: Floats = back @ back.T
        value: Floats = inverse @ (weighted.T @ target)
        return value + inverse @ (weighted.T @ (target - x @ value)), inverse
    root, width = np.sqrt(weight), x.shape[1]
    scaled = x * root[:, None]
    nothing = np.full(width, np.nan), np.full((width, width), np.nan)
    if len(x) < width or not np.isfinite(scaled).all():
        return nothing
    basis, upper = np.linalg.qr(scaled)
    if (np.abs(np.diag(upper)) <= DEPENDENT * np.linalg.norm(upper, axis=0)).any():
        return nothing
    back = np.linalg.solve(upper, np.eye(width))
    value = back @ (basis.T @ (target * root))
    return value, back @ back.T


def _root(cross: Floats) -> Floats | None:
    """Return a root of the inverse of cross-products, or None where columns nearly depend."""
    size = np.sqrt(np.diag(cross))
    if not (np.isfinite(cross).all() and (size > 0).all()):
        return None
    try:
        lower = np.linalg.cholesky(cross / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    if np.diag(lower).min(initial=1.0) < NEARLY_DEPENDENT:
        return None
    root: Floats = np.linalg.solve(lower, np.eye(len(cross))).T / size[:, None]
    return root


def _no_start(law: Law) -> SurveyError:
    return SurveyError(
        f"{law.family} 模型找不到可用的起点：所选连接函数得出不可能的均值。请换连接函数。"
        "(the link leads to impossible means; choose another link)"
    )
