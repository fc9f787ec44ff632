"""How findings are put into words: one pattern, neutral, in two languages.

Who, how much, how far apart, what it means: a sentence is filled from the locale table `findings`
and from the wording of the definition; numbers stand in it as marks. Words of causation are
refused, because a survey at one time shows association only.
"""

import re

from pipeline.i18n import LANGUAGES, Language, Text, word
from pipeline.questionnaire.model import Questionnaire

_CAUSAL = re.compile(
    r"导致|致使|引起|造成|促进|促使|因为|由于|because|due to|leads? to|causes?\b|caused",
    re.IGNORECASE,
)
_BASE = {
    "zh": re.compile(r"^（(?P<base>[^）]+)的）"),
    "en": re.compile(r"^\((?P<base>[^)]+)\)\s*"),
}

LEVELS = {
    "村（社区）": "level_village",
    "乡（镇、街道）": "level_township",
    "县（市）": "level_county",
    "州（市）": "level_prefecture",
}


def said(key: str, **parts: Text | str | int) -> Text:
    """Return the words `findings.<key>` in both languages, each with the parts in its language."""
    words = {
        language: word(
            f"findings.{key}",
            language,
            **{n: p(language) if isinstance(p, Text) else p for n, p in parts.items()},
        )
        for language in LANGUAGES
    }
    return Text(zh=words["zh"], en=words["en"])


def mark(row: object, field: str) -> str:
    """Return the mark of a figure, such as ``[[E-0a1b2c3d4e:value]]``."""
    return f"[[{row}:{field}]]"


def who_and_claim(questionnaire: Questionnaire, claim: Text) -> tuple[Text, Text]:
    """Return who the sentence speaks of, and what is said of them.

    A claim may open with its base in parentheses, （参加过活动的）or "(among applicants)": it then
    moves to the front, where a reader looks for it.
    """
    who, what = {}, {}
    for language in LANGUAGES:
        people, text = questionnaire.respondents(language), claim(language)
        found = _BASE[language].match(text)
        who[language] = _named(people, found["base"] if found else "", language)
        what[language] = text[found.end() :] if found else text
    return Text(zh=who["zh"], en=who["en"]), Text(zh=what["zh"], en=what["en"])


def _named(people: str, base: str, language: Language) -> str:
    if language == "zh":
        return f"{base}的{people}" if base else people
    return f"{base[:1].upper()}{base[1:]} ({people})" if base else f"Of {people}"


def level_name(level: str) -> Text:
    """Return the name of a tier of government in both languages; Chinese as definitions say it."""
    return said(LEVELS[level]) if level in LEVELS else Text(zh=level)


def inside(sentence: Text) -> Text:
    """Return a text as it stands within a sentence: English without its capital, no full stop."""
    english = sentence.en[:1].lower() + sentence.en[1:]
    return Text(zh=sentence.zh.rstrip("。"), en=english.rstrip("."))


def causal_words(text: Text) -> tuple[str, ...]:
    """Return the words of causation in a text, in order."""
    return tuple(found for words in (text.zh, text.en) for found in _CAUSAL.findall(words))
