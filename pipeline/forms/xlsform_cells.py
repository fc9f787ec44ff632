"""The cells of an XLSForm's rows: texts in all languages, lists of choices, conditions.

What XLSForm has no word for stands in a column of its own, ``diaoyan`` (``type=scale soft=yes``);
form programs pass over it, and the importer reads it back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from pipeline.forms import xpath
from pipeline.forms.xlsform_names import REFERENCE, Names, header, word
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Roster, entry_name
from pipeline.questionnaire.expressions import Condition, Term
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, ChoiceQuestion
from pipeline.questionnaire.renaming import renamed, renamed_term

Row = Mapping[str, str]
_PLAIN = "-_.,:/"
OWN = "diaoyan"
"""The column for what XLSForm has no word for, on both sheets."""
BATTERIES = "diaoyan_batteries"
"""A list that keeps the names of the batteries."""
_UNIT = {"zh": "（单位：{}）"}
_UNIT_ELSEWHERE = " (unit: {})"


def own(**words: str) -> Row:
    """Return the own column's cell of those words that say something."""
    said = " ".join(f"{key}={quote(value, safe=_PLAIN)}" for key, value in words.items() if value)
    return {OWN: said} if said else {}


def merged(*rows: Row) -> Row:
    """Return the cells of several rows as one; the words of the own column come together."""
    said = " ".join(row[OWN] for row in rows if OWN in row)
    made = {key: cell for row in rows for key, cell in row.items()}
    return made | ({OWN: said} if said else {})


def with_unit(text: Text, unit: Text) -> Text:
    """Return a question's text with its unit at the end, for XLSForm has no place for units."""
    if not unit.zh:
        return text
    return Text(
        **{
            one: text(one) + _UNIT.get(one, _UNIT_ELSEWHERE).format(unit(one))
            for one in text.languages or ("zh",)
        }
    )


def without_unit(text: str) -> tuple[str, str]:
    """Return a text and the unit at its end, '' where there is none."""
    found = re.fullmatch(r"(.*?)(?:（单位：([^（）]+)）| \(unit: ([^()]+)\))", text, re.DOTALL)
    return (found[1], found[2] or found[3]) if found else (text, "")


def codes_told(codes: Sequence[Choice], language: str) -> str:
    """Return what tells which numbers stand for a missing answer, as it ends a hint."""
    if language == "zh":
        return "；".join(f"{one.text.zh}请填 {one.code}" for one in codes) + "。"
    return "; ".join(f"{one.text(language)}: {one.code}" for one in codes) + "."


@dataclass
class Cells:
    """Makes the cells of one questionnaire, and keeps the lists of choices that they name."""

    questionnaire: Questionnaire
    names: Names
    lists: dict[tuple[tuple[tuple[str, str], ...], ...], str] = field(default_factory=dict)

    def texts(self, column: str, text: Text) -> Row:
        """Return a text as one cell per language; no cell for a text without words."""
        return {
            f"{column}::{header(one)}": self.names.shown(text, one)
            for one in self.questionnaire.languages
            if text(one)
        }

    def messages(self, texts: Sequence[Text]) -> Row:
        """Return messages as one cell per language, each message on a line of its own."""
        return {
            f"constraint_message::{header(one)}": "\n".join(
                " ".join(self.names.shown(text, _nearest(text, one)).split()) for text in texts
            )
            for one in self.questionnaire.languages
            if texts
        }

    def listed(self, wished: str, choices: Sequence[Choice]) -> str:
        """Return the name of the list of these choices; equal lists are written once."""
        rows = tuple(tuple(self._choice(choice).items()) for choice in choices)
        while wished in (BATTERIES, *self.lists.values()):
            wished += "_"
        return self.lists.setdefault(rows, wished)

    @property
    def choices(self) -> list[Row]:
        """The rows of the sheet choices."""
        made: list[Row] = [
            {"list_name": name, **dict(row)} for rows, name in self.lists.items() for row in rows
        ]
        for one in self.questionnaire.batteries:  # no question's choices, but kept with the form
            made.append(
                {"list_name": BATTERIES, "name": one.name, **self.texts("label", one.title)}
            )
        return made

    def _choice(self, choice: Choice) -> Row:
        written = word(choice)
        plain = written == str(choice.code) and choice.code >= 0
        said = own(
            code="" if plain else str(choice.code),
            name="" if plain or written == choice.name else choice.name or "-",
            missing=choice.missing or "",
            exclusive="yes" if choice.exclusive else "",
            specify="yes" if choice.specify else "",
        )
        return {"name": written, **self.texts("label", choice.text), **said}

    def condition(self, condition: Condition, roster: Roster | None = None, of: str = "") -> str:
        """Return a condition as XPath.

        Parameters
        ----------
        roster : the one whose questions the condition calls by their own names
        of : row whose constraint this is; it is ``.``
        """
        asked = renamed(condition, self._entries(roster))
        return self._placed(xpath.expression(asked, self.questionnaire, _word), roster, of)

    def value(self, term: Term, roster: Roster | None = None) -> str:
        """Return a value as XPath."""
        asked = renamed_term(term, self._entries(roster))
        return self._placed(xpath.value_text(asked, self.questionnaire, _word), roster, "")

    def _entries(self, roster: Roster | None) -> Mapping[str, str]:
        if roster is None:
            return {}
        keys = (one for one in self.names.rows if one.startswith(f"{roster.name}/"))
        return {
            name: entry_name(roster.name, 1, name) for name in (k.partition("/")[2] for k in keys)
        }

    def _placed(self, text: str, roster: Roster | None, of: str) -> str:
        """Return XPath with references to the rows of this form."""
        inside = self.names.rows[roster.name] if roster else ""
        return REFERENCE.sub(lambda one: self.names.reference(one[1], inside, of), text)


def _word(question: ChoiceQuestion, code: int) -> str:
    return next(word(one) for one in question.choices if one.code == code)


def _nearest(text: Text, language: str) -> str:
    """Return the language to say a message in: ours are in Chinese and English alone."""
    return language if language in text.languages or "en" not in text.languages else "en"
