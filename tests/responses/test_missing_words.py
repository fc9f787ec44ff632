"""Wordings of missing answers, as real files word them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.responses.missing_words import is_doubtful, missing_kind_of


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("-8. Don't know", "dont_know"), ("Don’t know", "dont_know"), ("DK", "dont_know"),
        ("Don't know/Haven't heard enough", "dont_know"), ("[DK]", "dont_know"),
        ("DON'T KNOW WHETHER SURPRISED", "dont_know"), ("Can't say", "dont_know"),
        ("不知道（不读出）", "dont_know"), ("8=说不清", "dont_know"), ("不清楚", "dont_know"),
        ("不知道/拒答", "dont_know"),
        ("-9. Refused", "refused"), ("Refused to answer", "refused"), ("拒答", "refused"),
        ("Prefer not to say", "refused"), ("不愿回答", "refused"), ("不愿意说", "refused"),
        ("-1. Inapplicable", "not_asked"), ("INAP", "not_asked"), ("N/A", "not_asked"),
        ("7. Not applicable (NA)", "not_asked"), ("(跳过)", "not_asked"), ("不适用", "not_asked"),
        ("Legitimate skip", "not_asked"),
        ("NA", "no_answer"), ("MIssing", "no_answer"), ("No answer", "no_answer"),
        ("NA WHETHER HEARD ABOUT TAFT-HARTLEY AC", "no_answer"), ("缺失", "no_answer"),
        ("-7. No post-election data, deleted due to incomplete interview", "no_answer"),
        ("漏答", "no_answer"), ("(空)", "no_answer"),
    ],
)  # fmt: skip
def test_a_wording_says_why_an_answer_is_missing(label: str, kind: str) -> None:
    assert missing_kind_of(label) == kind


@pytest.mark.parametrize(
    "label",
    [
        "None", "Never", "No", "无", "没有", "不同意", "不愿意", "None of these", "Not selected",
        "No opinion", "Refused to be interviewed", "Dont know how to report / ignorance",
        "12. Specified as refused", "VOTED - NA FOR WHOM", "SURPRISED -- DON'T KNOW WHY",
        "Agnostic(Do not know if there is a God)", "NO SECOND REASON", "Dakota", "NAME NOT KNOWN",
        "不了解", "", "99", "Narrow", "Unemployed",
    ],
)  # fmt: skip
def test_an_answer_is_none(label: str) -> None:
    assert missing_kind_of(label) is None


def test_words_that_are_as_often_an_answer_are_doubtful() -> None:
    assert is_doubtful("不清楚")
    assert is_doubtful("Not sure")
    assert not is_doubtful("不知道")
    assert not is_doubtful("满意")


@given(st.text(max_size=60))
def test_any_text_can_be_judged(label: str) -> None:
    assert missing_kind_of(label) in {None, "dont_know", "refused", "not_asked", "no_answer"}
