"""A labelled SPSS file: one variable per question, codes with value labels.

A multiple choice is one 0/1 variable per choice, ``question_choice``. The labels must say what the
questionnaire says: a file of another version would otherwise be decoded without any sign of it.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.model import ChoiceQuestion, MultipleChoice, Question, Questionnaire
from pipeline.responses.layouts import Layout
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
}
LONGEST_LABEL = 120
"""Bytes of UTF-8 after which SPSS files cut a value label."""


def locate(table: RawTable, questionnaire: Questionnaire) -> Layout:
    """Find each question's variables, and hold their labels against the questionnaire.

    Raises
    ------
    ResponseError
        Every question that has no variable, and every value label that is not the choice's text.
    """
    headers = table.headers
    key = next((name for name in KEYS if name in headers), None)
    if key is None:
        raise ResponseError(
            f"{table.path}: 没有编号变量（{'、'.join(KEYS)}）。请补上答卷编号再导出。"
            "(no variable that tells responses apart)"
        )
    questions: dict[str, str] = {}
    splits: dict[str, dict[int, str]] = {}
    faults: list[Fault] = []
    for question in questionnaire.questions:
        if isinstance(question, MultipleChoice):
            found = {
                choice.code: name
                for choice in question.choices
                if (name := f"{question.exported_as}_{choice.exported_as}") in headers
            }
            faults += _absent_choices(question, found, headers)
            splits[question.name] = found
        elif question.exported_as in headers:
            questions[question.name] = question.exported_as
            if isinstance(question, ChoiceQuestion):
                faults += _other_labels(question, table.labels or Labels())
        else:
            faults.append(_absent(question, question.exported_as, headers))
    if faults:
        raise ResponseError(gathered(table.path, faults))
    fields = {field: name for field, name in FIELDS.items() if name in headers}
    return Layout(NAME, key, fields, questions, splits)


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
    shown, meant = _plain(label), _plain(text)
    cut = len(label.encode()) > LONGEST_LABEL - 4  # the last character may be cut in its middle
    return shown == meant or (cut and meant.startswith(shown.rstrip("\ufffd")))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _absent_choices(
    question: MultipleChoice, found: Mapping[int, str], headers: list[str]
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
