"""The workbook that 问卷星 delivers as 按文本: one header row, answers in the words of the form.

Each person's link bears the person's token as `uid` and the form's `version`.
"""

import io
from datetime import datetime
from typing import assert_never

from openpyxl import Workbook

from pipeline.documents.xlsx import still
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
from pipeline.simulation.delivery import Delivery, Export
from pipeline.simulation.fiction import fictitious_address
from pipeline.simulation.streams import Floats
from pipeline.simulation.submissions import Submission

FORM = "312045678"
ABOUT = (
    "序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "uid", "version",
)  # fmt: skip
SOURCES = (("微信", "N/A"), ("链接", "直接访问"), ("手机提交", "直接访问"))
SKIPPED = "(跳过)"
OTHER, TYPED = "其他", ("临时交办的事", "信息系统的事", "其他单位来函", "季节性工作")
TYPES_OTHER = 0.6
"""The share of those who choose 其他 and say what."""


def wjx_text(delivery: Delivery) -> Export:
    """Return the workbook, oldest submission first; 序号 counts them."""
    listed = delivery.submissions
    order = sorted(
        range(len(listed)), key=lambda at: (listed[at].interview.end, listed[at].person)
    )
    headers = {
        question.name: f"{number}、{question.text.zh}"
        for number, question in enumerate(delivery.questionnaire.questions, start=1)
    }
    book = Workbook(write_only=True)
    moment = datetime.combine(delivery.wave.days_in_field()[1], datetime.min.time())
    book.properties.creator, book.properties.created = "问卷星", moment
    sheet = book.create_sheet("Sheet1")
    sheet.append([*ABOUT, *headers.values()])
    luck = delivery.luck.uniform("web", size=(len(listed), 3))
    for number, at in enumerate(order, start=1):
        sheet.append([number, *_about(listed[at], at, delivery, luck[at]),
                      *_answers(listed[at], delivery, luck[at])])  # fmt: skip
    buffer = io.BytesIO()
    book.save(buffer)
    place = {at: number for number, at in enumerate(order, start=1)}
    count, title = len(listed), delivery.questionnaire.title.zh
    return Export(
        f"{FORM}_按文本_{title}_{count}_{count}.xlsx",
        still(buffer.getvalue(), moment),
        tuple(str(place[at]) for at in range(count)),
        headers | {"person": "uid"},
    )


def _about(one: Submission, at: int, delivery: Delivery, luck: Floats) -> list[str]:
    end = one.interview.end
    source, details = SOURCES[int(luck[0] * len(SOURCES))]
    return [
        f"{end.year}/{end.month}/{end.day} {end.hour}:{end:%M:%S}",
        f"{round(one.interview.seconds)}秒",
        source,
        details,
        f"{fictitious_address(at)}(示例省-示例州)",
        one.person,
        delivery.version,
    ]


def _answers(one: Submission, delivery: Delivery, luck: Floats) -> list[str]:
    return [
        _cell(question, one.answers[question.name], luck)
        if question.name in one.answers
        else SKIPPED
        for question in delivery.questionnaire.questions
    ]


def _cell(question: Question, given: str, luck: Floats) -> str:
    match question:
        case SingleChoice() | Scale():
            return _worded(question, given, luck) if given else ""
        case MultipleChoice():
            return "┋".join(_worded(question, word, luck) for word in given.split())
        case Number() | OpenEnded():
            return given
        case Ranking() | Calculated() | Moment():  # `truths_check` refuses them before
            raise ValueError(f"{question.name} is a {question.type}; it is not simulated")
    assert_never(question)


def _worded(question: ChoiceQuestion, word: str, luck: Floats) -> str:
    text = next(c.text.zh for c in question.choices if c.exported_as == word)
    if text.startswith(OTHER) and luck[1] < TYPES_OTHER:
        return f"{text}〖{TYPED[int(luck[2] * len(TYPED))]}〗"
    return text
