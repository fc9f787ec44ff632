"""Read an SPSS portable file (.por), whose declared missing codes the library would erase.

Source of the layout: PSPP developers' guide, "Portable File Format". The file is text in lines of
80 characters. A header of 456 characters ends with the table of the characters that the writer
had; then records, each opened by one character, hold numbers (``number/``) and texts
(``length/characters``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.grid import content_of
from pipeline.responses.label_encodings import judged
from pipeline.responses.labelled import table_of
from pipeline.responses.portable_numbers import number
from pipeline.responses.readstat import Delivered, Value
from pipeline.responses.spss import clock_of
from pipeline.responses.table import RawTable

LINE = 80
CHARACTERS_AT, SIGNATURE_AT = 200, 456
SIGNATURE = b"SPSSPORT"
ZERO = 64
CHARACTERS = {
    **{ZERO + at: one for at, one in enumerate(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
    **{100 + at: one for at, one in enumerate(b"abcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/")},
    **{144 + at: one for at, one in enumerate(b",%_>?`:#@'=\"")},
    162: ord("~"), 184: ord("{"), 185: ord("}"), 186: ord("\\"),
}  # fmt: skip
"""Place in the table of characters -> ASCII; the places left out are not in ASCII."""

FORMATS = {
    1: "A", 3: "COMMA", 4: "DOLLAR", 5: "F", 16: "N", 17: "E", 20: "DATE", 21: "TIME",
    22: "DATETIME", 23: "ADATE", 24: "JDATE", 25: "DTIME", 26: "WKDAY", 27: "MONTH", 28: "MOYR",
    29: "QYR", 30: "WKYR", 31: "PCT", 32: "DOT", 38: "EDATE", 39: "SDATE",
}  # fmt: skip
UNTOLD = "WINDOWS-1252"
"""As the programs of the time when the format was in use wrote."""
LOWEST, HIGHEST = float("-inf"), float("inf")
SYSTEM_MISSING = "*"
END = "Z"
DIGITS = re.compile(r"[^/*]*/| *\*.")


@dataclass(slots=True)
class _Variable:
    """One variable, as its records say."""

    width: int
    label: str = ""
    format: str = ""
    values: dict[Value, str] = field(default_factory=dict)
    missing: list[tuple[Value, Value]] = field(default_factory=list)


class _Damaged(Exception):  # noqa: N818  (it says what the file is, and is always caught)
    """The records do not follow each other as they must."""


def read_por(path: Path) -> RawTable:
    """Read the cases of a .por: declared missing codes stay, and the dictionary tells them.

    Raises
    ------
    ResponseError
        If it is no portable file, or is damaged or cut off: what stands at which character.
    """
    text, encoding, notes = _text(path)
    reader = _Reader(text)
    try:
        found = _File(reader)
    except _Damaged as fault:
        near = text[reader.at : reader.at + 40]
        raise ResponseError(
            f"{path}: 第 {reader.at // LINE + 1} 行附近读不下去（{fault}；后面是 {near!r}）。"
            "文件可能已损坏或不完整。请重新下载，或在 SPSS 中打开后另存为 .sav。"
            "(damaged or cut off; download it again or save it as .sav)"
        ) from None
    return table_of(path, found.delivered(encoding), clock_of, notes, found.weight)


def _text(path: Path) -> tuple[str, str, tuple[str, ...]]:
    """Return the characters without line ends, one per byte, the encoding of the texts, and notes.

    Lines whose trailing spaces were lost on the way are filled up again.
    """
    content = content_of(path)
    lines = content.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    flat = b"".join(line.ljust(LINE) for line in lines) if len(lines) > 1 else content
    table = flat[CHARACTERS_AT:SIGNATURE_AT]
    if len(table) == SIGNATURE_AT - CHARACTERS_AT:
        ours = bytearray(range(256))
        for place, meant in CHARACTERS.items():
            if place == ZERO or table[place] != table[ZERO]:
                ours[table[place]] = meant
        flat = flat.translate(bytes(ours))
    if flat[SIGNATURE_AT : SIGNATURE_AT + len(SIGNATURE)] != SIGNATURE:
        raise ResponseError(
            f"{path}: 不是 SPSS 的 .por 文件（第 6 行没有 SPSSPORT）。请核对文件，或重新导出。"
            "(not an SPSS portable file)"
        )
    body = flat[SIGNATURE_AT:]
    if body.isascii():
        return flat.decode("latin-1"), "", ()
    evidence = judged([body])
    encoding = evidence.name if evidence else UNTOLD
    note = f"文件不写明编码，里面有 ASCII 以外的文字：按 {encoding} 读，请核对标签。"
    return flat.decode("latin-1"), encoding, (note,)


class _Reader:
    """A place in the characters that moves on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = SIGNATURE_AT + len(SIGNATURE)

    def one(self) -> str:
        if self.at >= len(self.text):
            raise _Damaged("文件在这里中断 the file ends here")
        self.at += 1
        return self.text[self.at - 1]

    def value(self) -> float | None:
        """Read a number; None if it is system-missing."""
        found = DIGITS.match(self.text, self.at)
        if found is None:
            raise _Damaged("应为数字 a number is due")
        if SYSTEM_MISSING in found[0]:
            self.at = found.end()
            return None
        try:
            read = number(found[0][:-1])
        except ValueError:
            raise _Damaged(f"{found[0][:20]!r} 不是数字 not a number") from None
        self.at = found.end()
        return read

    def whole(self) -> int:
        read = self.value()
        if read is None or not read.is_integer():
            raise _Damaged("应为整数 a whole number is due")
        return int(read)

    def words(self) -> str:
        length = self.whole()
        if length < 0 or self.at + length > len(self.text):
            raise _Damaged(f"文字的长度 {length} 超出文件 a text longer than the file")
        self.at += length
        return self.text[self.at - length : self.at]

    def of(self, variable: _Variable) -> Value:
        """Read a value of a variable: a text without its trailing spaces, or a number."""
        return self.words().rstrip() if variable.width else self.value()


