"""What the engine is told: pages, questions, checks, and messages in both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.forms.surveyjs import CONTACT, survey_json
from pipeline.questionnaire.read import read_questionnaire


@pytest.fixture(scope="module")
def survey() -> dict[str, Any]:
    made = survey_json(read_questionnaire(Path(__file__).parent / "example.yaml"))
    return json.loads(json.dumps(made))


@pytest.fixture(scope="module")
def questions(survey: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for page in survey["pages"] for one in page["elements"]}


def test_sections_are_pages_and_questions_keep_the_numbers_of_the_definition(
    survey: dict[str, Any], questions: dict[str, Any]
) -> None:
    assert [page["title"]["default"] for page in survey["pages"]] == ["第一部分", "第二部分"]
    assert {name: one["fixedNumber"] for name, one in questions.items()} == {
        "a1": "1", "a2": "2", "a3": "3", "b1": "4", "b2": "5", "b3": "6", "b4": "7",
    }  # fmt: skip


def test_a_hidden_answer_is_cleared(survey: dict[str, Any]) -> None:
    assert survey["clearInvisibleValues"] == "onHidden"


def test_types_follow_the_definition(questions: dict[str, Any]) -> None:
    assert [one["type"] for one in questions.values()] == [
        "radiogroup", "radiogroup", "comment", "checkbox", "text", "text", "comment",
    ]  # fmt: skip


def test_answers_without_substance_and_exclusive_ones_are_marked(
    questions: dict[str, Any],
) -> None:
    kinds = {one["value"]: one.get("kind") for one in questions["a2"]["choices"]}
    assert kinds == {1: "point", 2: "point", 3: "point", 4: "point", 5: "point", 8: "missing"}
    exclusive = {c["value"] for c in questions["b1"]["choices"] if c.get("isExclusive")}
    assert exclusive == {4, 9}  # "none of these", and also the refusal


def test_scale_points_break_between_grade_and_quality_only(questions: dict[str, Any]) -> None:
    labels = [one["text"]["default"].replace("\u200b", "|") for one in questions["a2"]["choices"]]
    assert labels == ["很|没有用", "不太|有用", "一般", "比较|有用", "非常|有用", "说不清"]


def test_a_required_question_says_the_way_out(questions: dict[str, Any]) -> None:
    assert questions["a1"]["requiredErrorText"]["default"].endswith("或选“不愿回答”。")
    assert "Prefer not to answer" in questions["a1"]["requiredErrorText"]["en"]
    assert "isRequired" not in questions["b2"]


def test_a_number_is_held_to_its_range_and_decimals(questions: dict[str, Any]) -> None:
    numeric, digits = questions["b2"]["validators"]
    assert (numeric["minValue"], numeric["maxValue"]) == (0, 60)
    assert "0–60" in numeric["text"]["default"]
    pattern = re.compile(digits["regex"])
    assert [bool(pattern.match(text)) for text in ("3", "3.5", "-1", "3.25", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    only_low, whole = questions["b3"]["validators"]
    assert "maxValue" not in only_low
    assert "≥ -5" in only_low["text"]["default"]
    assert not re.match(whole["regex"], "1.5")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("修一修村口的路，2026年前修好", True),
        ("请打 13812345678 找我", False),
        ("身份证 11010119900307123X", False),
        ("第一行\n写给 someone@example.org", False),
        ("", True),
    ],
)
def test_contact_data_in_an_open_answer_is_warned_of(
    questions: dict[str, Any], text: str, clean: bool
) -> None:
    assert bool(re.match(CONTACT, text)) is clean
    assert questions["b4"]["validators"][0]["notificationType"] == "warning"  # and does not block
