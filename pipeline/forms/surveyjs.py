"""A questionnaire in the terms of the form engine (SurveyJS form library): one page per section.

Source: SurveyJS 2.5 "Survey JSON schema".
"""

from collections.abc import Iterator, Mapping

from pipeline.forms.expressions import expression, value_text
from pipeline.forms.numbering import numbers
from pipeline.forms.surveyjs_blocks import hold_to, shown
from pipeline.forms.surveyjs_questions import routed
from pipeline.forms.surveyjs_words import Json, local
from pipeline.questionnaire.blocks import Agreement, questions_of_block
from pipeline.questionnaire.expressions import compared, questions_of
from pipeline.questionnaire.model import Questionnaire, Section
from pipeline.questionnaire.questions import Calculated


def survey_json(questionnaire: Questionnaire) -> Json:
    """Return the survey for the engine: pages, questions, routing, checks and their messages."""
    found = numbers(questionnaire)
    return {
        "locale": "zh-cn",
        "showTitle": False,
        "showCompletePage": False,
        "showQuestionNumbers": "on",
        "questionErrorLocation": "top",
        "requiredMark": "",
        # else a hidden answer keeps its dependants visible, also one in a hidden section or roster
        "clearInvisibleValues": "onHiddenContainer",
        "focusFirstQuestionAutomatic": False,
        "textUpdateMode": "onTyping",  # a draft must not lose what is being typed
        "calculatedValues": list(_calculated(questionnaire)),
        "pages": [
            _page(section, number, questionnaire, found)
            for number, section in enumerate(questionnaire.sections, start=1)
        ],
    }


def endings(questionnaire: Questionnaire) -> list[Json]:
    """Return where the survey ends early, for our script: declined consents, then screen-outs.

    Each is held against the answers when the respondent leaves `page` (0-based) or a later one:
    only then has everything been asked that it reads.
    """
    asked_on = {
        question.name: at
        for at, section in enumerate(questionnaire.sections)
        for block in section.questions
        for question in questions_of_block(block)
    }
    declined: list[Json] = [
        {
            "name": block.name,
            "declined": True,
            "when": expression(compared(block.name, "=", 2), questionnaire),
            "page": asked_on[block.name],
        }
        for block in questionnaire.blocks
        if isinstance(block, Agreement)
    ]
    return declined + [
        {
            "name": one.name,
            "when": expression(one.when, questionnaire),
            "page": max((asked_on[name] for name in questions_of(one.when)), default=0),
            "message": local(one.message, questionnaire),
        }
        for one in questionnaire.screen_outs
    ]


def _page(
    section: Section, number: int, questionnaire: Questionnaire, found: Mapping[str, str]
) -> Json:
    listed: list[Json] = []
    for block in section.questions:
        if isinstance(block, Calculated):
            hold_to(block, listed, questionnaire)
        else:
            listed += shown(block, questionnaire, found)
    return {
        "name": f"section{number}",
        "title": local(section.title, questionnaire),
        **routed(section.show_if, questionnaire),
        "elements": listed,
    }


def _calculated(questionnaire: Questionnaire) -> Iterator[Json]:
    """Yield the values that are worked out; they stand among the answers and show nowhere."""
    for question in questionnaire.questions:
        if isinstance(question, Calculated):
            value = value_text(question.value, questionnaire)
            if question.show_if is not None:
                value = f"iif({expression(question.show_if, questionnaire)}, {value})"
            yield {"name": question.name, "expression": value, "includeIntoResult": True}
