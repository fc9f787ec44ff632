"""In which encoding a labelled file's texts are, where its header is silent or wrong.

Old SPSS and Stata wrote the texts in the code page of the machine and often not its name, so that
Chinese reads as ``ÄÐ``. Nothing is changed without evidence: every text must decode, and nearly
all its characters must be among those that people write. What was decided is told with samples.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.readstat import Delivered, Kind, Undecodable, deliver

COMMON = 0.95
"""Share of the Chinese characters that must be frequent ones."""
SHOWN, SHOWN_CHARACTERS = 3, 30
MOST_TEXTS = 2000
WESTERN = ("cp1252", "latin-1")
"""A text read by a Western code page gives its bytes back by one of these."""
QUOTES = frozenset("“”‘’«»–—…·°€£§¿¡\xa0")


def _usual_gb(text: str) -> bool:
    """GB 2312 holds the frequent simplified characters, and nothing below 0xA1."""
    hanzi = [one for one in text if one >= "\x80"]
    usual = sum(_encodes(one, "gb2312") for one in hanzi)
    return usual >= COMMON * len(hanzi) and any("\u4e00" <= one <= "\u9fff" for one in hanzi)


def _usual_big5(text: str) -> bool:
    """Level 1 of Big5 (0xA4 to 0xC6) holds the frequent traditional characters."""
    leads = [one.encode("big5")[0] for one in text if one >= "\x80" and _encodes(one, "big5")]
    usual = sum(0xA1 <= lead <= 0xC6 for lead in leads)
    return usual >= COMMON * sum(one >= "\x80" for one in text) and any(
        "\u4e00" <= one <= "\u9fff" for one in text
    )


def _usual_western(text: str) -> bool:
    """Accented letters stand among plain ones; two or more in a row are another encoding."""
    odd = [one for one in text if one >= "\x80"]
    plain = sum(one.isascii() and one.isalpha() for one in text)
    return all(one.isalpha() or one in QUOTES for one in odd) and plain > 4 * len(odd)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding that texts may have in truth.

    Attributes
    ----------
    codec : its name for Python
    name : for the library and for people
    is_usual : tells whether people write what the texts then say
    """

    codec: str
    name: str
    is_usual: Callable[[str], bool]


CANDIDATES = (
    Encoding("utf-8", "UTF-8", lambda _text: True),  # its structure is evidence enough
    Encoding("gb18030", "GB18030", _usual_gb),
    Encoding("big5", "BIG5", _usual_big5),
)
WESTERN_EUROPE = Encoding("cp1252", "WINDOWS-1252", _usual_western)


def judged(texts: Iterable[bytes]) -> Encoding | None:
    """Return the encoding that the evidence speaks for; None where nothing does.

    Texts of plain ASCII say nothing, and do not count.
    """
    raw = b"\n".join(text for text in texts if not text.isascii())
    if not raw:
        return None
    for candidate in (*CANDIDATES, WESTERN_EUROPE):
        try:
            text = raw.decode(candidate.codec)
        except UnicodeDecodeError:
            continue
        if candidate.is_usual(text):
            return candidate
    return None


def deliver_decoded(path: Path, kind: Kind) -> tuple[Delivered, tuple[str, ...]]:
    """Read a file in the encoding that its texts have, and say so where it is not the header's.

    Raises
    ------
    ResponseError
        As `deliver`; or the texts are in no encoding that can be told.
    """
    try:
        found = deliver(path, kind)
    except Undecodable as fault:
        return _by_evidence(path, kind, fault.in_bytes)
    truly = judged(_as_bytes(found))
    # A Western file is rightly read as Western; what else its bytes say is against the header.
    if truly is None or truly is WESTERN_EUROPE:
        return found, ()
    # Texts that decode as the UTF-8 that the header names prove it: a few accented letters look
    # like Chinese in other encodings. Only texts that were encoded twice say otherwise.
    if _is_utf_8(found.encoding) and not _is_utf_8(truly.name):
        return found, ()
    header = found.encoding or "（没有写）"
    try:
        again = deliver(path, kind, truly.name)
    except Undecodable:
        return found, (
            f"文件里的文字像是 {truly.name}，但不能全部按它读，现按文件头的 {header} 读"
            f"（{_shown(texts(found))}）。请核对，或另存为 UTF-8。",
        )
    return replace(again, encoding=truly.name), (
        f"文件头写的编码是 {header}，照它读出来是乱码（{_shown(texts(found))}）。"
        f"按 {truly.name} 读得通（{_shown(texts(again))}），已按 {truly.name} 读，请核对。",
    )


def _is_utf_8(encoding: str) -> bool:
    return encoding.upper().replace("_", "-") in ("UTF-8", "UTF8")


def _by_evidence(path: Path, kind: Kind, in_bytes: Delivered) -> tuple[Delivered, tuple[str, ...]]:
    """Read a file whose texts are not in the encoding that it declares."""
    raw = [text.encode("latin-1") for text in texts(in_bytes)]
    truly = judged(raw)
    if truly is not None:
        try:
            found = deliver(path, kind, truly.name)
        except Undecodable:
            truly = None
    if truly is None:
        sample = _shown(text.decode(errors="replace") for text in raw)
        raise ResponseError(
            f"{path}: 文件里的文字不是文件头所写的编码，也看不出是哪种编码，可能已损坏。"
            f"例如“{sample}”。请用原来的软件打开后另存为 UTF-8，或重新导出。"
            "(texts in no encoding that can be told; save it anew as UTF-8)"
        )
    return replace(found, encoding=truly.name), (
        "文件里的文字不是文件头所写的编码。"
        f"按 {truly.name} 读得通（{_shown(texts(found))}），已按它读，请核对。",
    )


def texts(delivered: Delivered) -> Iterator[str]:
    """Yield the texts that are not plain ASCII: names, labels, and cells of text variables."""
    for text in _all_texts(delivered):
        if not text.isascii():
            yield text


def _all_texts(delivered: Delivered) -> Iterator[str]:
    yield from delivered.labels.values()
    for labels in delivered.values.values():
        yield from labels.values()
    yield from delivered.columns
    for name, column in delivered.columns.items():
        if delivered.is_text(name):
            yield from (str(one) for one in list(dict.fromkeys(column))[:MOST_TEXTS] if one)


def _as_bytes(delivered: Delivered) -> Iterator[bytes]:
    """Yield the bytes of the texts, as a Western code page read them; nothing if none did."""
    found = list(texts(delivered))
    for codec in WESTERN:
        if all(_encodes(text, codec) for text in found):
            yield from (text.encode(codec) for text in found)
            return


def _shown(found: Iterable[str]) -> str:
    samples = list(dict.fromkeys(" ".join(text.split()) for text in found))[:SHOWN]
    return "；".join(text[:SHOWN_CHARACTERS] for text in samples)


def _encodes(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
