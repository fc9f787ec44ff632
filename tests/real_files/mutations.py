"""Damage that files suffer on their way: cut, flipped, doubled, renamed, opened and saved wrongly."""

import random
from collections.abc import Callable
from pathlib import Path

TEXTS = (".csv", ".txt", ".tsv")


def mutated(content: bytes, suffix: str, random_: random.Random) -> bytes:
    """Return the content with one to three kinds of damage."""
    kinds: list[Callable[[bytes, random.Random], bytes]] = [
        _flipped, _cut, _without_slice, _doubled_slice, _noise,
    ]  # fmt: skip
    if suffix in TEXTS:
        kinds += [_doubled_line, _swapped_lines, _renamed_header, _other_separator, _reencoded]
        kinds += [_nul, _quote]
    for kind in random_.choices(kinds, k=random_.randint(1, 3)):
        content = kind(content, random_)
    return content


def _place(content: bytes, random_: random.Random) -> int:
    return random_.randrange(len(content)) if content else 0


def _flipped(content: bytes, random_: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(random_.choice((1, 3, 30))):
        if made:
            made[_place(content, random_)] = random_.randrange(256)
    return bytes(made)


def _cut(content: bytes, random_: random.Random) -> bytes:
    return content[: _place(content, random_)]


def _without_slice(content: bytes, random_: random.Random) -> bytes:
    at = _place(content, random_)
    return content[:at] + content[at + random_.randint(1, 2000) :]


def _doubled_slice(content: bytes, random_: random.Random) -> bytes:
    at = _place(content, random_)
    piece = content[at : at + random_.randint(1, 2000)]
    return content[:at] + piece + content[at:]


def _noise(content: bytes, random_: random.Random) -> bytes:
    at = _place(content, random_)
    return content[:at] + random_.randbytes(random_.randint(1, 40)) + content[at:]


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True) or [b""]


def _doubled_line(content: bytes, random_: random.Random) -> bytes:
    lines = _lines(content)
    at = random_.randrange(len(lines))
    return b"".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])


def _swapped_lines(content: bytes, random_: random.Random) -> bytes:
    lines = _lines(content)
    a, b = (random_.randrange(len(lines)) for _ in range(2))
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def _renamed_header(content: bytes, random_: random.Random) -> bytes:
    lines = _lines(content)
    cells = lines[0].split(b",")
    cells[random_.randrange(len(cells))] = random_.choice(
        [b"", cells[0].strip(), b'"a,b"', "题目".encode(), b"id", b"=1+1", b"x" * 3000]
    )
    return b"".join([b",".join(cells), *lines[1:]])


def _other_separator(content: bytes, random_: random.Random) -> bytes:
    return content.replace(b",", random_.choice([b";", b"\t", b",,", b", "]))


def _reencoded(content: bytes, random_: random.Random) -> bytes:
    text = content.decode("utf-8", errors="replace")
    kind = random_.choice(["utf-16", "gb18030", "utf-8-sig", "utf-32", "big5"])
    return text.encode(kind, errors="replace")


def _nul(content: bytes, random_: random.Random) -> bytes:
    at = _place(content, random_)
    return content[:at] + b"\0" + content[at:]


def _quote(content: bytes, random_: random.Random) -> bytes:
    at = _place(content, random_)
    return content[:at] + b'"' + content[at:]


def small_files(samples: Path, most_bytes: int) -> list[Path]:
    """Return the sample files that can be mutated often, in a fixed order."""
    folders = [samples / "microdata", *sorted((samples / "forms").glob("export_*"))]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted(
        path for path in found if path.stat().st_size <= most_bytes and path.suffix != ".json"
    )
