"""The tables of the Word questionnaire: scales in one row, matrices, rosters."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pipeline.forms.paper import Paper
from pipeline.forms.paper_fields import (
    Blanks,
    Cell,
    Entries,
    Grid,
    Lines,
    Points,
    Sheet,
    Ticks,
    width,
)
from pipeline.forms.paper_pieces import add_blanks, add_ticks, keep, line, said, tick_box
from pipeline.forms.paper_styles import CELL, CHOICES, HINT, SMALL


def add_points(file: Any, field: Points, sheet: Sheet) -> None:
    """Add a scale: one row, in each cell the label above its box."""
    share = 1 / len(field.points)
    table = _table(file, [share] * len(field.points), sheet, rows=1)
    keep(table.rows[0])
    for cell, point in zip(table.rows[0].cells, field.points, strict=True):
        _middle(said(cell, point.text, CELL, into=cell.paragraphs[0]))
        tick_box(_middle(said(cell, "", CELL)), point, sheet)
        if point.apart:
            _shade(cell)
    _after(file)


def add_grid(file: Any, field: Grid, made: Paper) -> None:
    """Add a matrix: the choices in a head that repeats, one row per item."""
    sheet = made.sheet
    share = (1 - field.share) / len(field.head)
    for rows in field.tables:
        table = _table(file, [field.share, *[share] * len(field.head)], sheet, rows=1 + len(rows))
        keep(table.rows[0], head=True)
        for cell, choice in zip(table.rows[0].cells[1:], field.head, strict=True):
            label = _halved(choice.text, share * sheet.width - 0.28)  # the cell's padding
            _middle(said(cell, label, CELL, into=cell.paragraphs[0]))
        for cell in table.rows[0].cells:
            _shade(cell)
        for drawn, row in zip(table.rows[1:], rows, strict=True):
            keep(drawn)
            first, *others = drawn.cells
            said(first, f"{row.number} {row.text}", CELL, into=first.paragraphs[0])
            if row.route:
                said(first, row.route, HINT).paragraph_format.left_indent = Pt(0)
            for cell, choice in zip(others, field.head, strict=True):
                paragraph = said(cell, "", CELL, into=cell.paragraphs[0])
                tick_box(_middle(paragraph), choice, sheet)
        _after(file)


def _halved(label: str, room: float) -> str:
    """Break a short Chinese label that is too wide in its middle: 不太 / 同意, not 不太同 / 意."""
    middle = len(label) // 2
    short = 4 <= len(label) <= 2 * int(room) and width(label) == len(label)
    return f"{label[:middle]}\n{label[middle:]}" if short and width(label) > room else label


def add_entries(file: Any, field: Entries, sheet: Sheet) -> None:
    """Add a roster: how many there are, then tables with one column per entry."""
    add_blanks(file, field.count, sheet)
    for heads in field.heads:
        abreast = max(len(one) for one in field.heads)
        share = (1 - field.share) / abreast
        shares = [field.share, *[share] * len(heads)]
        table = _table(file, shares, sheet, rows=1 + len(field.cells))
        keep(table.rows[0], head=True)
        for cell, head in zip(table.rows[0].cells[1:], heads, strict=True):
            _middle(said(cell, head, CELL, into=cell.paragraphs[0]))
        for cell in table.rows[0].cells:
            _shade(cell)
        for drawn, asked in zip(table.rows[1:], field.cells, strict=True):
            keep(drawn)
            _entry_row(drawn.cells, asked, sheet)
        if field.together:
            stay(table.rows[:-1])
        _after(file)
    if field.more:
        said(file, field.more, HINT)


def _entry_row(cells: Sequence[Any], asked: Cell, sheet: Sheet) -> None:
    first, *others = cells
    row = asked.row
    said(first, f"{row.number} {row.text}", CELL, into=first.paragraphs[0])
    if row.route:
        said(first, row.route, SMALL)
    for cell in others:
        match asked.field:
            case Ticks():
                add_ticks(cell, asked.field, sheet, style=CELL)
            case Blanks():
                add_blanks(cell, asked.field, sheet, style=CELL)
            case Lines():
                line(said(cell, "", CELL, into=cell.paragraphs[0]), 7)


def _table(file: Any, shares: Sequence[float], sheet: Sheet, *, rows: int) -> Any:
    """Add a table whose columns have these parts of the page's width."""
    table = file.add_table(rows=rows, cols=len(shares), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        wide = Pt(round(share * sheet.width * sheet.size, 1))
        column.width = wide
        for cell in column.cells:
            cell.width = wide
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    table._tbl.tblPr.insert_element_before(_padding(), "w:tblLook")
    indent(table, 50)
    return table


def indent(table: Any, twips: int) -> None:
    """Move a table so far to the right that its border stands at the margin."""
    made = parse_xml(f'<w:tblInd {nsdecls("w")} w:w="{twips}" w:type="dxa"/>')
    later = ("w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table._tbl.tblPr.insert_element_before(made, *later)


def _padding() -> Any:
    sides = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 30), ("left", 50), ("bottom", 30), ("right", 50))
    )
    return parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")


def stay(rows: Sequence[Any]) -> None:
    """Keep rows on one page with the row that follows them."""
    for row in rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _middle(paragraph: Any) -> Any:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _shade(cell: Any) -> None:
    fill = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F2F2F2"/>')
    cell._tc.get_or_add_tcPr().insert_element_before(fill, "w:noWrap", "w:tcMar", "w:vAlign")


def _after(file: Any) -> None:
    """Add a low paragraph after a table: two tables without one between them would become one."""
    paragraph = said(file, "", CHOICES)
    paragraph.paragraph_format.line_spacing = Pt(5)
    paragraph.paragraph_format.space_after = Pt(0)
