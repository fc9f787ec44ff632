"""What the engine is told: pages, questions, checks, and messages in both languages."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.forms.surveyjs import endings, survey_json
from pipeline.forms.surveyjs_checks import CONTACT
from pipeline.i18n import Text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire

Json = dict[str, Any]


@pytest.fixture(scope="module")
def survey() -> dict[str, Any]:
    made = survey_json(read_questionnaire(Path(__file__).parent / "example.yaml"))
    return json.loads(json.dumps(made))


@pytest.fixture(scope="module")
def questions(survey: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for page in survey["pages"] for one in page["elements"]}


@pytest.fixture(scope="module")
def every() -> Questionnaire:
    return read_questionnaire(Path(__file__).parent / "every_type.yaml")


@pytest.fixture(scope="module")
def shown(every: Questionnaire) -> dict[str, Json]:
    """Everything that the form with every type shows, panels and what is in them, by name."""
    made = json.loads(json.dumps(survey_json(every)))
    return {one["name"]: one for page in made["pages"] for one in _all(page["elements"])}


def _all(elements: list[Json]) -> Iterator[Json]:
    for one in elements:
        yield one
        yield from _all(one.get("elements", []))


def test_sections_are_pages_and_questions_keep_the_numbers_of_the_definition(
    survey: dict[str, Any], questions: dict[str, Any]
) -> None:
    assert [page["title"]["default"] for page in survey["pages"]] == ["第一部分", "第二部分"]
    assert {name: one["fixedNumber"] for name, one in questions.items()} == {
        "a1": "1", "a2": "2", "a3": "3", "b1": "4", "b2": "5", "b3": "6", "b4": "7",
    }  # fmt: skip


def test_a_hidden_answer_is_cleared(survey: dict[str, Any]) -> None:
    assert survey["clearInvisibleValues"] == "onHiddenContainer"


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


def test_every_question_has_an_element_of_its_name(
    every: Questionnaire, shown: dict[str, Json]
) -> None:
    calculated = {"balance", "people"} | {f"member_{entry}_older" for entry in (1, 2, 3)}
    asked = {question.name for question in every.questions}
    assert asked - calculated <= set(shown)
    listed = survey_json(every)["calculatedValues"]
    assert isinstance(listed, list)
    assert {one["name"] for one in listed} == calculated


def test_numbers_are_those_of_all_forms(shown: dict[str, Json]) -> None:
    numbered = {name: one["fixedNumber"] for name, one in shown.items() if "fixedNumber" in one}
    assert (numbered["consent"], numbered["views"], numbered["member"]) == ("1", "9", "19")
    assert (numbered["s2"], numbered["member_3_years"]) == ("(2)", "(2)")
    assert "v1" not in numbered  # rows in random order have none
    assert "welcome" not in numbered


def test_only_substantive_choices_are_shuffled(shown: dict[str, Json]) -> None:
    assert shown["job"]["shuffled"] == [1, 2, 3, 4]  # not "other", not "cannot say"
    assert shown["views"]["shuffled"] == ["v1", "v2", "v3"]
    assert shown["s1"]["shuffledLike"] == shown["s2"]["shuffledLike"] == "services"
    assert "shuffled" not in shown["grades"]


def test_numbered_points_show_figures_and_say_the_ends_above(shown: dict[str, Json]) -> None:
    satisfied = shown["satisfied"]
    assert satisfied["figures"]
    assert [c["text"] for c in satisfied["choices"][:-1]] == [str(point) for point in range(11)]
    assert satisfied["description"]["default"] == "（0 = 很不满意，10 = 很满意）"
    assert satisfied["description"]["fr"] == "(0 = Pas du tout, 10 = Très)"


def test_a_check_concerns_an_answered_question_and_a_soft_one_warns(
    shown: dict[str, Json],
) -> None:
    *_, soft = shown["age"]["validators"]
    assert soft["notificationType"] == "warning"
    assert soft["expression"].startswith("(({age} empty or ")
    *_, hard = shown["spending"]["validators"]
    assert "notificationType" not in hard
    assert hard["text"]["fr"] == "Plus de dix fois le revenu."


def test_what_is_asked_softly_is_not_required(shown: dict[str, Json]) -> None:
    assert "isRequired" not in shown["job"]
    assert shown["job"]["validators"][0] | {"text": ""} == {
        "type": "expression",
        "expression": "{job} notempty",
        "text": "",
        "notificationType": "warning",
    }


def test_the_interviewer_s_note_is_not_shown(every: Questionnaire) -> None:
    assert "不要念选项" not in json.dumps(survey_json(every), ensure_ascii=False)


def test_a_screen_out_waits_until_all_that_it_reads_was_asked(every: Questionnaire) -> None:
    assert [(one["name"], one["page"]) for one in endings(every)] == [("consent", 0), ("minor", 1)]


def test_languages_without_interface_words_read_the_english_ones(shown: dict[str, Json]) -> None:
    said = shown["v1"]["requiredErrorText"]
    assert said["fr"] == "Nothing is chosen yet. Please choose one, or 'Ne souhaite pas répondre'."
    assert shown["member"]["entries"]["add"]["fr"] == "Add: Membre"


def test_a_note_is_escaped(every: Questionnaire) -> None:
    section = every.sections[1]
    note = section.questions[0].model_copy(update={"text": Text(zh="<b>甲</b>\n乙")})
    changed = section.model_copy(update={"questions": (note, *section.questions[1:])})
    sections = (every.sections[0], changed, *every.sections[2:])
    made = survey_json(every.model_copy(update={"sections": sections}))
    written = json.dumps(made, ensure_ascii=False)
    assert "<p>&lt;b&gt;甲&lt;/b&gt;</p><p>乙</p>" in written


@pytest.mark.parametrize("maximum", [1, 12])
def test_a_roster_has_an_entry_for_each_that_there_can_be(
    every: Questionnaire, maximum: int
) -> None:
    raw = every.model_dump(mode="json")
    raw["sections"][5]["questions"][0] |= {"minimum": 0, "maximum": maximum}
    (panel,) = [
        one
        for one in survey_json(Questionnaire.model_validate(raw))["pages"][5]["elements"]  # type: ignore[index]
        if one.get("kind") == "roster"
    ]
    entries = [one for one in panel["elements"] if one.get("kind") == "entry"]
    assert [one["name"] for one in entries] == [f"member_{k}" for k in range(1, maximum + 1)]
    assert all(len(one["elements"]) == 6 for one in entries)  # five asked, and "specify"
    assert panel["entries"]["maximum"] == maximum
