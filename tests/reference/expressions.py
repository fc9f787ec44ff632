"""The expressions of the reference cases: JSON trees over the columns of a table."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from pipeline.totals.coding import level_text

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
}  # fmt: skip
COMPARISONS: dict[str, Callable[[pd.Series, pd.Series], pd.Series]] = {
    "==": pd.Series.eq, "!=": pd.Series.ne, "<": pd.Series.lt, "<=": pd.Series.le,
    ">": pd.Series.gt, ">=": pd.Series.ge,
}  # fmt: skip


def column(expression: Any, rows: pd.DataFrame) -> Any:
    """Return the value of an expression per row; comparisons with a missing value are missing."""
    if isinstance(expression, dict):
        return rows[expression["col"]]
    if not isinstance(expression, list):
        return np.nan if expression is None else expression
    operator, *parts = expression
    given = [column(part, rows) for part in parts]
    if operator in ARITHMETIC:
        numbers = [_number(one) for one in given]
        if operator == "-" and len(numbers) == 1:
            return -numbers[0]
        return reduce(ARITHMETIC[operator], numbers)
    if operator in COMPARISONS:
        return _compared(operator, *(_series(one, rows) for one in given))
    match operator:
        case "not":
            return 1 - _truth(given[0], rows)
        case "is_missing":
            return _series(given[0], rows).isna().astype(float)
        case "log":
            return np.log(_number(given[0]))
        case "and":
            return reduce(_both, [_truth(one, rows) for one in given])
        case "or":
            return 1 - reduce(_both, [1 - _truth(one, rows) for one in given])
    raise ValueError(f"operator {operator}")


def is_true(expression: Any, rows: pd.DataFrame) -> pd.Series:
    """Return whether the expression is true; missing does not count."""
    return _truth(column(expression, rows), rows) == 1


def _compared(operator: str, a: pd.Series, b: pd.Series) -> pd.Series:
    """Compare as R does: a number beside a text as texts."""
    missing = a.isna() | b.isna()
    if _is_text(a) != _is_text(b):
        a, b = (one if _is_text(one) else one.map(_written) for one in (a, b))
    found = COMPARISONS[operator](a[~missing], b[~missing])
    return found.astype(float).reindex(a.index)


def _is_text(given: pd.Series) -> bool:
    return any(isinstance(one, str) for one in given.dropna().head(1))


def _written(value: Any) -> Any:
    if pd.isna(value):
        return value
    if isinstance(value, bool | np.bool_):
        return str(value).upper()
    return level_text(float(value))


def _both(a: pd.Series, b: pd.Series) -> pd.Series:
    either_missing = np.where(a.isna() | b.isna(), np.nan, 1.0)
    return pd.Series(np.where((a == 0) | (b == 0), 0.0, either_missing), index=a.index)


def _truth(given: Any, rows: pd.DataFrame) -> pd.Series:
    values = _series(given, rows).astype(float)
    return values.ne(0).astype(float).where(values.notna())


def _series(given: Any, rows: pd.DataFrame) -> pd.Series:
    return given if isinstance(given, pd.Series) else pd.Series(given, index=rows.index)


def _number(given: Any) -> Any:
    return given.astype(float) if isinstance(given, pd.Series) else float(given)
