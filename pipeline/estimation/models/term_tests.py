"""Tests that terms of a model are not needed.

``wald``: F from the coefficients' covariance under the design. ``likelihood_ratio``: the rise of
the deviance without the terms, whose distribution is a sum of chi-squareds weighted with the
eigenvalues of the terms' generalised design effects, over an estimate of the scale on the model's
degrees of freedom (a sum of F where these are finite).

Source: Rao & Scott (1984), Annals of Statistics 12, 46-60; Lumley & Scott (2014), Austral. N.Z. J.
Statist. 56, 1-14.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np

from pipeline.errors import SurveyError
from pipeline.estimation.hypotheses.chi_squared_sums import TailMethod, upper_tail
from pipeline.estimation.hypotheses.significance import Test, upper_f, wald_f
from pipeline.estimation.models import ordinal, regression
from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.model import INTERCEPT, canonical
from pipeline.totals.units import Floats

TermMethod = Literal["wald", "likelihood_ratio"]


@dataclass(frozen=True, slots=True, repr=False)
class TermTest(Test):
    """A `Test` of terms; `eigenvalues`: of a likelihood ratio test, the weights of its sum."""

    terms: tuple[str, ...] = ()
    eigenvalues: tuple[float, ...] = ()


def term_test(
    fit: Fit,
    terms: str | Sequence[str],
    method: TermMethod = "wald",
    *,
    df: float | None = None,
    tail: TailMethod = "saddlepoint",
) -> TermTest:
    """Test that all coefficients of some terms are 0.

    Parameters
    ----------
    terms : names of terms: ``"county"``, ``["county", "age:county"]``
    df : of the denominator; None: the model's
    tail : how the p-value of ``likelihood_ratio`` is computed (see `chi_squared_sums`)

    Raises
    ------
    SurveyError
        A name that is no term of the model, or a term without a coefficient.
    """
    asked = [terms] if isinstance(terms, str) else list(terms)
    place = _places(fit, asked)
    freedom = fit.df_resid if df is None else float(df)
    named = tuple(asked)
    listed = " + ".join(named)
    block = np.ix_(place, place)
    match method:
        case "wald":
            statistic, freedoms = wald_f(
                fit.value[place], fit.covariance[block], freedom, adjusted=False
            )
            return TermTest(
                f"{listed}: Wald 检验 (Wald test)", statistic, "F", freedoms,
                upper_f(statistic, freedoms), n=fit.n, terms=named,
            )  # fmt: skip
        case "likelihood_ratio":
            statistic = _without(fit, asked).deviance - fit.deviance
            weights = _eigenvalues(fit.naive[block], fit.covariance[block])
            return TermTest(
                f"{listed}: 似然比检验 (likelihood ratio test, Rao-Scott)", statistic,
                "X-squared", (), upper_tail(statistic, weights, df=freedom, method=tail),
                n=fit.n, terms=named, eigenvalues=tuple(map(float, weights)),
            )  # fmt: skip
    assert_never(method)


def _places(fit: Fit, terms: Sequence[str]) -> list[int]:
    own = [canonical(term) for term in fit.columns.terms]
    wanted = [canonical(term) for term in terms]
    known = [term for term in dict.fromkeys(fit.columns.terms) if term != INTERCEPT]
    for term in wanted:
        if term not in own:
            raise SurveyError(
                f"{term}: 模型 {fit.model.text} 没有这一项的系数；可检验 {'、'.join(known)}。"
                "(not a term of the model that has a coefficient; test one of these)"
            )
    return [place for place, term in enumerate(own) if term in wanted]


def _without(fit: Fit, terms: Sequence[str]) -> Fit:
    """Return the fit without some terms, to the same rows."""
    smaller = replace(fit.seen, coding=fit.seen.coding.without(terms))
    again = ordinal.fitted if fit.kind == "ordinal" else regression.fitted
    return again(smaller, level=fit.level, precision=fit.precision)


def _eigenvalues(naive: Floats, covariance: Floats) -> Floats:
    from scipy.linalg import eigh

    found: Floats = eigh(covariance, naive, eigvals_only=True)[::-1]
    return found
