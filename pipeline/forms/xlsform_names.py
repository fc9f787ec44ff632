"""What an XLSForm calls things: languages, questions, choices, and references inside texts.

Names must be names of XML elements and differ from one another without regard to case; the names
of choices have no blanks. Where an export name of the questionnaire fits, it is kept, so that the
data come back under the names that are expected.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Matrix, Roster, entry_name
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, ChoiceQuestion, Question

NAMES_OF_LANGUAGES: Mapping[str, str] = {
    "zh": "中文", "en": "English", "fr": "Français", "es": "Español", "pt": "Português",
    "ar": "العربية", "ru": "Русский", "de": "Deutsch", "it": "Italiano", "ja": "日本語",
    "ko": "한국어", "vi": "Tiếng Việt", "th": "ไทย", "my": "မြန်မာ", "lo": "ລາວ", "id": "Indonesia",
    "hi": "हिन्दी", "ne": "नेपाली", "sw": "Kiswahili", "bo": "བོད་ཡིག", "ug": "ئۇيغۇرچە",
    "mn": "Монгол", "kk": "Қазақ", "za": "Vahcuengh", "ii": "ꆈꌠꁱꂷ",
}  # fmt: skip
"""Language -> its name in itself."""
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_WORD = re.compile(r"[^\s'\"]+")
REFERENCE = re.compile(r"\$\{([^{}]*)\}")
ESCAPED = "＄{"
"""Stands for ``${`` before what is no question of the form; a form program would refuse that."""


def header(language: str) -> str:
    """Return the name of a language as columns bear it: ``中文 (zh)``, ``中文 zh-Hant (zh)``."""
    primary = language.partition("-")[0]
    name = NAMES_OF_LANGUAGES.get(primary, primary)
    return f"{name} {language} ({primary})" if language != primary else f"{name} ({primary})"


def word(choice: Choice) -> str:
    """Return the name of a choice: its export name, or its code where that has blanks."""
    return choice.exported_as if _WORD.fullmatch(choice.exported_as) else f"c{choice.code}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer of a question of the questionnaire stands on the form.

    Attributes
    ----------
    row : name of its row
    roster, entry : name of the row of the repeat it stands in, and which entry (1-based) is meant
    """

    row: str
    roster: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a questionnaire's rows.

    Attributes
    ----------
    rows : question, block or item -> name of its row; a question of a roster is called
        ``roster/question``
    places : question as the questionnaire expands it, or its export name -> where it stands
    """

    rows: Mapping[str, str]
    places: Mapping[str, Place]

    def shown(self, text: Text, language: str) -> str:
        """Return a text with references to what is on the form kept, and others made plain."""
        known = set(self.rows.values())
        return REFERENCE.sub(
            lambda found: found[0] if found[1] in known else ESCAPED + found[0][2:], text(language)
        )

    def reference(self, question: str, roster: str, of: str) -> str:
        """Return how XPath refers to a question.

        Parameters
        ----------
        roster : name of the row of the repeat in which the reference stands, '' outside
        of : name of the row whose constraint it stands in; that row is ``.``
        """
        place = self.places[question]
        if place.row == of:
            return "."
        if place.roster and place.roster != roster:
            return f"indexed-repeat(${{{place.row}}}, ${{{place.roster}}}, {place.entry})"
        return f"${{{place.row}}}"


def names_of(questionnaire: Questionnaire) -> Names:
    """Return the names that the questionnaire's rows have in an XLSForm."""
    taken = {"introduction", "start", "end", "privacy", "meta", "instanceid"}
    taken |= {f"section_{number}" for number, _ in enumerate(questionnaire.sections, start=1)}
    rows: dict[str, str] = {}
    for key, *wished in _wishes(questionnaire):
        fit = [one for one in wished if _ELEMENT.fullmatch(one)]
        rows[key] = next(one for one in _further(fit) if one.lower() not in taken)
        taken.add(rows[key].lower())
    return Names(rows, dict(_places(questionnaire, rows)))


def _places(questionnaire: Questionnaire, rows: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    found: dict[str, Place] = {}
    for block in questionnaire.blocks:
        if isinstance(block, Roster):
            for entry in range(1, block.maximum + 1):
                for key, row in rows.items():
                    if key.startswith(f"{block.name}/"):
                        whole = entry_name(block.name, entry, key.partition("/")[2])
                        found[whole] = Place(row, rows[block.name], entry)
    for question in questionnaire.questions:
        if question.name in rows:
            found[question.name] = Place(rows[question.name])
        # What is asked may be referred to by the one name or the other.
        if question.name in found:
            yield question.exported_as, found[question.name]
    yield from found.items()


def _further(wished: list[str]) -> Iterator[str]:
    yield from wished
    number = 2
    while True:
        yield f"{wished[-1]}_{number}"
        number += 1


def _wishes(questionnaire: Questionnaire) -> Iterator[tuple[str, ...]]:
    """Yield each key of `Names.rows` with the names it would like, the dearest first.

    Questions come before the blocks that only hold them, for data have the questions' names.
    """
    for block in questionnaire.blocks:
        match block:
            case Roster():
                yield block.count, block.count
                for question in block.questions:
                    yield from _with_words(question, f"{block.name}/", (f"{block.name}_",))
            case Matrix():
                for item in block.items:
                    yield item.name, item.column or item.name, item.name
            case _:
                yield from _with_words(block, "", ())  # type: ignore[arg-type]
    for block in questionnaire.blocks:
        if isinstance(block, Roster | Matrix):
            yield block.name, block.name
    for ended in questionnaire.screen_outs:
        yield f"screen_out/{ended.name}", ended.name


def _with_words(
    question: Question, place: str, prefixes: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    column = getattr(question, "column", "") or question.name
    further = tuple(f"{prefix}{question.name}" for prefix in prefixes)
    yield place + question.name, column, question.name, *further
    if isinstance(question, ChoiceQuestion):
        for choice in question.choices:
            if choice.specify:
                asked = f"_{choice.code}_text"
                own = tuple(f"{one}{asked}" for one in (column, question.name, *further))
                yield f"{place}{question.name}{asked}", *own
