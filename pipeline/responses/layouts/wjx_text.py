"""The workbook that 问卷星 exports 按文本: full question texts as headers, choice texts as cells.

A header is ``1、题干``, often with trailing blanks or a mark of its type (``(单选题 *必答)``).
Choices of a multiple choice are joined by ``┋``, of a ranking by ``→`` in order of rank; words
typed beside 其他 stand in ``〖〗``; what was not shown is ``(跳过)``; a scale may be written
``4分``; the duration is ``136秒``; times are those of Beijing. The columns before the questions
changed their order over the years.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import assert_never

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.blocks import words_name
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.responses.layouts import Layout, Spoken, dispensable
from pipeline.responses.layouts.wording import NUMBERED, plain, title
from pipeline.responses.table import RawTable

NAME = "wjx_text"
KEY = "序号"
FIELDS = {
    "submitted": "提交答卷时间",
    "seconds": "所用时间",
    "person": "uid",
    "questionnaire_version": "version",
}
CONSTANTS = {"mode": "cawi", "language": "zh"}
JOINT = "┋"
RANKED = "→"
NOT_SHOWN = frozenset({"(跳过)", "(空)"})
BY_NUMBER = re.compile(r"第\d+题\(.*\)", re.DOTALL)
"""A header of the variant 按序号: one column for each choice."""
NOT_THERE = (
    "请核对导出的是否为这一版问卷，或在题目下写明 column。"
    "(no column has this question's text; is it this version? or name it by `column`)"
)
OTHER_VERSION = (
    "措辞不同，多半是另一版问卷：请先核对这是否为本轮的文件，versions/launches.csv 写的"
    "是否为本轮发放的版本。只有确知受访者看到的就是这道题、仅列名被改过时，才在题目下写明 column。"
    "(worded otherwise, so probably another version: check the wave and launches.csv first; "
    "name it by `column` only if respondents saw this very question)"
)
_TYPED = re.compile(r"(.*?)〖(.*)〗", re.DOTALL)
_ASIDE = re.compile(r"【[^】]*】")
_POINTS = re.compile(r"(\d+)分")
_LENGTH = re.compile(r"(?:(\d+)小时)?(?:(\d+)分钟?)?(?:(\d+)秒)?")
_TIME = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")


def locate(source: str, headers: Sequence[str], questionnaire: Questionnaire) -> Layout:
    """Find each question by its text, or by the `column` that the questionnaire names.

    Where a text stands over several columns, the one counts that bears the question's number.

    Raises
    ------
    ResponseError
        Every question without a column, with the headers nearest to it; or there is no 序号.
    """
    if KEY not in headers:
        raise ResponseError(
            f"{source}: 没有列 {KEY!r}，不像问卷星的导出文件。请在问卷星选“按文本”下载。"
            "(no column of response numbers; download the answers as text)"
        )
    titles = {header: NUMBERED.fullmatch(header) for header in headers}
    texts = {header: title(found[2]) for header, found in titles.items() if found}
    numbers = {header: int(found[1]) for header, found in titles.items() if found}
    questions: dict[str, str] = {}
    faults: list[Fault] = []
    spare = dispensable(questionnaire)
    asked = [question for question in questionnaire.questions if question.name not in spare]
    for number, question in enumerate(asked, start=1):
        wanted = title(question.text.zh)
        found = [question.column] if question.column in texts else []
        found = found or [header for header, text in texts.items() if text == wanted]
        if len(found) > 1:
            found = [header for header in found if numbers[header] == number] or found
        if len(found) == 1:
            questions[question.name] = found[0]
        else:
            faults.append(_not_found(question, number, found, texts, numbers))
    if faults:
        raise ResponseError(gathered(source, faults))
    questions |= {
        question.name: question.column
        for question in questionnaire.questions
        if question.name in spare and question.column in headers
    }
    fields = {name: header for name, header in FIELDS.items() if header in headers}
    return Layout(NAME, KEY, fields, questions, constants=CONSTANTS)


def spoken(table: RawTable, layout: Layout, questionnaire: Questionnaire) -> Spoken:
    """Return the table with every answer under the name by which the questionnaire knows it.

    A cell that is no choice's text stays as it is, without blanks, for validation to judge.
    """
    cells = table.cells.copy()
    typed: list[pd.DataFrame] = []
    for field, said in (("submitted", moment), ("seconds", duration)):
        if field in layout.fields:
            header = layout.fields[field]
            cells[header] = cells[header].map(said).astype("str")
    for question in questionnaire.questions:
        if question.name not in layout.questions:
            continue  # only another version asked it
        header = layout.questions[question.name]
        told = {cell: _told(question, cell) for cell in cells[header].unique()}
        for asks in dict.fromkeys(name for _, beside in told.values() for name in beside):
            words = cells[header].map({cell: of.get(asks, "") for cell, (_, of) in told.items()})
            typed.append(
                pd.DataFrame({"key": cells[layout.key], "question": asks, "text": words})[
                    words != ""
                ]
            )
        cells[header] = cells[header].map({cell: name for cell, (name, _) in told.items()})
    none = pd.DataFrame({"key": [], "question": [], "text": []}, index=cells.index[:0])
    return Spoken(replace(table, cells=cells), pd.concat([none, *typed]).astype("str"))


def _told(question: Question, cell: str) -> tuple[str, Mapping[str, str]]:
    """Return a cell as a form's export would write it, and the words typed beside choices.

    These stand under the name of the question that asks for them: that of the choice which asks
    to specify, else the question itself.
    """
    if plain(cell) in NOT_SHOWN:
        return "", {}
    match question:
        case OpenEnded() | Moment():
            return cell, {}
        case Number() | Calculated():
            unit = plain(question.unit.zh)
            return plain(cell).removesuffix(unit) if unit else cell, {}
        case SingleChoice() | Scale():
            return _beside(question, [_choice(question)(cell)])
        case MultipleChoice() | Ranking():
            joints = cell.replace(RANKED, JOINT) if isinstance(question, Ranking) else cell
            parts = [_choice(question)(part) for part in joints.split(JOINT) if part.strip()]
            return _beside(question, parts)
    assert_never(question)


def _beside(
    question: ChoiceQuestion, parts: Sequence[tuple[str, str]]
) -> tuple[str, Mapping[str, str]]:
    asks = {
        c.exported_as: words_name(question.name, c.code) for c in question.choices if c.specify
    }
    typed: dict[str, str] = {}
    for name, words in parts:
        if words:
            to = asks.get(name, question.name)
            typed[to] = f"{typed[to]}；{words}" if to in typed else words
    return " ".join(name for name, _ in parts), typed


def _choice(question: ChoiceQuestion) -> Callable[[str], tuple[str, str]]:
    """Return what turns a choice's text into its name, and the words typed beside it."""
    names = {plain(choice.text.zh): choice.exported_as for choice in question.choices}
    # 问卷星 adds 【请注明】 to a choice beside which one may type.
    short = [_ASIDE.sub("", text) for text in names]
    names = {
        text: name
        for text, name in zip(short, names.values(), strict=True)
        if short.count(text) == 1
    } | names

    def named(cell: str) -> tuple[str, str]:
        beside = _TYPED.fullmatch(cell.strip())
        shown = plain(beside[1] if beside else cell)
        for text in (shown, _ASIDE.sub("", shown)):
            if text in names:
                return names[text], beside[2].strip() if beside else ""
        if isinstance(question, Scale) and (points := _POINTS.fullmatch(shown)):
            return points[1], ""
        return "".join(cell.split()), ""

    return named


