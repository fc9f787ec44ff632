"""Filters as an analyst writes them: ``q18 == 1 and county in ('jia', 'yi')``.

The meaning is that of `routing`: a comparison with a missing answer is false, ``!=`` included.
Nothing is executed: the text is read as a tree, and anything but comparisons of a column with
constants, joined by ``and``, ``or``, ``not``, is refused.
"""

import ast
from collections.abc import Mapping

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.questionnaire.expressions import (
    Answer,
    Comparator,
    Compare,
    Condition,
    In,
    Selected,
    compared,
    nodes_of,
    parse,
    parts_of,
)
from pipeline.questionnaire.names import unknown
from pipeline.questionnaire.routing import holds

_OPERATORS: dict[type[ast.cmpop], Comparator] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
Filter = str | Mapping[str, object] | Condition | pd.Series


def chosen(given: Filter, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether it is chosen.

    Parameters
    ----------
    given : a text as above (single ``=`` is taken for ``==``); a condition as questionnaires write
        it, ``{"=": ["q18", 1]}``; a Condition; or one truth value per row
    rows : DataFrame with the columns that the filter reads

    Returns
    -------
    Series of bool, same index as `rows`; a missing truth value does not count

    Raises
    ------
    ResponseError
        A column that is not there, a text that is no filter, truth values of other rows.
    """
    if isinstance(given, pd.Series):
        if not given.dropna().isin([True, False]).all():
            raise ResponseError(
                "where: 所给的列不是真假值；请写成比较，如 survey.rows['q01'] >= 4。"
                "(these are no truth values; write a comparison)"
            )
        if not given.index.equals(rows.index):
            raise ResponseError(
                f"where: 筛选有 {len(given)} 行，数据有 {len(rows)} 行，两者的索引不一致；"
                "请由 survey.rows 算出。"
                "(the truth values are not those of these rows)"
            )
        return given.fillna(False).astype(bool)
    if isinstance(given, str):
        return _of(_tree(given), given, rows)
    if not isinstance(given, Mapping | Condition):
        raise ResponseError(
            f"where: {type(given).__name__} 不是筛选；请写成 \"q18 == 1 and county == 'jia'\" "
            "这样的比较，或由 survey.rows 算出的真假值。"
            "(no filter; write a comparison, or give truth values made of survey.rows)"
        )
    try:
        condition = parse(dict(given)) if isinstance(given, Mapping) else given
    except ValueError as error:
        raise ResponseError(f"where: {given!r} 不是条件。({error})") from None
    for part in parts_of(condition):
        match part:
            case Selected():
                _known(f"{part.question}__{part.code}", rows)
            case In():
                _known(part.question, rows)
            case Compare():
                for node in nodes_of(part):
                    if isinstance(node, Answer):
                        _known(node.question, rows)
    return holds(condition, rows)


def _tree(text: str) -> ast.expr:
    for form in (text, _doubled(text)):
        try:
            return ast.parse(form.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    raise _refused(text)


def _doubled(text: str) -> str:
    """Return the text with every lone ``=`` doubled."""
    for compound in ("==", "!=", "<=", ">="):
        text = text.replace(compound, compound[0] + "\0")
    return text.replace("=", "==").replace("\0", "=")


def _of(tree: ast.expr, text: str, rows: pd.DataFrame) -> pd.Series:
    match tree:
        case ast.BoolOp(op=ast.And(), values=parts):
            verdict = pd.Series(True, index=rows.index)
            for part in parts:
                verdict &= _of(part, text, rows)
            return verdict
        case ast.BoolOp(values=parts):
            verdict = pd.Series(False, index=rows.index)
            for part in parts:
                verdict |= _of(part, text, rows)
            return verdict
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return ~_of(part, text, rows)
        case ast.Name(id=name):
            _known(name, rows)
            if not pd.api.types.is_bool_dtype(rows[name]):
                raise _refused(text)
            return rows[name].fillna(False).astype(bool)
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[constant]):
            _known(name, rows)
            return _compared(name, operator, constant, text, rows)
    raise _refused(text)


def _compared(
    name: str, operator: ast.cmpop, constant: ast.expr, text: str, rows: pd.DataFrame
) -> pd.Series:
    try:
        value = ast.literal_eval(constant)
    except (ValueError, TypeError):
        raise _refused(text) from None
    listed = list(value) if isinstance(value, tuple | list | set) else [value]
    if not listed or any(not isinstance(one, int | float | str) for one in listed):
        raise _refused(text)
    words = all(isinstance(one, str) for one in listed)
    if words != _holds_words(rows[name]) and rows[name].notna().any():
        raise ResponseError(
            f"where: 列 {name} 存的是{'数字编码' if words else '文字'}，不能与 {value!r} 比较。"
            f"(column {name} holds {'codes' if words else 'text'})"
        )
    among = rows[name].isin(listed).fillna(False).astype(bool)
    given = rows[name].notna() & (rows[name] != "").fillna(False).astype(bool)
    match operator:
        case ast.In() | ast.Eq() if words or isinstance(operator, ast.In):
            return among
        case ast.NotIn() | ast.NotEq() if words or isinstance(operator, ast.NotIn):
            return given & ~among
    if type(operator) not in _OPERATORS or words or isinstance(value, tuple | list | set):
        raise _refused(text)
    return holds(compared(name, _OPERATORS[type(operator)], value), rows)


def _holds_words(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column)


def _known(name: str, rows: pd.DataFrame) -> None:
    if name not in rows:
        raise unknown(name, map(str, rows.columns), "列 (column)")


def _refused(text: str) -> ResponseError:
    return ResponseError(
        f"where: 看不懂 {text!r}。请写成 q18 == 1 and county in ('jia', 'yi') 这样的比较。"
        "(not a filter; compare columns with constants)"
    )
