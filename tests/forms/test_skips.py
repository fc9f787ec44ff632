"""Following the instructions on paper leads to the questions that the routing asks."""

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms.guide import guide
from pipeline.forms.skips import SkipInstructions, skip_instructions
from pipeline.questionnaire.expressions import (
    And,
    Condition,
    Empty,
    In,
    Not,
    Or,
    all_of,
    as_yaml,
    compared,
    questions_of,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.routing import holds
from tests.forms.made_expressions import definition

NAMES = [f"q{no}" for no in range(1, 8)]
CODES = [1, 2, 3]


def leaf(name: str) -> st.SearchStrategy[Condition]:
    code = st.sampled_from(CODES)
    return st.one_of(
        st.builds(compared, st.just(name), st.sampled_from(["=", "!=", "<="]), code),
        st.builds(In, st.just(name), st.just((1, 2))),
        st.builds(lambda one: Not(compared(name, "=", one)), code),
        st.just(Empty(name)),
    )


def route(at: int) -> st.SearchStrategy[Condition | None]:
    """Most often on the question just before, as people write routes."""
    if at == 0:
        return st.none()
    before = st.sampled_from([NAMES[at - 1], NAMES[max(at - 2, 0)], NAMES[0]])
    one = before.flatmap(leaf)
    same = leaf(NAMES[0])
    return st.one_of(
        st.none(), one, st.just(compared(NAMES[max(at - 2, 0)], "=", 1)), one,
        st.builds(lambda a, b: And((a, b)), same, one), st.builds(lambda a, b: Or((a, b)), same, one),
    )  # fmt: skip


def made(routes: list[Condition | None], second: Condition | None) -> Questionnaire:
    """Return a questionnaire of two sections, the second with a condition of its own."""
    choices = [{"code": code, "text": {"zh": f"答{code}"}} for code in CODES]
    asked = [
        {"name": name, "type": "single_choice", "text": {"zh": name}, "choices": choices}
        | ({} if one is None else {"show_if": as_yaml(one)})
        for name, one in zip(NAMES, routes, strict=True)
    ]
    sections = [
        {"title": {"zh": "一"}, "questions": asked[:3]},
        {"title": {"zh": "二"}, "questions": asked[3:]}
        | ({} if second is None else {"show_if": as_yaml(second)}),
    ]
    raw = definition().model_dump(mode="json", exclude_unset=True)
    return Questionnaire.model_validate(raw | {"sections": sections})


@cache
def verdict(condition: Condition, answers: tuple[tuple[str, int | None], ...]) -> bool:
    row = {name: pd.array([answer], dtype="Int64") for name, answer in answers}
    return bool(holds(condition, pd.DataFrame(row)).iloc[0])


def true(condition: Condition, answers: dict[str, int | None]) -> bool:
    read = dict.fromkeys(questions_of(condition))
    return verdict(condition, tuple((name, answers.get(name)) for name in read))


def asked_by_routing(questionnaire: Questionnaire, wishes: dict[str, int | None]) -> list[str]:
    given: dict[str, int | None] = {}
    for question in questionnaire.questions:
        if question.show_if is None or true(question.show_if, given):
            given[question.name] = wishes[question.name]
    return list(given)


def asked_on_paper(printed: SkipInstructions, wishes: dict[str, int | None]) -> list[str]:
    given: dict[str, int | None] = {}
    at: int | None = 0
    while at is not None and at < len(NAMES):
        name, onward = NAMES[at], at + 1
        if name not in printed.before or true(printed.before[name], given):
            given[name] = wishes[name]
            if skip := printed.after.get(name):
                goes = skip.onward if true(skip.condition, given) else skip.target
                onward = len(NAMES) if goes is None else NAMES.index(goes)
        at = onward
    return list(given)


@settings(max_examples=60)
@given(
    st.tuples(*(route(at) for at in range(len(NAMES)))),
    st.one_of(st.none(), leaf(NAMES[2]), leaf(NAMES[0])),
    st.lists(st.tuples(*(st.sampled_from([1, 1, 2, 3, None]) for _ in NAMES)), min_size=4, max_size=4),
)  # fmt: skip
def test_paper_asks_what_the_routing_asks(
    routes: tuple[Condition | None, ...],
    second: Condition | None,
    people: list[tuple[int | None, ...]],
) -> None:
    questionnaire = made(list(routes), second)
    printed = skip_instructions(questionnaire)
    for person in people:
        wishes = dict(zip(NAMES, person, strict=True))
        assert asked_on_paper(printed, wishes) == asked_by_routing(questionnaire, wishes)


def test_a_skip_says_both_ways() -> None:
    none = [None] * 3
    unhappy = compared("q1", "=", 1)
    questionnaire = made(
        [None, unhappy, all_of(unhappy, compared("q2", "=", 2)), None, *none], None
    )
    printed = skip_instructions(questionnaire)
    assert not printed.before
    assert guide(questionnaire).after("q1") == ("若选“答1”，请继续第 2 题；否则跳至第 4 题。",)
    assert guide(questionnaire).after("q2") == ("若选“答2”，请继续第 3 题；否则跳至第 4 题。",)
    assert guide(questionnaire, "en").after("q1") == (
        "If this question is “答1”, continue with question 2; if not, go to question 4.",
    )


def test_where_a_skip_cannot_say_it_the_question_does() -> None:
    routes = [None, None, compared("q1", "!=", 1), None, None, None, None]
    questionnaire = made(routes, None)
    assert guide(questionnaire).after("q1") == ()
    assert guide(questionnaire).before("q3") == "（第 1 题选“答2”或“答3”的人回答）"
    assert guide(questionnaire).before("q4") == ""


def test_nothing_more_to_ask_is_the_end() -> None:
    routes = [None] * 6 + [compared("q6", "=", 2)]
    assert guide(made(routes, None)).after("q6") == ("若选“答2”，请继续第 7 题；否则到此结束。",)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_is_screened_out_is_told_so_at_the_last_answer(language: str) -> None:
    raw = made([None] * 7, None).model_dump(mode="json", exclude_unset=True)
    ended = {"=": ["q2", 3]}
    screen = [{"name": "out", "when": ended, "message": {"zh": "谢谢"}}]
    questionnaire = Questionnaire.model_validate(raw | {"screen_outs": screen})
    told = {"zh": "若选“答3”，到此结束。", "en": "If this question is “答3”, end here."}
    assert guide(questionnaire, language).after("q2") == (told[language],)  # type: ignore[arg-type]
