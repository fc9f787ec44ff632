"""What is too long is shortened on a character boundary; names become legal and stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.limits import (
    SPSS_NAMES,
    STATA_NAMES,
    Length,
    NameRules,
    Report,
    legal_names,
)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(4, 50))
def test_a_text_is_cut_between_characters_and_only_where_it_must_be(text: str, most: int) -> None:
    short = Length(most).cut(text)
    assert len(short.encode()) <= most
    if len(text.encode()) <= most:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short.removesuffix("…"))


def test_chinese_labels_are_cut_at_bytes_or_characters() -> None:
    assert Length(120).cut("题" * 40) == "题" * 40
    assert Length(120).cut("题" * 41) == "题" * 39 + "…"
    assert Length(80, "characters").cut("题" * 81) == "题" * 79 + "…"


@pytest.mark.parametrize("rules", [SPSS_NAMES, STATA_NAMES])
@given(st.lists(st.text(max_size=80), max_size=8))
def test_names_are_legal_and_no_two_alike(rules: NameRules, headers: list[str]) -> None:
    names = legal_names(headers, rules, [2] * len(headers))
    assert all(rules.allows(name, 2) for name in names), names
    assert len({rules.key(name) for name in names}) == len(headers)


def test_a_legal_name_stays_even_if_another_would_become_it() -> None:
    headers = ["q 1", "q_1", "Q_1", "题一：", "", "1、性别", "ALL", "@a", "a.", "x" * 70]
    spare = [0] * len(headers)
    assert legal_names(headers, SPSS_NAMES, spare) == [
        "q_1_2", "q_1", "Q_1_3", "题一", "v5", "v1_性别", "ALL_", "a", "a_2", "x" * 64,
    ]  # fmt: skip
    assert legal_names(["a.b", "Q", "q", "str5", "x" * 40], STATA_NAMES, [0] * 5) == [
        "a_b", "Q", "q", "str5_", "x" * 32,
    ]  # fmt: skip


def test_a_note_that_holds_for_many_variables_is_told_once() -> None:
    report = Report(["先"])
    for name in ("a", "b", "c", "d"):
        report.say_of(name, "没有标签。")
    assert report.told() == ["先", "变量 “a”、“b”、“c” 等 4 个：没有标签。"]
