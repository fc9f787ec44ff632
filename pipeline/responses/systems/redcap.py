"""REDCap: csv in raw codes or in labels; one record has one row per event or repeat.

A checkbox is one column per option: ``gym___0`` with 0/1 (raw), or ``Gym (choice=Monday)`` with
Checked/Unchecked (labels). ``gym____1`` is the option -1.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from pipeline.responses.described import Aside, Column, Described, Item, Option, Ticks
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.systems import System
from pipeline.responses.systems.columns import (
    Known,
    contents,
    given,
    has_value_labels,
    of_unique,
    set_aside,
    shown,
    with_labels,
)
from pipeline.responses.systems.ticks import (
    ONLY_CODES,
    TICKED,
    UNTICKED,
    binary,
    multiple_choice,
)
from pipeline.responses.table import RawTable

ROW = "记录与次数"
"""Header of the column made of a record's number and which event or repeat the row is."""
_EVENTS = ("redcap_event_name", "Event Name")
_REPEATS = (
    "redcap_repeat_instrument", "redcap_repeat_instance", "Repeat Instrument", "Repeat Instance",
)  # fmt: skip
_OWN = {
    "redcap_event_name": Known("metadata", "第几次访问（事件）。"),
    "Event Name": Known("metadata", "第几次访问（事件）。"),
    "redcap_repeat_instrument": Known("metadata", "重复填写的表。"),
    "Repeat Instrument": Known("metadata", "重复填写的表。"),
    "redcap_repeat_instance": Known("metadata", "重复填写的第几次。"),
    "Repeat Instance": Known("metadata", "重复填写的第几次。"),
    "redcap_data_access_group": Known("metadata", "数据所属的组。"),
    "Data Access Group": Known("metadata", "数据所属的组。"),
    "redcap_survey_identifier": Known("contact", "受访者名单中的标识。"),
    "Survey Identifier": Known("contact", "受访者名单中的标识。"),
    "Complete?": Known("metadata", "表是否填完。"),
}
_RAW = re.compile(r"([a-z][a-z0-9_]*?)___(_?[a-z0-9_]+)")
_LABELLED = re.compile(r"(.+?)\s*\(choice=(.*)\)", re.DOTALL)
_COMPLETE = re.compile(r"[a-z][a-z0-9_]*_complete|Complete\?(?: \(\d+\))?")
_STATES = frozenset({"0", "1", "2", "Incomplete", "Unverified", "Complete"})
_TIMESTAMP = re.compile(r"[a-z][a-z0-9_]*_timestamp")
_FEWEST_FORMS = 2


def _signs(table: RawTable) -> str:
    """Return why a table is an export of REDCap; '' if it is not."""
    if has_value_labels(table):
        return ""
    headers = table.headers
    told = [h for h in headers if h.startswith("redcap_") and h in _OWN]
    boxes = [h for h in headers if _RAW.fullmatch(h) or _LABELLED.fullmatch(h)]
    forms = [
        header
        for place, header in enumerate(headers)
        if _COMPLETE.fullmatch(header) and _is_state(table.cells.iloc[:, place])
    ]
    if told:
        return f"有列 {'、'.join(told[:3])}，是 REDCap 的导出。"
    if forms and (boxes or len(forms) >= _FEWEST_FORMS):
        return f"有列 {'、'.join([*boxes[:2], *forms[:2]])}，是 REDCap 的导出。"
    return ""


def _tidied(table: RawTable) -> RawTable:
    """Return the table with a column that tells its rows apart, where a record may have several.

    The column joins the record's number, the event and the repeat; it is made by the headers
    alone, so that a later delivery has it as well.
    """
    made = with_labels(table, table.headers, [shown(header) for header in table.headers])
    parts = [header for header in made.headers if header in (*_EVENTS, *_REPEATS)]
    if not parts:
        return made
    record = next((h for h in made.headers if h not in _OWN), None)
    if record is None:
        return made
    rows = given(made.cells[record])
    for part in parts:
        rows = rows + "|" + given(made.cells[part])
    name = ROW
    while name in made.headers:
        name += "|"
    cells = made.cells.copy()
    cells.insert(0, name, rows.astype("str"))
    known = made.dictionary or Dictionary()
    variables = (Variable(name, "记录、事件和重复次数", kind="text"), *known.variables)
    return replace(made, cells=cells, dictionary=replace(known, variables=variables))


def _described(table: RawTable) -> Described:
    """Return REDCap's own columns and the checkboxes."""
    table = of_unique(table)
    asides = _asides(table)
    aside = {one.header for one in asides}
    items = tuple(_checkboxes(table, [h for h in table.headers if h not in aside]))
    return Described(items, asides, notes=tuple(_notes(table)))


def _asides(table: RawTable) -> tuple[Aside, ...]:
    headers = table.headers
    stamps = [header for header in headers if _TIMESTAMP.fullmatch(header)]
    record = next((h for h in headers if h != ROW and h not in _OWN), "")
    keys = [header for header in (ROW, record) if header in headers]

    def known(header: str) -> Known | None:
        if header in keys:
            return Known("key", "每行一个不同的编号。" if header == ROW else "REDCap 的记录编号。")
        if header in _OWN:
            return _OWN[header]
        if _COMPLETE.fullmatch(header) and _is_state(table.cells[header]):
            return Known("metadata", "表是否填完（0 未完成，1 未核实，2 完成）。")
        if header in stamps:
            return Known("submitted" if len(stamps) == 1 else "metadata", "交表时间。")
        return None

    return set_aside(table.cells, ((header, known(header)) for header in headers))


def _is_state(cells: pd.Series) -> bool:
    return set(contents(cells)) <= _STATES


def _checkboxes(table: RawTable, headers: list[str]) -> Iterator[Item]:
    boxes: dict[str, dict[str, str]] = {}
    codes = set()
    for header in headers:
        if match := _RAW.fullmatch(header):
            codes.add(match[1])
            option = re.sub(r"^_(?=\d)", "-", match[2])
            boxes.setdefault(match[1], {})[header] = option
        elif match := _LABELLED.fullmatch(header):
            boxes.setdefault(match[1], {})[header] = match[2].strip()
    for question, options in boxes.items():
        ticks = binary(table.cells, options, (*TICKED, "Checked"), (*UNTICKED, "Unchecked"))
        if ticks is None:
            continue
        coded = question in codes
        if len(options) == 1:
            yield _one_box(question, ticks)
            continue
        yield multiple_choice(
            table.cells,
            ticks,
            question,
            name=question if coded else "",
            guessed=(ONLY_CODES,) if coded else (),
        )


def _one_box(question: str, ticks: Ticks) -> Item:
    """Return a checkbox with one option, which is ticked or is not."""
    ((option, header),) = ticks.headers.items()
    options = [Option(word, "勾选") for word in ticks.ticked]
    options += [Option(word, "未勾选") for word in ticks.unticked]
    text = f"{question} - {option}"
    return Item(text, Column(header), header, "single_choice", tuple(options))


def _notes(table: RawTable) -> Iterator[str]:
    if ROW not in table.headers:
        return
    record = next((h for h in table.headers if h != ROW and h not in _OWN), None)
    if record is None:
        return
    rows, records = len(table.cells), given(table.cells[record]).nunique()
    event = next((h for h in (*_EVENTS, *_REPEATS) if h in table.headers), "")
    yield (
        f"每行是一份记录的一次访问或一张重复的表，不是一个人：{rows} 行，{records} 份记录。"
        f"只在某一次问的题，其余各行为空；按人计的结果请先选定 {event}。"
    )


SYSTEM = System("redcap", "REDCap", _signs, _tidied, _described)
