"""What the compilers of expressions for the engines of forms have in common.

Engines differ in what 0.1 + 0.2 is: 0.3 to one, 0.30000000000000004 to the others. Here it is 0.3
everywhere, because every sum, difference and product is rounded to `PLACES` decimals
(`pipeline.questionnaire.routing` does the same). Where both operands are whole numbers there is
nothing to round, and the engine's text stays plain.
"""

from decimal import Decimal
from typing import assert_never

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire import questions
from pipeline.questionnaire.blocks import Roster
from pipeline.questionnaire.expressions import (
    Answer,
    Arithmetic,
    Choose,
    Comparator,
    Constant,
    Count,
    Number,
    Term,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    MultipleChoice,
    Question,
    Ranking,
)
from pipeline.questionnaire.routing import PLACES

__all__ = [
    "LONGEST",
    "MIRRORED",
    "PLACES",
    "asked",
    "is_listed",
    "is_whole",
    "plain",
    "refuse_long",
    "related",
    "rounding",
    "without_substance",
]

LONGEST = 30_000
"""So many characters an engine's text of one expression may have."""

MIRRORED: dict[Comparator, Comparator] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
"""How a comparison reads with its sides exchanged."""


def plain(value: float) -> str:
    """Write a number without an exponent and idle zeros, the way every engine reads it."""
    exact = Decimal(repr(value))
    return format(exact.to_integral_value() if exact == exact.to_integral_value() else exact, "f")


def is_whole(term: Term, questionnaire: Questionnaire) -> bool:
    """Tell whether a value can only be a whole number."""
    match term:
        case Constant():
            return isinstance(term.value, int | float) and float(term.value).is_integer()
        case Answer():
            return _asks_whole(questionnaire.question(term.question), questionnaire)
        case Count():
            return True
        case Arithmetic():
            return is_whole(term.left, questionnaire) and is_whole(term.right, questionnaire)
        case Choose():
            return is_whole(term.then, questionnaire) and is_whole(term.otherwise, questionnaire)
    assert_never(term)


def _asks_whole(question: Question, questionnaire: Questionnaire) -> bool:
    match question:
        case Calculated():
            return is_whole(question.value, questionnaire)
        case questions.Number():
            return question.decimals == 0
        case ChoiceQuestion():
            return True
    return False


def rounding(term: Arithmetic, questionnaire: Questionnaire) -> int | None:
    """Return the decimals to which a result of arithmetic is rounded; None if it is whole."""
    return None if is_whole(term, questionnaire) else PLACES


def is_listed(question: object) -> bool:
    """Tell whether the answer to a question is a list of codes."""
    return isinstance(question, MultipleChoice | Ranking)


def related(left: Number, operator: Comparator, right: Number) -> bool:
    """Tell whether two numbers stand in a relation."""
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    assert_never(operator)


def without_substance(question: ChoiceQuestion) -> list[int]:
    """Return the codes of a choice question that are no answer (don't know, refused)."""
    return [choice.code for choice in question.choices if choice.missing is not None]


def refuse_long(text: str) -> str:
    """Return an engine's text as it is.

    Raises
    ------
    QuestionnaireError
        It has become so long that no form could carry it: conditions nested in values nested in
        conditions.
    """
    if len(text) > LONGEST:
        raise QuestionnaireError(
            f"条件 {text[:80]}…… 层层相套，写成表单的条件超过 {LONGEST} 个字符。"
            "请先把其中一部分定义为计算题（calculated），再在条件里用它。"
            "(the condition is too deeply nested; compute a part of it in a calculated question)"
        )
    return text


def asked(questionnaire: Questionnaire, name: str) -> Question:
    """Return the question of a name, also one that only its roster knows; else KeyError."""
    try:
        return questionnaire.question(name)
    except KeyError:
        for block in questionnaire.blocks:
            if isinstance(block, Roster):
                for question in block.questions:
                    if question.name == name:
                        return question
        raise
