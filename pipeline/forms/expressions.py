"""The text of a routing condition for the form engine (SurveyJS).

The meaning is that of `pipeline.questionnaire.routing.holds`: two-valued, and any comparison with
an empty value is false. The engine's own habits differ (`{empty} <> 1` is true there), so every
comparison is guarded. An answer without substance (don't know, refused) is empty in the decoded
tables, therefore it is guarded against too.
"""

from decimal import Decimal
from typing import assert_never

from pipeline.questionnaire.codebook import missing_codes
from pipeline.questionnaire.expressions import (
    And,
    Comparator,
    Compare,
    Condition,
    Empty,
    In,
    Not,
    Or,
    Selected,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import MultipleChoice

OPERATORS: dict[Comparator, str] = {
    "=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


def expression(condition: Condition, questionnaire: Questionnaire) -> str:
    """Return the engine's text of a condition on answers to `questionnaire`.

    Codes and bounds are the numbers of the definition; a multiple choice holds a list of codes.
    """
    match condition:
        case Compare():
            operator, value = OPERATORS[condition.operator], plain(condition.value)
            return _guarded(
                condition.question, f"{{{condition.question}}} {operator} {value}", questionnaire
            )
        case In():
            chain = " or ".join(
                f"{{{condition.question}}} = {plain(value)}" for value in condition.values
            )
            return _guarded(condition.question, f"({chain})", questionnaire)
        case Selected():
            return _ticked(condition.question, condition.code)
        case Empty():
            return _empty(condition.question, questionnaire)
        case Not():
            return f"!({expression(condition.part, questionnaire)})"
        case And():
            return _joined("and", condition.parts, questionnaire)
        case Or():
            return _joined("or", condition.parts, questionnaire)
    assert_never(condition)


def _joined(word: str, parts: tuple[Condition, ...], questionnaire: Questionnaire) -> str:
    return "(" + f" {word} ".join(expression(part, questionnaire) for part in parts) + ")"


def _guarded(name: str, comparison: str, questionnaire: Questionnaire) -> str:
    without_substance = missing_codes(questionnaire.question(name))
    guards = [f"{{{name}}} notempty", *(f"{{{name}}} <> {code}" for code in without_substance)]
    return "(" + " and ".join([*guards, comparison]) + ")"


def _empty(name: str, questionnaire: Questionnaire) -> str:
    question = questionnaire.question(name)
    if isinstance(question, MultipleChoice):
        ticks = " or ".join(_ticked(name, choice.code) for choice in question.substantive)
        return f"!({ticks})"
    chain = [f"{{{name}}} empty", *(f"{{{name}}} = {code}" for code in missing_codes(question))]
    return "(" + " or ".join(chain) + ")"


def _ticked(name: str, code: int) -> str:
    return f"({{{name}}} notempty and {{{name}}} contains {code})"


def plain(value: float) -> str:
    """Write a number without an exponent and idle zeros, the way the engine reads it."""
    exact = Decimal(repr(value))
    return format(exact.to_integral_value() if exact == exact.to_integral_value() else exact, "f")
