"""The text of a condition or value for SQLite, over a table of decoded responses.

The table has one row per response and the columns of the decoded file: numbers (and ISO text of
days and times) under the question's name, 0/1 per choice under ``question__code``; NULL is an
empty answer. The meaning is that of `pipeline.questionnaire.routing`: SQL's third truth value,
unknown, becomes false wherever it could arise.
"""

from typing import assert_never

from pipeline.forms.terms import PLACES, is_listed, plain, refuse_long
from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Or,
    Selected,
    Term,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion


def expression(condition: Condition, questionnaire: Questionnaire) -> str:
    """Return a condition that is 1 or 0 on every row, never NULL.

    Raises
    ------
    QuestionnaireError
        Conditions and values stand so deep inside one another that the text becomes endless.
    """
    match condition:
        case Compare():
            operator = "<>" if condition.operator == "!=" else condition.operator
            left = value_text(condition.left, questionnaire)
            right = value_text(condition.right, questionnaire)
            return refuse_long(f"coalesce({left} {operator} {right}, 0)")
        case In():
            codes = ", ".join(plain(value) for value in condition.values)
            return f"coalesce({_column(condition.question)} in ({codes}), 0)"
        case Selected():
            return _ticked(condition.question, condition.code)
        case Empty():
            return _empty(condition.question, questionnaire)
        case Not():
            return f"not ({expression(condition.part, questionnaire)})"
        case And():
            return _joined(" and ", condition.parts, questionnaire)
        case Or():
            return _joined(" or ", condition.parts, questionnaire)
    assert_never(condition)


def value_text(term: Term, questionnaire: Questionnaire) -> str:
    """Return a value that is NULL where it is empty; errors are those of `expression`."""
    match term:
        case Constant(value=value):
            return f"'{value}'" if isinstance(value, str) else plain(value)
        case Answer():
            return _column(term.question)
        case Count():
            return "(" + " + ".join(_ticks(term.question, questionnaire)) + ")"
        case Arithmetic():
            left = value_text(term.left, questionnaire)
            right = value_text(term.right, questionnaire)
            return refuse_long(f"round({left} {term.operator} {right}, {PLACES})")
        case Choose():
            then = value_text(term.then, questionnaire)
            otherwise = value_text(term.otherwise, questionnaire)
            condition = expression(term.condition, questionnaire)
            return refuse_long(f"case when {condition} then {then} else {otherwise} end")
    assert_never(term)


def _joined(word: str, parts: tuple[Condition, ...], questionnaire: Questionnaire) -> str:
    return refuse_long("(" + word.join(expression(part, questionnaire) for part in parts) + ")")


def _empty(name: str, questionnaire: Questionnaire) -> str:
    if not is_listed(questionnaire.question(name)):
        return f"({_column(name)} is null)"
    places = [_column(name, choice) for choice in _codes(name, questionnaire)]
    first = " or ".join(f"coalesce({place} = 1, 0)" for place in places)
    return f"not ({first})"


def _ticks(name: str, questionnaire: Questionnaire) -> list[str]:
    return [_ticked(name, code) for code in _codes(name, questionnaire)]


def _codes(name: str, questionnaire: Questionnaire) -> list[int]:
    question = questionnaire.question(name)
    assert isinstance(question, ChoiceQuestion)
    return [choice.code for choice in question.substantive]


def _ticked(name: str, code: int) -> str:
    return f"coalesce({_column(name, code)} >= 1, 0)"  # of a ranking, its place


def _column(name: str, code: int | None = None) -> str:
    return f'"{name}"' if code is None else f'"{name}__{code}"'
