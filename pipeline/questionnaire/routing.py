"""Conditions on earlier answers: one small expression tree, evaluated on rows.

Two-valued logic: a comparison with an empty value is false, ``!=`` included, so every condition is
either true or false for every respondent. In YAML a condition is a mapping of one operator::

    {"in": [q05, [4, 5]]}          {selected: [q06, 2]}          {and: [..., ...]}
    {"=": [q05, 1]}                {empty: q05}                  {not: ...}

Other engines get their own text of the same tree (SurveyJS in ``forms``); no engine's raw string
is ever accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Literal, assert_never

import pandas as pd

Comparator = Literal["=", "!=", "<", "<=", ">", ">="]
Number = int | float


@dataclass(frozen=True, slots=True)
class Compare:
    """The answer to `question` stands in the relation `operator` to `value`."""

    operator: Comparator
    question: str
    value: Number


@dataclass(frozen=True, slots=True)
class In:
    """The answer to `question` is one of `values`."""

    question: str
    values: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """The choice with `code` is among those ticked in the multiple choice `question`."""

    question: str
    code: int


@dataclass(frozen=True, slots=True)
class Empty:
    """`question` has no answer (not asked, skipped)."""

    question: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not true."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """Every part is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part is true."""

    parts: tuple["Condition", ...]


Leaf = Compare | In | Selected | Empty
Condition = Leaf | Not | And | Or
COMPARATORS: tuple[Comparator, ...] = ("=", "!=", "<", "<=", ">", ">=")


def parse(raw: object) -> Condition:
    """Return the condition that a YAML value describes.

    Raises
    ------
    ValueError
        With a sentence that says what was found and what the form of a condition is.
    """
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ValueError(
            f"A condition is a mapping of one operator, such as {{'=': [q05, 1]}}; found {raw!r}."
        )
    (operator, given), *_ = raw.items()
    match operator:
        case "and" | "or":
            if not isinstance(given, list) or not given:
                raise ValueError(f"'{operator}' takes a list of conditions; found {given!r}.")
            parts = tuple(parse(part) for part in given)
            return And(parts) if operator == "and" else Or(parts)
        case "not":
            return Not(parse(given))
        case "empty":
            return Empty(_name(given))
        case "in":
            name, values = _pair(operator, given)
            if not isinstance(values, list) or not values:
                raise ValueError(f"'in' takes [question, [codes]]; found {given!r}.")
            return In(name, tuple(_number(value) for value in values))
        case "selected":
            name, code = _pair(operator, given)
            if isinstance(code, bool) or not isinstance(code, int):
                raise ValueError(
                    f"'selected' takes the code of a choice, a whole number; found {code!r}."
                )
            return Selected(name, code)
        case _ if operator in COMPARATORS:
            name, value = _pair(operator, given)
            return Compare(operator, name, _number(value))
    raise ValueError(
        f"{operator!r} is no operator; use one of = != < <= > >= in selected empty not and or."
    )


def as_yaml(condition: Condition) -> dict[str, object]:
    """Return the YAML value that `parse` reads back into the same condition."""
    match condition:
        case Compare():
            return {condition.operator: [condition.question, condition.value]}
        case In():
            return {"in": [condition.question, list(condition.values)]}
        case Selected():
            return {"selected": [condition.question, condition.code]}
        case Empty():
            return {"empty": condition.question}
        case Not():
            return {"not": as_yaml(condition.part)}
        case And():
            return {"and": [as_yaml(part) for part in condition.parts]}
        case Or():
            return {"or": [as_yaml(part) for part in condition.parts]}
    assert_never(condition)


def parts_of(condition: Condition) -> Iterator[Leaf]:
    """Yield the parts of a condition that read a question."""
    match condition:
        case Compare() | In() | Selected() | Empty():
            yield condition
        case Not():
            yield from parts_of(condition.part)
        case And() | Or():
            for part in condition.parts:
                yield from parts_of(part)
        case _:
            assert_never(condition)


def questions_of(condition: Condition) -> Iterator[str]:
    """Yield the names of the questions that a condition reads."""
    return (part.question for part in parts_of(condition))


def holds(condition: Condition, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether the condition is true.

    Parameters
    ----------
    rows : DataFrame, one row per response
        Decoded answers: one numeric column per question; a multiple choice has one 0/1 column per
        choice, named ``question__code``.

    Returns
    -------
    Series of bool, same index as `rows`, never missing
    """
    match condition:
        case Compare():
            given = rows[condition.question]
            return _compared(given, condition.operator, condition.value)
        case In():
            return rows[condition.question].isin(condition.values).fillna(False).astype(bool)
        case Selected():
            ticked = rows[f"{condition.question}__{condition.code}"]
            return (ticked == 1).fillna(False).astype(bool)
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


def _compared(given: pd.Series, operator: Comparator, value: Number) -> pd.Series:
    match operator:
        case "=":
            verdict = given == value
        case "!=":
            verdict = (given != value) & given.notna()
        case "<":
            verdict = given < value
        case "<=":
            verdict = given <= value
        case ">":
            verdict = given > value
        case ">=":
            verdict = given >= value
        case _:
            assert_never(operator)
    return verdict.fillna(False).astype(bool)


def _unanswered(rows: pd.DataFrame, question: str) -> pd.Series:
    if question in rows:
        return rows[question].isna()
    prefix = f"{question}__"
    ticks = [
        name
        for name in map(str, rows)
        if name.startswith(prefix) and name.removeprefix(prefix).isdigit()
    ]
    return ~(rows[ticks] == 1).fillna(False).any(axis=1).astype(bool)


def _pair(operator: str, given: object) -> tuple[str, object]:
    if not isinstance(given, list) or len(given) != 2:
        raise ValueError(f"'{operator}' takes [question, value]; found {given!r}.")
    return _name(given[0]), given[1]


def _name(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError(f"Here stands the name of a question; found {given!r}.")
    return given


def _number(given: object) -> Number:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"Codes and bounds are numbers; found {given!r}.")
    if not isfinite(given):
        raise ValueError(f"Codes and bounds are finite numbers; found {given!r}.")
    return given
