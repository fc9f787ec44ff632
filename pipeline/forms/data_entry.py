"""The workbook for typing in paper answers: one row per paper form, one column per answer.

Every column tells when it is entered what may stand there, and refuses anything else; the sheet
编码表 lists all codes. The reader is ``responses.layouts.data_entry``.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.xlsx import FONT, INK, RULE, WASH, still
from pipeline.forms.data_entry_heads import Head, head_of, numbers_of_answers
from pipeline.forms.expressions import plain
from pipeline.questionnaire.blocks import questions_of_block
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Choice,
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
from pipeline.questionnaire.read import version_hash
from pipeline.responses.layouts.data_entry import (
    FIELDS,
    KEY,
    header_of,
    ticks_of,
    version_header,
)

ROWS = 2000
"""Rows that are prepared; a further row needs no more than copying one."""
MADE = datetime(2000, 1, 1)
LONGEST_LIST = 255
"""Characters that a list of allowed entries may have in the format itself."""
LONGEST_PROMPT = 255
LONGEST_TITLE = 32
SHEET, CODES, HELP = "录入", "编码表", "填写说明"
WIDTHS = {"date": 12.0, "time": 9.0, "datetime": 17.0}
"""Of the columns of moments; in a narrower one a spreadsheet shows hashes."""
BANDS = ("FFF5F7F9", "FFFFFFFF")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its header, what the typist is told, and what may be entered."""

    header: str
    title: str
    prompt: str
    rule: DataValidation | None
    width: float
    band: int


