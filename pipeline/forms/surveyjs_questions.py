"""One question in the terms of the form engine (SurveyJS form library).

Source: SurveyJS 2.5 "Survey JSON schema". Answers keep the codes of the definition as numbers. The
properties that the engine does not know (`kind`, `points`, `places`, ...) are read by our script.
"""

from collections.abc import Iterator
from typing import assert_never

from pipeline.forms.expressions import expression
from pipeline.forms.surveyjs_checks import (
    demanded,
    missing_name,
    moments,
    span,
    validators,
)
from pipeline.forms.surveyjs_words import Json, local, said, together
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Matrix, words_name
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    NOTHING,
    Asked,
    Calculated,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)

GRADES = (
    "非常",
    "比较",
    "不太",
    "有些",
    "有点",
    "完全",
    "十分",
    "基本",
    "用处",
    "没有",
    "很不",
    "很",
)
"""How the words of a scale point begin; after them a label may break."""

BREAK = "\u200b"  # zero-width space: the only place where the label of a scale point may break


def elements(question: Question, questionnaire: Questionnaire, number: str) -> Iterator[Json]:
    """Yield what the page shows for one question: itself, and "cannot say" beside a number.

    A calculated value shows nothing. `number` is what stands before the question; '' for none.
    """
    if isinstance(question, Calculated):
        return
    made = {
        **opening(question, questionnaire, number, list(_hints(question, questionnaire))),
        **demanded(question, questionnaire),
        **_special(question, questionnaire),
    }
    if checks := validators(question, questionnaire):
        made["validators"] = checks
    yield made
    if isinstance(question, Number) and any(code.offered for code in question.missing_codes):
        yield _instead(question, questionnaire)


def opening(
    asked: Asked, questionnaire: Questionnaire, number: str, hints: list[Text] | None = None
) -> Json:
    """Return what all that stands on a page has: name, text, hints, picture, condition."""
    made: Json = {
        "name": asked.name,
        "title": local(asked.text, questionnaire),
        **routed(asked.show_if, questionnaire),
    }
    if number:
        made["fixedNumber"] = number
    shown = [hint for hint in (hints if hints is not None else [asked.hint]) if hint.zh]
    if shown:
        made["description"] = local(together(shown, questionnaire), questionnaire)
    if asked.image:
        made["picture"] = asked.image
        made.setdefault("description", BREAK)  # the engine makes no room for none
    return made


def routed(condition: Condition | None, questionnaire: Questionnaire) -> Json:
    """Return the condition on which something is shown; nothing where it always is."""
    return {} if condition is None else {"visibleIf": expression(condition, questionnaire)}


def words_of(question: ChoiceQuestion, words: OpenEnded, questionnaire: Questionnaire) -> Json:
    """Return the line under a question in which "other, please specify" is told."""
    choice = next(c for c in question.choices if words_name(question.name, c.code) == words.name)
    return {
        "type": "text",
        "name": words.name,
        "title": local(said("specify", questionnaire, choice=choice.text), questionnaire),
        "kind": "words",
        "maxLength": words.max_length,
        "validators": validators(words, questionnaire),
        **routed(words.show_if, questionnaire),
    }


def numbered(question: ChoiceQuestion) -> bool:
    """Tell whether the points of a scale are numbers, with words at some of them."""
    return len(question.substantive) > 2 and all(
        choice.text.zh.split(" ")[0] == str(choice.code) for choice in question.substantive
    )


def _special(question: Question, questionnaire: Questionnaire) -> Json:
    match question:
        case SingleChoice():
            return {"type": "radiogroup", **_choices(question, questionnaire)}
        case Scale():
            points = len(question.substantive) if len(question.substantive) > 2 else 0
            figures: Json = {"figures": True} if numbered(question) else {}
            made = _choices(question, questionnaire)
            return {"type": "radiogroup", "points": points, **figures, **made}
        case MultipleChoice():
            return {"type": "checkbox", **_choices(question, questionnaire)}
        case Ranking():
            made = _choices(question, questionnaire)
            return {"type": "checkbox", "places": question.depth, **made}
        case Number():
            return {
                "type": "text",
                "inputType": "number",
                "step": "any",  # decimals are a check of ours, with words of its own
                "unit": local(question.unit, questionnaire),
            }
        case Moment():
            return _moment(question, questionnaire)
        case OpenEnded():
            return {"type": "comment", "maxLength": question.max_length, "rows": 4}
        case Calculated():
            return {}
    assert_never(question)


def _choices(question: ChoiceQuestion, questionnaire: Questionnaire) -> Json:
    made: Json = {"choices": [_choice(c, question, questionnaire) for c in question.offered]}
    if question.order == "random":
        made["shuffled"] = [c.code for c in question.offered if _may_move(c)]
    return made


