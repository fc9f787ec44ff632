"""What questions, answers and groups are called in a result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.i18n import Language, Text, word
from pipeline.questionnaire.codebook import columns_of
from pipeline.questionnaire.model import ChoiceQuestion, MultipleChoice, Number, Questionnaire
from pipeline.questionnaire.programme import Programme

Words = Text | str
CROSSED = "*"
"""Stands between crossed columns, and between their levels."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of columns and of their codes; what has no name here stands for itself.

    Attributes
    ----------
    columns : question or column -> its wording
    codes : question or column -> code as text -> its wording, in the order of definition
    units : question of a number -> its unit
    """

    columns: Mapping[str, Words] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    units: Mapping[str, Words] = field(default_factory=dict)

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
            if isinstance(question, MultipleChoice):
                for column in columns_of(question):
                    columns[column.name] = _joined(question.text, codes[question.name][
                        str(column.code)])  # fmt: skip
            if isinstance(question, Number) and question.unit.zh:
                units[question.name] = question.unit
        return cls(columns, codes, units)

    def name(self, column: str, language: Language = "zh") -> str:
        """Return what a question or column is called; crossed columns are joined."""
        parts = [said(self.columns.get(one, one), language) for one in column.split(CROSSED)]
        return " × ".join(parts)

    def code(self, column: str, code: str, language: Language = "zh") -> str:
        """Return what a code is called: "3"; "4+5" for a set; "jia*1" for crossed columns."""
        if CROSSED in column and code.count(CROSSED) == column.count(CROSSED):
            pairs = zip(column.split(CROSSED), code.split(CROSSED), strict=True)
            return " × ".join(self.code(*pair, language) for pair in pairs)
        known = self.codes.get(column, {})
        if code in known:
            return said(known[code], language)
        parts = [said(known.get(one, one), language) for one in code.split("+")]
        return word("printed.set", language).join(parts)

    def unit(self, question: str, language: Language = "zh") -> str:
        """Return the unit of a number, '' where it has none."""
        return said(self.units.get(question, ""), language)

    def in_order(self, column: str, found: Iterable[str]) -> tuple[str, ...]:
        """Return the levels that were found in the order of their definition, others last."""
        listed = list(dict.fromkeys(found))
        ranks = [
            {code: place for place, code in enumerate(self.codes.get(one, {}))}
            for one in column.split(CROSSED)
        ]

        def rank(level: str) -> tuple[int, ...]:
            parts = level.split(CROSSED) if len(ranks) > 1 else [level]
            return tuple(of.get(part, len(of)) for of, part in zip(ranks, parts, strict=False))

        return tuple(sorted(listed, key=rank))


def said(words: Words, language: Language) -> str:
    """Return words in a language; a plain string is the same in both."""
    return words(language) if isinstance(words, Text) else words


def _joined(question: Text, choice: Words) -> Text:
    return Text(
        zh=f"{question('zh')} {said(choice, 'zh')}", en=f"{question('en')} {said(choice, 'en')}"
    )