def workbook(questionnaire: Questionnaire) -> bytes:
    """Return the workbook; the same bytes for the same questionnaire."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    codes = book.create_sheet(CODES)
    lists = _fill_codes(codes, questionnaire)
    _fill_entry(sheet, [*_about(questionnaire), *_answers(questionnaire, lists)])
    _fill_help(book.create_sheet(HELP), questionnaire)
    book.properties.title, book.properties.creator = questionnaire.title.zh, "diaoyan"
    book.properties.created = MADE
    content = io.BytesIO()
    book.save(content)
    return still(content.getvalue(), MADE)


def written(question: ChoiceQuestion, choice: Choice) -> str:
    """Return what is typed for a choice: its code, or its name where names are numbers."""
    if any(one.name.lstrip("-").isdigit() for one in question.choices):
        return choice.exported_as
    return str(choice.code)


def _about(questionnaire: Questionnaire) -> Iterator[_Column]:
    told = {
        KEY: "印在或写在答卷右上角，每份不同，必填。",
        FIELDS["site"]: "抽中单位的编号。",
        FIELDS["person"]: "抽样名单上的人员编号；没有就空着。",
        FIELDS["submitted"]: "如 2026-03-02。",
    }
    for header, prompt in told.items():
        yield _Column(header, header, prompt, _unique() if header == KEY else None, 12, 1)
    version = version_header(version_hash(questionnaire))
    yield _Column(version, "问卷版本", "这一列不填。请核对与答卷页脚的版本一致。", None, 10, 1)


def _unique() -> DataValidation:
    return DataValidation(type="custom", formula1="COUNTIF($A:$A,$A2)=1", allow_blank=True)


def _answers(questionnaire: Questionnaire, lists: dict[str, str]) -> Iterator[_Column]:
    shown = numbers_of_answers(questionnaire)
    band = 0
    for block in questionnaire.blocks:
        for question in questions_of_block(block):
            if isinstance(question, Calculated):
                continue
            band = 1 - band
            head = head_of(block, question, shown[question.name])
            yield from _of_question(question, head, lists.get(question.name, ""), band)


def _of_question(question: Question, head: Head, listed: str, band: int) -> Iterator[_Column]:
    column, words = question.exported_as, question.text.zh
    match question:
        case SingleChoice() | Scale():
            codes = [written(question, choice) for choice in question.offered]
            yield _column(head, column, _legend(question), _one_of(codes, listed), band)
        case MultipleChoice():
            for choice, at in _ticked(question):
                text = f"{words}：{choice.text.zh}"
                yield _column(
                    head.of(choice), at, f"选了填 1，没选空着。{text}", _one_of(["1"], ""), band
                )
        case Ranking():
            places = [str(place) for place in range(1, question.depth + 1)]
            for choice, at in _ticked(question):
                asked = ["1"] if choice.missing else places
                said = f"填名次 {'、'.join(asked)}，没有排的空着。{words}：{choice.text.zh}"
                yield _column(head.of(choice), at, said, _one_of(asked, ""), band)
        case Number():
            yield _column(head, column, _span(question), _between(question), band)
        case Moment():
            form = {"date": "2026-03-02", "time": "08:30", "datetime": "2026-03-02 08:30"}
            said = f"写成 {form[question.type]}。{words}"
            yield _column(head, column, said, None, band, width=WIDTHS[question.type])
        case OpenEnded():
            said = f"照原话录入，最多 {question.max_length} 字。{words}"
            rule = DataValidation(
                type="textLength", operator="lessThanOrEqual",
                formula1=str(question.max_length), allow_blank=True,
            )  # fmt: skip
            yield _column(head, column, said, rule, band, width=30)
        case Calculated():
            return
        case _:
            assert_never(question)


def _ticked(question: ChoiceQuestion) -> Iterator[tuple[Choice, str]]:
    """Yield each choice that has a column of its own, and the column."""
    by_code = {choice.code: choice for choice in question.choices}
    for code, column in ticks_of(question).items():
        yield by_code[code], column


def _column(
    head: Head, column: str, said: str, rule: DataValidation | None, band: int, width: float = 9
) -> _Column:
    header = header_of(head.number, column, head.words)
    return _Column(header, f"第 {head.number} 题", said, rule, width, band)


def _legend(question: ChoiceQuestion) -> str:
    codes = "；".join(f"{written(question, c)}={c.text.zh}" for c in question.offered)
    return f"{codes}。{question.text.zh}"


def _one_of(codes: list[str], listed: str) -> DataValidation:
    joined = ",".join(codes)
    plain_list = len(joined) + 2 <= LONGEST_LIST and not any("," in code for code in codes)
    formula = f'"{joined}"' if plain_list or not listed else listed
    return DataValidation(type="list", formula1=formula, allow_blank=True)


def _span(question: Number) -> str:
    low, high = question.minimum, question.maximum
    parts = []
    if low is not None or high is not None:
        bounds = [plain(low) if low is not None else "", plain(high) if high is not None else ""]
        parts.append(f"{bounds[0]} 到 {bounds[1]}".strip())
    if question.unit.zh:
        parts.append(f"单位：{question.unit.zh}")
    parts += [f"{_missing_word(one)}={one.text.zh}" for one in question.missing_codes]
    return f"{'；'.join(parts)}。{question.text.zh}" if parts else question.text.zh


def _missing_word(choice: Choice) -> str:
    return choice.name or str(choice.code)


def _between(question: Number) -> DataValidation | None:
    """Return the range; words and codes for a missing answer make it a formula."""
    low, high = question.minimum, question.maximum
    if any(one.name for one in question.missing_codes):
        return None  # a word may stand there; ingest judges the numbers
    codes = [float(one.code) for one in question.missing_codes]
    if low is None and high is None:
        return DataValidation(type="decimal", operator="between", formula1="-1E+15",
                              formula2="1E+15", allow_blank=True)  # fmt: skip
    least = min([low if low is not None else -1e15, *codes])
    most = max([high if high is not None else 1e15, *codes])
    kind = "decimal" if question.decimals else "whole"
    return DataValidation(
        type=kind, operator="between", formula1=plain(least), formula2=plain(most),
        allow_blank=True,
    )  # fmt: skip


def _fill_entry(sheet: Worksheet, columns: list[_Column]) -> None:
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place)
        cell.value, cell.data_type = column.header, "s"
        cell.font = Font(name=FONT, size=9, bold=True, color=INK)
        cell.fill = PatternFill("solid", fgColor=BANDS[column.band])
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = Border(bottom=Side(style="thin", color=INK))
        sheet.column_dimensions[letter].width = column.width
        if column.header in (KEY, *FIELDS.values()):
            sheet.column_dimensions[letter].number_format = "@"
        rule = column.rule or DataValidation(allow_blank=True)
        rule.promptTitle = column.title[:LONGEST_TITLE]
        rule.prompt = column.prompt[:LONGEST_PROMPT]
        rule.showInputMessage = True
        if column.rule is not None:
            rule.errorTitle, rule.showErrorMessage = "不能这样填", True
            rule.error = column.prompt[:LONGEST_PROMPT]
        rule.add(f"{letter}2:{letter}{ROWS + 1}")
        sheet.add_data_validation(rule)
    sheet.row_dimensions[1].height = 76
    sheet.freeze_panes = "B2"


def _fill_codes(sheet: Worksheet, questionnaire: Questionnaire) -> dict[str, str]:
    """List all codes; return where each question's codes stand, for rules too long for a cell."""
    sheet.append(["题号", "列", "题目", "填写", "选项"])
    shown, places = numbers_of_answers(questionnaire), {}
    for question in questionnaire.questions:
        if not isinstance(question, ChoiceQuestion):
            continue
        first = sheet.max_row + 1
        for choice in question.offered:
            word = written(question, choice)
            sheet.append([
                shown[question.name], question.exported_as, question.text.zh,
                int(word) if word.lstrip("-").isdigit() else word, choice.text.zh,
            ])  # fmt: skip
        places[question.name] = f"{CODES}!$D${first}:$D${sheet.max_row}"
    _as_table(sheet, (8, 14, 60, 8, 40))
    return places


def _fill_help(sheet: Worksheet, questionnaire: Questionnaire) -> None:
    lines = (
        f"{questionnaire.title.zh}：录入表",
        "一份答卷一行，从第 2 行起；不要改动第 1 行，不要插入或删除列。",
        "点到一格，会显示这道题的编码；不在编码里的，程序不接受。",
        "没有问到、没有回答的空着；答了“说不清”“不愿回答”的填它的编码。",
        "多选题每个选项一列，选了填 1；排序题每个选项一列，填名次。",
        "每 20 份请另一个人再录一份，核对是否一致。",
        "录完把本文件放入 data/raw/<调查>/<轮次>/，运行 dvc repro。",
    )
    for line in lines:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 90
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        cells[0].font = Font(name=FONT, size=14 if row == 1 else 11, bold=row == 1, color=INK)
        cells[0].alignment = Alignment(wrap_text=True, vertical="top")


def _as_table(sheet: Worksheet, widths: tuple[float, ...]) -> None:
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        for cell in cells:
            cell.font = Font(name=FONT, size=10, bold=row == 1, color=INK)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(bottom=Side(style="hair", color=RULE))
            if row == 1:
                cell.fill = PatternFill("solid", fgColor=WASH)
    sheet.freeze_panes = "A2"