def _may_move(choice: Choice) -> bool:
    return choice.missing is None and not choice.exclusive and not choice.specify


def _choice(choice: Choice, question: ChoiceQuestion, questionnaire: Questionnaire) -> Json:
    text, kind = choice.text, ""
    many = isinstance(question, MultipleChoice | Ranking)
    if choice.missing is not None:
        kind = "missing"
    elif isinstance(question, Scale):
        kind = "point"
        text = Text(zh=str(choice.code)) if numbered(question) else _breakable(text)
    elif choice.exclusive and many:
        kind = "alone"
    made: Json = {"value": choice.code, "text": local(text, questionnaire)}
    if kind:
        made["kind"] = kind
    if many and kind in ("missing", "alone"):
        made["isExclusive"] = True
    elif isinstance(question, Ranking):
        name = question.name
        made["enableIf"] = (
            f"{{{name}}} empty or {{{name}.length}} < {question.depth} "
            f"or {{{name}}} contains {choice.code}"
        )
    return made


def _breakable(label: Text) -> Text:
    for grade in GRADES:
        if label.zh.startswith(grade) and len(label.zh) - len(grade) >= 2:
            said_so = grade + BREAK + label.zh.removeprefix(grade)
            return Text(**{one: label(one) for one in label.languages if one != "zh"}, zh=said_so)
    return label


def _instead(question: Number, questionnaire: Questionnaire) -> Json:
    """Return the choices that stand for a missing number; number and choice exclude each other."""
    return {
        "type": "radiogroup",
        "name": missing_name(question),
        "title": local(said("or_else", questionnaire), questionnaire),
        "titleLocation": "hidden",
        "kind": "instead",
        "choices": [
            {"value": c.code, "text": local(c.text, questionnaire), "kind": "missing"}
            for c in question.missing_codes
            if c.offered
        ],
        **routed(question.show_if, questionnaire),
    }


def _moment(question: Moment, questionnaire: Questionnaire) -> Json:
    kinds = {"date": "date", "time": "time", "datetime": "datetime-local"}
    made: Json = {"type": "text", "inputType": kinds[question.type]}
    if question.earliest or question.latest:
        text = local(
            said("moment_out_of_range", questionnaire, span=moments(question)), questionnaire
        )
        made |= {"min": question.earliest, "minErrorText": text} if question.earliest else {}
        made |= {"max": question.latest, "maxErrorText": text} if question.latest else {}
    return made


def _hints(question: Question, questionnaire: Questionnaire) -> Iterator[Text]:
    yield question.hint
    match question:
        case Ranking() if str(question.depth) not in question.text.zh:
            yield said("rank_hint", questionnaire, count=question.depth)
        case Ranking():
            yield said("rank_how", questionnaire)
        case MultipleChoice():
            yield limits(question, questionnaire)
        case Number(minimum=low, maximum=high) if low or high is not None:
            yield said("span", questionnaire, span=span(low, high))
        case Moment() if question.earliest or question.latest:
            yield said("moment_span", questionnaire, span=moments(question))
        case Scale() if numbered(question):
            yield from _ends(question, questionnaire)
        case OpenEnded() if not question.hint.zh:
            yield said("privacy_hint", questionnaire)
        case _:
            pass


def limits(asked: MultipleChoice | Matrix, questionnaire: Questionnaire) -> Text:
    """Return how many choices may be ticked; empty where the question itself says it."""
    least, most = asked.min_choices, asked.max_choices
    if least > 1:
        if most is None:
            return said("at_least", questionnaire, count=least)
        return said("between", questionnaire, least=least, count=most)
    if most is None:
        return said("any_number", questionnaire)
    if "最多" in asked.text.zh:  # many authors say it in the question itself
        return NOTHING
    return said("at_most", questionnaire, count=most)


def _ends(question: Scale, questionnaire: Questionnaire) -> Iterator[Text]:
    """Yield what the numbered points that bear words mean."""
    named = [
        Text(**{one: _meaning(choice, one) for one in choice.text.languages})
        for choice in question.substantive
        if choice.text.zh != str(choice.code)
    ]
    if named:
        joint = said("and_then", questionnaire)
        parts = [part for one in named for part in (joint, one)][1:]
        opened, closed = Text(zh="（", en="("), Text(zh="）", en=")")
        yield Text(
            **{
                language: opened(language if language == "zh" else "en")
                + "".join(part(language) for part in parts)
                + closed(language if language == "zh" else "en")
                for language in ("zh", "en", *questionnaire.languages)
            }
        )


def _meaning(choice: Choice, language: str) -> str:
    words = choice.text(language).removeprefix(str(choice.code)).strip()
    return f"{choice.code} = {words}"