def moment(cell: str) -> str:
    """Return a time as ISO text with the offset of Beijing; anything else as it is."""
    if not (found := _TIME.fullmatch(cell.strip())):
        return cell
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00"


def duration(cell: str) -> str:
    """Return a duration such as 136秒 or 2分16秒 in seconds; anything else as it is."""
    found = _LENGTH.fullmatch(plain(cell))
    if not found or not any(found.groups()):
        return cell
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return str(3600 * hours + 60 * minutes + seconds)


def _not_found(
    question: Question,
    number: int,
    found: Sequence[str],
    texts: Mapping[str, str],
    numbers: Mapping[str, int],
) -> Fault:
    place = f"第 1 行 (line 1), {question.name}"
    if found:
        return Fault(place, f"有多个列是这道题：{list(found)}。", "请只留一列。(ambiguous)")
    close = get_close_matches(title(question.text.zh), list(texts.values()), n=2, cutoff=0.5)
    reworded = [header for header, text in texts.items() if text in close]
    near = reworded + [h for h, n in numbers.items() if n == number and h not in reworded]
    hint = f"相近的列有 {'、'.join(repr(header) for header in near)}。" if near else ""
    return Fault(
        place,
        f"找不到题目 {question.text.zh!r} 的列。{hint}",
        OTHER_VERSION if reworded else NOT_THERE,
    )
