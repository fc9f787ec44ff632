"""The contents of definition files before anyone knows what they mean: text, sheets, wording."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.encodings import settled
from pipeline.responses.grid import content_of
from pipeline.responses.sheet_cells import texts_of
from pipeline.responses.workbook import COMPOUND, ZIPPED, open_workbook

Rows = list[list[str]]

LARGEST = 64 * 2**20
"""Bytes; a definition is written by hand and never comes near it."""
LONGEST = 20_000
"""Characters of a wording that are read; none that is meant for people is longer."""
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
    """Return all sheets of a workbook as text, from the first row and column on.

    Raises
    ------
    ResponseError
        It is no workbook, or no reader can open it.
    """
    content = bytes_of(path)
    if not content.startswith((ZIPPED, COMPOUND)):
        raise ResponseError(
            f"{path}: 不是 Excel 工作簿。请用 WPS/Excel 打开后另存为 .xlsx。(not a workbook)"
        )
    return {sheet.name: texts_of(sheet.rows).rows for sheet in open_workbook(path, content).sheets}


def names_sheet(path: Path, name: str) -> bool:
    """Tell whether a workbook names a sheet, without opening it; a damaged one takes seconds."""
    content = bytes_of(path)
    if content.startswith(COMPOUND):
        return name.encode() in content.lower() or name.encode("utf-16-le") in content.lower()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            index = archive.read("xl/workbook.xml")
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        return False
    return f'name="{name}"'.encode() in index.lower()


def names_word(path: Path, words: Sequence[str]) -> bool:
    """Tell whether a workbook can hold one of some words; an .xlsx, being packed, always can."""
    content = bytes_of(path)
    if not content.startswith(COMPOUND):
        return True
    written = (code for word in words for code in (word.encode("utf-16-le"), word.encode()))
    return any(code in content for code in written)


def shown(markup: str) -> str:
    """Return what a reader sees of a wording: no tags, no entities, single blanks."""
    return " ".join(html.unescape(_TAG.sub(" ", markup[:LONGEST])).split())
