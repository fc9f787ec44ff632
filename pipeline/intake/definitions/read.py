"""Tell definition files from data, and read them."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, assert_never

from pipeline.errors import ResponseError
from pipeline.intake.definitions import Definition, limesurvey_questions, xlsform_questions
from pipeline.intake.definitions.codebook import header_roles, read_codebook
from pipeline.intake.definitions.contents import names_sheet, names_word, sheets_of
from pipeline.intake.definitions.limesurvey import (
    is_structure_text,
    is_structure_xml,
    read_structure,
)
from pipeline.intake.definitions.qsf import is_qsf, read_qsf
from pipeline.intake.definitions.question_list import (
    is_dictionary,
    is_numbered,
    read_question_list,
)
from pipeline.intake.definitions.xlsform import (
    is_choices,
    is_survey,
    is_typed,
    read_pair,
    read_workbook,
)

WORKBOOKS = (".xlsx", ".xls", ".xlsm")
TABLES = (".csv", ".tsv")
LISTS = (".txt", ".md", ".markdown")
BEGINNING = 2**16
"""Bytes from which a file is recognised; data files are large, and read once is enough."""
LARGEST_LIST = 2**21
"""Bytes; a larger workbook or text is no list of questions."""

LIST_WORDS = ("变量", "字段", "题号", "Variable", "variable", "Question", "question")
"""One of these stands in the header of a list of questions."""
Format = Literal[
    "xlsform", "xlsform_survey", "xlsform_choices", "qsf", "limesurvey", "list", "codebook"
]
_FORM_WORDS = re.compile(
    r"\b(?:select[ _](?:one|multiple|all)|select1|begin[ _]group|integer|note|text)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What kind of definition a file is, and a Chinese sentence why."""

    format: Format
    why: str


def definition_sign(path: Path) -> str:
    """Return why a file defines a survey and holds no answers, in Chinese; '' if it does not.

    Only the beginning of large files is read. What cannot be read at all is no definition: the
    readers of data will say what is wrong with it.
    """
    sign = _sign(path)
    return sign.why if sign else ""


def _sign(path: Path) -> _Sign | None:
    suffix = path.suffix.lower()
    try:
        if suffix in WORKBOOKS:
            return _sign_of_workbook(path)
        with path.open("rb") as file:
            beginning = _decoded(file.read(BEGINNING))
        small = path.stat().st_size <= LARGEST_LIST
    except (OSError, ResponseError):
        return None
    if suffix == ".qsf" or is_qsf(beginning):
        return _Sign("qsf", "这是 Qualtrics 的问卷文件（.qsf）。")
    if suffix in (".lss", ".lsg") or is_structure_xml(beginning):
        return _Sign("limesurvey", f"这是 LimeSurvey 的问卷结构（XML，{suffix}）。")
    if suffix == ".txt" and is_structure_text(beginning):
        why = "这是 LimeSurvey 的问卷结构：表头有 class、type/scale、name、relevance、text。"
        return _Sign("limesurvey", why)
    if suffix in LISTS and small and (listed := _sign_of_list(_decoded(path.read_bytes()))):
        return listed
    return _sign_of_table(beginning) if suffix in TABLES else None


def _sign_of_workbook(path: Path) -> _Sign | None:
    """Return what a workbook is; one that names the sheets of a form is not opened to say so."""
    named = names_sheet(path, "survey") and names_sheet(path, "choices")
    if named and names_word(path, ("list_name", "list name")):
        return _Sign("xlsform", "这是 XLSForm：有工作表 survey 和 choices。")
    if path.stat().st_size > LARGEST_LIST:
        return None
    if not names_sheet(path, "survey") and not names_word(path, LIST_WORDS):
        return None
    sheets = {name.strip().lower(): rows for name, rows in sheets_of(path).items()}
    if "survey" in sheets and is_typed(sheets["survey"]):
        return _Sign("xlsform", "这是 XLSForm：有工作表 survey，其中有 type 和 name 列。")
    # A list on a later sheet explains the answers on the first, which the workbook is read for.
    header = next((row for row in next(iter(sheets.values()), []) if any(map(str.strip, row))), [])
    if roles := header_roles(header):
        return _Sign("codebook", f"这是题目清单：{_named(header, roles)}。")
    return None


