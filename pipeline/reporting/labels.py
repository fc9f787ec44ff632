"""What questions, answers and groups are called in a result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.estimation.items import AT, encoded
from pipeline.i18n import Language, Text, word
from pipeline.questionnaire.codebook import columns_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice, Numeric, Ranking
from pipeline.totals.coding import level_text

Words = Text | str
CROSSED = "*"
"""Stands between crossed columns, and between their levels."""
TOGETHER = "+"
"""Stands between the codes of a set."""
Crossing = Mapping[str, tuple[tuple[str, str], ...]]
"""Level of a crossed banner -> its columns, each with its own level."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of columns and of their codes; what has no name here stands for itself.

    Attributes
    ----------
    columns : question or column -> its wording
    codes : question or column -> code as text -> its wording, in the order of definition
    units : question of a number -> its unit
    crossings : name of a crossed banner -> its levels, by which its names are taken apart; without
        it a text is taken apart only where all of its parts are known
    """

    columns: Mapping[str, Words] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    units: Mapping[str, Words] = field(default_factory=dict)
    crossings: Mapping[str, Crossing] = field(default_factory=dict)

    @classmethod
    def of(cls, questionnaire: Questionnaire, programme: Programme | None = None) -> "Labels":
        """Return the labels of a questionnaire, and of the frame columns of the programme."""
        columns: dict[str, Words] = {}
        codes: dict[str, Mapping[str, Words]] = {}
        for domain in programme.frame_domains if programme else ():
            columns[domain.column] = domain.name
            codes[domain.column] = {level.code: level.name for level in domain.levels}
        units: dict[str, Words] = {}
        for question in questionnaire.questions:
            columns[question.name] = question.text
            if isinstance(question, ChoiceQuestion):
                codes[question.name] = {str(one.code): one.text for one in question.choices}
            if isinstance(question, MultipleChoice | Ranking):
                for column in columns_of(question):
                    columns[column.name] = _joined(question.text, codes[question.name][
                        str(column.code)])  # fmt: skip
            if isinstance(question, Numeric) and question.unit.zh:
                units[question.name] = question.unit
        return cls(columns, codes, units)

    def across(self, rows: pd.DataFrame, by: Iterable[str | tuple[str, ...]]) -> "Labels":
        """Return the labels with the crossed banners among `by`, as `rows` have them.

        Raises
        ------
        ResponseError
            Two pairs of levels are written alike, for one of them has the sign ``*`` in it.
        """
        crossings = {
            CROSSED.join(entry): _crossing(rows, entry)
            for entry in by
            if not isinstance(entry, str) and len(entry) > 1
        }
        return replace(self, crossings={**self.crossings, **crossings})

    def parts(self, column: str) -> tuple[str, ...]:
        """Return the columns of a crossed banner; a column that is not crossed alone."""
        if column in self.crossings:
            pairs = next(iter(self.crossings[column].values()), ((column, ""),))
            return tuple(name for name, _ in pairs)
        names = tuple(column.split(CROSSED))
        known = column not in self.columns and all(one in self.columns for one in names)
        return names if known else (column,)

    def name(self, column: str, language: Language = "zh") -> str:
        """Return what a question or column is called; crossed columns are joined."""
        parts = [said(self.columns.get(one, one), language) for one in self.parts(column)]
        return " × ".join(parts)

    def code(self, column: str, code: str, language: Language = "zh") -> str:
        """Return what a code is called: "3"; "4+5" for a set; "3@1" ranked; "jia*1" crossed."""
        if pairs := self._pairs(column, code):
            return " × ".join(self.code(*pair, language) for pair in pairs)
        known = self.codes.get(column, {})
        choice, _, places = code.partition(AT)
        if places and choice in known:
            key = "printed.ranked_first" if places == "1" else "printed.ranked_within"
            return word(key, language, name=said(known[choice], language), places=places)
        parts = code.split(TOGETHER)
        if code in known or not all(one in known for one in parts):
            return said(known.get(code, code), language)
        return self.set(column, parts, language)

    def set(self, column: str, codes: Iterable[str], language: Language = "zh") -> str:
        """Return what several codes together are called."""
        known = self.codes.get(column, {})
        return word("printed.set", language).join(
            said(known.get(one, one), language) for one in codes
        )

    def unit(self, question: str, language: Language = "zh") -> str:
        """Return the unit of a number, '' where it has none."""
        return said(self.units.get(question, ""), language)

    def in_order(self, column: str, found: Iterable[str]) -> tuple[str, ...]:
        """Return the levels that were found in the order of their definition, others last."""
        listed = list(dict.fromkeys(found))

        def rank(level: str) -> tuple[int, ...]:
            places = []
            for name, part in self._pairs(column, level) or ((column, level),):
                order = list(self.codes.get(name, {}))
                places.append(order.index(part) if part in order else len(order))
            return tuple(places)

        return tuple(sorted(listed, key=rank))

    def _pairs(self, column: str, level: str) -> tuple[tuple[str, str], ...]:
        """Return the columns of a crossed level, each with its own level; () where not crossed."""
        if column in self.crossings:
            return self.crossings[column].get(level, ())
        names, levels = self.parts(column), level.split(CROSSED)
        if len(names) == 1 or len(names) != len(levels):
            return ()
        pairs = tuple(zip(names, levels, strict=True))
        return pairs if all(part in self.codes.get(name, {}) for name, part in pairs) else ()


def said(words: Words, language: Language) -> str:
    """Return words in a language; a plain string is the same in both."""
    return words(language) if isinstance(words, Text) else words


def _joined(question: Text, choice: Words) -> Text:
    return Text(
        zh=f"{question('zh')} {said(choice, 'zh')}", en=f"{question('en')} {said(choice, 'en')}"
    )


def _crossing(rows: pd.DataFrame, columns: Sequence[str]) -> Crossing:
    levels = [[level_text(level) for level in encoded(rows[column])[1]] for column in columns]
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for each in product(*levels):
        text = CROSSED.join(each)
        if text in found:
            raise ResponseError(
                f"交叉分组 {' × '.join(columns)}: 两组都写作 {text!r}；请改掉取值中的 *。"
                "(two groups are written alike; take the * out of the values first)"
            )
        found[text] = tuple(zip(columns, each, strict=True))
    return found
