"""Quantiles, distribution functions and variances."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.estimation.distributions.distribution import cdf as cdf_call
from pipeline.estimation.distributions.quantiles import quantiles
from pipeline.estimation.distributions.variances import matrix_of, variances
from pipeline.estimation.items import encoded
from pipeline.totals.coding import level_text
from tests.reference.cases import Case, listed
from tests.reference.compare import differences, tolerance

COLUMNS = ["value", "low", "high", "standard_error"]


def quantile(case: Case) -> dict[str, Any]:
    """A matrix per variable: quantile, lower, upper, standard error by probability."""
    options, where = case.options, case.where
    rule = options.get("rule", "math")
    if "df" not in options:  # then R counts the degrees of freedom of rows with an answer
        complete = case.rows[case.variables].notna().all(axis=1)
        where = complete if where is None else complete & where
    table = quantiles(
        case.rows, case.variables, design=case.design, probabilities=listed(options["probabilities"]),
        where=where, missing=case.missing, level=options.get("level", 0.95), rule=rule,
        interval=options.get("interval", "mean"), as_in_r=True,
        df=case.df if "df" in options else None,
    )  # fmt: skip
    if rule == "legacy_linear":
        return {"q": list(table["value"]), "ci": table[["low", "high"]].to_numpy().reshape(-1)}
    tables = {name: table[table["question"] == name] for name in case.variables}
    return {name: {"values": part[COLUMNS].to_numpy()} for name, part in tables.items()}


def cdf(case: Case) -> dict[str, Any]:
    """The distribution function of the first variable."""
    at, first = listed(case.options["at"]), case.variables[0]
    table = cdf_call(
        case.rows, case.variables, at=at, design=case.design, where=case.where,
        missing="domain_jointly",
    )  # fmt: skip
    return {"x": at, "Fx": list(table.loc[table["question"] == first, "value"])}


def variance(case: Case) -> dict[str, Any]:
    """The covariance matrix with its standard errors, overall or by groups."""
    by = case.by
    table = variances(
        case.rows, case.variables, design=case.design, where=case.where, missing=case.missing,
        by=[tuple(by)] if by else None,
    )  # fmt: skip
    if by:
        found = [_matrices(table, group) for group in _in_r_order(table, case)]
        return {
            key: list(np.stack([one[key] for one in found], axis=-1).reshape(-1))
            for key in ("estimate", "se")
        }
    found = _matrices(table, "all")
    return {"var": {"values": found["estimate"]}, "se": {"values": found["se"]}}


def _matrices(table: pd.DataFrame, group: str) -> dict[str, np.ndarray]:
    names = {"estimate": "value", "se": "standard_error"}
    return {
        key: matrix_of(table, column, domain_value=group).to_numpy()
        for key, column in names.items()
    }


def _in_r_order(table: pd.DataFrame, case: Case) -> list[str]:
    """Return the groups with the first grouping column varying fastest."""
    known = [
        [_text(level) for level in case.levels(name) or encoded(case.rows[name])[1]]
        for name in case.by
    ]

    def place(value: str) -> list[int]:
        levels = zip(known, value.split("*"), strict=True)
        return [of.index(level) for of, level in levels][::-1]

    return sorted(dict.fromkeys(table["domain_value"]), key=place)


def _text(level: Any) -> str:
    return level_text(float(level) if isinstance(level, bool | int | float) else level)


def compare(case: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Compare quantiles; at an exact tie either neighbour or their midpoint is right.

    There the interval and the standard error bind only if the quantile is the stored one.
    """
    spec, outputs = case["spec"], dict(case["outputs"])
    probabilities = listed(spec["options"]["probabilities"])
    close = tolerance(spec)
    for name, ties in (case.get("quantile_ties") or {}).items():
        table = outputs[name] if name in outputs else None
        if not isinstance(table, Mapping):
            continue
        lines = [list(line) for line in table["values"]]
        for place, p in enumerate(probabilities):
            tie = next((tie for at, tie in ties.items() if float(at) == p), None)
            if lines[place][0] is None:
                continue
            ours, stored = float(found[name]["values"][place][0]), float(lines[place][0])
            if tie is None or abs(ours - stored) <= close * abs(stored):
                continue
            if any(abs(ours - right) <= close * abs(right) for right in (*tie, sum(tie) / 2)):
                lines[place] = [None] * len(lines[place])
        outputs[name] = {**table, "values": lines}
    yield from differences(found, outputs, spec, set(case.get("numerically_zero") or ()))


ESTIMATORS = {"quantile": quantile, "cdf": cdf, "variance": variance}
COMPARE = {"quantile": compare}
