"""Cut the lines of a file in fixed columns into cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.label_encodings import judged
from pipeline.responses.spss_layout import Place

WHOLE = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,3})?")
END_OF_FILE = b"\x1a"
"""DOS programs end a text with it."""
BLANK = "."
"""SPSS writes a number that is missing so."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file, and how a range of columns is cut out of one."""

    lines: tuple[bytes, ...]
    codec: str
    by_bytes: bool

    def cut(self, line: bytes, place: Place) -> str:
        if self.by_bytes:
            return line[place.first - 1 : place.last].decode(self.codec, errors="replace")
        return line.decode(self.codec, errors="replace")[place.first - 1 : place.last]


@dataclass(frozen=True, slots=True)
class Cut:
    """What the lines hold.

    Attributes
    ----------
    columns : variable -> its cells, one per case
    lines : the number of lines in the file
    encoding : of the texts; '' where they are plain ASCII
    """

    columns: Mapping[str, Sequence[str]]
    lines: int
    encoding: str
    notes: tuple[str, ...]


def cut(path: Path, content: bytes, places: Sequence[Place], records: int) -> Cut:
    """Cut the content of a file that has `records` lines per case.

    Raises
    ------
    ResponseError
        If it is empty, or its last case is cut off.
    """
    notes: list[str] = []
    text = _lines(content, notes)
    if not text.lines:
        raise ResponseError(f"{path}: 文件是空的。请重新导出。(the file is empty)")
    if over := len(text.lines) % records:
        raise ResponseError(
            f"{path}: 每份答卷 {records} 行，共 {len(text.lines)} 行，最后多出 {over} 行，"
            "文件不完整或与语法不符。(lines are not a multiple of those per case)"
        )
    notes += _short(text.lines, places, records)
    columns = {place.name: _cells(text, place, records, notes) for place in places}
    encoding = "" if text.codec == "ascii" else text.codec
    return Cut(columns, len(text.lines), encoding, tuple(notes))


def _lines(content: bytes, notes: list[str]) -> _Lines:
    """Return the lines, with the encoding and the way of counting columns that the data show."""
    bare = content.removesuffix(END_OF_FILE).replace(b"\r\n", b"\n").rstrip(b"\n")
    lines = tuple(bare.split(b"\n")) if bare.strip() else ()
    if bare.isascii():
        return _Lines(lines, "ascii", by_bytes=True)
    found = judged(lines)
    codec = found.codec if found else "cp1252"
    characters = {len(line.decode(codec, errors="replace")) for line in lines}
    by_bytes = len(characters) > 1 or len({len(line) for line in lines}) == 1
    unit = "字节" if by_bytes else "字符"
    notes.append(f"数据里有 ASCII 以外的文字，按 {codec} 读、按{unit}数列，请核对。")
    return _Lines(lines, codec, by_bytes)


def _short(lines: Sequence[bytes], places: Sequence[Place], records: int) -> list[str]:
    """Tell which lines end before the last column that is read from them."""
    needed = [
        max((place.first for place in places if place.record == record), default=0)
        for record in range(1, records + 1)
    ]
    short = [
        at
        for at, line in enumerate(lines, start=1)
        if len(line.rstrip(b"\r")) < needed[(at - 1) % records]
    ]
    if not short:
        return []
    shown = "、".join(map(str, short[:SHOWN]))
    return [
        f"{len(short)} 行比语法所说的短（第 {shown} 行等），缺的列按空白读。请核对文件是否完整。"
    ]


def _cells(text: _Lines, place: Place, records: int, notes: list[str]) -> list[str]:
    found = [text.cut(line, place) for line in text.lines[place.record - 1 :: records]]
    if place.is_text:
        return [one.rstrip() for one in found]
    wrong = [
        at
        for at, one in enumerate(found)
        if not NUMBER.fullmatch(one.strip() or "0") and one.strip() != BLANK
    ]
    if wrong:
        shown = "；".join(
            f"第 {at * records + place.record} 行 {found[at].strip()!r}" for at in wrong[:SHOWN]
        )
        notes.append(f"变量 {place.name} 应为数字，有 {len(wrong)} 格不是（{shown}），原样保留。")
    return [_number(one.strip(), place.decimals) for one in found]


def _number(said: str, decimals: int) -> str:
    """Return a number as a cell holds it, without leading zeros; other texts as they are."""
    if not NUMBER.fullmatch(said):
        return "" if said == BLANK else said
    if WHOLE.fullmatch(said) and not decimals:
        return str(int(said)) if len(said) < 4000 else said
    exact = Decimal(said.replace("d", "e").replace("D", "e"))
    if decimals and "." not in said:
        exact = exact.scaleb(-decimals)
    plain = f"{exact.normalize():f}"
    return "0" if plain in ("-0", "") else plain
