"""Decode a text file by evidence: what it says of itself, then which reading gives real text.

A byte order mark or valid UTF-8 settles it. Otherwise every known encoding is weighed by how
likely the text is that it gives (`likely_text`); no encoding is taken because it gives no error,
since Mac Roman, windows-1252 and GB18030 read each other's files without one.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pipeline.errors import Fault, ResponseError
from pipeline.responses.grid import refused
from pipeline.responses.likely_text import DAMAGED, MODELS, UTF_8, Model

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SUPERSETS = {
    "gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950", "shift_jis": "cp932",
    "utf-8": "utf-8-sig",
}  # fmt: skip
"""Files named by the narrower encoding hold characters of the wider one."""
MARGIN = 6.5
"""The first reading must be e^6.5 = 665 times as likely as the second."""
BETWEEN_PIECES = re.compile(rb'[\r\n,;\t"]+')
"""No encoding here has these as the second byte of a character."""
EVIDENCE = 100_000
"""Bytes of distinct pieces that are weighed; a piece counts with its first 2,000."""
CONTROLS = tuple(bytes([one]) for one in range(32) if one not in b"\t\n\r\x0c\x1a\x1b")
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Sample:
    """How some lines look in one encoding."""

    encoding: str
    lines: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        shown = "；".join(f"第 {number} 行 “{text}”" for number, text in self.lines)
        return f"{self.encoding}: {shown}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes
    ----------
    encoding : as people call it (``UTF-8``, ``GB18030``)
    reason : a Chinese sentence that tells the evidence; '' where it is plain UTF-8 or ASCII
    doubt : the same lines in each encoding that may be right; () where the evidence is clear
    """

    text: str
    encoding: str
    reason: str = ""
    doubt: tuple[Sample, ...] = ()


def looks_binary(content: bytes) -> bool:
    """Tell whether a file holds so many control bytes that it is no text of any encoding."""
    head = content[: 1 << 16]
    if head.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)) or _zeros_of_utf_16(head):
        return False
    return sum(head.count(one) for one in CONTROLS) * 50 > len(head)


