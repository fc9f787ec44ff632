"""A definition file's text as plain values, and the line on which each of them stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from pipeline.questionnaire.misfits import Place

DEEPEST = 60
MOST_VALUES = 200_000
"""So many values a definition may hold, each counted wherever an alias repeats it."""
MOST_ENTRIES = 30_000
"""Lines and commas of a file: with more, reading takes longer than anybody waits."""
LARGEST = 10**15
_BRACKET = re.compile(r"[\[\]{}]")
_DASHES = re.compile(r"\s*([-?:]\s+){20}")
SCALARS = (str, bool, int, float, datetime, date, time, type(None))
SAID = {
    "'\\t'": "这里用了制表符（Tab），请改用空格。",
    "duplicate key": "同一个键写了两次，请删去一个。",
    "mapping values are not allowed": "冒号的位置不对；文字里有冒号的，整段加引号。",
    "undefined alias": "用了没有定义的别名（*）。",
    "constructor for the tag": "不能用“!”开头的标签。",
    "another document": "一个文件只写一份，请去掉第二个 ---。",
    "expected <block end>": "缩进与上一行不齐。",
    "unexpected end of stream": "引号没有配对。",
    "expected ',' or": "括号没有配对，或少了逗号。",
    "could not find expected ':'": "少了冒号。",
    "cannot start any token": "以这个符号开头的文字要加引号。",
    "anchor": "锚点（&）写得不对。",
}
"""What the library says, in part, and how it is said in Chinese."""


@dataclass(frozen=True, slots=True)
class UnreadableError(Exception):
    """A text that is no YAML of values; `line` counts from 1."""

    line: int
    zh: str
    en: str
    remedy: str = "请检查缩进、冒号和引号。"


def load(text: str) -> Any:
    """Return the values that a YAML text holds: mappings, lists, and plain scalars.

    Raises
    ------
    UnreadableError
        No YAML, nested too deep, aliases that repeat too much or themselves, or values that no
        definition needs (tags, endless numbers).
    """
    if text.count("\n") + text.count(",") > MOST_ENTRIES:
        raise UnreadableError(1, f"超过 {MOST_ENTRIES} 行或项。", "too many lines and entries",
                              "不像是一份定义，请核对文件。")  # fmt: skip
    if (line := _line_too_deep(text)) is not None:
        raise UnreadableError(line, *_TOO_DEEP)
    try:
        values = YAML(typ="safe", pure=True).load(text)
    except ReaderError as fault:
        line = text[: fault.position].count("\n") + 1
        found = f"U+{ord(text[fault.position]):04X}"
        raise UnreadableError(
            line, f"不能出现的字符 {found}。", f"{found}: a character not allowed"
        ) from None
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        problem = " ".join(str(fault.problem or fault.context).split("\n\n")[0].split())
        said = next((zh for part, zh in SAID.items() if part in problem), "写法不对。")
        raise UnreadableError(line, said, problem) from None
    except RecursionError:
        raise UnreadableError(1, *_TOO_DEEP) from None
    except Exception as fault:  # a day 2026-13-45, a number of 5,000 digits: whatever Python says
        said = " ".join(str(fault).split())[:80]
        raise UnreadableError(1, "有一个日期或数字不成立。", said, "请加引号或改正。") from None
    _measured(values, (), {}, text)
    return values


_TOO_DEEP = ("嵌套太深，或别名引用了自身。", "nested too deep, or an alias of itself")


def _line_too_deep(text: str) -> int | None:
    """Return the line where brackets or dashes nest too deep: the library is slow to find out."""
    depth = 0
    for line, content in enumerate(text.split("\n"), start=1):
        for sign in _BRACKET.findall(content):
            depth = max(0, depth + (1 if sign in "[{" else -1))
            if depth > DEEPEST:
                return line
        if _DASHES.match(content):
            return line
    return None


def _measured(
    value: Any, place: Place, known: dict[int, tuple[int, int] | None], text: str
) -> tuple[int, int]:
    """Return how many values there are in `value`, aliases written out, and how deep it goes."""
    if not isinstance(value, dict | list):
        if not _is_plain(value):
            shown = f"{value!r:.40}"
            raise UnreadableError(
                line_of(text, place),
                f"不能用的值 {shown}。",
                "not a value here",
                "请改正或加引号。",
            )
        return 1, 0
    if id(value) in known or len(place) > DEEPEST:
        found = known.get(id(value))
        if found is None or found[1] + len(place) > DEEPEST:
            raise UnreadableError(line_of(text, place), *_TOO_DEEP)
        return found
    known[id(value)] = None
    total = deepest = 0
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if not isinstance(key, SCALARS):
            raise UnreadableError(line_of(text, place), "键应为文字。", "keys are words")
        count, depth = _measured(
            inner, (*place, key if isinstance(key, int) else str(key)), known, text
        )
        total, deepest = total + count + 1, max(deepest, depth + 1)
    if total > MOST_VALUES:
        raise UnreadableError(
            line_of(text, place), f"超过 {MOST_VALUES} 个值。", "too many values; aliases repeat"
        )
    known[id(value)] = (total, deepest)
    return total, deepest


def _is_plain(value: object) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return isfinite(value) if isinstance(value, float) else abs(value) < LARGEST
    return isinstance(value, SCALARS)


def line_of(text: str, place: Place) -> int:
    """Return the 1-based line of the deepest part of `place` that stands in the text."""
    return Lines(text).line(place)


class Lines:
    """The lines of a text that `load` reads."""

    def __init__(self, text: str) -> None:
        self._root: Node | None = YAML(typ="safe", pure=True).compose(text)

    def line(self, place: Place) -> int:
        """Return the 1-based line of the deepest part of `place` that stands in the text.

        Steps that are no key there are passed over: pydantic names the member of a union that it
        tried, which the file does not.
        """
        here, line = self._root, 1
        for step in place:
            found = _inner(here, step)
            if found is not None:
                mark, here = found
                line = mark.start_mark.line + 1
        return line


def _inner(node: Node | None, step: int | str) -> tuple[Node, Node] | None:
    """Return the node whose mark is the place of a step, and the node to go on from."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == str(step):
                return key, value
    return None


def value_at(values: Any, place: Place) -> Any:
    """Return the value at a place; None where there is none."""
    here = values
    for step in place:
        if isinstance(here, Mapping) and step in here:
            here = here[step]
        elif isinstance(here, list | tuple) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here
