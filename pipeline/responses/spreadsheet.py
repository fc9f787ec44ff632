"""Read one sheet of a workbook as text: header, rows, and the codes that another explains."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.code_table import CodeTable, code_table, described
from pipeline.responses.delimited import separated
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.disguised import is_markup, read_markup
from pipeline.responses.encodings import looks_binary, settled
from pipeline.responses.grid import (
    check_size,
    content_of,
    filled_width,
    fitted,
    sha256,
    table_of,
    without_footers,
)
from pipeline.responses.sheet_cells import texts_of
from pipeline.responses.sheet_header import Header, filled_down, header_of
from pipeline.responses.table import RawTable, in_sheet
from pipeline.responses.workbook import COMPOUND, ZIPPED, Sheet, Workbook, open_workbook

EXPLAINS = re.compile(
    r"\s*(?:说明|填写说明|填表说明|使用说明|目录|封面|编码表|码表|数据字典|变量说明|字典"
    r"|read ?me|instructions?|notes?|cover|contents|codebook|dictionary|legend)\s*$",
    re.IGNORECASE,
)
"""Names of sheets that explain the data."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A sheet as text, with its header and, where it is one, as a code table."""

    sheet: Sheet
    rows: list[list[str]]
    header: Header | None
    codes: CodeTable | None
    notes: tuple[str, ...]

    @property
    def data_rows(self) -> int:
        """The number of rows below the header that hold anything."""
        if self.header is None:
            return 0
        return sum(any(map(str.strip, row)) for row in self.rows[self.header.last + 1 :])

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """How well it can be the data: the largest rank is read, of equal ones the first."""
        several = self.header is not None and sum(map(bool, self.header.names)) > 1
        return (
            self.codes is None and self.header is not None and not EXPLAINS.match(self.sheet.name),
            not self.sheet.hidden and self.data_rows > 0,
            several and self.data_rows > 0,
            not self.sheet.hidden,
        )

    def __str__(self) -> str:
        hidden = "，隐藏" if self.sheet.hidden else ""
        return f"“{self.sheet.name}”（{self.data_rows} 行{hidden}）"


def read_spreadsheet(
    path: Path, *, sheet: str | None = None, encoding: str | None = None
) -> RawTable:
    """Read a sheet; its header is the first row with content that is no title.

    Without `sheet` the first sheet is read that has a header and a row and is no code table.
    Rows and columns at the end without any content are left out (a used range often reaches far
    beyond the answers); the rows that stay keep their number in the sheet. `sheets` names the one
    that was read first. A code table fills `dictionary.variables`; `dictionary.notes` tells what
    was not taken as it stands. A page or text saved as .xls is read as what it is; `encoding` is
    then that of the text.

    Raises
    ------
    ResponseError
        As `workbook.open_workbook`; if there is no such sheet, or nothing in it.
    """
    content = content_of(path)
    if not content.startswith((ZIPPED, COMPOUND)):
        return _text_file(path, content, sheet, encoding)
    return _table(path, content, open_workbook(path, content), sheet)


def _text_file(path: Path, content: bytes, sheet: str | None, encoding: str | None) -> RawTable:
    """Return the table of a file that is only called a workbook."""
    if looks_binary(content):
        raise ResponseError(
            f"{path}: 打不开：既不是 Excel 工作簿，也不是文本。请用 WPS/Excel 打开后另存为 .xlsx，"
            "或重新导出。(cannot be opened; save it anew as .xlsx, or export again)"
        )
    text = settled(path, content, encoding)
    if is_markup(text.text):
        return _table(path, content, read_markup(path, text.text), sheet)
    table = separated(path, content, text)
    known = table.dictionary or Dictionary()
    note = f"{path.name} 其实是文本，不是 Excel 工作簿；按 CSV 读。"
    return replace(table, dictionary=replace(known, notes=(note, *known.notes)))


def _table(path: Path, content: bytes, book: Workbook, name: str | None) -> RawTable:
    sheets = [_read(sheet) for sheet in book.sheets]
    chosen = _chosen(path, sheets, name)
    others = [one for one in sheets if one is not chosen]
    names = (chosen.sheet.name, *(one.sheet.name for one in others))
    if chosen.header is None:
        raise ResponseError(
            f"{in_sheet(path, names)}: 工作表“{chosen.sheet.name}”是空的。请重新导出。"
            "(the sheet is empty; export again)"
        )
    header = chosen.header
    down, on_merged = filled_down(chosen.rows, chosen.sheet.merged, header.last + 1)
    rows = {
        number: row
        for number, row in enumerate(down[header.last + 1 :], start=header.last + 2)
        if any(map(str.strip, row))
    }
    rows, below = without_footers(rows, len(header.names))
    width = filled_width(header.names, rows)
    check_size(path, len(rows), width)
    cells = table_of(
        fitted(list(header.names), width), {at: fitted(row, width) for at, row in rows.items()}
    )
    variables, on_codes = _coded(others, [str(one) for one in cells.columns])
    notes = [
        *book.notes,
        _on_others(chosen, others),
        *header.notes,
        *chosen.notes,
        on_merged,
        *below,
        *on_codes,
    ]
    return RawTable(
        path,
        sha256(content),
        cells,
        sheets=names,
        dictionary=Dictionary(variables=variables, notes=tuple(filter(None, notes))),
    )


def _read(sheet: Sheet) -> _Read:
    cells = texts_of(sheet.rows)
    width = max(map(len, cells.rows), default=0)
    rows = [fitted(row, width) for row in cells.rows]
    return _Read(sheet, rows, header_of(rows, sheet.merged), code_table(rows), cells.notes)


def _chosen(path: Path, sheets: Sequence[_Read], name: str | None) -> _Read:
    """Return the sheet that is named, or else the first that can be the data."""
    if not sheets:
        raise ResponseError(f"{path}: 工作簿里没有工作表。请重新导出。(no sheet; export again)")
    if name is None:
        return max(sheets, key=lambda one: one.rank)  # the first of the best
    for one in sheets:
        if one.sheet.name.strip() == name.strip():
            return one
    names = [one.sheet.name for one in sheets]
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"是不是“{near[0]}”？" if near else ""
    listed = "、".join(f"“{one}”" for one in names)
    raise ResponseError(f"{path}: 没有工作表“{name}”，有的是 {listed}。{hint}(no such sheet)")


def _on_others(chosen: _Read, others: Sequence[_Read]) -> str:
    left = [str(one) for one in others if one.codes is None or not one.codes.values]
    if not left:
        return ""
    return f"只读了工作表“{chosen.sheet.name}”；没有读 {'、'.join(left)}。"


def _coded(
    others: Sequence[_Read], headers: Sequence[str]
) -> tuple[tuple[Variable, ...], list[str]]:
    """Return what the code tables among the other sheets say of the columns, with notes."""
    for one in others:
        if one.codes is None or not one.codes.values:
            continue
        variables, unknown = described(one.codes, headers)
        note = f"工作表“{one.sheet.name}”是编码表，{len(variables)} 列的取值标签由它而来。"
        if unknown:
            shown = "、".join(f"“{name}”" for name in unknown[:5])
            note += f"其中 {len(unknown)} 个变量在数据里没有对应的列（{shown}）。"
        return variables, [note]
    return (), []
