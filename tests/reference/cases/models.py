"""Regression models: generalised linear, ordinal, tests of terms, predictive means."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.estimation.intervals import t_quantile
from pipeline.estimation.models.fit import Fit
from pipeline.estimation.models.margins import predictive_means
from pipeline.estimation.models.model import Model, quoted
from pipeline.estimation.models.ordinal import ordinal
from pipeline.estimation.models.regression import regression
from pipeline.estimation.models.term_tests import term_test
from tests.reference.cases import Case, listed


def _glm(case: Case) -> dict[str, Any]:
    fit = _fit(case)
    table = fit.table()
    return {
        "names": list(fit.names), "estimate": list(fit.value), "se": list(table["standard_error"]),
        "statistic": list(table["statistic"]), "p_value": list(table["p"]),
        "df_resid": fit.df_resid, "vcov": fit.covariance.tolist(),
        "dispersion": fit.dispersion * _scale(fit), "deviance": fit.deviance,
    }  # fmt: skip


def _ordinal(case: Case) -> dict[str, Any]:
    fit = ordinal(
        case.rows, _model(case), design=case.design, where=case.where, missing=case.missing,
        precision="as_r",
    )  # fmt: skip
    return {
        "names": list(fit.names), "estimate": list(fit.value), "se": list(fit.standard_error)
    }  # fmt: skip


def _term_test(case: Case) -> dict[str, Any]:
    fit = _fit(case)
    method = case.options.get("method", "wald")
    test = term_test(fit, listed(case.options["tested"]), method)
    if method == "wald":
        return {"F": test.statistic, "df": test.df[0], "ddf": test.df[1], "p": test.p_value}
    return {
        "chisq": test.statistic, "lambda": list(test.eigenvalues), "p": test.p_value,
        "df": len(test.eigenvalues), "ddf": fit.df_resid,
    }  # fmt: skip


def _predictive_means(case: Case) -> dict[str, Any]:
    group = case.options["group"]
    levels = {name: given for name, given in (case.spec.get("categories") or {}).items()}
    found = predictive_means(_fit(case), group, levels=levels.get(group))
    error = np.sqrt(np.diag(found.covariance))
    normal = t_quantile((1 + case.options.get("level", 0.95)) / 2, np.array([np.inf]))[0]
    df = case.df if case.df is not None else found.df
    t = t_quantile((1 + case.options.get("level", 0.95)) / 2, np.array([df]))[0]
    return {
        "names": list(found.names), "estimate": list(found.value), "se": list(error),
        "vcov": found.covariance.tolist(), "df": df,
        "ci_normal_lower": list(found.value - normal * error),
        "ci_normal_upper": list(found.value + normal * error),
        "ci_t_lower": list(found.value - t * error), "ci_t_upper": list(found.value + t * error),
    }  # fmt: skip


def _fit(case: Case) -> Fit:
    return regression(
        case.rows, _model(case), design=case.design, where=case.where, missing=case.missing,
        precision="as_r",
    )  # fmt: skip


def _scale(fit: Fit) -> float:
    """Return what R multiplies the dispersion by: its weights are not brought to mean 1 again.

    After rows with missing values are gone the weights keep the mean they had before; with
    replicate weights R divides by shares of the total in place of weights of mean 1.
    """
    total = float(fit.seen.weight.sum())
    if fit.seen.sample.replicates is not None:
        return total
    design = fit.seen.design
    whole = bool(design.calibration) or design.pps is not None
    return total / (len(fit.seen.rows) if whole else fit.n)


def _model(case: Case) -> Model:
    given = case.spec["model"]
    levels = dict(case.spec.get("categories") or {})
    for term in given.get("terms") or ():
        for one in _categorical(term):
            known = levels.get(one["column"]) or []
            first = one.get("reference")
            first = known[0] if first is None else first
            levels[one["column"]] = [first, *(level for level in known if level != first)]
    return Model(
        given["outcome"], [_text(term) for term in given.get("terms") or ()],
        family=given.get("family") or "gaussian", link=given.get("link"),
        intercept=given.get("intercept", True) is not False, offset=given.get("offset"),
        levels=levels,
    )  # fmt: skip


def _text(term: Mapping[str, Any]) -> str:
    if term["kind"] == "interaction":
        return ":".join(_text(one) for one in term["of"])
    return quoted(term["column"])


def _categorical(term: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if term["kind"] == "interaction":
        return [found for one in term["of"] for found in _categorical(one)]
    return [term] if term["kind"] == "categorical" else []


ESTIMATORS = {
    "glm": _glm, "ordinal": _ordinal, "term_test": _term_test,
    "predictive_means": _predictive_means,
}  # fmt: skip