def _sign_of_list(text: str) -> _Sign | None:
    if is_dictionary(text):
        return _Sign("list", "这是题目清单：各标题下写着变量名或选项（Markdown）。")
    return _Sign("list", "这是题目清单：各题编号，选项各占一行。") if is_numbered(text) else None


def _sign_of_table(beginning: str) -> _Sign | None:
    header = _header(beginning)
    if is_survey(header) and _FORM_WORDS.search(beginning):
        return _Sign("xlsform_survey", "这是 XLSForm 的题目表：有 type、name、label 列。")
    if is_choices(header):
        return _Sign("xlsform_choices", "这是 XLSForm 的选项表：有 list_name、name、label 列。")
    if roles := header_roles(header):
        return _Sign("codebook", f"这是题目清单：{_named(header, roles)}。")
    return None


def _named(header: Sequence[str], roles: dict[str, int]) -> str:
    shown = {"name": "变量名", "text": "题目", "options": "选项"}
    told = (f"“{header[roles[role]]}”列是{what}" for role, what in shown.items() if role in roles)
    return "，".join(told)


def _decoded(content: bytes) -> str:
    """Return text well enough to recognise it; the readers look at the encoding closely."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        cut = fault.start >= len(content) - 4
        return content.decode("utf-8-sig" if cut else "gb18030", "replace")


def _header(beginning: str) -> list[str]:
    first = next((line for line in beginning.splitlines() if line.strip()), "")
    separator = max(",;\t|", key=first.count)
    try:
        return [cell.strip() for cell in next(csv.reader([first], delimiter=separator), [])]
    except csv.Error:
        return []


def read_definitions(paths: Sequence[Path]) -> Definition:
    """Read the files of one definition; the two csv files of an XLSForm belong together.

    Several definitions are put together: what an earlier one names is not taken from a later one.

    Raises
    ------
    ResponseError
        A file is none, or damaged; choices without the questions that use them.
    """
    formats = {path: sign.format if (sign := _sign(path)) else None for path in paths}
    surveys = [path for path in paths if formats[path] == "xlsform_survey"]
    choices = [path for path in paths if formats[path] == "xlsform_choices"]
    if len(surveys) > 1 or len(choices) > 1 or (choices and not surveys):
        names = "、".join(path.name for path in (*surveys, *choices))
        raise ResponseError(
            f"{names}: XLSForm 的题目表（type,name,label）和选项表（list_name,name,label）"
            "要各给一个。请再给出另一个，或去掉多余的。"
            "(give one table of questions and one of choices)"
        )
    found = [_read(path, formats[path], choices) for path in paths if path not in choices]
    if not found:
        raise ResponseError("没有定义文件。(no definition given)")
    return _together(found)


def _read(path: Path, known: Format | None, choices: Sequence[Path]) -> Definition:
    match known:
        case "xlsform":
            return xlsform_questions.definition_of(read_workbook(path))
        case "xlsform_survey" | "xlsform_choices":
            return xlsform_questions.definition_of(read_pair(path, next(iter(choices), None)))
        case "qsf":
            return read_qsf(path)
        case "limesurvey":
            return limesurvey_questions.definition_of(path, read_structure(path))
        case "list":
            return read_question_list(path)
        case "codebook":
            return read_codebook(path)
        case None:
            raise ResponseError(
                f"{path}: 看不出是哪种问卷定义。能读的有 XLSForm、Qualtrics .qsf、LimeSurvey "
                "（.lss、.lsg、.txt），以及“变量名,题目,选项”的表。(no known definition)"
            )
    assert_never(known)


def _together(found: Sequence[Definition]) -> Definition:
    first = found[0]
    for other in found[1:]:
        known = {one.name for one in first.questions}
        first = replace(
            first,
            system=f"{first.system}、{other.system}",
            title=first.title or other.title,
            questions=(*first.questions, *(o for o in other.questions if o.name not in known)),
            lost=(*first.lost, *other.lost),
            extras=(*first.extras, *other.extras),
        )
    return first
