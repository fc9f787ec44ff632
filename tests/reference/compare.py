"""What in the stored outputs is not met by ours."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

NAMES = {
    "names", "level", "method", "by", "estimate_names", "order", "rows", "cols", "note",
    "parameter_name", "statistic_name", "p_value_by", "null_value", "alternative", "data_name",
    "lhs", "op", "rhs", "estimate_name",
}  # fmt: skip
"""Entries that say what the numbers are; the numbers themselves are compared."""
ITERATED = {
    "glm", "ordinal", "term_test", "cox", "factor", "omega", "predictive_means", "cfa", "loglinear",
}  # fmt: skip
SUMS_OF_CHI_SQUARED = ("linear_combination", "saddlepoint")
POINT = ("estimate",)


def tolerance(spec: Mapping[str, Any], key: str = "") -> float:
    """Return the relative tolerance of an output entry, as the reference's README gives it."""
    options = spec.get("options") or {}
    estimator = spec["estimator"]
    of_sum = options.get("statistic") in SUMS_OF_CHI_SQUARED
    likelihood = estimator == "term_test" and options.get("method") == "likelihood_ratio"
    if key in ("p", "p_value") and (of_sum or likelihood):
        return 1e-4
    # R reaches the logit interval through a fitted model.
    iterated = estimator in ITERATED or options.get("method") in ("likelihood", "logit")
    return 1e-6 if iterated or spec.get("calibration") else 1e-9


def binding(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the outputs of a case that bind: of an advisory case at most the point estimates."""
    outputs: Mapping[str, Any] = case["outputs"]
    said = case.get("advisory")
    if not said:
        return outputs
    if not any(word in said for word in ("binding", "spread", " only")):
        return {}
    if case["spec"]["estimator"] == "quantile":
        return {name: _first_column(table) for name, table in outputs.items()}
    return {key: value for key, value in outputs.items() if key in POINT}


def _first_column(table: Any) -> Any:
    if not isinstance(table, Mapping) or "values" not in table:
        return table
    values = [line[:1] + [None] * (len(line) - 1) for line in table["values"]]
    return {**table, "values": values}


def differences(
    found: Mapping[str, Any],
    expected: Mapping[str, Any],
    spec: Mapping[str, Any],
    zero: set[str],
    place: str = "",
) -> Iterator[str]:
    """Yield what in `expected` is not met by `found`; `null` entries are not compared."""
    for key, wanted in expected.items():
        if key in NAMES or key.endswith("_name") or wanted is None or wanted == {}:
            continue
        if key not in found:
            yield f"{place}{key} is not computed"
            continue
        if isinstance(wanted, Mapping):
            inner = spec
            for report in (spec.get("options") or {}).get("report") or ():
                if report["output"] == key:
                    inner = {**spec, "options": {}, **report}
            yield from differences(_mapping(found[key]), wanted, inner, zero, f"{place}{key}/")
            continue
        yield from _numbers(found, key, wanted, tolerance(spec, key), zero, place)


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {"values": given}


def _numbers(
    found: Mapping[str, Any], key: str, wanted: Any, tolerance: float, zero: set[str], place: str
) -> Iterator[str]:
    ours, theirs = flat(found[key]), flat(wanted)
    slack = np.zeros(len(theirs))
    square = np.array(wanted, dtype=object)
    if key in ("vcov", "values") and square.ndim == 2 and square.shape[0] == square.shape[1]:
        diagonal = np.abs(theirs.reshape(square.shape).diagonal())
        if key == "vcov":
            slack = tolerance * np.sqrt(np.outer(diagonal, diagonal)).reshape(-1)
    if len(ours) != len(theirs):
        yield f"{place}{key}: {len(ours)} values, {len(theirs)} wanted"
        return
    for also in (f"{key}_of_share",):
        # R gives the spread of the share for some methods, of the transform for others.
        if also in found and np.allclose(flat(found[also]), theirs, rtol=tolerance, atol=0):
            return
    for index, (mine, given) in enumerate(zip(ours, theirs, strict=True)):
        if wanted is None or _is_null(wanted, index):
            continue
        if any(entry.startswith(f"{place}{key}") for entry in zero):
            around = flat(found["estimate"]) if "estimate" in found else np.ones(1)
            scale = abs(around[index % len(around)]) or 1
            if np.isnan(given) or np.isnan(mine) or abs(mine - given) < 1e-6 * scale:
                continue
        if mine == given or (np.isnan(given) and np.isnan(mine)):
            continue
        if not abs(mine - given) <= tolerance * abs(given) + slack[index]:
            yield f"{place}{key}[{index}]: {mine!r}, R has {given!r}"


def _is_null(wanted: Any, index: int) -> bool:
    whole = np.array(wanted, dtype=object).reshape(-1)
    return whole[index] is None


def flat(given: Any) -> np.ndarray:
    """Return numbers, also written as texts, as one line; `null` is NaN."""
    whole = np.array(given, dtype=object).reshape(-1)
    return np.array([np.nan if one is None else float(one) for one in whole], dtype=float)
