"""What the form engine (SurveyJS) holds an answer to, and what it says where that fails.

A check of the definition concerns an answered question only. A soft one is a warning: the engine
shows it once and lets the answer stand at the next try.
"""

from collections.abc import Iterator

from pipeline.forms.expressions import expression
from pipeline.forms.surveyjs_words import Json, local, said
from pipeline.forms.terms import plain
from pipeline.i18n import Text
from pipeline.questionnaire.expressions import Empty, Or
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Check,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Question,
    Ranking,
)

CONTACT = (
    r"^(?![\s\S]*(?:[1１][3-9３-９](?:[\s-]?[\d０-９]){9}|\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXx]"
    r"|0\d{2,3}[\s-]\d{7,8}|(?:微信|[Vv][Xx]|wxid_|QQ|qq)[号:：\s]*[\w-]{5,}|\S+@\S+\.\S+))"
)
"""Matches a text without a telephone, identity or account number or an e-mail address."""


def validators(question: Question, questionnaire: Questionnaire) -> list[Json]:
    """Return what is checked of a question besides that it is answered."""
    return [*_of_type(question, questionnaire), *checked(question, questionnaire)]


def checked(question: Question, questionnaire: Questionnaire) -> list[Json]:
    """Return the checks that the definition makes of a question."""
    return [_check(question, check, questionnaire) for check in question.checks]


def demanded(question: Question, questionnaire: Questionnaire) -> Json:
    """Return how the engine is told that an answer is required."""
    if question.required is not True:  # a soft one is a warning, among the checks
        return {}
    text = local(_required(question, questionnaire), questionnaire)
    if isinstance(question, Number) and question.missing_codes:
        return {
            "requiredIf": f"{{{missing_name(question)}}} empty",
            "requiredErrorText": text,
        }
    return {"isRequired": True, "requiredErrorText": text}


def missing_name(question: Number) -> str:
    """Return the name of the engine's question that takes "cannot say" in place of a number."""
    return f"{question.name}__missing"


def span(low: float | None, high: float | None) -> str:
    """Return a range in figures: 0–60, ≥ 0, ≤ 60."""
    if low is not None and high is not None:
        return f"{plain(low)}–{plain(high)}"
    return f"≥ {plain(low)}" if low is not None else f"≤ {plain(high or 0.0)}"


def _of_type(question: Question, questionnaire: Questionnaire) -> Iterator[Json]:
    if question.required == "soft":
        given = f"{{{question.name}}} notempty"
        if isinstance(question, Number) and question.missing_codes:
            given += f" or {{{missing_name(question)}}} notempty"
        again = local(said("asked_again", questionnaire), questionnaire)
        yield {**_demand(given, again), "notificationType": "warning"}
    match question:
        case Ranking(required=True):
            full = f"{_alone(question)} or {_length(question)} >= {question.depth}"
            text = said("rank_all", questionnaire, count=question.depth)
            yield _demand(full, local(text, questionnaire))
        case MultipleChoice(min_choices=least) if least > 1:
            enough = f"{_alone(question)} or {_length(question)} >= {least}"
            text = said("too_few", questionnaire, count=least)
            yield _demand(enough, local(text, questionnaire))
        case Numeric():
            yield from _number(question, questionnaire)
        case OpenEnded():
            found = local(said("contact_found", questionnaire), questionnaire)
            yield {"type": "regex", "regex": CONTACT, "text": found, "notificationType": "warning"}
        case _:
            pass
    if isinstance(question, MultipleChoice) and question.max_choices is not None:
        # a check and not the engine's own limit, which would also lock "none of these"
        many = local(said("too_many", questionnaire, count=question.max_choices), questionnaire)
        yield {"type": "answercount", "maxCount": question.max_choices, "text": many}


def _number(question: Numeric, questionnaire: Questionnaire) -> Iterator[Json]:
    low, high = question.minimum, question.maximum
    if low is not None or high is not None:
        bounds = {"minValue": low, "maxValue": high}
        yield {
            "type": "numeric",
            "text": local(
                said("out_of_range", questionnaire, span=span(low, high)), questionnaire
            ),
            **{key: value for key, value in bounds.items() if value is not None},
        }
    digits = rf"^-?\d+(\.\d{{1,{question.decimals}}})?$" if question.decimals else r"^-?\d+$"
    text = (
        said("decimals", questionnaire, count=question.decimals)
        if question.decimals
        else said("whole", questionnaire)
    )
    yield {"type": "regex", "regex": digits, "text": local(text, questionnaire)}


def moments(question: Moment) -> str:
    """Return the bounds of a day or time as people read them."""
    first, last = (bound.replace("T", " ") for bound in (question.earliest, question.latest))
    if first and last:
        return f"{first} – {last}"
    return f"≥ {first}" if first else f"≤ {last}"


def _check(question: Question, check: Check, questionnaire: Questionnaire) -> Json:
    holds = expression(Or((Empty(question.name), check.holds)), questionnaire)
    soft = {"notificationType": "warning"} if check.soft else {}
    return {**_demand(holds, local(check.message, questionnaire)), **soft}


def _demand(holds: str, text: Json | str) -> Json:
    return {"type": "expression", "expression": holds, "text": text}


def _alone(question: ChoiceQuestion) -> str:
    """Return the condition that nothing is chosen, or a choice that stands for itself."""
    alone = [c.code for c in question.offered if c.exclusive or c.missing is not None]
    chosen = (f"{{{question.name}}} contains {code}" for code in alone)
    return " or ".join([f"{{{question.name}}} empty", *chosen])


def _length(question: ChoiceQuestion) -> str:
    return f"{{{question.name}.length}}"


def _required(question: Question, questionnaire: Questionnaire) -> Text:
    ways_out: tuple[Text, ...] = ()
    match question:
        case ChoiceQuestion():
            ways_out = tuple(c.text for c in question.offered if c.missing is not None)
        case Number():
            ways_out = tuple(c.text for c in question.missing_codes if c.offered)
    if ways_out:
        way_out = "required_or" if isinstance(question, ChoiceQuestion) else "required_number_or"
        return said(way_out, questionnaire, choice=ways_out[-1])
    if isinstance(question, ChoiceQuestion):
        return said("required_choice", questionnaire)
    return said("required_text", questionnaire)
