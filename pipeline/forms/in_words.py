"""Conditions in words, as forms and codebooks tell them: 第 3 题选“有”或“不清楚”.

The words mean what `pipeline.questionnaire.routing` does: a comparison with a question that was
not answered is not true, and "don't know" or "refused" is no answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pipeline.forms.numbering import numbers as numbers_of
from pipeline.forms.terms import MIRRORED, asked, is_listed, plain, related
from pipeline.i18n import Language, word
from pipeline.questionnaire.blocks import Roster, entry_name
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
    compared,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated, ChoiceQuestion, Moment, Question

OF_NUMBERS: Mapping[Comparator, str] = {
    "=": "is_equal", "!=": "is_unequal", "<": "is_less", "<=": "is_at_most", ">": "is_greater",
    ">=": "is_at_least",
}  # fmt: skip
OF_MOMENTS: Mapping[Comparator, str] = {
    "=": "is_then", "!=": "is_not_then", "<": "is_before", "<=": "is_by", ">": "is_after",
    ">=": "is_from",
}  # fmt: skip
SIGNS = {"+": "＋", "-": "－", "*": "×"}


def condition_in_words(
    condition: Condition,
    questionnaire: Questionnaire,
    numbers: Mapping[str, str],
    language: Language = "zh",
) -> str:
    """Return a condition in words, without a full stop.

    Parameters
    ----------
    numbers : question, matrix item or block -> its number on the form (`numbering.numbers`); a
        question without one is called by its text
    """
    return said_of(condition, Teller(questionnaire, numbers, language))


def before(condition: Condition, questionnaire: Questionnaire, language: Language = "zh") -> str:
    """Return what stands before a question that only some are asked: （第 3 题选“有”的人回答）."""
    said = condition_in_words(condition, questionnaire, numbers_of(questionnaire), language)
    return word("routes.before", language, condition=said)


@dataclass(frozen=True, slots=True)
class Teller:
    """Calls questions, choices and phrases as one form in one language does."""

    questionnaire: Questionnaire
    numbers: Mapping[str, str]
    language: Language
    this: str = ""

    def said(self, key: str, **values: object) -> str:
        return word(f"routes.{key}", self.language, **values)

    def question(self, name: str) -> Question:
        return asked(self.questionnaire, name)

    def subject(self, name: str) -> str:
        """The question as a sentence calls it."""
        if name == self.this:
            return self.said("this")
        if name in self.numbers:
            return self.said("question", number=self.numbers[name])
        for block in self.questionnaire.blocks:
            if isinstance(block, Roster):
                if name == block.count and block.name in self.numbers:
                    return self.said("question", number=self.numbers[block.name])
                for entry in range(1, block.maximum + 1):
                    for inner in block.questions:
                        if name == entry_name(block.name, entry, inner.name):
                            return self._entry(inner.name, entry)
        question = self.question(name)
        text = question.text(self.language)
        if isinstance(question, Calculated):  # a reader on paper has to work it out
            return self.said("computed", text=text, formula=_term(question.value, self))
        return self.said("unnumbered", text=text)

    def _entry(self, name: str, entry: int) -> str:
        if name not in self.numbers:
            return self.subject(name)
        return self.said("entry", number=self.numbers[name], entry=entry)

    def choices(self, question: ChoiceQuestion, codes: Iterable[int]) -> str:
        wanted = set(codes)
        texts = [c.text(self.language) for c in question.choices if c.code in wanted]
        return self.listed([f"“{text}”" for text in texts])

    def listed(self, texts: Sequence[str]) -> str:
        *first, last = texts
        head = self.said("listed").join(first)
        return f"{head}{self.said('last')}{last}" if first else last


def said_of(condition: Condition, teller: Teller) -> str:
    """Return a condition in the words of a form."""
    match condition:
        case Compare() | In() if (found := _codes(condition, teller)) is not None:
            return _chosen(*found, teller)
        case Compare():
            return _compared(condition, teller)
        case In():
            subject, listed = teller.subject(condition.question), _numbers(condition, teller)
            return teller.said("one_of", subject=subject, numbers=listed)
        case Selected():
            return _ticked(condition, "ticked", teller)
        case Empty():
            return _empty(condition.question, "empty", "empty_or", teller)
        case Not():
            return _negated(condition.part, teller)
        case And():
            return teller.said("and").join(_part(one, teller, Or) for one in condition.parts)
        case Or():
            return teller.said("or").join(_part(one, teller, And) for one in condition.parts)
    assert_never(condition)


def _part(condition: Condition, teller: Teller, other: type[And | Or]) -> str:
    said = said_of(condition, teller)
    if isinstance(condition, other) and len(condition.parts) > 1:
        return teller.said("nested", part=said)
    return said


def _negated(part: Condition, teller: Teller) -> str:
    match part:
        case Not():
            return said_of(part.part, teller)
        case Compare() | In() if (found := _codes(part, teller)) is not None and found[1]:
            question, codes = found
            subject, choices = teller.subject(question.name), teller.choices(question, codes)
            return teller.said("not_chose", subject=subject, choices=choices)
        case In():
            subject, listed = teller.subject(part.question), _numbers(part, teller)
            return teller.said("not_one_of", subject=subject, numbers=listed)
        case Selected():
            return _ticked(part, "not_ticked", teller)
        case Empty():
            return _empty(part.question, "answered", "answered_but", teller)
    return teller.said("not", part=said_of(part, teller))


def _ticked(condition: Selected, key: str, teller: Teller) -> str:
    question = teller.question(condition.question)
    assert isinstance(question, ChoiceQuestion)
    choices = teller.choices(question, [condition.code])
    return teller.said(key, subject=teller.subject(condition.question), choices=choices)


def _empty(name: str, plainly: str, otherwise: str, teller: Teller) -> str:
    question, subject = teller.question(name), teller.subject(name)
    if isinstance(question, ChoiceQuestion) and (idle := _offered_missing(question)):
        return teller.said(otherwise, subject=subject, choices=teller.choices(question, idle))
    if not isinstance(question, ChoiceQuestion) and (missing := missing_codes(question)):
        listed = teller.listed([str(code) for code in missing])
        return teller.said(otherwise, subject=subject, choices=listed)
    return teller.said(plainly, subject=subject)


def _offered_missing(question: ChoiceQuestion) -> list[int]:
    return [choice.code for choice in question.offered if choice.missing is not None]


def _codes(condition: Compare | In, teller: Teller) -> tuple[ChoiceQuestion, list[int]] | None:
    """Return a single choice and the codes that fit; None for a condition of another kind."""
    match condition:
        case In(question=name, values=values):
            question = teller.question(name)
            if isinstance(question, ChoiceQuestion):
                return question, [c.code for c in question.substantive if c.code in values]
        case Compare(operator, Answer(name), Constant(int() | float() as value)):
            question = teller.question(name)
            if isinstance(question, ChoiceQuestion) and not is_listed(question):
                codes = [c.code for c in question.substantive]
                return question, [code for code in codes if related(code, operator, value)]
        case Compare(operator, Constant(value), Answer(name)):
            return _codes(compared(name, MIRRORED[operator], value), teller)
    return None


def _chosen(question: ChoiceQuestion, fitting: list[int], teller: Teller) -> str:
    subject = teller.subject(question.name)
    if not fitting:
        return teller.said("nothing")
    others = [c.code for c in question.offered if c.code not in fitting]
    if others and len(others) < len(fitting) and len(fitting) > 2:
        choices = teller.choices(question, others)
        return teller.said("chose_other", subject=subject, choices=choices)
    return teller.said("chose", subject=subject, choices=teller.choices(question, fitting))


def _numbers(condition: In, teller: Teller) -> str:
    return teller.listed([plain(value) for value in condition.values])


def _compared(condition: Compare, teller: Teller) -> str:
    left, operator, right = condition.left, condition.operator, condition.right
    if isinstance(left, Constant):
        left, operator, right = right, MIRRORED[operator], left
    first, second = _term(left, teller), _term(right, teller)
    if teller.language == "zh":  # a blank stands between Chinese and digits
        first = f"{first} " if first[-1:].isdigit() else first
        second = second if second[:1] in "第“（" else f" {second}"
    key = (OF_MOMENTS if _is_moment(left, teller) else OF_NUMBERS)[operator]
    return teller.said(key, left=first, right=second)


def _is_moment(term: Term, teller: Teller) -> bool:
    match term:
        case Constant():
            return isinstance(term.value, str)
        case Answer():
            return isinstance(teller.question(term.question), Moment)
        case Choose():
            return _is_moment(term.then, teller)
    return False


def _term(term: Term, teller: Teller) -> str:
    match term:
        case Constant(value=value):
            return value.replace("T", " ") if isinstance(value, str) else plain(value)
        case Answer():
            return _answer(teller.question(term.question), term.question, teller)
        case Count():
            return teller.said("count", subject=teller.subject(term.question))
        case Arithmetic():
            sides = [_operand(one, teller) for one in (term.left, term.right)]
            sign = SIGNS[term.operator]
            return sign.join(sides) if teller.language == "zh" else f" {sign} ".join(sides)
        case Choose():
            return teller.said(
                "either",
                condition=said_of(term.condition, teller),
                then=_term(term.then, teller),
                otherwise=_term(term.otherwise, teller),
            )
    assert_never(term)


def _operand(term: Term, teller: Teller) -> str:
    said = _term(term, teller)
    return teller.said("nested", part=said) if isinstance(term, Arithmetic) else said


def _answer(question: Question, name: str, teller: Teller) -> str:
    subject = teller.subject(name)
    match question:
        case Calculated():
            return subject
        case ChoiceQuestion():
            return teller.said("code", subject=subject)
        case Moment():
            return teller.said(question.type, subject=subject)
    return teller.said("number", subject=subject)
