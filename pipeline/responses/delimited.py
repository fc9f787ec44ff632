"""Read a text file of cells: a comma, semicolon, tab or bar between them, quotes as RFC 4180."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path

from pipeline.errors import Fault, ResponseError
from pipeline.responses.dictionary import Dictionary
from pipeline.responses.encodings import Decoded, settled
from pipeline.responses.grid import (
    check_size,
    content_of,
    filled_width,
    fitted,
    refused,
    sha256,
    table_of,
    without_footers,
)
from pipeline.responses.table import RawTable

SEPARATORS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
SEEN = 200
"""How many rows, and at most how many characters of each, tell the separator."""
DECLARES_SEPARATOR = "sep="
"""Excel's first line that names the separator."""
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
CLOSED = "\x00closed"
"""A line put after the last one; it is a row of its own only if every quote was closed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that hold anything: line of the file as an editor shows it -> cells.

    Attributes
    ----------
    notes : what was tolerated
    """

    cells: dict[int, list[str]]
    notes: tuple[str, ...] = ()


def read_csv(path: Path, *, encoding: str | None = None) -> RawTable:
    """Read a file of separated cells as text; lines without any content are left out.

    The first line with content is the header, of which cells may be empty or alike. The index is
    the line on which a row begins. What is not plain UTF-8 with commas, and rows that are shorter
    than the header, are told in `dictionary.notes`.

    Raises
    ------
    ResponseError
        As `encodings.settled`; if the file is empty, is a workbook, has an open quote, or has rows
        with more than blanks beyond the header.
    """
    content = content_of(path)
    if content.startswith(WORKBOOKS):
        raise ResponseError(
            f"{path}: 这是 Excel 工作簿，不是文本。请把扩展名改成 .xlsx 或 .xls。"
            "(a workbook; rename it to .xlsx or .xls)"
        )
    return separated(path, content, settled(path, content, encoding))


def separated(path: Path, content: bytes, decoded: Decoded) -> RawTable:
    """Return the table that the decoded content of a file holds.

    Raises
    ------
    ResponseError
        As `read_csv`, apart from the encoding.
    """
    text = decoded.text
    named = _named_separator(text)
    separator = named or _separator(text)
    rows = _rows(path, text, separator)
    if named:
        rows.cells.pop(1, None)
    if not rows.cells:
        raise ResponseError(
            f"{path}: 文件是空的。请重新导出。(the file is empty; export it again)"
        )
    first, *_ = rows.cells
    header = rows.cells.pop(first)
    body, below = without_footers(rows.cells, len(header))
    width = _width(header, body)
    check_size(path, len(body), width)
    if faults := [*_too_long(body, width), *_broken_in_two(body, width)]:
        raise refused(path, faults)
    fitting = {line: fitted(row, width) for line, row in body.items()}
    notes = [
        decoded.reason,
        _on_separator(path, separator, named),
        *rows.notes,
        _on_short(body, width, text),
        *below,
    ]
    return RawTable(
        path,
        sha256(content),
        table_of(fitted(header, width), fitting),
        dictionary=Dictionary(encoding=decoded.encoding, notes=tuple(filter(None, notes))),
    )


def _named_separator(text: str) -> str:
    head = text[:10].split("\n", 1)[0].rstrip("\r").strip('"')
    if head.lower().startswith(DECLARES_SEPARATOR) and len(head) == len(DECLARES_SEPARATOR) + 1:
        return head[-1]
    return ""


def _separator(text: str) -> str:
    """Return the separator that splits the first rows as it splits the header.

    Two that do so equally well: the one that gives more columns, then the order of `SEPARATORS`.
    """
    measured = {separator: _agreement(text, separator) for separator in SEPARATORS}
    best = max(measured, key=lambda separator: measured[separator])
    return best if measured[best] > (0.0, 0) else ","


def _agreement(text: str, separator: str) -> tuple[float, int]:
    """Return the share of the first rows as wide as the header, in tenths, and the width."""
    try:
        seen = islice(_parsed(text[: SEEN * 5000], separator), SEEN * 50)
        rows = list(islice(filter(None, seen), SEEN + 1))
    except csv.Error:
        return 0.0, 0
    filled = [row for row in rows if any(map(str.strip, row))]
    if not filled or (width := len(filled[0])) < 2:
        return 0.0, 0
    alike = sum(len(row) == width for row in filled) / len(filled)
    return (round(alike, 1), width) if alike >= 0.2 else (0.0, 0)


