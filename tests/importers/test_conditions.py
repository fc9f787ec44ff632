"""Conditions of LimeSurvey and SurveyJS in our terms, and what they cannot say."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.importers.conditions import Target, condition_of
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Or,
    Selected,
    compared,
)

TARGETS = {
    "a": Target("a", "one", {"1": 1, "2": 2, "98": 98}, frozenset({98})),
    "q1.NAOK": Target("q1", "one", {"A1": 1, "A2": 2}),
    "m": Target("m", "many", {"1": 1, "2": 2, "3": 3}),
    "m.length": Target("m", "count"),
    "q2_SQ3.NAOK": Target("q2", "tick", {"Y": 3}),
    "n": Target("n", "number"),
    "t": Target("t", "words"),
    "d": Target("d", "moment"),
}


def resolve(name: str) -> Target:
    if name not in TARGETS:
        raise UnsayableError(f"前面没有题目 {name}")
    return TARGETS[name]


SAID: tuple[tuple[str, Condition], ...] = (
    ("{a} = 1", compared("a", "=", 1)),
    ("{a} <> 1", Not(compared("a", "=", 1))),
    ("({a} notempty and {a} <> 1)", compared("a", "!=", 1)),
    ("({a} notempty and {a} <> 98 and {a} = 1)", compared("a", "=", 1)),
    ("({a} empty or {a} = 98)", Empty("a")),
    ("{a} = 1 or {a} = '2'", In("a", (1, 2))),
    ("{a} = 1 and {m} contains 2", And((compared("a", "=", 1), Selected("m", 2)))),
    ("{m} anyof [1, 3]", Or((Selected("m", 1), Selected("m", 3)))),
    ("{m} allof [1, 3]", And((Selected("m", 1), Selected("m", 3)))),
    ("{m} notcontains 2", Not(Selected("m", 2))),
    ("{m.length} >= 2", Compare(">=", Count("m"), Constant(2))),
    ("!({n} > 3)", Not(compared("n", ">", 3))),
    ("5 < {n}", compared("n", ">", 5)),
    ("{d} >= '2026-03-02'", compared("d", ">=", "2026-03-02")),
    ('(q1.NAOK == "A1")', compared("q1", "=", 1)),
    ('((q1.NAOK == "A1" or q1.NAOK == "A2"))', In("q1", (1, 2))),
    ('q2_SQ3.NAOK == "Y" && !is_empty(q1.NAOK)', And((Selected("q2", 3), Not(Empty("q1"))))),
    ('q2_SQ3.NAOK == ""', Not(Selected("q2", 3))),
    ('q1.NAOK != ""', Not(Empty("q1"))),
    ("n ge 18 and n le 60", And((compared("n", ">=", 18), compared("n", "<=", 60)))),
)


@pytest.mark.parametrize(("written", "meant"), SAID)
def test_what_can_be_said(written: str, meant: Condition) -> None:
    assert condition_of(written, resolve) == meant


@pytest.mark.parametrize(
    "written",
    [
        "", "((((", "{a}", "{x} = 1", "{a} = 7", "{t} = 'x'", "strlen(n) > 2", "{a} = [1, 2]",
        "{m} = 1 2", "regexMatch('/x/', n)", "{a} <> 98", "{a} contains 1", "(" * 50 + "{a} = 1",
        "1 = 1 and", "{n} > 'many'", "{n} / 2 > 1", "-", "[1",
    ],
)  # fmt: skip
def test_what_cannot_be_said_says_why(written: str) -> None:
    with pytest.raises(UnsayableError, match=r"."):
        condition_of(written, resolve)


def test_a_sum_is_a_value() -> None:
    found = condition_of("{n} + {m.length} > 3", resolve)
    assert isinstance(found, Compare)
    assert found.right == Constant(3)
    assert Answer("n") in (found.left.left,)  # type: ignore[union-attr]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                "{a}",
                "=",
                "1",
                "and",
                "or",
                "!",
                "(",
                ")",
                "empty",
                "[",
                "]",
                "'x'",
                "contains",
                "{m}",
                "-",
                "+",
                "count(",
            ]
        ),
        max_size=12,
    )
)
def test_no_text_ends_in_another_error(pieces: list[str]) -> None:
    with suppress(UnsayableError):
        condition_of(" ".join(pieces), resolve)