class _File:
    """The records of a file, read in their order."""

    def __init__(self, reader: _Reader) -> None:
        self.variables: dict[str, _Variable] = {}
        self.weight = ""
        self.cases: list[list[Value]] = []
        self._reader = reader
        self._declared: int | None = None
        self._last = _Variable(0)
        self._read()

    def _read(self) -> None:
        reader = self._reader
        if (version := reader.one()) != "A":
            raise _Damaged(f"版本 {version!r} 不是 A the version is not A")
        reader.words()  # the date and the time of writing
        reader.words()
        while (tag := reader.one()) != "F":
            self._record(tag)
        if not self.variables or self._declared not in (None, len(self.variables)):
            raise _Damaged(
                f"声明有 {self._declared} 个变量，读到 {len(self.variables)} 个 variables lack"
            )
        self.cases.extend(self._cases())

    def _record(self, tag: str) -> None:
        """Read one record of the dictionary."""
        reader, last = self._reader, self._last
        match tag:
            case "1" | "2" | "3":  # the product, its owner, and more of it
                reader.words()
            case "4":
                self._declared = reader.whole()
            case "5":  # digits of precision
                reader.whole()
            case "6":
                self.weight = reader.words().strip()
            case "7":
                self._variable()
            case "8":
                code = reader.of(last)
                last.missing.append((code, code))
            case "9":
                last.missing.append((LOWEST, reader.of(last)))
            case "A":
                last.missing.append((reader.of(last), HIGHEST))
            case "B":
                low = reader.of(last)
                last.missing.append((low, reader.of(last)))
            case "C":
                last.label = reader.words().strip()
            case "D":
                self._value_labels()
            case "E":
                for _ in range(reader.whole()):
                    reader.words()
            case _:
                raise _Damaged(f"没有 {tag!r} 这种记录 no such record")

    def _variable(self) -> None:
        reader = self._reader
        width, name = reader.whole(), reader.words().strip()
        kind, length, decimals, *_ = [reader.whole() for _ in range(6)]
        if not name or name in self.variables or width < 0:
            raise _Damaged(f"变量名 {name!r} 是空的或重复 a name is empty or repeats")
        point = f".{decimals}" if decimals else ""
        display = f"{FORMATS.get(kind, '')}{length}{point}" if kind in FORMATS else ""
        self._last = self.variables[name] = _Variable(width, format=display)

    def _value_labels(self) -> None:
        reader = self._reader
        names = [reader.words().strip() for _ in range(reader.whole())]
        if not names or any(name not in self.variables for name in names):
            raise _Damaged(f"值标签属于没有的变量 {names[:3]} labels of no variable")
        for _ in range(reader.whole()):
            code = reader.of(self.variables[names[0]])
            label = reader.words().strip()
            for name in names:
                self.variables[name].values[code] = label

    def _cases(self) -> Iterator[list[Value]]:
        reader, variables = self._reader, list(self.variables.values())
        while reader.text[reader.at : reader.at + 1] != END:
            yield [reader.of(variable) for variable in variables]

    def delivered(self, encoding: str) -> Delivered:
        """Return what was read, its texts decoded."""

        def said(text: str) -> str:
            return text.encode("latin-1").decode(encoding or "latin-1", errors="replace")

        def value(one: Value) -> Value:
            return said(one) if isinstance(one, str) else one

        of = {said(name): variable for name, variable in self.variables.items()}
        self.weight = said(self.weight)
        return Delivered(
            columns={name: [value(case[at]) for case in self.cases] for at, name in enumerate(of)},
            labels={name: said(one.label) for name, one in of.items() if one.label},
            values={
                name: {value(code): said(label) for code, label in one.values.items()}
                for name, one in of.items()
                if one.values
            },
            missing={
                name: [(value(low), value(high)) for low, high in one.missing]
                for name, one in of.items()
            },
            formats={name: one.format for name, one in of.items()},
            storage={name: "string" if one.width else "double" for name, one in of.items()},
            encoding=encoding,
        )
