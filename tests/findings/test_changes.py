"""A statement speaks of the wave before only where a test, or a reason, allows it."""

import re
from typing import Any

import pytest

from pipeline.findings.changes import change_of, with_change
from pipeline.findings.finding import Change, marks
from pipeline.i18n import Text
from pipeline.questionnaire.programme import ReportingRules
from tests.disclosure.made import comparison, comparisons

RULES = ReportingRules()
SAID = Text(zh="58%的人填过表；需研究。", en="Of residents, 58 % did.")


def found(**given: Any) -> Change | None:
    plain = {"domain": "all", "q": 0.01, "difference": 0.09, "conclusion": "higher", "why_not": ""}
    rows = [
        comparison("standard", "all", "standard"),
        comparison("wave", "jia", "w1", **plain) | {"id": "C-jia"},
        comparison("wave", "", "w1", **(plain | given)) | {"id": "C-all"},
    ]
    rows[1]["domain"] = "county"
    return change_of(comparisons(*rows), RULES)


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "这一比例比上一轮上升 [[C-all:gap]] 个百分点。", "[[C-all:gap]] points more than in the wave before."),
        ({"conclusion": "lower", "difference": -0.09}, "这一比例比上一轮下降 [[C-all:gap]] 个百分点。",
         "[[C-all:gap]] points less than in the wave before."),
        ({"conclusion": "not_comparable", "why_not": "wording", "q": None, "difference": None},
         "与上一轮不可比：题目表述改了。", "Not comparable with the wave before:"),
    ],
)  # fmt: skip
def test_a_change_that_is_established_is_one_more_sentence(
    given: dict[str, Any], zh: str, en: str
) -> None:
    text = with_change(SAID, found(**given))
    assert text.zh == SAID.zh + zh
    assert text.en.startswith(f"{SAID.en} ")
    assert en in text.en
    assert not re.search(r"\d", re.sub(r"\[\[.*?\]\]", "", text.zh.removeprefix(SAID.zh)))


@pytest.mark.parametrize(
    "given",
    [
        {"conclusion": "no_difference"},
        {"conclusion": "one_wave", "q": None, "difference": None},
        {"q": 0.0501},
        {"q": None},
        {"difference": None},
    ],
)
def test_without_an_established_change_nothing_is_said(given: dict[str, Any]) -> None:
    assert found(**given) is None
    assert with_change(SAID, None) == SAID


def test_every_word_of_comparison_has_its_test() -> None:
    """Rule 18: 上升 and 下降 stand with the id of the comparison that bears them."""
    for moved in ("higher", "lower"):
        text = with_change(
            Text(zh="", en=""), Change(comparison="C-1", moved=moved, difference=0.1)
        )
        assert {cell for cell, _ in marks(text)} == {"C-1"}


@pytest.mark.parametrize("why", ["wording", "choices", "routing", "mode", "absent"])
def test_every_reason_has_words(why: str) -> None:
    change = found(conclusion="not_comparable", why_not=why, q=None, difference=None)
    assert re.search(r"：\S+。$", with_change(SAID, change).zh)
