"""Which variable an SPSS system file declares as the weight of its cases (WEIGHT BY).

The library that reads the file does not tell it. Layout of the records: PSPP developers' guide,
"System File Format".
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADER = 176
LAYOUT, WEIGHT = 64, 76
VARIABLE, VALUE_LABELS, VALUE_LABEL_VARIABLES, DOCUMENTS, EXTENSION = 2, 3, 4, 6, 7
LONG_NAMES = 13
CONTINUED = -1
"""The type of a record that only holds a further 8 bytes of the text variable before it."""


@dataclass(slots=True)
class _Reader:
    """A place in the file that moves on."""

    content: bytes
    order: str
    at: int = HEADER

    def numbers(self, count: int) -> tuple[int, ...]:
        found = struct.unpack_from(f"{self.order}{count}i", self.content, self.at)
        self.at += 4 * count
        return found

    def text(self, length: int) -> bytes:
        found = self.content[self.at : self.at + length]
        if len(found) != length or length < 0:
            raise ValueError("the file ends within a text")
        self.at += length
        return found


def case_weight(content: bytes, names: Sequence[str], encoding: str) -> str:
    """Return the weight variable's name among `names`; '' if there is none, or it is not told."""
    order = "<" if content[LAYOUT : LAYOUT + 4] in (b"\2\0\0\0", b"\3\0\0\0") else ">"
    try:
        (place,) = struct.unpack_from(f"{order}i", content, WEIGHT)
        if place <= 0:
            return ""
        short, renamed = _names(_Reader(content, order), place)
        wanted = renamed.get(short.upper(), short).decode(encoding or "ascii").casefold()
    except (struct.error, ValueError, LookupError):  # a damaged header tells no weight
        return ""
    return next((name for name in names if name.casefold() == wanted), "")


def _names(reader: _Reader, place: int) -> tuple[bytes, dict[bytes, bytes]]:
    """Return the short name of the variable at a place, and the long names of the short ones."""
    short, seen = b"", 0
    renamed: dict[bytes, bytes] = {}
    while reader.at + 4 <= len(reader.content):
        (record,) = reader.numbers(1)
        if record == VARIABLE:
            seen += 1
            name = _variable(reader)
            short = name if seen == place else short
        elif record == VALUE_LABELS:
            (count,) = reader.numbers(1)
            for _ in range(count):
                reader.text(8)
                length = reader.text(1)[0]
                reader.text((length + 8) // 8 * 8 - 1)
        elif record == VALUE_LABEL_VARIABLES:
            reader.numbers(reader.numbers(1)[0])
        elif record == DOCUMENTS:
            reader.text(80 * reader.numbers(1)[0])
        elif record == EXTENSION:
            kind, size, count = reader.numbers(3)
            data = reader.text(size * count)
            if kind == LONG_NAMES:
                renamed = dict(_pairs(data))
        else:
            break
    return short, renamed


def _variable(reader: _Reader) -> bytes:
    """Read one record of a variable, and return its short name; '' of a continued one."""
    width, labelled, missing, _, _ = reader.numbers(5)
    name = reader.text(8).rstrip()
    if labelled:
        reader.text((reader.numbers(1)[0] + 3) // 4 * 4)
    reader.text(8 * abs(missing))
    return b"" if width == CONTINUED else name


def _pairs(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for pair in data.split(b"\t"):
        short, _, long = pair.partition(b"=")
        yield short.upper(), long
