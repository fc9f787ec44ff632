"""Read the first sheet of an .xlsx or .xls as text.

Two readers, because each fails on real workbooks that the other opens: python-calamine first,
which is several times faster and also reads .xls, then openpyxl.
"""

import hashlib
import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.responses.table import RawTable, cell_text, in_sheet

Opened = tuple[tuple[str, ...], list[list[str]]]
"""The names of a workbook's sheets, and the cells of the first one."""


def read_spreadsheet(path: Path) -> RawTable:
    """Read the first sheet; the first row with any content is the header.

    Rows and trailing columns without any content are left out (a used range often reaches far
    beyond the answers); the rows that stay keep their number in the sheet.

    Raises
    ------
    ResponseError
        If no reader can open the workbook, or its first sheet is empty.
    """
    content = path.read_bytes()
    sheets, rows = _opened(path, content)
    filled = [number for number, row in enumerate(rows) if any(map(str.strip, row))]
    if not filled:
        raise ResponseError(
            f"{in_sheet(path, sheets)}: 第一个工作表是空的。请重新导出，答卷须在第一个工作表。"
            "(the first sheet is empty; export again)"
        )
    width = max(
        at + 1 for number in filled for at, cell in enumerate(rows[number]) if cell.strip()
    )
    header, *body = (_padded(rows[number], width) for number in filled)
    cells = pd.DataFrame(
        body, columns=pd.Index([name.strip() for name in header], dtype="str"), dtype="str"
    )
    cells.index = pd.Index([number + 1 for number in filled[1:]], dtype="int64", name="raw_row")
    return RawTable(path, hashlib.sha256(content).hexdigest(), cells, sheets=sheets)


def _opened(path: Path, content: bytes) -> Opened:
    """Return what the first reader gives that can open the workbook."""
    readers: list[Callable[[bytes], Opened]] = [_by_calamine]
    if path.suffix.lower() == ".xlsx":
        readers.append(_by_openpyxl)
    reasons = []
    for reader in readers:
        try:
            return reader(content)
        except Exception as fault:  # damaged workbooks make readers fail in any way
            reasons.append(f"{reader.__name__.removeprefix('_by_')}: {fault}")
    raise ResponseError(
        f"{path}: 打不开（{'；'.join(reasons)}）。请用 WPS/Excel 打开后另存为 .xlsx，或重新导出。"
        "(cannot be opened; save it anew as .xlsx, or export again)"
    )


def _by_calamine(content: bytes) -> Opened:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = book.get_sheet_by_index(0)
    # Leading blank rows count too: the number of a row is the one that the program shows.
    rows = [_texts(row) for row in sheet.to_python(skip_empty_area=False)]
    return tuple(book.sheet_names), rows


def _by_openpyxl(content: bytes) -> Opened:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing styles and extensions do not concern the answers
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            rows = [_texts(row) for row in book.worksheets[0].iter_rows(values_only=True)]
            return tuple(sheet.title for sheet in book.worksheets), rows
        finally:
            book.close()


def _texts(row: Sequence[object]) -> list[str]:
    return [cell_text(value) for value in row]


def _padded(row: list[str], width: int) -> list[str]:
    return (row + [""] * width)[:width]
