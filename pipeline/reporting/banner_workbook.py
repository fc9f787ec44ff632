"""A banner table as a workbook: contents, the table, and how to read it."""

import io
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.xlsx import A4, FONT, INK, WASH, lines_of, still
from pipeline.i18n import word
from pipeline.reporting.banner_layout import Layout
from pipeline.reporting.banner_sheet import (
    BLUE,
    HAIR,
    HEAD_ROW,
    LINE,
    THIN,
    fill_table,
    margins,
    titles,
    written,
)


def write_banner_workbook(layout: Layout, path: Path) -> Path:
    """Write a banner table to `path`; the same table gives the same bytes."""
    language = layout.language
    book = Workbook()
    book.remove(book.active)
    moment = datetime(layout.dated.year, layout.dated.month, layout.dated.day)
    book.properties.title, book.properties.creator = layout.title, "diaoyan"
    book.properties.created = moment
    contents = book.create_sheet(word("banner.contents", language))
    name = word("banner.sheet", language)
    starts = fill_table(book.create_sheet(name), layout)
    _contents(contents, layout, name, starts)
    _told(book.create_sheet(word("banner.notes", language)), layout)
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(still(buffer.getvalue(), moment))
    return path


def _contents(page: Worksheet, layout: Layout, sheet: str, starts: list[int]) -> None:
    """Write the list of questions, each a link to its place in the table."""
    _simple(page, layout, (10.0, 92.0, 12.0))
    heads = [word(f"banner.{name}", layout.language) for name in ("number", "question", "n")]
    for column, text in enumerate(heads, start=1):
        cell = written(page, HEAD_ROW, column, text, bold=True)
        cell.fill, cell.border = PatternFill("solid", fgColor=WASH), Border(top=THIN, bottom=THIN)
        cell.alignment = Alignment(horizontal="right" if column == 3 else "left")
    for row, (block, start) in enumerate(
        zip(layout.blocks, starts, strict=True), start=HEAD_ROW + 1
    ):
        link = written(page, row, 1, block.question, color=BLUE)
        link.hyperlink = f"#'{sheet}'!A{start}"
        link.font = Font(name=FONT, size=10, color=BLUE, underline="single")
        text = written(page, row, 2, block.wording)
        text.alignment = Alignment(vertical="top", wrap_text=True)
        figure = page.cell(row, 3, block.base.value)
        figure.number_format, figure.font = "#,##0", Font(name=FONT, size=10, color=INK)
        page.row_dimensions[row].height = LINE * lines_of(block.wording, 98.0) + 4
        for column in range(1, 4):
            entry = page.cell(row, column)
            entry.border = Border(bottom=HAIR)
            if column != 2:
                entry.alignment = Alignment(
                    vertical="top", horizontal="right" if column == 3 else "left"
                )
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.freeze_panes = f"A{HEAD_ROW + 1}"


def _told(page: Worksheet, layout: Layout) -> None:
    """Write how the table is to be read."""
    _simple(page, layout, (114.0,))
    for row, note in enumerate(layout.notes, start=HEAD_ROW):
        cell = written(page, row, 1, note)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = Border(bottom=HAIR)
        page.row_dimensions[row].height = LINE * lines_of(note, 112.0) + 6


def _simple(page: Worksheet, layout: Layout, widths: tuple[float, ...]) -> None:
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    titles(page, layout)
    page.page_setup.paperSize, page.page_setup.orientation = A4, "landscape"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    margins(page)
