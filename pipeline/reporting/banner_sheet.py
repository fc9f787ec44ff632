"""The sheet of a banner table: figures, letters, head, print.

Figures are numbers with a format, so that they sort and compute; letters stand in a narrow cell of
their own. The head and the first column stay in sight on the screen and are repeated in print.
"""

from openpyxl.cell import Cell as Entry
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.xlsx import A4, FONT, INK, RULE, WASH, lines_of
from pipeline.reporting.banner_about import WEAK
from pipeline.reporting.banner_layout import Block, Cell, Layout, Line

GREY, SECOND, BLUE = "FF596372", "FF434D5B", "FF1B5E97"
LABEL, FIGURE = 33.0, 6.2
"""Widths in characters: of the first column, and of a column of figures."""
HEAD_ROW = 4
"""Row of the banners' names; the levels and the letters stand below it."""
PAGE_WIDTH, PAGE_HEIGHT = 631.0, 494.0
"""Printable points of A4 across, less a fifth: programs draw columns of different widths."""
SMALLEST, SPLIT = 65, 70
"""Percent to which print is shrunk at most; a wider table is printed at the second and takes more
pages across, parted between banners."""
LINE = 15.0
HAIR, THIN = Side(style="hair", color=RULE), Side(style="thin", color=INK)
MEDIUM = Side(style="thin", color="FFB9C0C9")


def fill_table(page: Worksheet, layout: Layout) -> list[int]:
    """Write the table; return the row in which each question begins."""
    letters = _letters_width(layout)
    page.column_dimensions["A"].width = LABEL
    for place in range(len(layout.columns)):
        page.column_dimensions[get_column_letter(2 + 2 * place)].width = FIGURE
        page.column_dimensions[get_column_letter(3 + 2 * place)].width = letters
    last = 1 + 2 * len(layout.columns)
    titles(page, layout)
    below = _head(page, layout, letters)
    starts, heights, row = [], [], below
    for block in layout.blocks:
        starts.append(row)
        height, row = _block(page, block, row, last, letters)
        heights.append(height)
    _print(page, layout, below, row - 1, starts, heights, letters)
    return starts


def titles(page: Worksheet, layout: Layout) -> None:
    """Write the title and the subtitle above a sheet."""
    for row, text, size, height in ((1, layout.title, 16, 28), (2, layout.subtitle, 10, 19)):
        cell = written(page, row, 1, text, size=size, bold=row == 1,
                      color=INK if row == 1 else SECOND)  # fmt: skip
        cell.alignment = Alignment(vertical="center")
        page.row_dimensions[row].height = height
    page.row_dimensions[3].height = 4


def written(
    page: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    size: float = 10,
    bold: bool = False,
    color: str = INK,
) -> Entry:
    """Write a text, which stays one where it begins with =."""
    cell = page.cell(row, column)
    if text:
        cell.value, cell.data_type = text, "s"
    cell.font = Font(name=FONT, size=size, bold=bold, color=color)
    return cell


def margins(page: Worksheet) -> None:
    """Set the margins of the printed page, and its number below."""
    around = page.page_margins
    around.left = around.right = 0.5
    around.top, around.bottom = 0.6, 0.7
    page.oddFooter.center.text = "— &P —"
    page.sheet_view.showGridLines = False


def _head(page: Worksheet, layout: Layout, letters: float) -> int:
    """Write banners, levels and letters of the columns; return the first row below them."""
    tested = any(one.letter for one in layout.columns)
    rows = range(HEAD_ROW, HEAD_ROW + (3 if tested else 2))
    for row in rows:
        for column in range(1, 2 + 2 * len(layout.columns)):
            cell = page.cell(row, column)
            cell.fill = PatternFill("solid", fgColor=WASH)
            cell.border = Border(
                top=THIN if row == rows[0] else None, bottom=THIN if row == rows[-1] else None,
                left=MEDIUM if _opens_banner(layout, column) else None,
            )  # fmt: skip
    place = 0
    for banner, width in layout.banners:
        first = 2 + 2 * place
        page.merge_cells(
            start_row=HEAD_ROW, end_row=HEAD_ROW, start_column=first,
            end_column=first + 2 * width - 1,
        )  # fmt: skip
        _centred(written(page, HEAD_ROW, first, banner, bold=True, color=SECOND))
        place += width
    for place, head in enumerate(layout.columns):
        first = 2 + 2 * place
        for row, text in zip(rows[1:], (head.name, head.letter), strict=False):
            page.merge_cells(start_row=row, end_row=row, start_column=first, end_column=first + 1)
            color = BLUE if text == head.letter else INK
            _centred(written(page, row, first, text, bold=text != head.letter, color=color))
    room = FIGURE + letters
    page.row_dimensions[HEAD_ROW].height = LINE * max(
        lines_of(banner, room * width) for banner, width in layout.banners
    ) + 4  # fmt: skip
    page.row_dimensions[HEAD_ROW + 1].height = LINE * max(
        lines_of(head.name, room) for head in layout.columns
    ) + 4  # fmt: skip
    return rows[-1] + 1


