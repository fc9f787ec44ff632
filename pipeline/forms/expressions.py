"""The text of a condition or value for the form engine (SurveyJS 2.5).

The meaning is that of `pipeline.questionnaire.routing`: two-valued, any comparison with an empty
value is false, arithmetic with one is empty. The engine's own habits differ (`{empty} <> 1` is
true there, `{empty} + 1` is 1), so every comparison is guarded. An answer without substance (don't
know, refused) is empty in the decoded tables, therefore it is guarded against too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from pipeline.forms.terms import asked, is_listed, plain, refuse_long, rounding
from pipeline.questionnaire.codebook import missing_codes
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
    Or,
    Selected,
    Term,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Question

__all__ = ["expression", "plain", "value_text"]

OPERATORS: dict[Comparator, str] = {
    "=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


def expression(
    condition: Condition, questionnaire: Questionnaire, within: Mapping[str, str] | None = None
) -> str:
    """Return the engine's text of a condition on answers to `questionnaire`.

    Codes and bounds are the numbers of the definition; a multiple choice and a ranking hold a list
    of codes, a day or time its ISO text.

    Parameters
    ----------
    within : question -> the engine's name for it, where that is another
        Inside the panel of a roster the questions of the same entry are ``panel.name``; the
        condition then names them as the roster does (``age``), or as the expanded questionnaire
        does (``people_1_age``). Questions that are not in it go by their own names.

    Raises
    ------
    QuestionnaireError
        The condition nests conditions and values so deeply that its text becomes endless.
    """
    return _condition(condition, _Names(questionnaire, within or {}))


def value_text(
    term: Term, questionnaire: Questionnaire, within: Mapping[str, str] | None = None
) -> str:
    """Return the engine's text of a value; where the value is empty, the engine has none.

    Parameters and errors are those of `expression`.
    """
    made = _value(term, _Names(questionnaire, within or {}))
    return f"iif({_all(made.guards)}, {made.text})" if made.guards else made.text


@dataclass(frozen=True, slots=True)
class _Names:
    questionnaire: Questionnaire
    within: Mapping[str, str]

    def of(self, name: str) -> str:
        return f"{{{self.within.get(name, name)}}}"

    def question(self, name: str) -> Question:
        return asked(self.questionnaire, name)


@dataclass(frozen=True, slots=True)
class _Value:
    """The text of a value, and the conditions under which there is one."""

    text: str
    guards: tuple[str, ...] = ()


def _condition(condition: Condition, names: _Names) -> str:
    match condition:
        case Compare():
            left, right = _value(condition.left, names), _value(condition.right, names)
            comparison = f"{left.text} {OPERATORS[condition.operator]} {right.text}"
            return _guarded((*left.guards, *right.guards), comparison)
        case In():
            name = names.of(condition.question)
            chain = " or ".join(f"{name} = {plain(value)}" for value in condition.values)
            return _guarded(_answered(condition.question, names), f"({chain})")
        case Selected():
            return _ticked(names.of(condition.question), condition.code)
        case Empty():
            return _empty(condition.question, names)
        case Not():
            return f"!({_condition(condition.part, names)})"
        case And():
            return _joined("and", condition.parts, names)
        case Or():
            return _joined("or", condition.parts, names)
    assert_never(condition)


def _joined(word: str, parts: tuple[Condition, ...], names: _Names) -> str:
    return refuse_long("(" + f" {word} ".join(_condition(part, names) for part in parts) + ")")


def _guarded(guards: tuple[str, ...], comparison: str) -> str:
    return refuse_long("(" + " and ".join([*dict.fromkeys(guards), comparison]) + ")")


def _all(guards: tuple[str, ...]) -> str:
    return " and ".join(guards) or "1 = 1"


def _answered(name: str, names: _Names) -> tuple[str, ...]:
    without_substance = missing_codes(names.question(name))
    written = names.of(name)
    return (f"{written} notempty", *(f"{written} <> {code}" for code in without_substance))


def _empty(name: str, names: _Names) -> str:
    question, written = names.question(name), names.of(name)
    if is_listed(question) and isinstance(question, ChoiceQuestion):
        ticks = " or ".join(_ticked(written, choice.code) for choice in question.substantive)
        return f"!({ticks})"
    chain = [f"{written} empty", *(f"{written} = {code}" for code in missing_codes(question))]
    return "(" + " or ".join(chain) + ")"


def _ticked(written: str, code: int) -> str:
    return f"({written} notempty and {written} contains {code})"


def _value(term: Term, names: _Names) -> _Value:
    match term:
        case Constant(value=value):
            return _Value(f"'{value}'" if isinstance(value, str) else plain(value))
        case Answer():
            return _Value(names.of(term.question), _answered(term.question, names))
        case Count():
            return _Value(_count(term.question, names))
        case Arithmetic():
            return _arithmetic(term, names)
        case Choose():
            return _chosen(term, names)
    assert_never(term)


def _count(name: str, names: _Names) -> str:
    written = names.of(name)
    length = f"{written[:-1]}.length}}"
    total = f"iif({written} notempty, {length}, 0)"
    idle = [f"iif({_ticked(written, code)}, 1, 0)" for code in missing_codes(names.question(name))]
    return "(" + " - ".join([total, *idle]) + ")" if idle else total


def _arithmetic(term: Arithmetic, names: _Names) -> _Value:
    left, right = _value(term.left, names), _value(term.right, names)
    text = f"({left.text} {term.operator} {right.text})"
    if (places := rounding(term, names.questionnaire)) is not None:
        text = f"round({text}, {places})"
    return _Value(refuse_long(text), tuple(dict.fromkeys((*left.guards, *right.guards))))


def _chosen(term: Choose, names: _Names) -> _Value:
    condition = _condition(term.condition, names)
    then, otherwise = _value(term.then, names), _value(term.otherwise, names)
    text = refuse_long(f"iif({condition}, {then.text}, {otherwise.text})")
    if then.guards == otherwise.guards:
        return _Value(text, then.guards)
    guard = (
        f"(({condition} and {_all(then.guards)}) or (!({condition}) and {_all(otherwise.guards)}))"
    )
    return _Value(text, (refuse_long(guard),))
