"""Scales and agreement: alpha, components, factors, omega, adequacy, kappa, ICC, rank statistics."""

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from pipeline.agreement import (
    cohen_kappa,
    friedman,
    icc,
    kendall_w,
    kruskal_wallis,
    spearman,
)
from pipeline.estimation.scales.components import eigenvalues, kmo_bartlett, pca
from pipeline.estimation.scales.factors import factors
from pipeline.estimation.scales.omega import omega
from pipeline.estimation.scales.reliability import alpha
from tests.reference.cases import Case
from tests.reference.compare import differences, flat


def _missing(case: Case) -> Any:
    """The public word for items: R's `propagate` is a refusal, all else takes complete rows."""
    return "refuse" if case.spec.get("missing") == "propagate" else "domain_jointly"


def _alpha(case: Case) -> dict[str, Any]:
    if case.design is not None:
        found = alpha(
            case.rows, case.variables, design=case.design, where=case.where, missing=_missing(case)
        )
        return {"alpha": [found.value]}
    found = alpha(
        case.rows, case.variables, where=case.where,
        missing="drop_rows" if case.spec.get("missing") == "drop_rows" else "pairwise",
        reverse_by_first_component=case.options.get("reverse_by_first_component", False),
    )  # fmt: skip
    table = found.items
    return {
        "keys": [f"-{i}" if k < 0 else i for i, k in zip(table["item"], table["key"], strict=True)],
        "raw_alpha": found.value, "std_alpha": found.standardised, "G6": found.lambda6,
        "avg_r": found.mean_correlation, "drop_raw": list(table["alpha_without"]),
        "drop_std": list(table["standardised_without"]), "r_drop": list(table["item_rest"]),
        "r_cor": list(table["corrected"]), "raw_r": list(table["item_total"]),
    }  # fmt: skip


def _pca(case: Case) -> dict[str, Any]:
    found = pca(
        case.rows, case.variables, design=case.design, where=case.where, missing=_missing(case),
        centre=case.options.get("center", True), scale=case.options.get("scale", False),
    )  # fmt: skip
    rotation = np.abs(found.rotation.to_numpy())
    return {"sdev": found.standard_deviation, "rotation_abs": {"values": rotation.tolist()}}


def _factor(case: Case) -> dict[str, Any]:
    weighted = case.design is not None
    found = factors(
        case.rows, case.variables, design=case.design, where=case.where, missing=_missing(case),
        number=case.options.get("factors", 1),
        rotation=case.options.get("rotation", "varimax" if weighted else "oblimin"),
        extraction="ml" if weighted else case.options.get("extraction", "minres"),
    )  # fmt: skip
    if weighted:
        return {"uniq": list(found.uniqueness), "dof": [found.df]}
    return {
        "communality": list(found.communality), "rms": found.rms, "tli": found.tli,
        "loadings_abs": {"values": np.abs(found.loadings.to_numpy()).tolist()},
        "rmsea": [found.rmsea, found.low, found.high, found.level],
    }  # fmt: skip


def _omega(case: Case) -> dict[str, Any]:
    found = omega(
        case.rows, case.variables, factors=case.options.get("factors", 3), where=case.where,
        missing=_missing(case),
    )  # fmt: skip
    return {
        "omega_h": found.hierarchical, "omega_tot": found.total, "alpha": found.alpha,
        "G6": found.lambda6,
    }  # fmt: skip


def _kmo_bartlett(case: Case) -> dict[str, Any]:
    found = kmo_bartlett(case.rows, case.variables, where=case.where, missing=_missing(case))
    return {
        "KMO": found.overall, "MSAi": list(found.by_item), "bartlett_chisq": found.chisq,
        "bartlett_df": found.df, "bartlett_p": found.p, "chisq": found.chisq, "p": found.p,
    }  # fmt: skip


def _eigenvalues(case: Case) -> dict[str, Any]:
    found = eigenvalues(case.rows, case.variables, where=case.where, missing=_missing(case))
    return {"eigen": found.values}


def _ratings(case: Case) -> pd.DataFrame:
    return (
        case.rows[case.variables]
        if case.where is None
        else case.rows.loc[case.where, case.variables]
    )


def _friedman(case: Case) -> dict[str, Any]:
    found = friedman(_ratings(case))
    return {"statistic": [found.statistic], "parameter": [found.df], "p_value": [found.p]}


def _kendall_w(case: Case) -> dict[str, Any]:
    found = kendall_w(_ratings(case))
    return {
        "W": found.w, "W_corrected": found.w_corrected, "chisq": found.chisq, "df": found.df,
        "p": found.p, "friedman": _friedman(case),
    }  # fmt: skip


def _kappa(case: Case) -> dict[str, Any]:
    rated, level = _ratings(case), case.options.get("level", 0.95)
    first, second = (rated[name] for name in case.variables[:2])
    plain = cohen_kappa(first, second, level=level)
    weighted = cohen_kappa(first, second, weights="quadratic", level=level)
    ends = [[k.low, k.value, k.high] for k in (plain, weighted)]
    return {"kappa": plain.value, "weighted": weighted.value, "ci": {"values": ends}}


def _icc(case: Case) -> dict[str, Any]:
    table = icc(_ratings(case), level=case.options.get("level", 0.95)).table
    names = {"icc": "value", "F": "f", "p": "p", "lo": "low", "hi": "high"}
    return {key: list(table[name]) for key, name in names.items()}


def _spearman(case: Case) -> dict[str, Any]:
    rated = _ratings(case)
    found = spearman(rated[case.variables[0]], rated[case.variables[1]])
    return {
        "statistic": [found.statistic], "parameter": [], "p_value": [found.p],
        "estimate": [found.rho],
    }  # fmt: skip


def _kruskal_wallis(case: Case) -> dict[str, Any]:
    rows = case.rows if case.where is None else case.rows[case.where]
    found = kruskal_wallis(rows[case.variables[0]], rows[case.options["group"]])
    return {"statistic": [found.statistic], "parameter": [found.df], "p_value": [found.p]}


ESTIMATORS = {
    "cronbach_alpha": _alpha,
    "pca": _pca,
    "factor": _factor,
    "omega": _omega,
    "kmo_bartlett": _kmo_bartlett,
    "eigenvalues": _eigenvalues,
    "friedman": _friedman,
    "kendall_w": _kendall_w,
    "cohen_kappa": _kappa,
    "icc": _icc,
    "spearman": _spearman,
    "kruskal_wallis": _kruskal_wallis,
}


def _compare_alpha(case: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    outputs = dict(case["outputs"])
    keys = outputs.pop("keys", None)
    if keys is not None and list(keys) != found["keys"]:
        yield f"keys: {found['keys']}, R has {keys}"
    yield from differences(found, outputs, case["spec"], set(case.get("numerically_zero") or ()))


def _compare_factor(case: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Compare with the factors in the order that fits best: theirs is arbitrary."""
    outputs = dict(case["outputs"])
    theirs = outputs.get("loadings_abs")
    if theirs is not None:
        wanted = flat(theirs["values"]).reshape(np.shape(theirs["values"]))
        ours = np.array(found["loadings_abs"]["values"])
        if ours.shape == wanted.shape:
            orders = permutations(range(ours.shape[1]))
            best = min(orders, key=lambda order: float(np.abs(ours[:, order] - wanted).sum()))
            found = {**found, "loadings_abs": {"values": ours[:, best].tolist()}}
    yield from differences(found, outputs, case["spec"], set(case.get("numerically_zero") or ()))


COMPARE = {"cronbach_alpha": _compare_alpha, "factor": _compare_factor}
