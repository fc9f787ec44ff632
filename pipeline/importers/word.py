"""Read a Word questionnaire (.docx) as lines and tables, as they stand on the page.

The numbers that Word itself sets before list paragraphs, and blanks that are underlined white
space, are part of what people see; both are put into the text.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import ResponseError
from pipeline.importers.imported import Imported
from pipeline.importers.written import Line, Piece, Table, imported_from
from pipeline.intake.definitions.contents import bytes_of

LARGEST = 64 * 2**20
"""Bytes of all parts unpacked; a questionnaire has some kilobytes."""
MOST_PIECES = 20_000
MOST_CELLS = 100
_SIGNS = {"br": "\n", "cr": "\n", "tab": "    ", "noBreakHyphen": "-"}
_DIGITS = "零一二三四五六七八九"
Numbering = Mapping[tuple[str, str], tuple[str, str, int]]
"""Number of a list and level -> kind of numbers, text with %1, first number."""


def read(path: Path, survey: str) -> Imported:
    """Import a questionnaire that was written in Word.

    Raises
    ------
    ResponseError, QuestionnaireError
        It is no .docx, damaged, or no question can be told in it.
    """
    pieces, told = pieces_of(path)
    return imported_from(path, survey, pieces, told)


def pieces_of(path: Path) -> tuple[list[Piece], tuple[str, ...]]:
    """Return lines and tables in the order of the document, and what could not be read."""
    content = bytes_of(path)
    _refuse_bombs(path, content)
    try:
        return _read(content)
    except Exception as fault:  # the library fails in every way on damaged parts
        raise ResponseError(
            f"{path}: 不是能读的 Word 文档（.docx，{type(fault).__name__}）。"
            "请用 Word 或 WPS 打开后另存为 .docx。(no readable Word document; save it again)"
        ) from None


def _refuse_bombs(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        raise ResponseError(
            f"{path}: 不是 .docx。旧的 .doc 请用 Word 或 WPS 另存为 .docx。(save it as .docx)"
        ) from None
    if size > LARGEST:
        raise ResponseError(
            f"{path}: 解开后有 {size // 2**20} MB，不像问卷。请核对文件，删去图片后再试。"
            "(too large when unpacked)"
        )


def _read(content: bytes) -> tuple[list[Piece], tuple[str, ...]]:
    from docx import Document

    opened = Document(io.BytesIO(content))
    body = opened.element.body
    numbering = _numbering(opened)
    counts: Counter[tuple[str, str]] = Counter()
    listing = _listing_styles(opened)
    pieces: list[Piece] = []
    for element in _children(body):
        if len(pieces) > MOST_PIECES:
            break
        if _tag(element) == "p":
            text = _listed(element, numbering, listing, counts) + _text(element)
            pieces += [Line(one) for one in text.split("\n") if one.strip()]
        else:
            pieces.append(Table(tuple(_rows(element))))
    found = {_tag(element) for element in body.iter()}
    told = []
    if found & {"ins", "del", "moveFrom", "moveTo"}:
        told.append("文档里有未处理的修订，按全部接受读。")
    if "txbxContent" in found:
        told.append("文本框里的文字没有读。")
    if "drawing" in found or "pict" in found:
        told.append("图片没有带过来。")
    return pieces, tuple(told)


def _children(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables, also those within content controls."""
    for element in parent:
        if _tag(element) in ("p", "tbl"):
            yield element
        elif _tag(element) in ("sdt", "sdtContent"):
            yield from _children(element)


def _rows(table: Any) -> Iterator[tuple[str, ...]]:
    for row in (one for one in table.iter() if _tag(one) == "tr"):
        cells = [one for one in row if _tag(one) == "tc"][:MOST_CELLS]
        yield tuple(
            "\n".join(
                filter(None, (_text(one).strip() for one in cell.iter() if _tag(one) == "p"))
            )
            for cell in cells
        )


def _text(paragraph: Any) -> str:
    text = ""
    for run in paragraph.iter():
        if _tag(run) != "r" or _in_text_box(run):
            continue
        words = "".join(
            (part.text or "") if _tag(part) == "t" else _SIGNS.get(_tag(part), "") for part in run
        )
        # An underlined blank is where the answer is written.
        text += "____" if words and not words.strip() and _underlined(run) else words
    return text


def _in_text_box(run: Any) -> bool:
    return any(_tag(one) == "txbxContent" for one in run.iterancestors())


def _underlined(run: Any) -> bool:
    return any(
        _tag(one) == "u" and not str(next(iter(one.values()), "")).startswith("none")
        for one in run.iter()
    )


def _numbering(opened: Any) -> Numbering:
    """Return how the lists of a document are numbered."""
    try:
        root = opened.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    levels: dict[tuple[str, str], tuple[str, str, int]] = {}
    for kind in (one for one in root if _tag(one) == "abstractNum"):
        for level in (one for one in kind if _tag(one) == "lvl"):
            held = {_tag(one): _value(one) for one in level}
            start = held.get("start", "1")
            first = int(start) if start.isdecimal() else 1
            key = (_attribute(kind, "abstractNumId"), _attribute(level, "ilvl"))
            levels[key] = (held.get("numFmt", ""), held.get("lvlText", ""), first)
    made: dict[tuple[str, str], tuple[str, str, int]] = {}
    for used in (one for one in root if _tag(one) == "num"):
        kind = next((_value(one) for one in used if _tag(one) == "abstractNumId"), "")
        number = _attribute(used, "numId")
        made |= {(number, at): said for (named, at), said in levels.items() if named == kind}
    return made


def _listing_styles(opened: Any) -> Mapping[str, Any]:
    """Return style -> its numbering, of the styles that number their paragraphs."""
    held = {one.style_id: one.element.find("./{*}pPr/{*}numPr") for one in opened.styles}
    return {style: found for style, found in held.items() if found is not None}


def _listed(
    paragraph: Any, numbering: Numbering, listing: Mapping[str, Any],
    counts: Counter[tuple[str, str]],
) -> str:  # fmt: skip
    """Return the number that Word shows before a paragraph; '' of most."""
    about = paragraph.pPr
    if about is None:
        return ""
    style = about.pStyle.val if about.pStyle is not None else ""
    held = about.numPr if about.numPr is not None else listing.get(style)
    if held is None:
        return ""
    parts = {_tag(one): _value(one) for one in held}
    level = parts.get("ilvl", "0")
    key = (parts.get("numId", ""), level)
    if key not in numbering:
        return ""
    for deeper in [one for one in counts if one[0] == key[0] and one[1] > level]:
        del counts[deeper]
    kind, pattern, first = numbering[key]
    number = first + counts[key]
    counts[key] += 1
    if kind == "bullet":
        return "□ "
    shown = {
        "upperLetter": chr(ord("A") + (number - 1) % 26),
        "lowerLetter": chr(ord("A") + (number - 1) % 26),
        "chineseCounting": _chinese(number), "chineseCountingThousand": _chinese(number),
        "japaneseCounting": _chinese(number), "ideographDigital": _chinese(number),
    }.get(kind, str(number))  # fmt: skip
    marked = pattern.replace(f"%{int(level) + 1}", shown) if pattern else f"{shown}."
    return f"{marked} "


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens % 10]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _value(element: Any) -> str:
    return _attribute(element, "val")


def _attribute(element: Any, name: str) -> str:
    return next(
        (str(held) for key, held in element.attrib.items() if key.rpartition("}")[2] == name), ""
    )


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
