"""The workbook into which paper answers are typed, as ``diaoyan form`` makes it.

Its headers say for people and for the reader what a column is: number, column and words, joined
by ``｜`` (``7｜q07｜您的性别``). A multiple choice has one column per choice (``9｜q09/3｜医疗``),
with 1 where it is ticked; a ranking likewise, with the place. The header
``问卷版本 0a1b2c3d4e5f`` tells the version that was printed.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated, ChoiceQuestion, MultipleChoice, Ranking
from pipeline.responses.layouts import Layout

NAME = "data_entry"
BAR = "｜"
KEY = "答卷编号"
FIELDS = {"site": "单位编号", "person": "人员编号", "submitted": "填答日期"}
VERSION = re.compile(r"问卷版本 ([0-9a-f]{12})")
MODE = "paper"
LONGEST = 18
"""Characters of a question's words in a header."""


def version_header(version: str) -> str:
    """Return the header that tells the version; its column stays empty."""
    return f"问卷版本 {version}"


def header_of(number: str, column: str, words: str) -> str:
    """Return the header of an answer's column."""
    bare = "".join(words.replace(BAR, "|").split())
    short = bare if len(bare) <= LONGEST else bare[:LONGEST] + "…"
    return f"{number}{BAR}{column}{BAR}{short}"


def is_data_entry(headers: Sequence[str]) -> bool:
    """Tell whether a table is such a workbook."""
    return KEY in headers and any(map(VERSION.fullmatch, headers))


def locate(source: str, headers: Sequence[str], questionnaire: Questionnaire) -> Layout:
    """Find each question among the headers.

    Raises
    ------
    ResponseError
        Every question that has no column; calculated values need none.
    """
    columns = {header.split(BAR)[1]: header for header in headers if header.count(BAR) >= 2}
    version = next(found[1] for h in headers if (found := VERSION.fullmatch(h)))
    questions: dict[str, str] = {}
    splits: dict[str, dict[int, str]] = {}
    faults: list[Fault] = []
    for question in questionnaire.questions:
        column = question.exported_as
        if isinstance(question, MultipleChoice | Ranking):
            places = ticks_of(question)
            splits[question.name] = {c: columns[at] for c, at in places.items() if at in columns}
            absent = [at for at in places.values() if at not in columns]
        elif column in columns:
            questions[question.name], absent = columns[column], []
        else:
            absent = [] if isinstance(question, Calculated) else [column]
        faults += [_absent(question.name, one, list(columns)) for one in absent]
    if faults:
        raise ResponseError(gathered(source, faults))
    fields = {field: header for field, header in FIELDS.items() if header in headers}
    constants = {"mode": MODE, "questionnaire_version": version}
    return Layout(NAME, KEY, fields, questions, splits, constants)


def ticks_of(question: ChoiceQuestion) -> dict[int, str]:
    """Return the column of each choice that can be ticked or placed."""
    return {
        choice.code: f"{question.exported_as}/{choice.exported_as}" for choice in question.offered
    }


def _absent(question: str, column: str, columns: Sequence[str]) -> Fault:
    near = get_close_matches(column, columns, n=3, cutoff=0.6)
    hint = f"相近的有 {'、'.join(near)}。" if near else ""
    return Fault(
        f"第 1 行 (line 1), {question}",
        f"录入表里没有 {column!r} 的列。{hint}",
        "请用同一版问卷生成的录入表，不要改动第 1 行。(use the workbook made of this version)",
    )
