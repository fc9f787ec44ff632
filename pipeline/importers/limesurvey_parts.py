"""Texts, numbers and settings of a LimeSurvey question as our blocks have them."""

import re
from collections.abc import Mapping

from pipeline.i18n import Text
from pipeline.importers.building import worded
from pipeline.importers.offered import Offered
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.limesurvey import Question
from pipeline.intake.definitions.limesurvey_questions import OTHER, fixed_answers
from pipeline.questionnaire.blocks import joined
from pipeline.questionnaire.questions import Moment, Number


def number_block(common: Mapping[str, object], question: Question) -> Number:
    """Return a question for a number, with the limits and the unit that the settings say."""
    settings = question.settings
    low = number(settings.get("min_num_value_n") or settings.get("multiflexible_min"))
    high = number(settings.get("max_num_value_n") or settings.get("multiflexible_max"))
    unit = shown(settings.get("suffix", ""))
    whole = settings.get("num_value_int_only") == "1"
    made = {"minimum": low, "maximum": high, "decimals": 0 if whole else 2}
    words = {"unit": worded({next(iter(question.texts), ""): unit})}
    return Number.model_validate({"type": "number", **common, **made, **words})


def fixed_words(languages: Mapping[str, str], zh: str, en: str) -> dict[str, str]:
    """Return the words of a built-in answer in those of both languages that the survey has."""
    have = set(worded({one: "x" for one in languages}).languages)
    said = {tag: words for tag, words in (("zh", zh), ("en", en)) if tag in have}
    return said or {"en": en}


def stemmed(
    stem: Mapping[str, str], part: Mapping[str, str], beside: Mapping[str, str], code: str
) -> Text:
    """Return "question: row: column" in every language; `code` where the row has no words."""
    row = joined(worded(stem), worded(part, code))
    return joined(row, worded(beside)) if any(beside.values()) else row


def order_of(question: Question, key: str) -> str:
    """Return whether a setting shuffles, as our blocks say it."""
    return "random" if question.settings.get(key) in ("1", "random", "Y") else ""


def whole(written: str | None) -> int | None:
    """Return a whole number of a setting; None where it is none."""
    return int(written) if written and re.fullmatch(r"[0-9]{1,6}", written) else None


def number(written: str | None) -> float | None:
    """Return a number of a setting; None where it is none."""
    return (
        float(written) if written and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]+)?", written) else None
    )


def moment_block(common: Mapping[str, object], question: Question) -> Moment:
    """Return a question for a day, a time of day or both, as its format shows."""
    form = question.settings.get("date_format", "")
    day = not form or re.search(r"[dDyY]", form)
    clock = "H" in form or "h" in form
    kind = "datetime" if day and clock else "time" if clock else "date"
    return Moment.model_validate({"type": kind, **common})


def first_language(question: Question, language: str) -> str:
    """Return the survey's language, or the first that a question has."""
    return language or next(iter(question.texts), "")


def answers_of(question: Question, language: str, axis: int) -> list[Offered]:
    """Return the answers of a question; of a type that brings its own along, these."""
    if fixed := fixed_answers(question.type):
        languages = question.texts or {"zh": ""}
        return [
            Offered(code, worded(fixed_words(languages, zh, en), zh)) for code, zh, en in fixed
        ]
    listed = [one for one in question.answers if one.axis == axis]
    offered = [Offered(one.code, worded(one.texts, one.code)) for one in listed]
    if question.settings.get("other") == "Y" and question.type in "L!":
        offered.append(Offered(OTHER, other_of(question, language), specify=True))
    return offered


def other_of(question: Question, language: str) -> Text:
    """Return the wording of "other"."""
    if said := question.settings.get("other_replace_text"):
        return worded({first_language(question, language): shown(said)})
    return worded(fixed_words(question.texts or {"zh": ""}, "其他", "Other"), "其他")
