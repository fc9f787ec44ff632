"""Conditions read from XPath made as plain as an author would write them.

XPath needs guards that our conditions do not: ``${q} != '' and ${q} > 3`` is ``q > 3`` here, for a
comparison with an empty answer is false; ``${q} = 'a' or ${q} = 'b'`` is "q is one of a, b". Every
step keeps the meaning on every row.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from pipeline.questionnaire.codebook import missing_codes
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
    Number,
    Or,
    Selected,
    Term,
    all_of,
)
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice, Question


class Truth(Enum):
    """A condition that is the same for everybody."""

    FALSE = False
    TRUE = True


TRUE, FALSE = Truth.TRUE, Truth.FALSE
Verdict = Condition | Truth
Names = Mapping[str, Question]


def all_true(parts: Sequence[Verdict], names: Names) -> Verdict:
    """Return that all parts hold."""
    if FALSE in parts:
        return FALSE
    flat = [one for part in parts if not isinstance(part, Truth) for one in _inner(part, And)]
    there = {term for one in flat if (term := _told_to_be_there(one)) is not None}
    kept = [_of_the_answered(one, there, names) for one in flat]
    flat = [one for one in kept if not isinstance(one, Truth)]
    needed = {term for one in flat for term in _needs(one)}
    flat = [one for one in flat if _told_to_be_there(one) not in needed]
    flat = list(dict.fromkeys(flat))
    return TRUE if not flat else flat[0] if len(flat) == 1 else And(tuple(flat))


def any_true(parts: Sequence[Verdict], names: Names) -> Verdict:
    """Return that at least one part holds."""
    if TRUE in parts:
        return TRUE
    flat = [one for part in parts if not isinstance(part, Truth) for one in _inner(part, Or)]
    unanswered = {one.question for one in flat if isinstance(one, Empty)}
    flat = [one for one in flat if not _is_idle(one, unanswered, names)]
    flat = list(dict.fromkeys(_gathered(flat)))
    return FALSE if not flat else flat[0] if len(flat) == 1 else Or(tuple(flat))


def not_true(part: Verdict, names: Names) -> Verdict:
    """Return that a part does not hold."""
    match part:
        case Truth():
            return FALSE if part is TRUE else TRUE
        case In(question=name, values=values) if set(values) == _codes(name, names):
            return Empty(name)
        case Or(parts=parts) if (ticked := _all_ticks(parts, names)) is not None:
            return Empty(ticked)
    return Not(part)


def without_guards(shown: Verdict, value: Term) -> Condition | None:
    """Return on which condition a value is shown, beyond that it can be worked out at all."""
    if isinstance(shown, Truth):
        return None
    needed = {value, *(Answer(name) for name in _answers(value))}
    return all_of(*(one for one in _inner(shown, And) if _told_to_be_there(one) not in needed))


def _inner(part: Condition, joined: type[And] | type[Or]) -> tuple[Condition, ...]:
    return part.parts if isinstance(part, joined) else (part,)


def _told_to_be_there(part: Condition) -> Term | None:
    """Return the value of which a part says no more than that it is not empty."""
    match part:
        case Not(Empty(question=name)):
            return Answer(name)
        case Compare("=", left, right) if left == right:
            return left
    return None


def _of_the_answered(part: Condition, there: set[Term], names: Names) -> Verdict:
    """Return what a part says of those for whom the values in `there` are not empty."""
    match part:
        case Not(Compare("=", left, right)) if _is_there(left, there) and _is_there(right, there):
            match left, right:
                case Answer(name), Constant(value) if value in _missing(name, names):
                    return TRUE
            return Compare("!=", left, right)
        case Or(parts=(Compare("=") as equal, And(parts=parts))) if _both_empty(parts, there):
            return equal
        case Not(Or(parts=(Compare("=", left, right), And(parts=parts)))) if _both_empty(
            parts, there
        ):
            return Compare("!=", left, right)
    return part


def _is_there(term: Term, there: set[Term]) -> bool:
    return isinstance(term, Constant | Count) or term in there


def _both_empty(parts: Sequence[Condition], there: set[Term]) -> bool:
    return len(parts) == 2 and all(
        isinstance(one, Empty) and Answer(one.question) in there for one in parts
    )


def _needs(part: Condition) -> Iterator[Term]:
    """Yield the values without which a part is false; what only says so of one, needs nothing."""
    match part:
        case Compare() if _told_to_be_there(part) is None:
            yield from (part.left, part.right)
            yield from (Answer(name) for name in _answers(part.left) | _answers(part.right))
        case In():
            yield Answer(part.question)
        case Or():
            inner = [set(_needs(one)) for one in part.parts]
            yield from set.intersection(*inner)
        case And():
            for one in part.parts:
                yield from _needs(one)


def _answers(term: Term) -> set[str]:
    """Return the questions without whose answer a value is empty."""
    match term:
        case Answer():
            return {term.question}
        case Arithmetic():
            return _answers(term.left) | _answers(term.right)
        case Choose():
            return _answers(term.then) & _answers(term.otherwise)
    return set()


def _is_idle(part: Condition, unanswered: set[str], names: Names) -> bool:
    match part:
        case Compare("=", Answer(name), Constant(value)):
            return name in unanswered and value in _missing(name, names)
    return False


def _gathered(parts: Sequence[Condition]) -> Iterator[Condition]:
    """Yield the parts; equalities of one question come together where the first stands."""
    codes: dict[str, list[Number]] = {}
    for part in parts:
        if (told := _equality(part)) is not None:
            codes.setdefault(told[0], []).extend(told[1])
    for part in parts:
        told = _equality(part)
        if told is None:
            yield part
        elif told[0] in codes:
            values = tuple(dict.fromkeys(codes.pop(told[0])))
            one = Compare("=", Answer(told[0]), Constant(values[0]))
            yield In(told[0], values) if len(values) > 1 else one


def _equality(part: Condition) -> tuple[str, tuple[Number, ...]] | None:
    match part:
        case Compare("=", Answer(name), Constant(int() | float() as value)):
            return name, (value,)
        case In():
            return part.question, part.values
    return None


def _question(name: str, names: Names) -> Question | None:
    return next((question for question in names.values() if question.name == name), None)


def _missing(name: str, names: Names) -> set[object]:
    question = _question(name, names)
    return set() if question is None else set(missing_codes(question))


def _codes(name: str, names: Names) -> set[float]:
    """Return the codes of a single choice, each of which is an answer; nothing of a number."""
    question = _question(name, names)
    if not isinstance(question, ChoiceQuestion) or isinstance(question, MultipleChoice):
        return set()
    return {choice.code for choice in question.substantive}


def _all_ticks(parts: Sequence[Condition], names: Names) -> str | None:
    """Return the multiple choice of which the parts are all the ticks; None where they are not."""
    ticks = [one for one in parts if isinstance(one, Selected)]
    if len(ticks) != len(parts) or len({one.question for one in ticks}) != 1:
        return None
    question = _question(ticks[0].question, names)
    if not isinstance(question, MultipleChoice):
        return None
    whole = {choice.code for choice in question.substantive} == {one.code for one in ticks}
    return question.name if whole else None
