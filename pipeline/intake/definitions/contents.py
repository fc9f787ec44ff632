"""The contents of definition files before anyone knows what they mean: text, sheets, wording."""

import html
import io
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.encodings import settled
from pipeline.responses.grid import content_of
from pipeline.responses.table import cell_text

Rows = list[list[str]]

LARGEST = 64 * 2**20
"""Bytes; a definition is written by hand and never comes near it."""
PANIC = "PanicException"
"""What the reader, written in Rust, raises where it did not foresee something: no Exception."""
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[A-Za-z][^<>]*>", re.DOTALL | re.I)


def bytes_of(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    ResponseError
        It cannot be read, or is larger than any definition.
    """
    content = content_of(path)
    if len(content) > LARGEST:
        raise ResponseError(
            f"{path}: 文件有 {len(content) // 2**20} MB，不像问卷定义。请核对文件。"
            "(too large for a definition)"
        )
    return content


def text_of(path: Path) -> str:
    """Return a text file as text, in the encoding that its bytes show.

    Raises
    ------
    ResponseError
        It cannot be read, or as `encodings.settled`.
    """
    return settled(path, bytes_of(path)).text


def sheets_of(path: Path) -> Mapping[str, Rows]:
    """Return all sheets of a workbook as text, every row as long as its sheet is wide.

    Raises
    ------
    ResponseError
        No reader can open the workbook.
    """
    content = bytes_of(path)
    readers: list[Callable[[bytes], Mapping[str, Rows]]] = [_by_calamine]
    if path.suffix.lower() != ".xls":
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


def sheet_names_of(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets, () where only the slower reader may open it."""
    from python_calamine import CalamineWorkbook

    try:
        return tuple(CalamineWorkbook.from_filelike(io.BytesIO(bytes_of(path))).sheet_names)
    except BaseException as fault:
        if isinstance(fault, Exception) or type(fault).__name__ == PANIC:
            return ()
        raise


def _by_calamine(content: bytes) -> Mapping[str, Rows]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: [
                [cell_text(value) for value in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except BaseException as fault:
        if type(fault).__name__ != PANIC:
            raise
        raise ValueError(str(fault)) from None


def _by_openpyxl(content: bytes) -> Mapping[str, Rows]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing styles and extensions do not concern the form
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return {
                sheet.title: [
                    [cell_text(value) for value in row]
                    for row in sheet.iter_rows(values_only=True)
                ]
                for sheet in book.worksheets
            }
        finally:
            book.close()


def shown(markup: str) -> str:
    """Return what a reader sees of a wording: no tags, no entities, single blanks."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