def settled(path: Path, content: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of a file whose encoding is named or clear.

    Raises
    ------
    ResponseError
        As `decoded`; or two encodings are both plausible and none is named.
    """
    if encoding is None and looks_binary(content):
        raise ResponseError(
            f"{path}: 这不是文本文件（有许多控制字节）。请检查是不是拿错了文件，或重新导出。"
            "(not a text file; export it again)"
        )
    text = decoded(path, content, encoding)
    if not text.doubt:
        return text
    samples = "\n".join(f"  {sample}" for sample in text.doubt)
    raise ResponseError(
        f"{path}: 看不出是哪种编码。同样几行按不同编码读是：\n{samples}\n"
        f"请看哪一种对，用 --encoding {path.name}=编码 说明"
        f"（例如 --encoding {path.name}={text.doubt[0].encoding}；source.yaml 会记下）。"
        "(the encoding is in doubt; name the right one)"
    )


def decoded(path: Path, content: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of a file, with the doubt if its encoding is not clear.

    Parameters
    ----------
    encoding : named by a person, any that Python knows; it is not questioned

    Raises
    ------
    ResponseError
        The encoding is unknown; lines that are not in the encoding of the others; NUL bytes.
    """
    if encoding is not None:
        found = _as_named(path, content, encoding)
    else:
        found = _by_signs(path, content) or _by_evidence(path, content)
    text = found.text.removeprefix("\ufeff").rstrip("\x1a")
    if empty := [number for number, line in _lines(text) if "\x00" in line]:
        remedy = "请重新导出，或检查文件是否传完整。(NUL bytes; export it again)"
        raise refused(
            path, [Fault(_place(at), "有空字节（NUL），不是文本。", remedy) for at in empty]
        )
    return Decoded(text, found.encoding, found.reason, found.doubt)


def _as_named(path: Path, content: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding.strip()).name
        codec = SUPERSETS.get(name, name)
        text = content.decode(codec)
    except UnicodeDecodeError:
        if codec == "cp950":  # Hong Kong's characters are in another superset of Big5
            return _as_named(path, content, "big5hkscs")
        raise _undecodable(path, content, codec, encoding) from None
    except (LookupError, ValueError, TypeError):
        raise ResponseError(
            f"{path}: 没有“{encoding}”这种编码。可用的如 UTF-8、GB18030、Big5、UTF-16、"
            "windows-1252。(unknown encoding)"
        ) from None
    return Decoded(text, encoding, f"按 {encoding} 读：编码是指定的。")


def _by_signs(path: Path, content: bytes) -> Decoded | None:
    """Return the text of a file that tells its encoding by a mark, or that is valid UTF-8."""
    for mark, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            reason = "" if codec == "utf-8" else f"按 {codec.upper()} 读：文件以字节顺序标记开头。"
            return Decoded(_strict(path, content, codec), codec.upper(), reason)
    if codec := _zeros_of_utf_16(content):
        reason = f"按 {codec.upper()} 读：没有字节顺序标记，每两个字节里常有一个是零。"
        return Decoded(_strict(path, content, codec), codec.upper(), reason)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    lost = [str(number) for number, line in _lines(text) if DAMAGED in line][:5]
    reason = (
        f"第 {'、'.join(lost)} 行有“{DAMAGED}”：导出之前已有文字损坏，无法还原。" if lost else ""
    )
    return Decoded(text, "UTF-8", reason)


def _zeros_of_utf_16(content: bytes) -> str:
    """Return the codec of UTF-16 without a mark, '' if the zero bytes do not lie as in it."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    enough = max(2, len(content) // 100)
    if max(even, odd) < enough or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(path: Path, content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise _undecodable(path, content, codec, codec.upper()) from None


def _by_evidence(path: Path, content: bytes) -> Decoded:
    """Return the text in the encoding that makes it likeliest.

    Every distinct piece between separators counts once, however often it occurs.
    """
    beyond = (piece for piece in BETWEEN_PIECES.split(content) if not piece.isascii())
    distinct = list(dict.fromkeys(beyond))
    pieces = _enough(distinct)
    together = b"\n".join(piece[:2000] for piece in pieces)
    weighed = sorted((_weight(model, together), -at) for at, model in enumerate(MODELS))
    first, second = (MODELS[-at] for _, at in weighed[:-3:-1])
    if strangers := _unlike(distinct, first):
        raise _mixed(path, content, strangers, first)
    codec = _complete(content, first.codec)
    if codec is None:
        raise _undecodable(path, content, first.codec, first.title)
    clear = weighed[-1][0] - weighed[-2][0] >= MARGIN and _plausible(first, together)
    doubt = () if clear else (_sample(content, pieces, first), _sample(content, pieces, second))
    line, words = _sample(content, pieces[:1], first).lines[0]
    other = _sample(content, pieces[:1], second)
    reason = (
        f"按 {first.title} 读：不是 UTF-8，这样读出的是常用的字，如第 {line} 行 “{words}”"
        f"（按 {second.title} 读是 “{other.lines[0][1]}”）；若不对，"
        f"请用 --encoding {path.name}=编码 说明。"
    )
    return Decoded(content.decode(codec), first.title, reason, doubt)


def _enough(distinct: Sequence[bytes]) -> list[bytes]:
    """Return the first pieces, as many as are weighed."""
    sizes = accumulate(min(len(piece), 2000) for piece in distinct)
    return [piece for piece, size in zip(distinct, sizes, strict=True) if size <= EVIDENCE + 2000]


def _weight(model: Model, together: bytes) -> float:
    return model.chance(together.decode(model.codec, "replace")) + model.before


def _plausible(model: Model, together: bytes) -> bool:
    text = together.decode(model.codec, "replace")
    beyond_ascii = sum(one > "\x7f" for one in text)
    return model.chance(text) >= model.least * beyond_ascii


def _complete(content: bytes, codec: str) -> str | None:
    """Return the codec that decodes the whole file, None if none does."""
    for name in (codec, "big5hkscs") if codec == "cp950" else (codec,):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _unlike(pieces: Sequence[bytes], model: Model) -> list[bytes]:
    """Return the pieces that are far likelier to be UTF-8 than in the encoding of the others."""
    if model is UTF_8:
        return []
    found = []
    for piece in pieces:
        try:
            text = piece.decode("utf-8")[:600]
        except UnicodeDecodeError:
            continue
        otherwise = text.encode("utf-8").decode(model.codec, "replace")
        if UTF_8.chance(text) - model.chance(otherwise) >= MARGIN:
            found.append(piece)
    return found


def _mixed(path: Path, content: bytes, pieces: Sequence[bytes], model: Model) -> ResponseError:
    faults = [
        Fault(
            _place(_line_of(content, piece)),
            f"是 UTF-8（“{_excerpt(piece, 'utf-8')}”），其余各行是 {model.title}。",
            "请把各部分转成同一种编码。(two encodings in one file)",
        )
        for piece in pieces
    ]
    return refused(path, faults)


def _undecodable(path: Path, content: bytes, codec: str, title: str) -> ResponseError:
    """Return the refusal of a file that its own encoding does not decode, line by line."""
    lines = list(_lines(content.decode(codec, "replace")))
    last = lines[-1][0]
    faults = [
        Fault(
            _place(number),
            f"不是 {title} 编码：“{_around(line, line.index(DAMAGED))}”"
            + (
                "，断在一个字的中间，文件可能没有传完。" if _ends_cut(line, number, last) else "。"
            ),
            "请在导出时选 UTF-8，或用 WPS/Excel 另存为“CSV UTF-8”。(not in this encoding)",
        )
        for number, line in lines
        if DAMAGED in line
    ]
    return refused(path, faults)


def _ends_cut(line: str, number: int, last: int) -> bool:
    return number == last and line.endswith(DAMAGED)


def _sample(content: bytes, pieces: Sequence[bytes], model: Model) -> Sample:
    """Return up to three lines as the model reads them, from the start to the end of the file."""
    chosen = [pieces[at] for at in sorted({0, len(pieces) // 2, len(pieces) - 1})]
    return Sample(
        model.title,
        tuple((_line_of(content, piece), _excerpt(piece, model.codec)) for piece in chosen),
    )


def _line_of(content: bytes, piece: bytes) -> int:
    before = content[: content.find(piece)]
    return max(before.count(b"\n"), before.count(b"\r")) + 1


def _excerpt(piece: bytes, codec: str) -> str:
    text = piece.decode(codec, "replace")
    return _around(text, next((at for at, one in enumerate(text) if one > "\x7f"), 0))


def _around(text: str, at: int) -> str:
    start = max(at - 15, 0)
    return "".join(one if one.isprintable() else " " for one in text[start : at + 15]).strip()


def _lines(text: str) -> enumerate[str]:
    return enumerate(LINE_END.split(text), start=1)


def _place(line: int) -> str:
    return f"第 {line} 行 (line {line})"
