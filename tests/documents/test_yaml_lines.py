"""Entries come and go; every other line stays as it was, byte for byte."""

import difflib

import pytest
from ruamel.yaml import YAML

from pipeline.documents.yaml_lines import agreed, with_entry, with_key, without_entries

TEXT = """\
# head
surveys:   # all of them
  a: {survey: a}    # behind a
  # before b
  b:
    survey: b

    more: [1,   2]
  # behind b

# before list
list:
  - x: 1
    y: "two"
  # before the second
  - {x: 2}

last: 1.0e-06   # note
"""


def changed(before: str, after: str) -> list[str]:
    """Return the lines that differ, with their sign."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if not line.startswith(("  ", "? "))]


@pytest.mark.parametrize(
    ("key", "place", "entry", "after"),
    [
        ("surveys", 0, "c: 1\n", "surveys:   # all of them"),
        ("surveys", 1, "c: 1\n", "  a: {survey: a}    # behind a"),
        ("surveys", 2, "c: 1\n", "    more: [1,   2]"),
        ("list", 2, "- x: 3\n  y: 4\n", "  - {x: 2}"),
    ],
)
def test_an_entry_comes_in(key: str, place: int, entry: str, after: str) -> None:
    made = with_entry(TEXT, key, place, entry)
    assert changed(TEXT, made) == [f"+   {line}" for line in entry.splitlines()]
    lines = made.splitlines()
    assert lines[lines.index(after) + 1] == f"  {entry.splitlines()[0]}"


@pytest.mark.parametrize(
    ("key", "gone", "lines"),
    [
        ("surveys", [0], ["-   a: {survey: a}    # behind a"]),
        ("surveys", [1], ["-   b:", "-     survey: b", "- ", "-     more: [1,   2]"]),
        ("list", [0], ["-   - x: 1", '-     y: "two"']),
        ("list", [1], ["-   - {x: 2}"]),
    ],
)
def test_entries_go_and_comments_stay(key: str, gone: list[int], lines: list[str]) -> None:
    assert changed(TEXT, without_entries(TEXT, key, gone)) == lines


def test_a_key_is_said_anew() -> None:
    made = with_key(TEXT, "list", "list: []\n")
    assert changed(TEXT, made) == [
        "- list:", "+ list: []", "-   - x: 1", '-     y: "two"', "-   # before the second", "-   - {x: 2}"
    ]  # fmt: skip
    assert with_key(TEXT, "none", "none: 1\n") == TEXT


def test_what_stands_on_no_lines_of_its_own_is_left_alone_and_then_dumped() -> None:
    for text in ("a: {b: {c: 1}}\n", "a:\n", "a: []\n", "x: 1\n"):
        assert with_entry(text, "a", 0, "n: 1\n") == text
        assert without_entries(text, "a", [0]) == text
    tree = YAML().load("a: {b: 1}  # why\n")
    tree["a"]["c"] = 2
    assert agreed("a: {b: 1}  # why\n", tree) == "a: {b: 1, c: 2} # why\n"
    assert agreed("a:   {c: 2, b: 1}\n", tree) == "a:   {c: 2, b: 1}\n"
    assert agreed("a: [", tree) == "a: {b: 1, c: 2} # why\n"


def test_the_last_line_may_lack_its_end() -> None:
    assert with_entry("a:\n  b: 1", "a", 1, "c: 2\n") == "a:\n  b: 1\n  c: 2\n"
