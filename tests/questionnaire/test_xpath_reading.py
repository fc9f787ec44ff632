"""XPath of XLSForms: what is written is read back, and what others wrote is read or refused."""

import random
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms import xpath
from pipeline.questionnaire.expressions import Condition, parse, parse_term
from pipeline.questionnaire.routing import holds, values
from pipeline.questionnaire.xpath_reading import Calculation, Unread, read_condition, read_value
from tests.forms.made_expressions import (
    decoded,
    definition,
    made_answers,
    made_condition,
    made_number,
)

ASKED = definition()
NAMES = {question.name: question for question in ASKED.questions}
DRAW = random.Random(7)
TABLE = decoded([made_answers(DRAW) for _ in range(120)], ASKED)
SEEDS = st.integers(0, 10**6)


def written_and_read(condition: Condition) -> Condition | Unread:
    return read_condition(xpath.expression(condition, ASKED), NAMES)


@settings(max_examples=150)
@given(SEEDS)
def test_a_condition_means_the_same_after_writing_and_reading(seed: int) -> None:
    condition = made_condition(random.Random(seed))
    read = written_and_read(condition)
    if isinstance(read, Unread):  # {in: [hours, ...]} and the like never hold, and are not read
        assert "成立" in read.why
        assert holds(condition, TABLE).nunique() == 1
    else:
        assert holds(read, TABLE).tolist() == holds(condition, TABLE).tolist()


@settings(max_examples=100)
@given(SEEDS)
def test_what_was_read_once_is_written_and_read_unchanged(seed: int) -> None:
    once = written_and_read(made_condition(random.Random(seed)))
    if not isinstance(once, Unread):
        assert written_and_read(once) == once


@settings(max_examples=100)
@given(SEEDS)
def test_a_value_means_the_same_after_writing_and_reading(seed: int) -> None:
    term = made_number(random.Random(seed))
    read = read_value(xpath.value_text(term, ASKED), NAMES)
    assert isinstance(read, Calculation), read
    worth = values(read.value, TABLE)
    if read.show_if is not None:
        worth = worth.mask(~holds(read.show_if, TABLE))
    np.testing.assert_array_equal(plainly(worth), plainly(values(term, TABLE)))


def plainly(worth: pd.Series) -> np.ndarray:
    return worth.to_numpy("float64", na_value=np.nan)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${two} = '1'", {"=": ["two", 1]}),
        ("${two}=1 or ${two} = \"10\"", {"in": ["two", [1, 10]]}),
        ("${one} != 'yes'", {"not": {"=": ["one", 1]}}),
        ("${one} != '' and ${one} != 'yes'", {"!=": ["one", 1]}),
        ("${one}=’no’", {"=": ["one", 2]}),
        ("selected(${one}, 'yes')", {"=": ["one", 1]}),
        ("not(selected(${many}, 'road') or selected (${many},'roads'))",
         {"not": {"or": [{"selected": ["many", 1]}, {"selected": ["many", 11]}]}}),
        ("${ticks} = '2'", {"and": [{"selected": ["ticks", 2]}, {"=": [{"count": "ticks"}, 1]}]}),
        ("count-selected(${ticks})>1", {">": [{"count": "ticks"}, 1]}),
        (". >= 0 and . <= 12.5", {"and": [{">=": ["hours", 0]}, {"<=": ["hours", 12.5]}]}),
        (".>=${price}", {">=": ["hours", "price"]}),
        ("${hours} > -1 and ${price} * 2 < ${hours} - 1",
         {"and": [{">": ["hours", -1]}, {"<": [{"*": ["price", 2]}, {"-": ["hours", 1]}]}]}),
        ("${two} >= 1", {"in": ["two", [1, 10]]}),
        ("string-length(${people}) > 0", {"not": {"empty": "people"}}),
        ("${born} > date('2000-01-01')", {">": ["born", "2000-01-01"]}),
        ("${a} = 1", None),
        ("if(${two} = 1, ${hours} > 1, ${hours} > 2)", {"or": [
            {"and": [{"=": ["two", 1]}, {">": ["hours", 1]}]},
            {"and": [{"not": {"=": ["two", 1]}}, {">": ["hours", 2]}]}]}),
    ],
)  # fmt: skip
def test_what_forms_in_the_wild_say(text: str, condition: dict[str, object] | None) -> None:
    found = read_condition(text, NAMES, itself="hours")
    if condition is None:
        assert isinstance(found, Unread)
    else:
        assert found == parse(condition)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${born} <= today()", r"today\(\)"),
        ("regex(., '^a$')", r"regex\(\)"),
        ("${hours} div 2 > 1", "div"),
        ("${one} = 'dk'", "缺失值选项"),
        ("${one} = 'perhaps'", "没有选项“perhaps”"),
        ("${nobody} = 1", "nobody"),
        ("${order} = '1'", "排序题"),
        ("${one} + 1 > 2", "选项不是数字"),
        ("position(..) = 1", r"position\(\.\.\)"),
        ("${one} = ", "没有写完"),
        ("(" * 500 + "1" + ")" * 500, "层以上"),
        ("instance('a')/root/item[id=1]", "/"),
        ("FALSE", "FALSE"),
        ("", "空"),
        ("${one", "看不懂"),
        ("1 = 1 or " * 5000, "字符"),
        (
            "(" * 30 + "1=1" + " or 1=1" * 100 + (")" + " or 1=1" * 100) * 30,
            "对谁都成立|字符|太长",
        ),
        ("(" * 20 + "1" + "+1" * 100 + (")" + "+1" * 100) * 20, "太深|太长|不是条件"),
        ("not(" * 50 + "${two}=1" + ")" * 50, "套得太深"),
    ],
)
def test_what_has_no_counterpart_says_why(text: str, why: str) -> None:
    found = read_condition(text, NAMES, itself="hours")
    assert isinstance(found, Unread)
    assert re.search(why, found.why)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("${hours} + ${price}", {"+": ["hours", "price"]}, None),
        ("if(${two} = 1, 5, ${people})", {"if": [{"=": ["two", 1]}, 5, "people"]}, None),
        ("if(${two} = 1, ${hours} * 2, '')", {"*": ["hours", 2]}, {"=": ["two", 1]}),
        ("if(${hours} != '', ${hours} * 2, '')", {"*": ["hours", 2]}, None),
        ("number(${two})", "two", None),
    ],
)
def test_calculations(text: str, value: object, shown: dict[str, object] | None) -> None:
    condition = None if shown is None else parse(shown)
    assert read_value(text, NAMES) == Calculation(parse_term(value), condition)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(
    ["${two}", "${one}", ".", "'yes'", "1", "(", ")", " and ", " or ", "not(", "=", "!=", "<", "if(",
     ",", "selected(", "-", "+", "..", "count-selected(", "''", "number(", "*", "date(", "round("]
), max_size=14).map("".join))  # fmt: skip
def test_no_text_ends_in_a_traceback(text: str) -> None:
    assert read_condition(text, NAMES, itself="hours") is not None
    assert read_value(text, NAMES) is not None
