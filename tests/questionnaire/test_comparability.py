"""What breaks the comparison of a question between two versions, and what does not."""

from typing import Any

import pytest

from pipeline.questionnaire.comparability import bare, comparable
from pipeline.questionnaire.model import Questionnaire


def text(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def choices(*words: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": text(word)} for code, word in enumerate(words, start=1)]


def questions() -> dict[str, dict[str, Any]]:
    """q3 is asked on the answer to q2, which is asked on the answer to q1."""
    return {
        "q1": {"type": "single_choice", "text": text("参加过吗？"), "choices": choices("有", "没有")},
        "q2": {"type": "multiple_choice", "text": text("哪些活动？"), "choices": choices("甲", "乙", "丙"),
               "show_if": {"=": ["q1", 1]}},
        "q3": {"type": "scale", "text": text("满意吗？"), "hint": text("只选一项"),
               "choices": [*choices("满意", "一般", "不满意"),
                           {"code": 9, "text": text("说不清"), "missing": "dont_know"}],
               "show_if": {"and": [{"selected": ["q2", 1]}, {"in": ["q1", [1, 2]]}]}},
        "q4": {"type": "number", "text": text("几次？"), "minimum": 0, "maximum": 20, "unit": text("次")},
        "q5": {"type": "open_ended", "text": text("为什么？")},
    }  # fmt: skip


def made(*, mode: str = "入户面访", **changes: dict[str, Any] | None) -> Questionnaire:
    """Return the questionnaire with parts of questions replaced; None takes a question out."""
    asked = [
        {"name": name, **question, **(changes.get(name) or {})}
        for name, question in questions().items()
        if changes.get(name, {}) is not None
    ]
    return Questionnaire.model_validate(
        {
            "survey": "s", "title": text("问卷"), "population": text("居民"),
            "respondents": text("人"), "minutes": 3, "mode": text(mode),
            "commissioned_by": text("甲"), "conducted_by": text("乙"), "simulated": True,
            "limitation": text("小"), "introduction": text("您好"),
            "sections": [{"title": text("一"), "questions": asked}],
        }
    )  # fmt: skip


def test_a_version_compares_with_itself() -> None:
    one = made()
    assert [comparable(one, one, name) for name in questions()] == [""] * 5


@pytest.mark.parametrize(
    ("question", "change", "why"),
    [
        ("q1", {"text": text("最近参加过吗？")}, "wording"),
        ("q1", {"hint": text("过去一年")}, "wording"),
        ("q3", {"hint": text("可多选")}, "wording"),
        ("q1", {"choices": choices("有过", "没有")}, "choices"),
        ("q1", {"choices": choices("有", "没有", "说不清")}, "choices"),
        ("q1", {"choices": choices("有", "没有")[::-1]}, "choices"),
        ("q1", {"type": "scale"}, "choices"),
        ("q2", {"max_choices": 2}, "choices"),
        ("q4", {"maximum": 30}, "choices"),
        ("q4", {"unit": text("天")}, "choices"),
        ("q4", {"show_if": {"=": ["q1", 2]}}, "routing"),
        ("q2", {"show_if": {"=": ["q1", 2]}}, "routing"),
        ("q2", {"show_if": None}, "routing"),
    ],
)
def test_what_the_respondent_meets_must_be_the_same(
    question: str, change: dict[str, Any], why: str
) -> None:
    assert comparable(made(), made(**{question: change}), question) == why
    assert comparable(made(**{question: change}), made(), question) == why


@pytest.mark.parametrize(
    ("question", "change"),
    [
        ("q1", {"text": text(" 参加过 吗?", "Did you take part?")}),
        ("q1", {"measure": {"problem": "A1.1", "unfavourable": [1], "claim": text("有过")}}),
        ("q1", {"domain": True, "sensitive": True, "required": True, "column": "v1"}),
        ("q1", {"choices": [c | {"name": f"c{c['code']}"} for c in choices("有", "没有")]}),
        ("q3", {"show_if": {"and": [{"in": ["q1", [2, 1]]}, {"selected": ["q2", 1]}]}}),
        ("q5", {"max_length": 900}),
    ],
)
def test_what_the_respondent_does_not_meet_may_change(
    question: str, change: dict[str, Any]
) -> None:
    assert comparable(made(), made(**{question: change}), question) == ""


def test_a_route_is_only_as_good_as_the_questions_it_reads() -> None:
    reworded = made(q1={"text": text("最近一年参加过吗？")})
    found = {name: comparable(made(), reworded, name) for name in questions()}
    assert found == {"q1": "wording", "q2": "routing", "q3": "routing", "q4": "", "q5": ""}
    offered = made(q2={"choices": choices("甲", "乙", "丁")})
    assert comparable(made(), offered, "q3") == "routing"


def test_a_missing_choice_that_became_an_answer_changes_the_base() -> None:
    answers = [*choices("满意", "一般", "不满意"), {"code": 9, "text": text("说不清")}]
    assert comparable(made(), made(q3={"choices": answers}), "q3") == "choices"


def test_a_question_of_one_version_only_is_absent() -> None:
    without = made(q4=None)
    assert comparable(made(), without, "q4") == comparable(without, made(), "q4") == "absent"


def test_another_mode_breaks_every_question_but_is_said_last() -> None:
    by_phone = made(mode="电话访问", q4={"unit": text("天")})
    found = [comparable(made(), by_phone, name) for name in questions()]
    assert found == ["mode", "mode", "mode", "choices", "mode"]
    assert comparable(made(), made(mode="入户 面访"), "q1") == ""


def test_blanks_and_the_width_of_punctuation_say_nothing() -> None:
    assert bare("您（或家人） 参加过“活动”吗？") == bare('您(或家人)参加过"活动"吗?')
    assert bare("不满意") != bare("满意")
