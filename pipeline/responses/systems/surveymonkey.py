"""SurveyMonkey: csv or workbook with two header rows, or with one after somebody tidied it.

The first row has a question's text over the first of its columns only, the second ``Response``,
``Open-Ended Response`` or the text of an option or row. Where one row is left, an option that was
not chosen is ``Not selected``; an empty cell was not asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.responses.described import Aside, Column, Described, Item, Ticks
from pipeline.responses.systems import System
from pipeline.responses.systems.columns import (
    TYPED,
    Known,
    bare,
    by_bare_name,
    contents,
    given,
    has_value_labels,
    identifiers_of,
    is_numeric,
    labels_of,
    of_unique,
    set_aside,
    shown,
    with_labels,
    with_typed_apart,
)
from pipeline.responses.systems.moments import in_iso
from pipeline.responses.systems.ticks import NOT_SELECTED, labelled, multiple_choice
from pipeline.responses.table import RawTable

_CONTACT = Known("contact", "SurveyMonkey 的联系信息。")
_OWN = by_bare_name(
    {
        "RespondentID": Known("key", "SurveyMonkey 的答卷编号。"),
        "CollectorID": Known("metadata", "收集答卷的链接的编号。"),
        "StartDate": Known("start", "开始时间。"),
        "EndDate": Known("end", "结束时间。"),
        "IP Address": _CONTACT,
        "Email Address": _CONTACT,
        "First Name": _CONTACT,
        "LastName": _CONTACT,
        "Custom Data 1": Known("metadata", "链接所带的参数。"),
    }
)
_ID = ("RespondentID", "Respondent ID")
_OPEN = frozenset({"response", "open-ended response", "回复", "开放式回答", "答复"})
_FREE = frozenset({"open-ended response", "开放式回答"})
_OTHER = re.compile(r"(?:other|其他|其它)\b.*|其[他它].*", re.IGNORECASE)
_NUMBERED = re.compile(r"(q\d{4})_(\d{4})", re.IGNORECASE)
_CODED = re.compile(r"q\d{4}(?:_\d{4})?", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{7,}")
_NO_TEXT = "表里没有题目原文，只有编号 {name}。请补上。"
_NOT_ASKED = "“{words}”是看到而没有选，空白是没有问到，两者不同。"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A tidied table with what each column is called.

    Attributes
    ----------
    labels : header -> the second header row, or the header
    questions : header -> the question's text in the first header row, '' where there was one row
    """

    cells: pd.DataFrame
    labels: Mapping[str, str]
    questions: Mapping[str, str]


def _signs(table: RawTable) -> str:
    """Return why a table is an export of SurveyMonkey; '' if it is not."""
    if has_value_labels(table):
        return ""
    names = [bare(header) for header in table.headers]
    if (row := _second_row(table)) is not None:
        told = [str(cell) for cell in table.cells.iloc[row] if _is_open(str(cell))]
        return f"有列 RespondentID，第二行表头是“{told[0]}”一类，是 SurveyMonkey 的导出。"
    for header in table.headers:
        if header in _ID and _has_long_numbers(table.cells.iloc[:, table.headers.index(header)]):
            return f"列 {header} 是七位以上的答卷编号，是 SurveyMonkey 的导出。"
    coded = [header for header in table.headers if _CODED.fullmatch(header)]
    if {"startdate", "enddate"} <= set(names) and len(coded) > 1:
        return f"有列 StartDate、EndDate 和编号的题目 {coded[0]}，是 SurveyMonkey 的导出。"
    return ""


def _tidied(table: RawTable) -> RawTable:
    """Return the table under one header row, its times in ISO, typed words apart from ticks."""
    row = _second_row(table)
    if row is None:
        made = with_labels(table, table.headers, [shown(h) for h in table.headers])
    else:
        made = _under_one_row(table, row)
    cells = made.cells.copy()
    for header in made.headers:
        if (known := _OWN.get(bare(header))) is not None and known.role in ("start", "end"):
            cells[header] = in_iso(cells[header])
    made = replace(made, cells=cells)
    sheet = _sheet(made)
    for headers in _by_question(sheet):
        other = [h for h in headers if _OTHER.fullmatch(_word(sheet, h))]
        proper = [h for h in headers if h not in other]
        if len(other) == 1 and _ticks(sheet, proper) and not _is_own_label(sheet, other[0]):
            made = with_typed_apart(made, other[0], proper, _word(sheet, other[0]), "")
    return made


