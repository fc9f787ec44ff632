"""What in the stored outputs is not met by ours."""

import re
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
SPREAD = ("se", "statistic", "p_value", "vcov", "ci", "conf_int")
"""What does not bind where the stored spread does not."""
COLUMNS_OF_QUANTILES = ("estimate", "ci", "ci", "se")
"""What a quantile's matrix has in its columns: quantile, lower, upper, standard error."""
NEAR = 1e-6
"""A standard error below this share of its estimate stands for 0."""


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
    """Return the outputs of a case that bind.

    "X and Y only: ..." names the entries that do not; words about the spread take the estimates
    for binding; after any other advice nothing binds.
    """
    outputs: Mapping[str, Any] = case["outputs"]
    said = case.get("advisory")
    if not said:
        return outputs
    if named := re.match(r"([\w\s,*&/-]+?)\s+only\b", said):
        parts = re.split(r",|&|\band\b", named[1].replace("*", ""))
        loose = tuple(part.strip().replace("-", "_") for part in parts if part.strip())
        known = {*_keys(outputs), *SPREAD}
        if not all(any(_named(key, (name,)) for key in known) for name in loose):
            return {}
        return _without(outputs, loose)
    return _without(outputs, SPREAD) if "spread" in said else {}


def _keys(outputs: Mapping[str, Any]) -> Iterator[str]:
    for key, value in outputs.items():
        yield key
        if isinstance(value, Mapping):
            yield from _keys(value)


def _named(key: str, names: tuple[str, ...]) -> bool:
    return any(key == name or key.startswith(f"{name}_") for name in names)


