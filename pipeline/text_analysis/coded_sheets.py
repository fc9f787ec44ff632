"""Read what human coders gave, from the workbooks that `coding_sheet` makes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from pipeline.documents.xlsx import FIRST_ROW, coordinate
from pipeline.errors import Fault, SurveyError, gathered
from pipeline.text_analysis.coders import Judged
from pipeline.text_analysis.coding import Codeframe, Stance
from pipeline.text_analysis.coding_sheet import GIVEN, STANCES, THEMES, headings, labels, say
from pipeline.text_analysis.interviews import Key, Unit


@dataclass(slots=True)
class _Reading:
    """What is known while a sheet is read."""

    units: Mapping[Key, Unit]
    themes: Mapping[str, str]
    problems: Mapping[str, str]
    codes: dict[Key, Mapping[str, Stance]] = field(default_factory=dict)
    seen: dict[Key, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    missing: int = 0


def read_sheets(folder: Path, units: Sequence[Unit], frame: Codeframe) -> tuple[Judged, ...]:
    """Read what the coders gave, a file ``coder-….xlsx`` each; without files there is nothing.

    A sheet says above its headings how many passages it was made with; those that are not there
    any more are counted.

    Raises
    ------
    SurveyError
        Files that are no sheets, or from which more than half of the passages are gone;
        passages that are not in the notes, or read otherwise there; themes or
        stances that are not in the lists: the faults of all files, each with its cell.
    """
    judged, messages = [], []
    for path in sorted(folder.glob("coder-*.xlsx")):
        reading = _Reading(
            {unit.key: unit for unit in units if unit.can_be_coded},
            labels(frame),
            {theme.code: theme.problem for theme in frame.themes},
        )
        _read(path, reading)
        if reading.faults:
            messages.append(gathered(path, reading.faults))
        judged.append(Judged(path.stem, reading.codes, reading.missing))
    if messages:
        raise SurveyError("\n".join(messages))
    return tuple(judged)


def _read(path: Path, reading: _Reading) -> None:
    name = say("passages")
    try:
        book = load_workbook(path, data_only=True)
    except Exception as fault:  # a broken archive fails in many ways
        reading.faults.append(
            Fault("文件 (file)", f"打不开：{fault}。", "请另存为 .xlsx。(cannot be opened)")
        )
        return
    if name not in book.sheetnames:
        remedy = "请改回原来的表名。(the sheet is gone; name it so again)"
        reading.faults.append(Fault("工作簿 (workbook)", f"没有工作表“{name}”。", remedy))
        return
    page = book[name]
    rows = page.iter_rows(min_row=FIRST_ROW - 1, max_col=GIVEN + 2 * THEMES, values_only=True)
    head = [_text(cell) for cell in next(rows, ())]
    if head != headings()[: len(head)] or not head:
        remedy = "请恢复原来的表头和列。(the headings have changed; restore them)"
        reading.faults.append(Fault(_place(FIRST_ROW - 1, 0), f"表头是 {head}。", remedy))
        return
    given = 0
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = [_text(cell) for cell in row]
        if any(cells):
            given += 1
            _read_row(number, cells, reading)
    _count_missing(_text(page.cell(FIRST_ROW - 2, 1).value), given, reading)


def _count_missing(subtitle: str, given: int, reading: _Reading) -> None:
    """Hold the passages of a sheet against how many its subtitle says it was made with."""
    place = _place(FIRST_ROW - 2, 0)
    pattern = re.escape(say("about_passages", coder="CODER", n="NUMBER"))
    made_with = re.fullmatch(pattern.replace("CODER", ".*").replace("NUMBER", r"(\d+)"), subtitle)
    if made_with is None:
        remedy = "请恢复表头上面一行。(the line above the headings has changed; restore it)"
        reading.faults.append(Fault(place, "看不出编码表原有多少段发言。", remedy))
        return
    made = int(made_with[1])
    reading.missing = max(made - given, 0)
    if 2 * reading.missing > made:
        found = f"原有 {made} 段发言，缺了 {reading.missing} 段，超过一半。"
        remedy = (
            "请恢复删去的行，或移走此表。(over half are gone; restore, or move the sheet away)"
        )
        reading.faults.append(Fault(place, found, remedy))


def _read_row(number: int, cells: Sequence[str], reading: _Reading) -> None:
    key = cells[0], int(cells[1]) if cells[1].isdecimal() else 0
    unit = reading.units.get(key)
    if unit is None:
        found = f"访谈记录里没有 {cells[0]} 第 {cells[1]} 段发言。"
        remedy = "请恢复编号，或删去该行。(no such passage; restore or delete the row)"
        reading.faults.append(Fault(_place(number, 0), found, remedy))
        return
    if key in reading.seen:
        found = f"与 {reading.seen[key]} 是同一段。"
        reading.faults.append(Fault(_place(number, 0), found, "请删去一行。(given twice)"))
        return
    reading.seen[key] = _place(number, 0)
    if "".join(cells[3].split()) != "".join(unit.text.split()):
        found = "发言与访谈记录不一致。"
        remedy = "记录改过就重新编码这一段，并照录新的发言。(not what the note says)"
        reading.faults.append(Fault(_place(number, 3), found, remedy))
        return
    faults_before = len(reading.faults)
    chosen = dict(_chosen(number, cells, reading))
    if any(cells[GIVEN:]) and len(reading.faults) == faults_before:
        reading.codes[key] = chosen


def _chosen(number: int, cells: Sequence[str], reading: _Reading) -> Iterator[tuple[str, Stance]]:
    """Yield the themes of a row with their stances; faults are noted."""
    stances = {say(key): stance for stance, key in STANCES.items()}
    none, seen = say("no_theme"), set()
    given = [cells[GIVEN + 2 * k] for k in range(THEMES)]
    for k, label in enumerate(given):
        stance, at = cells[GIVEN + 2 * k + 1], GIVEN + 2 * k
        if not label or label == none:
            if stance:
                _fault(
                    reading, number, at + 1, f"有立场“{stance}”，没有主题。", "请选主题或删去。"
                )
            if label and any(one for one in given if one != none):
                _fault(reading, number, at, f"“{none}”和别的主题不能同时选。", "请删去一个。")
            continue
        code = reading.themes.get(label)
        if code is None:
            _fault(
                reading, number, at, f"没有主题“{label}”。", "请从下拉选项里选。(not in the list)"
            )
        elif code in seen:
            _fault(reading, number, at, f"主题“{label}”选了两次。", "请删去一个。(given twice)")
        elif stance and stance not in stances:
            _fault(
                reading,
                number,
                at + 1,
                f"没有立场“{stance}”。",
                "请从下拉选项里选。(not in the list)",
            )
        elif not stance and reading.problems[code]:
            _fault(
                reading,
                number,
                at + 1,
                f"主题“{label}”没有立场。",
                "请选一个。(no stance; choose one)",
            )
        else:
            seen.add(code)
            yield code, stances[stance] if stance and reading.problems[code] else ""


def _fault(reading: _Reading, number: int, column: int, found: str, remedy: str) -> None:
    reading.faults.append(Fault(_place(number, column), found, remedy))


def _place(number: int, column: int) -> str:
    cell = coordinate(number - FIRST_ROW, column)
    return f"“{say('passages')}”表 {cell} 格 (cell {cell})"


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
