"""The expression language of questionnaires: conditions and values as one small tree.

Two-valued logic: a comparison with an empty value is false, ``!=`` included, so every condition
is either true or false for every respondent. Arithmetic with an empty value is empty; the count
of an unanswered multiple choice is 0. In YAML a condition is a mapping of one operator::

    {"=": [q05, 1]}       {"in": [q05, [4, 5]]}     {selected: [q06, 2]}     {empty: q05}
    {and: [..., ...]}     {or: [..., ...]}     {not: ...}          {">": [q07, 2026-01-01]}

and a value is a number, a day or time of day, the name of a question, or one of::

    {count: q06}   {"+": [q01, q02]}   {"-": [q01, 1]}   {"*": [q01, 2]}   {if: [condition, a, b]}

Whatever engine evaluates an expression (pandas in ``routing``, others in ``forms``) gets its own
text of this tree; no engine's raw string is ever accepted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Literal, assert_never

Comparator = Literal["=", "!=", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*"]
Number = int | float
COMPARATORS: tuple[Comparator, ...] = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS: tuple[Operator, ...] = ("+", "-", "*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d)?|\d\d:\d\d")
DEEPEST = 40
"""So many expressions may stand inside one another; deeper ones nobody follows."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, or a day, time or moment as ISO text (2026-03-02, 08:30, 2026-03-02T08:30)."""

    value: Number | str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to `question`: a code, a number or a moment; empty without substance."""

    question: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many choices are ticked in the multiple choice `question`; 0 where unanswered."""

    question: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference or product; empty if either operand is."""

    operator: Operator
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Choose:
    """`then` where the condition is true, `otherwise` where it is not."""

    condition: "Condition"
    then: "Term"
    otherwise: "Term"


@dataclass(frozen=True, slots=True)
class Compare:
    """`left` stands in the relation `operator` to `right`; false if either is empty."""

    operator: Comparator
    left: "Term"
    right: "Term"


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
    """`question` has no answer of substance (not asked, skipped, don't know, refused)."""

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


Term = Constant | Answer | Count | Arithmetic | Choose
Leaf = Compare | In | Selected | Empty
Condition = Leaf | Not | And | Or
Node = Term | Condition


def compared(question: str, operator: Comparator, value: Number | str) -> Compare:
    """Return the commonest condition: an answer against a constant."""
    return Compare(operator, Answer(question), Constant(value))


def parse(raw: object, depth: int = 0) -> Condition:
    """Return the condition that a YAML value describes.

    Raises
    ------
    ValueError
        With a sentence that says what was found and what the form of a condition is.
    """
    operator, given = _one(raw, "A condition", depth)
    match operator:
        case "and" | "or":
            if not isinstance(given, list) or not given:
                raise ValueError(f"'{operator}' takes a list of conditions; found {given!r}.")
            parts = tuple(parse(part, depth + 1) for part in given)
            return And(parts) if operator == "and" else Or(parts)
        case "not":
            return Not(parse(given, depth + 1))
        case "empty":
            return Empty(_name(given))
        case "in":
            name, values = _pair(operator, given)
            if not isinstance(values, list) or not values:
                raise ValueError(f"'in' takes [question, [codes]]; found {given!r}.")
            return In(_name(name), tuple(_number(value) for value in values))
        case "selected":
            name, code = _pair(operator, given)
            if isinstance(code, bool) or not isinstance(code, int):
                raise ValueError(
                    f"'selected' takes the code of a choice, a whole number; found {code!r}."
                )
            return Selected(_name(name), code)
    for comparator in COMPARATORS:
        if operator == comparator:
            left, right = _pair(operator, given)
            return Compare(comparator, parse_term(left, depth + 1), parse_term(right, depth + 1))
    raise ValueError(
        f"{operator!r} is no operator; use one of = != < <= > >= in selected empty not and or."
    )


def parse_term(raw: object, depth: int = 0) -> Term:
    """Return the value that a YAML value describes; ValueError where it describes none."""
    if isinstance(raw, datetime):
        return Constant(raw.isoformat(timespec="minutes"))
    if isinstance(raw, date):
        return Constant(raw.isoformat())
    if isinstance(raw, time):
        return Constant(raw.isoformat(timespec="minutes"))
    if isinstance(raw, str):
        return Constant(raw.replace(" ", "T")) if _MOMENT.fullmatch(raw) else Answer(_name(raw))
    if not isinstance(raw, dict):
        return Constant(_number(raw))
    operator, given = _one(raw, "A value", depth)
    if operator == "count":
        return Count(_name(given))
    if operator == "if":
        if not isinstance(given, list) or len(given) != 3:
            raise ValueError(f"'if' takes [condition, value, value]; found {given!r}.")
        condition = parse(given[0], depth + 1)
        return Choose(condition, parse_term(given[1], depth + 1), parse_term(given[2], depth + 1))
    for sign in OPERATORS:
        if operator == sign:
            if not isinstance(given, list) or len(given) < 2:
                raise ValueError(f"'{operator}' takes two values or more; found {given!r}.")
            total, *rest = (parse_term(one, depth + 1) for one in given)
            for one in rest:
                total = Arithmetic(sign, total, one)
            return total
    raise ValueError(f"{operator!r} is no operator of values; use one of + - * count if.")


def as_yaml(condition: Condition) -> dict[str, object]:
    """Return the YAML value that `parse` reads back into the same condition."""
    match condition:
        case Compare():
            pair = [term_as_yaml(condition.left), term_as_yaml(condition.right)]
            return {condition.operator: pair}
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


def term_as_yaml(term: Term) -> object:
    """Return the YAML value that `parse_term` reads back into the same value."""
    match term:
        case Constant():
            return term.value
        case Answer():
            return term.question
        case Count():
            return {"count": term.question}
        case Arithmetic():
            return {term.operator: [term_as_yaml(term.left), term_as_yaml(term.right)]}
        case Choose():
            chosen = [term_as_yaml(term.then), term_as_yaml(term.otherwise)]
            return {"if": [as_yaml(term.condition), *chosen]}
    assert_never(term)


def nodes_of(node: Node) -> Iterator[Node]:
    """Yield a condition or value and everything inside it, the outer before the inner."""
    yield node
    inner: tuple[Node, ...] = ()
    match node:
        case Compare() | Arithmetic():
            inner = (node.left, node.right)
        case Choose():
            inner = (node.condition, node.then, node.otherwise)
        case Not():
            inner = (node.part,)
        case And() | Or():
            inner = node.parts
        case Constant() | Answer() | Count() | In() | Selected() | Empty():
            pass
        case _:
            assert_never(node)
    for one in inner:
        yield from nodes_of(one)


def parts_of(condition: Condition) -> Iterator[Leaf]:
    """Yield the parts of a condition that are true or false by themselves."""
    for node in nodes_of(condition):
        if isinstance(node, Compare | In | Selected | Empty):
            yield node


def questions_of(node: Node) -> Iterator[str]:
    """Yield the names of the questions that a condition or value reads."""
    for one in nodes_of(node):
        if isinstance(one, Answer | Count | In | Selected | Empty):
            yield one.question


def all_of(*conditions: Condition | None) -> Condition | None:
    """Return the condition that all of the given ones hold; None where none is given."""
    given = tuple(one for one in conditions if one is not None)
    return And(given) if len(given) > 1 else (given[0] if given else None)


def _one(raw: object, what: str, depth: int) -> tuple[str, object]:
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ValueError(
            f"{what} is a mapping of one operator, such as {{'=': [q05, 1]}}; found {raw!r}."
        )
    if depth > DEEPEST:
        raise ValueError(f"Expressions stand more than {DEEPEST} deep inside one another.")
    ((operator, given),) = raw.items()
    return str(operator), given


def _pair(operator: str, given: object) -> tuple[object, object]:
    if not isinstance(given, list) or len(given) != 2:
        raise ValueError(f"'{operator}' takes [question, value]; found {given!r}.")
    return given[0], given[1]


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
