"""A labelled SPSS file: one variable per question, codes with value labels.

A multiple choice is one 0/1 variable per choice, ``question_choice``, a ranking one with its place
(``question__code`` in the file that ``diaoyan save`` writes). The labels must say what the
questionnaire says, of variables and of codes: a file of another version, or one whose labels are
lost, would otherwise be decoded without any sign of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Choice,
    ChoiceQuestion,
    MultipleChoice,
    Question,
    Ranking,
)
from pipeline.responses.layouts import Layout, dispensable, ends_early
from pipeline.responses.layouts.wording import NUMBERED, plain, title
from pipeline.responses.table import Labels, RawTable

NAME = "sav"
KEYS = ("id", "respondent", "ID")
FIELDS = {
    "submitted": "submitted",
    "seconds": "seconds",
    "mode": "mode",
    "language": "language",
    "questionnaire_version": "version",
    "site": "site",
    "person": "person",
    "screened_out": "screened_out",
}
LONGEST_LABEL = 120
"""Bytes of UTF-8 after which SPSS files cut a value label."""
LONGEST_VARIABLE_LABEL = 256
"""Bytes of UTF-8 after which they cut a variable's label."""
JOINTS = ":-—_/|()"
"""What programs put between a question's text and a choice's in the label of a 0/1 variable."""

NUMBER = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")
SHOWN_CODES = 10
WITH_LABELS = "(no labels: export the .sav again with its labels)"


def locate(table: RawTable, questionnaire: Questionnaire) -> Layout:
    """Find each question's variables, and hold their labels against the questionnaire.

    Raises
    ------
    ResponseError
        Every question that has no variable; every variable whose label is not its question's text;
        every coded variable without value labels, and every value label that is not the choice's
        text.
    """
    headers, labels = table.headers, table.labels or Labels()
    key = next((name for name in KEYS if name in headers), None)
    if key is None:
        raise ResponseError(
            f"{table.path}: 没有编号变量（{'、'.join(KEYS)}）。请补上答卷编号再导出。"
            "(no variable that tells responses apart)"
        )
    questions: dict[str, str] = {}
    splits: dict[str, dict[int, str]] = {}
    faults: list[Fault] = []
    spare = dispensable(questionnaire)
    for question in questionnaire.questions:
        if isinstance(question, MultipleChoice | Ranking):
            found = {
                choice.code: name
                for choice in question.choices
                for name in _names(question, choice)
                if name in headers
            }
            faults += _absent_choices(question, found, headers)
            splits[question.name] = found
        elif question.exported_as in headers:
            questions[question.name] = question.exported_as
            if isinstance(question, ChoiceQuestion):
                faults += _other_labels(question, labels)
        elif question.name not in spare:
            faults.append(_absent(question, question.exported_as, headers))
    worded = list(_worded(questionnaire, questions, splits))
    faults += _other_wording(worded, labels)
    faults += _unlabelled(questionnaire, questions, table, labels)
    if faults:
        raise ResponseError(gathered(table.source, faults))
    fields = {
        field: name
        for field, name in FIELDS.items()
        if name in headers and (field != "screened_out" or ends_early(questionnaire))
    }
    return Layout(NAME, key, fields, questions, splits)


def _names(question: ChoiceQuestion, choice: Choice) -> tuple[str, str]:
    """Return what the variable of one choice may be called; the later counts where both are."""
    return f"{question.name}__{choice.code}", f"{question.exported_as}_{choice.exported_as}"


def _other_labels(question: ChoiceQuestion, labels: Labels) -> Iterator[Fault]:
    """Yield every label of a code that the questionnaire words otherwise, or does not have."""
    texts: Mapping[str, str] = {str(choice.code): choice.text.zh for choice in question.choices}
    for code, label in labels.values.get(question.exported_as, {}).items():
        if code not in texts or not _same(label, texts[code]):
            meant = f"问卷中是 {texts[code]!r}" if code in texts else "问卷中没有这个编码"
            yield Fault(
                f"变量 (variable) {question.exported_as}, 值 (value) {code}",
                f"标签是 {label!r}，{meant}。",
                "请核对这是否为本轮的文件和这一版问卷。"
                "(the value label differs: is it this wave's file and version?)",
            )


def _same(label: str, text: str) -> bool:
    shown, meant = plain(label), plain(text)
    return shown == meant or _cut(label, shown, meant, LONGEST_LABEL)


def _cut(label: str, shown: str, meant: str, longest: int) -> bool:
    """Tell whether a label is the beginning of what is meant, cut where the format ends."""
    full = len(label.encode()) > longest - 4  # the last character may be cut in its middle
    return full and meant.startswith(shown.rstrip("\ufffd"))


