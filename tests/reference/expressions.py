"""The expressions of the reference cases: JSON trees over the columns of a table."""

from typing import Any

import numpy as np
import pandas as pd


def column(expression: Any, rows: pd.DataFrame) -> Any:
    """Return the value of an expression per row; comparisons with a missing value are missing."""
    if isinstance(expression, dict):
        return rows[expression["col"]]
    if not isinstance(expression, list):
        return expression
    operator, *parts = expression
    given = [column(part, rows) for part in parts]
    match operator:
        case "not":
            return 1 - _truth(given[0], rows)
        case "is_missing":
            return given[0].isna().astype(float)
        case "log":
            return np.log(given[0])
        case "and":
            a, b = (_truth(one, rows) for one in given)
            return _three(
                np.where((a == 0) | (b == 0), 0, np.where(a.isna() | b.isna(), np.nan, 1)), rows
            )
        case "or":
            a, b = (_truth(one, rows) for one in given)
            return _three(
                np.where((a == 1) | (b == 1), 1, np.where(a.isna() | b.isna(), np.nan, 0)), rows
            )
    a, b = given
    arithmetic = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
    if operator in arithmetic:
        return arithmetic[operator](a, b)
    compared = {
        "==": lambda: a == b, "!=": lambda: a != b, "<": lambda: a < b,
        "<=": lambda: a <= b, ">": lambda: a > b, ">=": lambda: a >= b,
    }[operator]()  # fmt: skip
    missing = pd.Series(False, index=rows.index)
    for one in (a, b):
        if isinstance(one, pd.Series):
            missing |= one.isna()
    return compared.astype(float).where(~missing)


def is_true(expression: Any, rows: pd.DataFrame) -> pd.Series:
    """Return whether the expression is true; missing does not count."""
    return _truth(column(expression, rows), rows) == 1


def _truth(given: Any, rows: pd.DataFrame) -> pd.Series:
    if isinstance(given, pd.Series):
        return given.astype(float)
    return pd.Series(float(given), index=rows.index)


def _three(values: Any, rows: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=rows.index, dtype=float)
