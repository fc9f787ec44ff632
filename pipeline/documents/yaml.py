"""YAML that people read and edit: comments survive, short things stand on one line."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline.errors import SurveyError

FLOW_WIDTH = 90
"""What is no longer than this, as Python shows it, may stand on one line."""
FIRST = ("name", "type", "code")
"""Keys by which a reader finds her way; they come first."""


def read_with_comments(path: Path) -> CommentedMap:
    """Read a mapping so that `dumped` gives its comments and quotes back.

    Raises
    ------
    SurveyError
        No such file, no YAML, or no mapping.
    """
    try:
        tree = _yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as fault:
        raise SurveyError(
            f"{path}: 读不出（{type(fault).__name__}）。请在项目根目录运行，或恢复这个文件。"
            "(cannot be read; run in the project's root, or restore it)"
        ) from None
    if not isinstance(tree, CommentedMap):
        raise SurveyError(f"{path}: 没有内容。请恢复这个文件。(holds nothing; restore it)")
    return tree


def dumped(tree: CommentedMap) -> str:
    """Return a tree as text."""
    out = io.StringIO()
    _yaml().dump(tree, out)
    return out.getvalue()


def lines_of(content: Mapping[str, Any]) -> str:
    """Return a mapping of plain values as text, each key on a line of its own."""
    return dumped(CommentedMap((name, tree_of(value)) for name, value in content.items()))


def is_mapping(value: object) -> bool:
    """Tell whether a part of a tree is a mapping."""
    return isinstance(value, CommentedMap)


def tree_of(value: Any) -> Any:
    """Return plain values as a tree; small collections without collections inside in a row."""
    if isinstance(value, dict):
        first = [name for name in FIRST if name in value]
        order = [*first, *(name for name in value if name not in first)]
        made: CommentedMap | CommentedSeq = CommentedMap(
            (tree_of(name), tree_of(value[name])) for name in order
        )
    elif isinstance(value, list):
        made = CommentedSeq(tree_of(one) for one in value)
    elif isinstance(value, str):
        return value if _is_plain(value) else DoubleQuotedScalarString(value)
    elif isinstance(value, date):
        return value.replace()  # the same day twice would be written as an alias of the first
    else:
        return value
    if _is_short(value):
        made.fa.set_flow_style()
    return made


def say_before(sequence: Any, place: int, sentences: Sequence[str], *, indent: int) -> None:
    """Put comment lines before one entry of a sequence; what YAML cannot hold is left out."""
    shown = ("".join(c if c.isprintable() else " " for c in one) for one in sentences)
    said = "\n".join(" ".join(one.split()) for one in shown)
    sequence.yaml_set_comment_before_after_key(place, before=said, indent=indent)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 10_000  # a wrapped line on one level is harder to edit than a long one
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _is_plain(text: str) -> bool:
    """Tell whether a text surely reads as it was written; the writer quotes too little."""
    return text.isprintable() and not text.startswith(("?", ":"))


def _is_short(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    nested = [part for part in parts if isinstance(part, dict | list)]
    deep = any(
        isinstance(inner, dict | list)
        for part in nested
        for inner in (part.values() if isinstance(part, dict) else part)
    )
    many = isinstance(value, list) and len(nested) > 0
    return not deep and not many and len(str(value)) <= FLOW_WIDTH