def _parsed(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _rows(path: Path, text: str, separator: str) -> Rows:
    """Return the rows, strictly quoted if they are; else as far as their meaning is clear."""
    try:
        return Rows(_numbered(text, separator, strict=True))
    except csv.Error as fault:
        reason = str(fault)
    try:
        rows = _numbered(text, separator, strict=False)
    except csv.Error as fault:
        return _unquoted(path, text, separator, str(fault))
    if CLOSED not in rows.pop(max(rows)):
        return _unquoted(path, text, separator, reason)
    width = len(next(iter(rows.values()), []))
    if any(len(row) != width for row in rows.values()):
        return _unquoted(path, text, separator, reason)
    return Rows(rows, ("有的格里引号后面还有字，不合 CSV 的规则；各行格数都对，按能读的读。",))


def _numbered(text: str, separator: str, *, strict: bool) -> dict[int, list[str]]:
    """Return line -> cells of the rows with content; not strict, the last one tells `CLOSED`."""
    lines = io.StringIO(text, newline="")
    if strict:
        reader = csv.reader(lines, delimiter=separator, strict=True)
    else:
        end = "" if text.endswith(("\n", "\r")) or not text else "\n"
        reader = csv.reader(chain(lines, [end] * bool(end), [CLOSED]), delimiter=separator)
    rows: dict[int, list[str]] = {}
    line = 1
    for row in reader:
        if any(map(str.strip, row)):
            rows[line] = row
        line = reader.line_num + 1
    return rows


def _unquoted(path: Path, text: str, separator: str, reason: str) -> Rows:
    """Return the rows with quotes read as letters, if every row is then as wide as the header."""
    lines = text.splitlines() if len(text) < 100 else io.StringIO(text, newline=None)
    rows = {
        number: row
        for number, line in enumerate(lines, start=1)
        if any(map(str.strip, row := line.rstrip("\r\n").split(separator)))
    }
    width = len(next(iter(rows.values()), []))
    if width > 1 and all(len(row) == width for row in rows.values()):
        return Rows(rows, ("引号不成对；不看引号，各行格数都对，所以把引号当作普通的字。",))
    place = _open_quote(text, separator)
    raise ResponseError(
        f"{path}: 第 {place} 行起引号不成对（{reason}）。请检查这一行的引号，或重新导出。"
        f"(line {place}: a quote is not closed)"
    )


def _open_quote(text: str, separator: str) -> int:
    """Return the line of the row at which strict reading stops."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error:
        pass
    return line


def _width(header: Sequence[str], body: dict[int, list[str]]) -> int:
    """Return the width of the header, without columns at the end that are blank throughout."""
    return min(len(header), filled_width(header, body))


def _too_long(body: dict[int, list[str]], width: int) -> list[Fault]:
    return [
        Fault(
            _place(line),
            f"有 {len(row)} 格，表头有 {width} 格。",
            "请检查引号和分隔符，或重新导出。(row longer than the header)",
        )
        for line, row in body.items()
        if len(row) > width and any(map(str.strip, row[width:]))
    ]


def _broken_in_two(body: dict[int, list[str]], width: int) -> list[Fault]:
    """Return a fault for each pair of rows that a line break inside a cell seems to have made."""
    short = [(line, len(row)) for line, row in body.items() if len(row) < width]
    return [
        Fault(
            _place(line),
            f"只有 {cells} 格，下一行（第 {following} 行）有 {others} 格，表头有 {width} 格："
            "像是格里的换行把一行断成了两行。",
            "请给这一格加上引号，或重新导出。(a line break inside a cell)",
        )
        for (line, cells), (following, others) in pairwise(short)
        if following == line + 1 and cells + others == width + 1
    ]


def _on_separator(path: Path, separator: str, named: str) -> str:
    expected = "\t" if path.suffix.lower() in {".tsv", ".tab", ".txt"} else ","
    if named or separator == expected:
        return ""
    return f"各格之间是{SEPARATORS.get(separator, separator)}：这样分，各行格数与表头最一致。"


def _on_short(body: dict[int, list[str]], width: int, text: str) -> str:
    """Return what is to be said of rows that end before the header does."""
    short = [line for line, row in body.items() if len(row) < width]
    if not short:
        return ""
    shown = "、".join(map(str, short[:5])) + ("等" if len(short) > 5 else "")
    note = f"{len(short)} 行比表头短（第 {shown} 行），缺的格按空读。"
    if short[-1] == max(body) and not text.endswith(("\n", "\r")):
        note += f"最后一行（第 {short[-1]} 行）没有写完，文件可能没有传完整。"
    return note


def _place(line: int) -> str:
    return f"第 {line} 行 (line {line})"
