"""Edit YAML that people keep by hand: whole entries come and go, every other line stays."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.documents.yaml import dumped


@dataclass(frozen=True, slots=True)
class _Block:
    """The entries of a top-level key: where each begins, and the line behind its content."""

    lines: list[str]
    begins: list[int]
    ends: list[int]

    @property
    def margin(self) -> str:
        first = self.lines[self.begins[0]]
        return first[: len(first) - len(first.lstrip())]


def with_entry(text: str, key: str, place: int, entry: str) -> str:
    """Return the text with one more entry of a top-level key, behind `place` others.

    Here and below, text that does not hold one entry or more on lines of its own is given back
    unchanged; see `agreed`.
    """
    block = _block(text, key)
    if block is None:
        return text
    at = block.ends[place - 1] if place else block.begins[0]
    new = [f"{block.margin}{line}\n" for line in entry.splitlines()]
    return "".join([*block.lines[:at], *new, *block.lines[at:]])


def without_entries(text: str, key: str, gone: Collection[int]) -> str:
    """Return the text without some entries of a top-level key, counted from 0."""
    block = _block(text, key) if gone else None
    if block is None:
        return text
    lost = {line for i in gone for line in range(block.begins[i], block.ends[i])}
    return "".join(line for at, line in enumerate(block.lines) if at not in lost)


def with_key(text: str, key: str, said: str) -> str:
    """Return the text with other lines for a top-level key and all that it holds."""
    tree = _read(text)
    if key not in tree:
        return text
    lines = _lines(text)
    begin = tree.lc.data[key][0]
    end = _end(lines, begin, _next_key(tree, begin, len(lines)))
    return "".join([*lines[:begin], said, *lines[end:]])


def agreed(text: str, tree: Any) -> str:
    """Return the text if it says what the tree says, else the tree as it is dumped."""
    try:
        same = bool(YAML(typ="safe", pure=True).load(text) == tree)
    except YAMLError:
        same = False
    return text if same else dumped(tree)


def _block(text: str, key: str) -> _Block | None:
    tree = _read(text)
    held = tree.get(key)
    if not held or held.fa.flow_style():
        return None
    lines = _lines(text)
    names = range(len(held)) if isinstance(held, list) else list(held)
    begins = [held.lc.data[name][0] for name in names]
    next_begins = [*begins[1:], _next_key(tree, tree.lc.data[key][0], len(lines))]
    ends = [_end(lines, at, end) for at, end in zip(begins, next_begins, strict=True)]
    return _Block(lines, begins, ends)


def _next_key(tree: Any, begin: int, last: int) -> int:
    return min((at[0] for at in tree.lc.data.values() if at[0] > begin), default=last)


def _end(lines: list[str], begin: int, end: int) -> int:
    """Return the line behind the content; blank lines and comments behind it are left out."""
    while end > begin + 1 and lines[end - 1].lstrip()[:1] in ("", "#"):
        end -= 1
    return end


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in (lines[:-1] if lines[-1] == "" else lines)]


def _read(text: str) -> Any:
    return YAML().load(text)
