"""Conditions and values evaluated on rows of decoded answers, by the rules of `expressions`."""

from typing import assert_never

import pandas as pd

from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Comparator,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Number,
    Or,
    Selected,
    Term,
)

PLACES = 6
"""Sums, differences and products are rounded to so many decimals: 0.1 + 0.2 is 0.3 everywhere."""


def holds(condition: Condition, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether the condition is true.

    Parameters
    ----------
    rows : DataFrame, one row per response
        Decoded answers: one column per question (numbers; days and times as ISO text); a multiple
        choice has one 0/1 column per choice, named ``question__code``, a ranking the places.

    Returns
    -------
    Series of bool, same index as `rows`, never missing
    """
    match condition:
        case Compare():
            left, right = _operand(condition.left, rows), _operand(condition.right, rows)
            return _compared(left, condition.operator, right, rows.index)
        case In():
            return rows[condition.question].isin(condition.values).fillna(False).astype(bool)
        case Selected():
            ticked = rows[f"{condition.question}__{condition.code}"]  # of a ranking, its place
            return (ticked >= 1).fillna(False).astype(bool)
        case Empty():
            return _unanswered(rows, condition.question)
        case Not():
            return ~holds(condition.part, rows)
        case And():
            verdict = pd.Series(True, index=rows.index)
            for part in condition.parts:
                verdict &= holds(part, rows)
            return verdict
        case Or():
            verdict = pd.Series(False, index=rows.index)
            for part in condition.parts:
                verdict |= holds(part, rows)
            return verdict
    assert_never(condition)


def values(term: Term, rows: pd.DataFrame) -> pd.Series:
    """Return a term's value for each row: Float64, or ISO text of moments; NA where empty."""
    match term:
        case Constant(value=str(moment)):
            return pd.Series(moment, index=rows.index, dtype="str")
        case Constant():
            return pd.Series(term.value, index=rows.index, dtype="Float64")
        case Answer():
            given = rows[term.question]
            return given if _is_text(given) else given.astype("Float64")
        case Count():
            return (_ticks(rows, term.question) == 1).fillna(False).sum(axis=1).astype("Float64")
        case Arithmetic():
            left, right = values(term.left, rows), values(term.right, rows)
            match term.operator:
                case "+":
                    return (left + right).round(PLACES)
                case "-":
                    return (left - right).round(PLACES)
                case "*":
                    return (left * right).round(PLACES)
            assert_never(term.operator)
        case Choose():
            true = holds(term.condition, rows)
            return values(term.then, rows).where(true, values(term.otherwise, rows))
    assert_never(term)


def _operand(term: Term, rows: pd.DataFrame) -> pd.Series | Number | str:
    """Return a value to compare; a constant and a column as they stand, for columns are long."""
    match term:
        case Constant():
            return term.value
        case Answer():
            return rows[term.question]
    return values(term, rows)


def _compared(
    left: pd.Series | Number | str,
    operator: Comparator,
    right: pd.Series | Number | str,
    index: pd.Index,
) -> pd.Series:
    if not isinstance(left, pd.Series) and not isinstance(right, pd.Series):
        left = pd.Series(left, index=index)
    verdict = _related(left, operator, right).fillna(False).astype(bool)
    if operator == "!=":  # NaN != 1 is true to pandas
        for side in (left, right):
            if isinstance(side, pd.Series):
                verdict &= side.notna()
    return verdict


def _related(
    left: "pd.Series | Number | str", operator: Comparator, right: "pd.Series | Number | str"
) -> pd.Series:
    verdict: object
    match operator:
        case "=":
            verdict = left == right
        case "!=":
            verdict = left != right
        case "<":
            verdict = left < right  # type: ignore[operator]
        case "<=":
            verdict = left <= right  # type: ignore[operator]
        case ">":
            verdict = left > right  # type: ignore[operator]
        case ">=":
            verdict = left >= right  # type: ignore[operator]
        case _:
            assert_never(operator)
    assert isinstance(verdict, pd.Series)
    return verdict


def _unanswered(rows: pd.DataFrame, question: str) -> pd.Series:
    if question in rows:
        return rows[question].isna()
    return ~(_ticks(rows, question) == 1).fillna(False).any(axis=1).astype(bool)


def _ticks(rows: pd.DataFrame, question: str) -> pd.DataFrame:
    prefix = f"{question}__"
    return rows[
        [
            name
            for name in map(str, rows)
            if name.startswith(prefix) and name.removeprefix(prefix).isdigit()
        ]
    ]


def _is_text(given: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(given) and pd.api.types.infer_dtype(
        given, skipna=True
    ) in ("string", "date", "datetime")
