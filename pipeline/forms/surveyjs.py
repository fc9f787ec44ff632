"""A questionnaire in the terms of the form engine (SurveyJS form library): one page per section.

Source: SurveyJS 2.5 "Survey JSON schema". Answers keep the codes of the definition as numbers.
"""

from collections.abc import Iterator
from typing import assert_never

from pipeline.forms.expressions import expression, plain
from pipeline.i18n import Text, word
from pipeline.questionnaire.model import Questionnaire, Section
from pipeline.questionnaire.questions import (
    Choice,
    ChoiceQuestion,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)

Json = dict[str, object]
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
CONTACT = r"^(?![\s\S]*(?:1[3-9]\d{9}|\d{17}[\dXx]|\S+@\S+\.\S+))"
"""Matches a text without a mobile number, an identity number or an e-mail address."""


def survey_json(questionnaire: Questionnaire) -> Json:
    """Return the survey for the engine: pages, questions, routing, checks and their messages."""
    numbers = {question.name: no for no, question in enumerate(questionnaire.questions, start=1)}
    return {
        "locale": "zh-cn",
        "showTitle": False,
        "showCompletePage": False,
        "showQuestionNumbers": "on",
        "questionErrorLocation": "top",
        "requiredMark": "",
        "clearInvisibleValues": "onHidden",  # else a hidden answer keeps its dependants visible
        "focusFirstQuestionAutomatic": False,
        "textUpdateMode": "onTyping",  # a draft must not lose what is being typed
        "pages": [
            _page(section, number, questionnaire, numbers)
            for number, section in enumerate(questionnaire.sections, start=1)
        ],
    }


def _page(
    section: Section, number: int, questionnaire: Questionnaire, numbers: dict[str, int]
) -> Json:
    return {
        "name": f"section{number}",
        "title": _local(section.title),
        "elements": [
            {**_common(q, questionnaire, numbers[q.name]), **_special(q)}
            for q in section.questions
        ],
    }


def _common(question: Question, questionnaire: Questionnaire, number: int) -> Json:
    made: Json = {
        "name": question.name,
        "title": _local(question.text),
        "fixedNumber": str(number),
    }
    if hints := list(_hints(question)):
        made["description"] = _local(
            Text(zh="".join(hint.zh for hint in hints), en=" ".join(hint("en") for hint in hints))
        )
    if question.show_if is not None:
        made["visibleIf"] = expression(question.show_if, questionnaire)
    if question.required:
        made["isRequired"] = True
        made["requiredErrorText"] = _local(_required(question))
    return made


def _special(question: Question) -> Json:
    match question:
        case SingleChoice():
            return {"type": "radiogroup", "choices": [_choice(c) for c in question.offered]}
        case Scale():
            points = [_point(c) for c in question.offered]
            return {"type": "radiogroup", "points": len(question.substantive), "choices": points}
        case MultipleChoice():
            many: Json = {"type": "checkbox", "choices": [_tick(c) for c in question.offered]}
            if question.max_choices is not None:
                # a check and not the engine's own limit, which would also lock "none of these"
                text = _local(_said("too_many", count=question.max_choices))
                many["validators"] = [
                    {"type": "answercount", "maxCount": question.max_choices, "text": text}
                ]
            return many
        case Number():
            return _number(question)
        case OpenEnded():
            return {
                "type": "comment",
                "maxLength": question.max_length,
                "rows": 4,
                "validators": [
                    {
                        "type": "regex",
                        "regex": CONTACT,
                        "text": _local(_said("contact_found")),
                        "notificationType": "warning",
                    }
                ],
            }
    assert_never(question)


def _number(question: Number) -> Json:
    made: Json = {
        "type": "text",
        "inputType": "number",
        "step": 10.0**-question.decimals if question.decimals else 1,
        "unit": _local(question.unit),
    }
    low, high = question.minimum, question.maximum
    checks: list[Json] = []
    if low is not None or high is not None:
        bounds = {"minValue": low, "maxValue": high}
        checks.append(
            {
                "type": "numeric",
                "text": _local(_said("out_of_range", span=_span(low, high))),
                **{key: value for key, value in bounds.items() if value is not None},
            }
        )
    digits = rf"^-?\d+(\.\d{{1,{question.decimals}}})?$" if question.decimals else r"^-?\d+$"
    said = _said("decimals", count=question.decimals) if question.decimals else _said("whole")
    checks.append({"type": "regex", "regex": digits, "text": _local(said)})
    return {**made, "validators": checks}


def _choice(choice: Choice) -> Json:
    kind = {"kind": "missing"} if choice.missing is not None else {}
    return {"value": choice.code, "text": _local(choice.text), **kind}


def _point(choice: Choice) -> Json:
    if choice.missing is not None:
        return _choice(choice)
    label = Text(zh=_breakable(choice.text.zh), en=choice.text.en)
    return {"value": choice.code, "text": _local(label), "kind": "point"}


def _tick(choice: Choice) -> Json:
    if choice.missing is not None:
        return {**_choice(choice), "isExclusive": True}
    return {
        **_choice(choice),
        **({"kind": "alone", "isExclusive": True} if choice.exclusive else {}),
    }


def _breakable(label: str) -> str:
    for grade in GRADES:
        if label.startswith(grade) and len(label) - len(grade) >= 2:
            return grade + BREAK + label.removeprefix(grade)
    return label


def _hints(question: Question) -> Iterator[Text]:
    if question.hint.zh:
        yield question.hint
    match question:
        case MultipleChoice(max_choices=int(most)):
            if "最多" not in question.text.zh:  # many authors say it in the question itself
                yield _said("at_most", count=most)
        case MultipleChoice():
            yield _said("any_number")
        case Number(minimum=low, maximum=high) if low is not None or high is not None:
            yield _said("span", span=_span(low, high))
        case OpenEnded() if not question.hint.zh:
            yield _said("privacy_hint")
        case _:
            pass


def _required(question: Question) -> Text:
    if isinstance(question, ChoiceQuestion):
        ways_out = [choice.text for choice in question.offered if choice.missing is not None]
        if ways_out:
            last = ways_out[-1]
            return Text(
                zh=word("forms.required_or", "zh", choice=last.zh),
                en=word("forms.required_or", "en", choice=last("en")),
            )
        return _said("required_choice")
    return _said("required_text")


def _span(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{plain(low)}–{plain(high)}"
    return f"≥ {plain(low)}" if low is not None else f"≤ {plain(high or 0.0)}"


def _said(key: str, **values: object) -> Text:
    return Text(zh=word(f"forms.{key}", "zh", **values), en=word(f"forms.{key}", "en", **values))


def _local(text: Text) -> Json | str:
    return {"default": text.zh, "en": text.en} if text.en else text.zh