@dataclass(frozen=True, slots=True)
class _Worded:
    """A variable, its question's text, and for a 0/1 variable the text of its choice."""

    variable: str
    question: str
    choice: str = ""

    @property
    def text(self) -> str:
        return f"{self.question}：{self.choice}" if self.choice else self.question

    def is_said_by(self, label: str) -> bool:
        """Tell whether a label has the wording, with or without the question's number before."""
        numbered = NUMBERED.fullmatch(label)
        return any(
            self._says(one) for one in (label, *(numbered.groups()[1:] if numbered else ()))
        )

    def _says(self, label: str) -> bool:
        shown, asked = title(label), title(self.question)
        if shown == asked or _cut(label, plain(label), plain(self.text), LONGEST_VARIABLE_LABEL):
            return True
        if not self.choice:
            return False
        choice = plain(self.choice)
        if len(self.text.encode()) > LONGEST_VARIABLE_LABEL - 4 and plain(label) == choice:
            return True  # both do not fit into a label
        rest = plain(label).removeprefix(plain(self.question))
        return rest != plain(label) and rest.strip(JOINTS) == choice.strip(JOINTS)


def _worded(
    questionnaire: Questionnaire,
    questions: Mapping[str, str],
    splits: Mapping[str, Mapping[int, str]],
) -> Iterator[_Worded]:
    for question in questionnaire.questions:
        if question.name in questions:
            yield _Worded(questions[question.name], question.text.zh)
        if isinstance(question, MultipleChoice | Ranking):
            texts = {choice.code: choice.text.zh for choice in question.choices}
            for code, variable in splits[question.name].items():
                yield _Worded(variable, question.text.zh, texts[code])


def _other_wording(worded: Sequence[_Worded], labels: Labels) -> Iterator[Fault]:
    """Yield every variable whose label is not its question; one fault where none has a label."""
    if worded and not any(one.variable in labels.variables for one in worded):
        yield Fault(
            f"变量 (variables) {worded[0].variable} … {worded[-1].variable}",
            f"{len(worded)} 个题目变量都没有变量标签，无法核对问的是不是这些题。",
            f"请连同标签重新导出 .sav，或在变量标签中写上题目原文。{WITH_LABELS}",
        )
        return
    for one in worded:
        label = labels.variables.get(one.variable, "")
        if not one.is_said_by(label):
            yield Fault(
                f"变量 (variable) {one.variable}",
                f"变量标签是 {label!r}，问卷中是 {one.text!r}。",
                "请核对这是否为本轮的文件和这一版问卷（versions/launches.csv）。"
                "(the variable label differs: is it this wave's file and version?)",
            )


def _unlabelled(
    questionnaire: Questionnaire, questions: Mapping[str, str], table: RawTable, labels: Labels
) -> Iterator[Fault]:
    """Yield one fault for all coded variables that hold numbers and say nothing of their meaning.

    Choices written as words, as form servers export them, need no value labels.
    """
    found = []
    for question in questionnaire.questions:
        variable = questions.get(question.name, "")
        if not isinstance(question, ChoiceQuestion) or not variable or labels.values.get(variable):
            continue
        numbers = [c for c in table.cells[variable].drop_duplicates() if NUMBER.fullmatch(c)]
        if numbers:
            shown = "、".join(sorted(numbers, key=float)[:SHOWN_CODES])
            found.append(f"{variable}（{shown}{'……' if len(numbers) > SHOWN_CODES else ''}）")
    if found:
        yield Fault(
            "变量 (variables)",
            f"{len(found)} 个选择题变量没有值标签，数据中只有数字：{'、'.join(found)}。",
            f"数字是哪个选项无从核对：请连同值标签重新导出 .sav。{WITH_LABELS}",
        )


def _absent_choices(
    question: MultipleChoice | Ranking, found: Mapping[int, str], headers: list[str]
) -> Iterator[Fault]:
    for choice in question.substantive:
        if choice.code not in found:
            yield _absent(question, f"{question.exported_as}_{choice.exported_as}", headers)


def _absent(question: Question, variable: str, headers: list[str]) -> Fault:
    near = get_close_matches(variable, headers, n=3, cutoff=0.6)
    hint = f"相近的变量有 {'、'.join(near)}。" if near else ""
    return Fault(
        f"变量 (variables), {question.name}",
        f"找不到变量 {variable!r}。{hint}",
        "请检查导出的是否为这份问卷，或在题目下写明 column。"
        "(no such variable; name it by `column`)",
    )
