"""Whether two versions of a questionnaire ask the same question, so that its figures compare.

A difference between two waves is a change among people only if both were asked the same. What is
compared makes the answer: the wording (the hint is part of it) and the answers offered, in
Chinese, in which the surveys are held; who is asked; and how. Left aside are the translation, the
order of the questions, the names under which an export knows them, and the measure: which answers
count as unfavourable is said afterwards and can be said anew of both waves.
"""

import unicodedata
from typing import Literal, assert_never

from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Count,
    Empty,
    In,
    Node,
    Not,
    Or,
    Selected,
    questions_of,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
)

NotComparable = Literal["", "wording", "choices", "routing", "mode", "absent"]
"""Why two versions of a question do not compare; '' where they do."""
_PUNCTUATION = str.maketrans("。“”‘’「」『』【】〔〕—–－～、", ".\"\"''\"\"''[][]---~,")


def comparable(before: Questionnaire, after: Questionnaire, question: str) -> NotComparable:
    """Return '' where a question was asked alike in both, or else the first thing that differs.

    ``absent`` : one of them does not have it. ``wording`` : the text or the hint, beyond blanks
    and the width of punctuation. ``choices`` : the type, the codes, texts, order, don't-knows or
    exclusive marks of the answers, how many can be taken, whether their order is random; of a
    number its range, decimals and unit, of a day its bounds, of a calculated value the formula.
    ``routing`` : who is asked, also where a question that the route (or the formula) reads was
    itself changed, however far back.
    ``mode`` : the whole survey's way of asking.
    """
    names = [{q.name for q in questionnaire.questions} for questionnaire in (before, after)]
    if not all(question in known for known in names):
        return "absent"
    one, two = before.question(question), after.question(question)
    if (bare(one.text.zh), bare(one.hint.zh)) != (bare(two.text.zh), bare(two.hint.zh)):
        return "wording"
    if _answers(one) != _answers(two):
        return "choices"
    if _routed_otherwise(before, after, one, two):
        return "routing"
    return "mode" if bare(before.mode.zh) != bare(after.mode.zh) else ""


def bare(text: str) -> str:
    """Return a text without blanks, its punctuation of one width and form."""
    narrow = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)
    return "".join(narrow.split())


def _answers(question: Question) -> tuple[object, ...]:
    """Return what of the answers must be alike, in a form that can be compared."""
    match question:
        case ChoiceQuestion():
            offered = [(c.code, bare(c.text.zh), c.missing, c.exclusive) for c in question.choices]
            return (question.type, *_limits(question), question.order, *offered)
        case Number():
            asked = (question.minimum, question.maximum, question.decimals, bare(question.unit.zh))
            return (question.type, *asked)
        case Calculated():
            return (question.type, question.decimals, _form(question.value))
        case Moment():
            return (question.type, question.earliest, question.latest)
        case OpenEnded():
            return (question.type,)
    assert_never(question)


def _limits(question: ChoiceQuestion) -> tuple[int | None, ...]:
    """Return how many of the choices can be taken."""
    match question:
        case MultipleChoice():
            return (question.min_choices, question.max_choices)
        case Ranking():
            return (question.depth,)
    return ()


def _routed_otherwise(
    before: Questionnaire, after: Questionnaire, one: Question, two: Question
) -> bool:
    if (one.show_if is None) != (two.show_if is None):
        return True
    read: list[str] = []
    if one.show_if is not None and two.show_if is not None:
        if _form(one.show_if) != _form(two.show_if):
            return True
        read += questions_of(one.show_if)
    if isinstance(one, Calculated):  # it is asked through the questions that it is worked out from
        read += questions_of(one.value)
    # A mode that changed is told of the question itself, not of the way to it.
    return any(comparable(before, after, name) not in ("", "mode") for name in read)


def _form(condition: Node) -> object:
    """Return a form that is equal for expressions that differ in the order of their parts only."""
    match condition:
        case Constant(value=str(moment)):
            return moment
        case Constant():
            return float(condition.value)
        case Answer():
            return ("answer", condition.question)
        case Count():
            return ("count", condition.question)
        case Arithmetic():
            return (condition.operator, _form(condition.left), _form(condition.right))
        case Choose():
            parts = (condition.condition, condition.then, condition.otherwise)
            return ("if", *map(_form, parts))
        case Compare():
            return (condition.operator, _form(condition.left), _form(condition.right))
        case In():
            return ("in", condition.question, frozenset(map(float, condition.values)))
        case Selected():
            return ("selected", condition.question, condition.code)
        case Empty():
            return ("empty", condition.question)
        case Not():
            return ("not", _form(condition.part))
        case And():
            return ("and", frozenset(_form(part) for part in condition.parts))
        case Or():
            return ("or", frozenset(_form(part) for part in condition.parts))
    assert_never(condition)