def _described(table: RawTable) -> Described:
    """Return SurveyMonkey's own columns, multiple choices and matrices."""
    table = of_unique(table)
    asides, sheet = _asides(table), _sheet(table)
    aside = {one.header for one in asides}
    items: list[Item] = []
    for headers in _by_question(sheet):
        items += _items(sheet, [h for h in headers if h not in aside])
    taken = {header for item in items for header in item.headers}
    for header, sub in sheet.labels.items():
        if header not in aside | taken and sub.casefold() in _FREE:
            if not is_numeric(contents(table.cells[header])):
                items.append(Item(header, Column(header), "", "open_ended"))
    order = {header: place for place, header in enumerate(table.headers)}
    items.sort(key=lambda item: order[item.headers[0]])
    return Described(tuple(items), asides, notes=tuple(_notes(items)))


def _second_row(table: RawTable) -> int | None:
    """Return the position of the second header row; None where there is none."""
    if not len(table.cells):
        return None
    first = [str(cell).strip() for cell in table.cells.iloc[0]]
    ids = [cell for h, cell in zip(table.headers, first, strict=True) if h in _ID]
    told = any(map(_is_open, first))
    return 0 if ids and not ids[0] and told else None


def _is_open(cell: str) -> bool:
    return cell.strip().casefold() in _OPEN


def _has_long_numbers(cells: pd.Series) -> bool:
    found = contents(cells)
    numbers = sum(bool(_LONG_NUMBER.fullmatch(word)) for word in found)
    return bool(found) and numbers > len(found) / 2


def _under_one_row(table: RawTable, row: int) -> RawTable:
    """Return the table without its second header row; empty headers are the ones to the left."""
    subs = [shown(str(cell)) for cell in table.cells.iloc[row]]
    headers, questions = [], []
    question = ""
    for header, sub in zip(table.headers, subs, strict=True):
        question = shown(header) or question
        questions.append(question if sub else "")
        alone = not sub or sub.casefold() in _OPEN
        headers.append((question if alone else f"{question} - {sub}") if header or sub else "")
    kept = replace(table, cells=table.cells.drop(index=table.cells.index[row]))
    note = "表头共 2 行，第二行的选项和小题已并入列名。"
    return with_labels(kept, headers, [s or h for s, h in zip(subs, headers, strict=True)],
                       questions, [note])  # fmt: skip


def _sheet(table: RawTable) -> _Sheet:
    return _Sheet(table.cells, labels_of(table), identifiers_of(table))


def _by_question(sheet: _Sheet) -> Iterator[list[str]]:
    """Yield the headers of each question in several columns."""
    of: dict[str, list[str]] = {}
    for header in sheet.labels:
        if header.endswith(TYPED):
            continue
        match = _NUMBERED.fullmatch(header)
        if question := sheet.questions[header] or (match[1] if match else ""):
            of.setdefault(question, []).append(header)
    yield from (headers for headers in of.values() if len(headers) > 1)


def _word(sheet: _Sheet, header: str) -> str:
    """Return what a column alone says: the second header row, or the one label in its cells."""
    label = sheet.labels[header]
    if sheet.questions[header]:
        return label
    found = [word for word in contents(sheet.cells[header]) if word not in NOT_SELECTED]
    return found[0] if len(found) == 1 else ""


