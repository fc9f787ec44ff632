"""Questionnaires that make no sense are refused when they are made."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, Number


@pytest.fixture
def raw(questionnaire: Questionnaire) -> dict[str, Any]:
    return questionnaire.model_dump(mode="json")


def questions(raw: dict[str, Any]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = raw["sections"][0]["questions"]
    return listed


MEASURE = {"problem": "A1.1", "unfavourable": [1], "claim": {"zh": "认为不好"}}


def route(condition: object, at: int = 1) -> Callable[[dict[str, Any]], None]:
    return lambda raw: questions(raw)[at].update(show_if=condition)


def measure(at: int, **changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: questions(raw)[at].update(measure=MEASURE | changes)


def choice(at: int, place: int, **changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: questions(raw)[at]["choices"][place].update(changes)


def ranking_measured(raw: dict[str, Any]) -> None:
    question = questions(raw)[2]
    for key in ("min_choices", "max_choices"):
        question.pop(key, None)
    question.update(type="ranking", places=2, measure=MEASURE | {"unfavourable": [1]})
    for one in question["choices"]:
        one.pop("exclusive", None)
    del questions(raw)[3:]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda raw: questions(raw)[1].update(name="q1"), "names are used twice: q1"),
        (lambda raw: questions(raw)[1].update(column="q1"), "used twice: q1"),
        (choice(0, 1, code=1), "use a code twice"),
        (choice(0, 1, name="yes"), "use an export name twice"),
        (route({"=": ["q4", 1]}), "reads q4, which is not asked before it"),
        (route({"=": ["q2", 1]}), "reads q2, which is not asked before it"),
        (route({"=": ["q1", 7]}), "reads 7 of q1, which is no answer code"),
        (route({"in": ["q1", [1, 9]]}), "reads 9 of q1"),  # refused is a reason, no answer
        (route({"selected": ["q1", 1]}), "'selected' needs a multiple_choice"),
        (route({"=": ["q3", 1]}, at=3), "has no one value"),
        (route({"==": ["q1", 1]}), "is no operator"),
        (lambda raw: questions(raw)[1].update(domain=True), "only a single_choice can be one"),
        (measure(0, unfavourable=[9]), "names [9], which are no substantive codes"),
        (measure(0, unfavourable=[]), "unfavourable"),
        (measure(0, problem="A8.1"), "problem"),
        (measure(3), "q4 has a measure, but no choices to count"),
        (ranking_measured, "q3 has a measure, but no choices to count"),
        (lambda raw: raw.update(survey="Small Survey"), "survey"),
        (lambda raw: raw.update(sections=[]), "sections"),
    ],
)
def test_nonsense_is_refused(
    raw: dict[str, Any], change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    Questionnaire.model_validate(raw)
    change(raw)
    with pytest.raises(ValidationError) as refused:
        Questionnaire.model_validate(raw)
    assert sentence in str(refused.value)


def test_a_route_may_read_any_earlier_answer(raw: dict[str, Any]) -> None:
    condition = {
        "or": [
            {"not": {"empty": "q3"}},
            {"and": [{"selected": ["q3", 2]}, {"in": ["q2", [1, 2]]}, {"!=": ["q1", 2]}]},
        ]
    }
    route(condition, at=3)(raw)
    made = Questionnaire.model_validate(raw)
    assert made.model_dump(mode="json")["sections"][0]["questions"][3]["show_if"] == condition


def test_substance_leaves_out_what_is_no_answer(questionnaire: Questionnaire) -> None:
    question = questionnaire.question("q2")
    assert isinstance(question, ChoiceQuestion)
    assert [choice.code for choice in question.substantive] == [1, 2, 3, 4, 5]
    assert [choice.exported_as for choice in question.choices] == ["1", "2", "3", "4", "5", "dk"]


def test_a_form_offers_no_codes_for_what_was_not_asked_or_left_out(raw: dict[str, Any]) -> None:
    for code, kind in enumerate(("not_asked", "no_answer", "dont_know"), start=90):
        choice = {"code": code, "text": {"zh": kind}, "missing": kind}
        questions(raw)[0]["choices"].append(choice)
    made = Questionnaire.model_validate(raw).question("q1")
    assert isinstance(made, ChoiceQuestion)
    assert [choice.code for choice in made.offered] == [1, 2, 9, 92]
    assert [choice.code for choice in made.substantive] == [1, 2]


def test_missing_codes_of_a_number_say_why(raw: dict[str, Any]) -> None:
    code = {"code": 998, "text": {"zh": "不知道"}}
    questions(raw)[3]["missing_codes"] = [code | {"missing": "dont_know"}]
    made = Questionnaire.model_validate(raw).question("q4")
    assert isinstance(made, Number)
    assert made.missing_codes[0].missing == "dont_know"
    questions(raw)[3]["missing_codes"] = [code]
    with pytest.raises(ValidationError, match=r"missing_codes of q4 need `missing`: \[998\]"):
        Questionnaire.model_validate(raw)


def test_domains_are_those_of_the_frame_then_of_the_answers(raw: dict[str, Any]) -> None:
    raw["frame_domains"] = ["county"]
    questions(raw)[0]["domain"] = True
    made = Questionnaire.model_validate(raw)
    assert made.domains == ("county", "q1")
    with pytest.raises(KeyError):
        made.question("q9")


def test_nothing_changes_after_reading(questionnaire: Questionnaire) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        questionnaire.minutes = 1  # type: ignore[misc]


def test_a_copy_with_other_sections_asks_other_questions(questionnaire: Questionnaire) -> None:
    assert questionnaire.question("q1")
    section = questionnaire.sections[0]
    fewer = section.model_copy(update={"questions": section.questions[3:]})
    made = questionnaire.model_copy(update={"sections": (fewer,)})
    assert [question.name for question in made.questions] == ["q4", "q5"]
    with pytest.raises(KeyError):
        made.question("q1")
