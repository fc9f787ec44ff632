"""What is written as YAML reads back, whatever people called things."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.documents.yaml import (
    dumped,
    is_mapping,
    lines_of,
    read_with_comments,
    say_before,
    tree_of,
)
from pipeline.errors import SurveyError


def plain(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


SIGNS = st.text(
    alphabet=":?-, #'\"[]{}&*!|>%@`\n\t a1甲~=<\x85\u2028\ufeff\\\x00\x07\ud83d", max_size=6
)
WORDS = SIGNS | st.sampled_from(
    ["=", "<<", "no", "1_000", "0o7", "2018-01-01", "12:30:45", "? a", ":a", "---"]
)
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.dictionaries(WORDS, VALUES, max_size=4), st.lists(st.text(max_size=9), max_size=2))
def test_whatever_is_dumped_reads_back(value: dict[str, object], said: list[str]) -> None:
    whole = {"entries": [{"name": "a"}, value, {"b": 1}]}
    tree = tree_of(whole)
    say_before(tree["entries"], 1, said, indent=2)
    text = dumped(tree)
    assert plain(text) == whole
    text.encode("utf-8")


def test_names_and_codes_come_first_and_short_things_stand_on_one_line() -> None:
    choices = [{"text": {"zh": "甲"}, "code": 1}, {"text": {"zh": "乙" * 90}, "code": 2}]
    text = dumped(tree_of({"choices": choices, "name": "q1", "of": ["a", "b"]}))
    assert text.splitlines() == [
        "name: q1",
        "choices:",
        "  - {code: 1, text: {zh: 甲}}",
        "  - code: 2",
        "    text:",
        f"      zh: {'乙' * 90}",
        "of: [a, b]",
    ]


def test_one_day_twice_is_written_twice() -> None:
    day = date(2026, 3, 2)
    assert lines_of({"first": day, "last": day}) == "first: 2026-03-02\nlast: 2026-03-02\n"


def test_a_comment_of_several_lines_stands_above_its_entry() -> None:
    tree = tree_of({"of": [{"name": "a" * 50, "b": [1, 2]}, {"name": "b" * 50, "b": [[3]]}]})
    say_before(tree["of"], 1, ["第一\n 行", "第二"], indent=2)
    lines = dumped(tree).splitlines()
    at = next(place for place, line in enumerate(lines) if "bbb" in line)
    assert lines[at - 2 : at] == ["  # 第一 行", "  # 第二"]


def test_comments_and_quotes_survive_reading(tmp_path: Path) -> None:
    text = "# head\na: \"1\"   # why\nb:\n  - {x: 1, y: '2'}\n  # end\n"
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    tree = read_with_comments(path)
    assert dumped(tree) == text
    assert is_mapping(tree["b"][0])
    assert not is_mapping(tree["b"])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"a: [1", "ParserError"),
        (b"\xff\xfe", "UnicodeDecodeError"),
        (b"", "没有内容"),
        (b"- a\n", "没有内容"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(SurveyError, match=word):
        read_with_comments(path)
    with pytest.raises(SurveyError, match="FileNotFoundError"):
        read_with_comments(tmp_path / "none.yaml")
