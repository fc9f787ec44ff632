"""Read a Word document as its paragraphs and tables, in the order in which they stand.

Only the body counts: page headers, footers, footnotes and comments are left out. What cannot be
read for certain (changes not yet accepted, text boxes, a file that is no Word document) is said.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Fault, SurveyError, gathered

_SIGNS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
_CHANGES = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `number` counts from 1 over the document's own paragraphs, empty ones too.

    `lines` are parted by line breaks within the paragraph, and without white space at their ends.
    """

    number: int
    lines: tuple[str, ...]
    heading: bool

    @property
    def text(self) -> str:
        """The paragraph in one line."""
        return "".join(self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `number` counts from 1. A cell that reaches over several columns occurs once."""

    number: int
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


def read_docx(path: Path) -> tuple[Block, ...]:
    """Read a Word document; headings are known by their style (Title, Subtitle, Heading 1...).

    Raises
    ------
    SurveyError
        Not a Word document; changes that are not yet accepted; text boxes.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        opened = Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        raise SurveyError(
            f"{path}: 不是能读的 Word 文档（.docx）。请用 Word 或 WPS 另存为 .docx。"
            "(no Word document; save it as .docx)"
        ) from None
    body = opened.element.body
    if faults := list(_faults(body)):
        raise SurveyError(gathered(path, faults))
    headings = {
        style.style_id
        for style in opened.styles
        if (style.name or "").startswith(("Title", "Subtitle", "Heading"))
    }
    return tuple(_blocks(body, headings))


def _faults(body: Any) -> Iterator[Fault]:
    found = {_tag(element) for element in body.iter()}
    if found.intersection(_CHANGES):
        yield Fault(
            "修订 (changes)", "有未处理的修订。", "请全部接受或拒绝后保存。(accept or reject them)"
        )
    if "txbxContent" in found:
        yield Fault(
            "文本框 (text box)", "文本框里的文字读不到。", "请移到正文。(move it to the body)"
        )


def _blocks(body: Any, headings: set[str]) -> Iterator[Block]:
    paragraphs = tables = 0
    for element in _children(body):
        if _tag(element) == "p":
            paragraphs += 1
            style = element.pPr.pStyle if element.pPr is not None else None
            heading = style is not None and style.val in headings
            yield Paragraph(paragraphs, _lines(element), heading)
        else:
            tables += 1
            rows = [row for row in element.iter() if _tag(row) == "tr"]
            yield Table(tables, tuple(tuple(_cells(row)) for row in rows))


def _children(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables, also those within content controls."""
    for element in parent:
        if _tag(element) in ("p", "tbl"):
            yield element
        elif _tag(element) in ("sdt", "sdtContent"):
            yield from _children(element)


def _cells(row: Any) -> Iterator[str]:
    for cell in (one for one in row.iter() if _tag(one) == "tc"):
        paragraphs = [one for one in cell.iter() if _tag(one) == "p"]
        yield "".join("".join(_lines(one)) for one in paragraphs)


def _lines(paragraph: Any) -> tuple[str, ...]:
    text = ""
    for element in paragraph.iter():
        if _tag(element.getparent()) == "r":  # or the tab stops of the style would count as tabs
            text += (element.text or "") if _tag(element) == "t" else _SIGNS.get(_tag(element), "")
    return tuple(line for part in text.split("\n") if (line := part.strip()))


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
