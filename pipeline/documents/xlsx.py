"""Primitives for workbooks: sheets of text that open and print well, the same bytes every time."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Microsoft YaHei"
"""Named, not embedded; WPS and LibreOffice put the machine's own Chinese font in its place."""
INK, RULE, WASH = "FF1B222C", "FFB9C0C9", "FFF5F7F9"
EPOCH = (1980, 1, 1, 0, 0, 0)
A4 = 9
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_ROW = 4
"""Row of the first entry: title, subtitle and head stand above it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading and its width in characters."""

    title: str
    width: float
    align: Literal["left", "center", "right"] = "left"
    holds: Literal["text", "number", "date"] = "text"
    """An entry that is a number or a date is written as such, so that it sorts and filters."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: title, subtitle, heading and rows of text; a cell is always text.

    `frozen_columns` stay in sight beside the heading; `filtered` puts filters on the heading;
    `colours` (row and column of an entry, from 0 -> ARGB) are printed bold.
    """

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    landscape: bool = True
    frozen_columns: int = 0
    filtered: bool = False
    colours: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=FIRST_ROW):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}, row {number}: {len(row)} of {len(self.columns)}")


def coordinate(row: int, column: int) -> str:
    """Return the address of an entry, both counted from 0: ``coordinate(0, 0)`` is ``A4``."""
    return f"{get_column_letter(column + 1)}{row + FIRST_ROW}"


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, dated: date) -> None:
    """Write sheets to `path`; the same sheets give the same bytes.

    The day `dated` stands in the document's properties, where others put the clock's.
    """
    book = Workbook()
    book.remove(book.active)
    moment = datetime(dated.year, dated.month, dated.day)
    book.properties.title, book.properties.creator = title, "diaoyan"
    book.properties.created = moment
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(still(buffer.getvalue(), moment))


def _fill(page: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.columns))
    page["A1"], page["A2"] = sheet.title, sheet.subtitle
    page["A1"].font = Font(name=FONT, size=16, bold=True, color=INK)
    page["A2"].font = Font(name=FONT, size=10, color="FF434D5B")
    for row in (1, 2):
        page.merge_cells(f"A{row}:{last}{row}")
        page.cell(row, 1).alignment = Alignment(vertical="center", wrap_text=True)
    wide = sum(column.width for column in sheet.columns)
    page.row_dimensions[1].height = 28
    page.row_dimensions[2].height = 15 * lines_of(sheet.subtitle, wide) + 4
    _head(page, sheet)
    for row, entries in enumerate(sheet.rows):
        for place, entry in enumerate(entries):
            cell = page[coordinate(row, place)]
            _write(cell, entry, sheet.columns[place].holds)
            colour = sheet.colours.get((row, place))
            cell.font = Font(name=FONT, size=10, color=colour or INK, bold=colour is not None)
            align = sheet.columns[place].align
            cell.alignment = Alignment(
                horizontal=align, vertical="top", wrap_text=True, indent=int(align == "left")
            )
            cell.border = Border(bottom=Side(style="hair", color=RULE))
        page.row_dimensions[row + FIRST_ROW].height = _height(sheet, entries)
    _print(page, sheet, last)


def _write(cell: Cell, entry: str, holds: str) -> None:
    if holds == "number" and entry.isascii() and entry.isdigit():
        cell.value, cell.number_format = int(entry), "0"
    elif holds == "date" and _DATE.fullmatch(entry):
        cell.value, cell.number_format = date.fromisoformat(entry), "yyyy-mm-dd"
    else:
        cell.value, cell.data_type = entry, "s"  # a text that begins with = stays a text


def as_text(value: object) -> str | None:
    """Return what `write_workbook` was given for a value; None if it writes no such value."""
    match value:
        case str():
            return value
        case datetime():
            return value.date().isoformat() if value.time() == time() else None
        case int() if not isinstance(value, bool):
            return str(value)
    return None


def _head(page: Worksheet, sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        cell = page.cell(FIRST_ROW - 1, place, column.title)
        cell.font = Font(name=FONT, size=10, bold=True, color=INK)
        cell.fill = PatternFill("solid", fgColor=WASH)
        cell.alignment = Alignment(
            horizontal=column.align, vertical="center", wrap_text=True,
            indent=int(column.align == "left"),
        )  # fmt: skip
        cell.border = Border(
            top=Side(style="thin", color=INK), bottom=Side(style="thin", color=INK)
        )
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.row_dimensions[FIRST_ROW - 1].height = 18 + 15 * max(
        lines_of(column.title, column.width) - 1 for column in sheet.columns
    )


def _print(page: Worksheet, sheet: Sheet, last: str) -> None:
    page.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{FIRST_ROW}"
    if sheet.filtered and sheet.rows:
        page.auto_filter.ref = f"A{FIRST_ROW - 1}:{last}{FIRST_ROW + len(sheet.rows) - 1}"
    page.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"
    page.print_area = f"A1:{last}{max(FIRST_ROW, FIRST_ROW + len(sheet.rows) - 1)}"
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    margins = page.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.7
    page.oddFooter.center.text = "— &P —"
    page.sheet_view.showGridLines = False


def _height(sheet: Sheet, entries: Sequence[str]) -> float:
    lines = max(
        lines_of(entry, column.width) for entry, column in zip(entries, sheet.columns, strict=True)
    )
    return min(400.0, 15.0 * lines + 5)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text fills; a Chinese character takes the room of two letters."""
    room = max(1.0, width - 1)
    return sum(
        max(1, -(-sum(2 if ord(letter) > 0x2E80 else 1 for letter in part) // int(room)))
        for part in text.split("\n")
    )


def still(content: bytes, moment: datetime) -> bytes:
    """Return the same archive without the clock: openpyxl stamps `modified` and every entry."""
    stamp = f"\\g<1>{moment:%Y-%m-%dT%H:%M:%SZ}\\g<2>".encode()
    still = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(still, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(</)", stamp, body)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, body)
    return still.getvalue()