def _block(
    page: Worksheet, block: Block, row: int, last: int, letters: float
) -> tuple[float, int]:
    """Write one question; return its height and the first row below it."""
    wide = LABEL + (last - 1) / 2 * (FIGURE + letters)
    text = f"{block.question}　{block.wording}"
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    cell = written(page, row, 1, text, size=11, bold=True)
    cell.alignment = Alignment(vertical="bottom", wrap_text=True)
    height = LINE * lines_of(text, wide * 0.9) + 14
    page.row_dimensions[row].height = height
    for line in block.lines:
        row += 1
        tall = LINE * lines_of(line.name, LABEL - 2) + 3
        page.row_dimensions[row].height = tall
        height += tall
        _line(page, line, row)
    return height, row + 1


def _line(page: Worksheet, line: Line, row: int) -> None:
    quiet, bold = line.kind in ("base", "effective"), line.kind in ("set", "net", "mean")
    edge = Border(bottom=HAIR)
    name = written(page, row, 1, line.name, bold=bold, color=GREY if quiet else INK)
    name.alignment = Alignment(vertical="center", wrap_text=True, indent=0 if quiet or bold else 1)
    name.border = edge
    for place, cell in enumerate(line.cells):
        figure = page.cell(row, 2 + 2 * place)
        as_text = cell.value is None or cell.text[0] in "<>"
        figure.value = cell.text if as_text else cell.value
        if as_text:
            figure.data_type = "s"
        else:
            figure.number_format = _format(cell)
        color = GREY if quiet or cell.weak or cell.value is None else INK
        figure.font = Font(name=FONT, size=10, bold=bold, color=color)
        figure.alignment = Alignment(horizontal="right", vertical="center")
        beside = written(page, row, 3 + 2 * place, cell.letters, size=7, color=BLUE)
        beside.alignment = Alignment(horizontal="left", vertical="center")
        for entry in (figure, beside):
            entry.border = edge


def _format(cell: Cell) -> str:
    """Return the number format; figures keep a free place where others bear the mark."""
    mark = f'"{WEAK}"' if cell.weak else f"_{WEAK}"
    match cell.form:
        case "count":
            return f"#,##0_{WEAK}"
        case "points":
            # Rounded to nothing, a small number still bears its sign in some programs.
            return f'"0"{mark}' if cell.text == "0" else f"+0{mark};−0{mark};0{mark}"
        case "mean":
            return ("#,##0" if "." not in cell.text else "0.00") + mark
        case _:
            return "0%" + mark


def _print(
    page: Worksheet,
    layout: Layout,
    below: int,
    end: int,
    starts: list[int],
    heights: list[float],
    letters: float,
) -> None:
    last = get_column_letter(1 + 2 * len(layout.columns))
    page.freeze_panes = f"B{below}"
    page.print_title_rows = f"{HEAD_ROW}:{below - 1}"
    page.print_title_cols = "A:A"
    page.print_area = f"A1:{last}{end}"
    page.page_setup.paperSize, page.page_setup.orientation = A4, "landscape"
    page.page_setup.pageOrder = "overThenDown"
    column = _points(FIGURE) + _points(letters)
    scale = min(100, int(PAGE_WIDTH / (_points(LABEL) + len(layout.columns) * column) * 100))
    if scale < SMALLEST:
        scale = SPLIT
        _part_columns(page, layout, (PAGE_WIDTH / scale * 100 - _points(LABEL)) / column)
    page.page_setup.scale = scale
    head = sum(page.row_dimensions[row].height or LINE for row in range(HEAD_ROW, below))
    room = PAGE_HEIGHT / scale * 100 - head
    left = room - 51.0  # the titles stand on the first page only
    for start, height in zip(starts, heights, strict=True):
        if height > left and start != starts[0]:
            page.row_breaks.append(Break(id=start - 1))
            left = room
        left -= height
    margins(page)


def _part_columns(page: Worksheet, layout: Layout, room: float) -> None:
    """Begin a new page across before each banner for which fewer than its columns are left."""
    left, place = room, 0
    for _, width in layout.banners:
        if width > left and place > 1:  # the total never stands alone
            page.col_breaks.append(Break(id=1 + 2 * place))
            left = room
        left -= width
        place += width


def _centred(cell: Entry) -> None:
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _opens_banner(layout: Layout, column: int) -> bool:
    """Tell whether a column of the sheet is the first of a banner."""
    place, rest = divmod(column - 2, 2)
    if rest or not 0 < place < len(layout.columns):
        return False
    return layout.columns[place].domain != layout.columns[place - 1].domain


def _letters_width(layout: Layout) -> float:
    longest = max(
        (len(cell.letters) for block in layout.blocks for line in block.lines
         for cell in line.cells), default=0,
    )  # fmt: skip
    return 2.0 if longest == 0 else min(9.0, max(2.2, 0.85 * longest + 0.6))


def _points(width: float) -> float:
    """Return the width of a column in points, from its width in characters."""
    return (7 * width + 5) * 0.75