def _without(outputs: Mapping[str, Any], loose: tuple[str, ...]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in outputs.items():
        if _named(key, loose):
            continue
        if isinstance(value, Mapping):
            value = _without(value, loose)
            if _of_quantiles(value, key):
                lines = [
                    [
                        None if what in loose else one
                        for what, one in zip(COLUMNS_OF_QUANTILES, line, strict=True)
                    ]
                    for line in value["values"]
                ]
                value = {**value, "values": lines}
        kept[key] = value
    return kept


def without_missing(given: Any) -> Any:
    """Return stored outputs with `null`, which is not compared, in the place of NaN."""
    if isinstance(given, Mapping):
        return {key: without_missing(value) for key, value in given.items()}
    if isinstance(given, list):
        return [without_missing(value) for value in given]
    return None if given == "NaN" or (isinstance(given, float) and np.isnan(given)) else given


def _of_quantiles(table: Mapping[str, Any], key: str) -> bool:
    of_one_key = key in ("vcov", "var", "se", "ci", "ratio", "table", "rotation_abs",
                         "loadings_abs")  # fmt: skip
    lines = table.get("values")
    return not of_one_key and bool(lines) and np.ndim(lines) == 2 and len(lines[0]) == 4


def differences(
    found: Mapping[str, Any],
    expected: Mapping[str, Any],
    spec: Mapping[str, Any],
    zero: set[str],
    place: str = "",
    around: Any = None,
) -> Iterator[str]:
    """Yield what in `expected` is not met by `found`; `null` entries are not compared.

    `zero` are the paths of entries that stand for 0, `around` the estimates of the level above.
    """
    here = expected.get("estimate", expected.get("var", expected.get("ratio", around)))
    for key, wanted in expected.items():
        if key in NAMES or key.endswith("_name") or wanted is None or wanted == {}:
            continue
        if key not in found:
            yield f"{place}{key} is not computed"
        elif isinstance(wanted, Mapping):
            mine = found[key] if isinstance(found[key], Mapping) else {"values": found[key]}
            yield from differences(mine, wanted, spec, zero, f"{place}{key}/", here)
        else:
            yield from _numbers(found, key, wanted, spec, zero, place, here)


def _numbers(
    found: Mapping[str, Any], key: str, wanted: Any, spec: Mapping[str, Any], zero: set[str],
    place: str, around: Any,
) -> Iterator[str]:  # fmt: skip
    ours, theirs, relative = flat(found[key]), flat(wanted), tolerance(spec, key)
    named = place.split("/")[-2] if key == "values" and "/" in place else key
    shape = np.shape(np.array(wanted, dtype=object))
    if len(ours) != len(theirs):
        yield f"{place}{key}: {len(ours)} values, {len(theirs)} wanted"
        return
    slack = np.zeros(len(theirs))
    if named == "vcov" and len(shape) == 2 and shape[0] == shape[1]:
        diagonal = np.nan_to_num(np.abs(theirs.reshape(shape).diagonal()))
        slack = relative * np.sqrt(np.outer(diagonal, diagonal)).reshape(-1)
    # R gives the spread of the share for some methods, of the transform for others.
    also = flat(found[f"{key}_of_share"]) if f"{key}_of_share" in found else None
    if also is not None and np.allclose(also, theirs, rtol=relative, atol=0):
        return
    for index, (mine, given) in enumerate(zip(ours, theirs, strict=True)):
        if _is_null(wanted, index) or _same(mine, given, relative, slack[index]):
            continue
        at = tuple(int(i) for i in np.unravel_index(index, shape)) if shape else (0,)
        if _listed(f"{place}{key}", at, zero):
            what, centre = named, around
            if key == "values" and len(at) == 2 and _of_quantiles({"values": wanted}, named):
                what, centre = COLUMNS_OF_QUANTILES[at[1]], [line[:1] for line in wanted]
            if _stands_for_zero(mine, what, at, centre):
                continue
        yield f"{place}{key}[{index}]: {float(mine)!r}, R has {float(given)!r}"


def _same(mine: float, given: float, relative: float, slack: float) -> bool:
    if np.isnan(mine) or np.isnan(given):
        return bool(np.isnan(mine) and np.isnan(given))
    if np.isinf(mine) or np.isinf(given):
        return bool(mine == given)
    return bool(abs(mine - given) <= relative * abs(given) + slack)


def _listed(path: str, at: tuple[int, ...], zero: set[str]) -> bool:
    full = "/".join([path, *map(str, at)])
    short = "/".join(part for part in full.split("/") if part != "values")
    return bool({full, short, *((path,) if at == (0,) else ())} & zero)


def _stands_for_zero(mine: float, key: str, at: tuple[int, ...], around: Any) -> bool:
    """Return whether a figure is missing, or as good as 0 beside its estimate.

    A standard error is measured by its estimate, a variance by the square of it, a bound by its
    distance from it; `at` is its place, `around` the estimates.
    """
    if np.isnan(mine):
        return True
    estimates = np.array([[0.0]])
    if around is not None and key != "var":
        given = around["values"] if isinstance(around, Mapping) else around
        estimates = flat(given).reshape(-1, np.shape(given)[-1] if np.ndim(given) == 2 else 1)
    if key == "vcov":
        near = [estimates.reshape(-1)[one % estimates.size] for one in at]
    elif len(at) == 2:
        near = [estimates[at[0] % len(estimates), at[1] % estimates.shape[1]]]
    else:
        near = [estimates.reshape(-1)[at[0] % estimates.size]]
    size = [NEAR * (abs(one) or 1.0) for one in near]
    if key in ("vcov", "var"):
        return bool(abs(mine) <= size[0] * size[-1])
    if _named(key, ("ci", "conf_int")):
        return bool(abs(mine - near[0]) <= size[0])
    return bool(abs(mine) <= size[0])


def _is_null(wanted: Any, index: int) -> bool:
    whole = np.array(wanted, dtype=object).reshape(-1)
    return whole[index] is None


def flat(given: Any) -> np.ndarray:
    """Return numbers, also written as texts, as one line; `null` is NaN."""
    whole = np.array(given, dtype=object).reshape(-1)
    return np.array([np.nan if one is None else float(one) for one in whole], dtype=float)