def _ticks(sheet: _Sheet, headers: Sequence[str]) -> Ticks | None:
    """Return the ticks of a multiple choice; None if the columns are none."""
    words = {header: _word(sheet, header) for header in headers}
    if len(words) < 2:
        return None
    if any(sheet.questions[header] for header in headers):
        return labelled(sheet.cells, words) or _numbered_ticks(sheet, headers)
    found = {word for header in headers for word in contents(sheet.cells[header])}
    return labelled(sheet.cells, words) if found & set(NOT_SELECTED) else None


def _numbered_ticks(sheet: _Sheet, headers: Sequence[str]) -> Ticks | None:
    """Return the ticks of an export by numbers: each column has its own number, or nothing."""
    found = {header: contents(sheet.cells[header]) for header in headers}
    own = [words[0] for words in found.values() if words]
    if any(len(words) > 1 for words in found.values()) or len(own) < 2:
        return None
    if len(set(own)) < len(own) or not all(word.isdecimal() for word in own):
        return None
    return Ticks({_word(sheet, header): header for header in headers})


def _is_own_label(sheet: _Sheet, header: str) -> bool:
    """Tell whether a column holds no typed words, but the name of its option."""
    found = [word for word in contents(sheet.cells[header]) if word not in NOT_SELECTED]
    return not sheet.questions[header] or found == [_word(sheet, header)]


def _asides(table: RawTable) -> tuple[Aside, ...]:
    known: list[tuple[str, Known | None]] = [
        (header, _OWN.get(bare(header))) for header in table.headers
    ]
    has_key = any(one is not None and one.role == "key" for _, one in known)
    first = table.headers[0] if table.headers else ""
    if not has_key and first == "(列1)" and _counts(table.cells[first]):
        known[0] = (first, Known("key", "没有列名的第一列，每行一个不同的号码，用作答卷编号。"))
    return set_aside(table.cells, known)


def _counts(cells: pd.Series) -> bool:
    """Tell whether a column numbers the responses: whole numbers, no two alike."""
    words = given(cells)
    return bool(len(words)) and bool(words.str.fullmatch(r"\d+").all()) and words.is_unique


def _items(sheet: _Sheet, headers: Sequence[str]) -> Iterator[Item]:
    """Yield the question that stands in several columns, or each of its rows."""
    if len(headers) < 2:
        return
    identifier = sheet.questions[headers[0]]
    match = _NUMBERED.fullmatch(headers[0])
    name = match[1] if match else ""
    stem = identifier or name
    untitled = () if identifier else (_NO_TEXT.format(name=name),)
    for header in headers:
        if f"{header}{TYPED}" in sheet.labels:
            yield Item(f"{stem}（其他，请注明）", Column(f"{header}{TYPED}"), "", "open_ended")
    if (ticks := _ticks(sheet, headers)) is not None:
        words = "、".join(ticks.unticked)
        told = (_NOT_ASKED.format(words=words),) if words else ()
        yield multiple_choice(sheet.cells, ticks, stem, name=name, guessed=(*untitled, *told))
        return
    proper = [h for h in headers if not (identifier and _is_one(sheet, h))]
    for header in headers:
        word = sheet.labels[header]
        if header not in proper:
            if _OTHER.fullmatch(word) and not is_numeric(contents(sheet.cells[header])):
                yield Item(f"{stem}（其他，请注明）", Column(header), "", "open_ended")
        elif len(proper) > 1 and contents(sheet.cells[header]):
            yield Item(
                f"{stem} - {word}" if identifier else header,
                Column(header), header if match else "", None, (), stem, stem, guessed=untitled,
            )  # fmt: skip


def _is_one(sheet: _Sheet, header: str) -> bool:
    """Tell whether a column is no row of a matrix: the answer itself, or words typed beside it."""
    word = sheet.labels[header]
    return word.casefold() in _OPEN or bool(_OTHER.fullmatch(word))


def _notes(items: Sequence[Item]) -> Iterator[str]:
    if any(_NO_TEXT.format(name=item.group or item.name) in item.guessed for item in items):
        yield "这份文件没有题目原文，只有 q0001 一类的编号，请在问卷中补上题目文字。"


SYSTEM = System("surveymonkey", "SurveyMonkey", _signs, _tidied, _described)
