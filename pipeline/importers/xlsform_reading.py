"""What is known while an XLSForm is read: names, lists, what was asked so far, what to tell."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.forms.xlsform_names import word
from pipeline.importers.building import Building
from pipeline.importers.xlsform_choices import Offered, own_words
from pipeline.importers.xlsform_languages import Languages
from pipeline.intake.definitions.xlsform import Form, Row
from pipeline.intake.names import question_names
from pipeline.questionnaire.blocks import entry_name
from pipeline.questionnaire.expressions import And, Condition, all_of
from pipeline.questionnaire.parts import Consent
from pipeline.questionnaire.questions import Choice, Question
from pipeline.questionnaire.type_check import is_number, misread
from pipeline.questionnaire.xpath_reading import Calculation, Unread, read_condition, read_value

QUOTED = 120
UNNAMED = ("introduction", "privacy", "specify", "screen_out")
"""Rows of our own forms that are no blocks; what they are called is not taken."""
_TRUE, _FALSE = ("yes", "true", "true()", "1"), ("", "no", "false", "false()", "0")
_INDEXED = re.compile(r"indexed-repeat\(\s*\$\{([^{}]+)\}\s*,\s*\$\{([^{}]+)\}\s*,\s*(\d+)\s*\)")


@dataclass
class Reading:
    """One form while it is read.

    Attributes
    ----------
    names : line -> name of the question or block
    called : name of a row -> name of the question; an entry's question as ``roster_1_q``
    asked : the questions that conditions may read so far, by their names
    gates : what must hold for anything further to be asked, as our own forms write it
    own : the form was made by us
    consent : what the respondent is told before the first question
    noted, guessed : what is told of several rows at once as lost, as guessed -> their lines
    """

    form: Form
    building: Building
    languages: Languages
    lists: Mapping[str, Offered]
    names: Mapping[int, str]
    called: dict[str, str]
    asked: dict[str, Question] = field(default_factory=dict)
    gates: list[Condition] = field(default_factory=list)
    own: bool = False
    consent: Consent | None = None
    noted: dict[str, list[int]] = field(default_factory=dict)
    guessed: dict[str, list[int]] = field(default_factory=dict)

    def name_of(self, row: Row) -> str:
        """Return the name of a row's question or block."""
        return self.names[row.line]

    def required(self, row: Row) -> bool:
        """Tell whether a row must be answered; a condition for it is told and not kept."""
        written = row.columns.get("required", "").strip().lower()
        if written in _TRUE:
            return True
        if written not in _FALSE:
            self.left(row, f"必答的条件“{written[:QUOTED]}”没有带过来，作选答。")
        return False

    def image(self, row: Row) -> str:
        """Return the name of a row's picture, if that lies beside the form."""
        keys = ("image", "media:image")
        found = [cell for key, cell in row.columns.items()
                 if key in keys or key.startswith(tuple(f"{one}:" for one in keys))]  # fmt: skip
        if not found:
            return ""
        name = Path(found[0]).name
        with suppress(OSError, ValueError):  # a name that no file can have
            if (self.form.path.parent / name).is_file():
                return name
        self.left(row, f"图片 {found[0][:QUOTED]} 不在表单旁边，没有带过来。")
        return ""

    def mended(self, row: Row, sentence: str) -> None:
        """Tell what was mended or guessed of a row."""
        self.building.mended(self.names.get(row.line, ""), f"第 {row.line} 行：{sentence}")

    def left(self, row: Row, sentence: str) -> None:
        """Tell what of a row could not be carried over."""
        self.building.left(self.names.get(row.line, ""), f"第 {row.line} 行：{sentence}")

    def note(self, sentence: str, row: Row) -> None:
        """Tell of a row what is true of many, in one sentence for all of them."""
        self.noted.setdefault(sentence, []).append(row.line)

    def guess(self, sentence: str, row: Row) -> None:
        """Tell of a row what was guessed of many, in one sentence for all of them."""
        self.guessed.setdefault(sentence, []).append(row.line)

    def route(self, row: Row, *outer: Condition | None) -> Condition | None:
        """Return on which condition a row is asked; one that cannot be read is told."""
        written = row.columns.get("relevant", "")
        found = self._condition(written, self.asked_on_form()) if written else None
        if isinstance(found, Unread):
            self.left(row, f"显示条件没有带过来，一律要问。{found.why}")
            found = None
        return self.without_gates(all_of(*outer, found))

    def without_gates(self, condition: Condition | None) -> Condition | None:
        """Return a condition without what holds of everything further."""
        if condition is None:
            return None
        parts = condition.parts if isinstance(condition, And) else (condition,)
        flat = [p for part in parts for p in (part.parts if isinstance(part, And) else (part,))]
        return all_of(*(dict.fromkeys(part for part in flat if part not in self.gates)))

    def constraint(self, row: Row, question: Question, parts: Sequence[str]) -> Condition | None:
        """Return a check of an answer; None where it cannot be read, and then it is told."""
        known = {**self.asked_on_form(), row.name: question}
        found = self._condition(" and ".join(parts), known, row.name)
        if isinstance(found, Unread):
            self.left(row, f"取值限制没有带过来。{found.why}")
            return None
        return found

    def value(self, row: Row) -> Calculation | None:
        """Return what a row calculates; None where it cannot be read, and then it is told."""
        written = row.columns.get("calculation", row.columns.get("default", ""))
        if not written:
            self.left(row, f"{row.type} 没有写怎样计算，没有带过来。")
            return None
        found = read_value(self._entries(written), self.asked_on_form(), self._word)
        if isinstance(found, Calculation):
            why = next((one.said_zh for one in misread(found.value, self.asked)), "")
            if not why and is_number(found.value, self.asked):
                return found
            found = Unread(f"{written[:QUOTED]}：{why or '算出来的不是数字'}。")
        self.left(row, f"计算没有带过来。{found.why}")
        return None

    def asked_on_form(self) -> dict[str, Question]:
        """Return what was asked so far, by the names of the rows and of entries of a roster."""
        rows = {row: self.asked[name] for row, name in self.called.items() if name in self.asked}
        return {**self.asked, **rows}

    def _condition(
        self, written: str, known: Mapping[str, Question], itself: str = ""
    ) -> Condition | Unread:
        """Return a condition, or why it cannot be read."""
        found = read_condition(self._entries(written), known, itself, self._word)
        if isinstance(found, Unread):
            return found
        asked = {question.name: question for question in known.values()}
        why = next((one.said_zh for one in misread(found, asked)), "")
        return Unread(f"{written[:QUOTED]}：{why}。") if why else found

    def _word(self, choice: Choice) -> str:
        return word(choice) if self.own else choice.exported_as

    def _entries(self, written: str) -> str:
        """Return XPath with entries of a repeat called as our expressions call them."""

        def entry(found: re.Match[str]) -> str:
            roster = self.called.get(found[2], found[2])
            name = self.called.get(found[1], found[1])
            return f"${{{entry_name(roster, int(found[3][:4]), name)}}}"

        return _INDEXED.sub(entry, written)


def names_of(form: Form) -> tuple[dict[int, str], dict[str, str]]:
    """Return the name of every row that can be asked or hold questions, by line, and by row name.

    Questions are named before groups, and last the rows that mostly become part of something else;
    of rows with one name the first keeps it.
    """
    apart = {row.line for row in form.rows if own_words(row.columns).get("type") in UNNAMED}
    rows = sorted(
        form.rows,
        key=lambda row: (row.line in apart, row.type in ("begin_group", "begin_repeat")),
    )
    wanted = [own_words(row.columns).get("name", row.name) for row in rows]
    lines: dict[int, str] = {}
    called: dict[str, str] = {}
    for row, name in zip(rows, question_names(wanted), strict=True):
        lines[row.line] = name
        if row.name and row.line not in apart:
            called.setdefault(row.name, name)
    return lines, called
