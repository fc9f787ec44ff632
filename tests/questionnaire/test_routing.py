"""Conditions: two-valued on every row, the same after a round trip through YAML."""

from io import StringIO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.questionnaire.expressions import (
    COMPARATORS,
    OPERATORS,
    And,
    Answer,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Constant,
    Count,
    Empty,
    In,
    Not,
    Or,
    Selected,
    Term,
    as_yaml,
    compared,
    parse,
    parse_term,
    questions_of,
    term_as_yaml,
)
from pipeline.questionnaire.routing import holds, values

ROWS = pd.DataFrame(
    {
        "q1": pd.array([1, 2, None, 3], dtype="Int64"),
        "q2": pd.array([0.5, None, 2.0, -1.0], dtype="Float64"),
        "q3__1": pd.array([1, 0, None, 0], dtype="Int64"),
        "q3__2": pd.array([0, 1, None, 0], dtype="Int64"),
    }
)
NUMBERS = st.one_of(st.integers(-3, 5), st.sampled_from([-1.0, 0.5, 2.0, 2.5]))
NUMERIC = st.sampled_from(["q1", "q2"])
SIMPLE: st.SearchStrategy[Term] = st.one_of(
    st.builds(Constant, NUMBERS), st.builds(Answer, NUMERIC), st.just(Count("q3"))
)
TERMS = st.recursive(
    SIMPLE,
    lambda term: st.one_of(
        st.builds(Arithmetic, st.sampled_from(OPERATORS), term, term),
        st.builds(
            Choose, st.builds(Compare, st.sampled_from(COMPARATORS), term, term), term, term
        ),
    ),
    max_leaves=4,
)
LEAVES = st.one_of(
    st.builds(Compare, st.sampled_from(COMPARATORS), TERMS, TERMS),
    st.builds(compared, NUMERIC, st.sampled_from(COMPARATORS), NUMBERS),
    st.builds(In, NUMERIC, st.lists(NUMBERS, min_size=1, max_size=3).map(tuple)),
    st.builds(Selected, st.just("q3"), st.sampled_from([1, 2])),
    st.builds(Empty, st.sampled_from(["q1", "q2", "q3"])),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds(Not, part),
        st.builds(And, st.lists(part, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(part, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_a_condition_survives_the_round_trip(condition: Condition) -> None:
    assert parse(as_yaml(condition)) == condition


@given(CONDITIONS)
def test_a_condition_survives_a_yaml_file(condition: Condition) -> None:
    yaml = YAML(typ=["rt"])
    text = StringIO()
    yaml.dump(as_yaml(condition), text)
    assert parse(yaml.load(text.getvalue())) == condition


def worth(term: Term, row: dict[str, float | None]) -> float | None:
    """The definition of a value, on one row, without pandas: arithmetic with nothing is nothing."""
    match term:
        case Constant(int() | float() as value):
            return value
        case Answer(question):
            return row[question]
        case Count(question):
            return sum(row[f"{question}__{code}"] == 1 for code in (1, 2))
        case Arithmetic(operator, one, other):
            left, right = worth(one, row), worth(other, row)
            if left is None or right is None:
                return None
            return round({"+": left + right, "-": left - right, "*": left * right}[operator], 6)
        case Choose(condition, then, otherwise):
            return worth(then if told(condition, row) else otherwise, row)
    raise AssertionError(term)


def told(condition: Condition, row: dict[str, float | None]) -> bool:
    """The definition, on one row, without pandas: any comparison with an empty value is false."""
    match condition:
        case Compare(operator, one, other):
            left, right = worth(one, row), worth(other, row)
            if left is None or right is None:
                return False
            return {
                "=": left == right,
                "!=": left != right,
                "<": left < right,
                "<=": left <= right,
                ">": left > right,
                ">=": left >= right,
            }[operator]
        case In(question, values):
            return row[question] is not None and row[question] in values
        case Selected(question, code):
            return row[f"{question}__{code}"] == 1
        case Empty("q3"):
            return row["q3__1"] != 1 and row["q3__2"] != 1
        case Empty(question):
            return row[question] is None
        case Not(part):
            return not told(part, row)
        case And(parts):
            return all(told(part, row) for part in parts)
        case Or(parts):
            return any(told(part, row) for part in parts)


@settings(max_examples=40)
@given(CONDITIONS)
def test_columns_and_single_rows_agree(condition: Condition) -> None:
    verdict = holds(condition, ROWS)
    assert verdict.dtype == bool
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in ROWS.astype(object).to_dict("records")
    ]
    assert verdict.tolist() == [told(condition, row) for row in rows]


@settings(max_examples=40)
@given(CONDITIONS)
def test_a_condition_reads_the_questions_it_names(condition: Condition) -> None:
    named = set(questions_of(condition))
    assert named <= {"q1", "q2", "q3"}
    needed = [c for c in ROWS if c.split("__")[0] in named]
    assert holds(condition, ROWS[needed]).tolist() == holds(condition, ROWS).tolist()


@settings(max_examples=40)
@given(TERMS)
def test_values_of_columns_and_of_single_rows_agree(term: Term) -> None:
    found = [None if pd.isna(one) else float(one) for one in values(term, ROWS)]
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in ROWS.astype(object).to_dict("records")
    ]
    assert found == [worth(term, row) for row in rows]


@given(TERMS)
def test_a_value_survives_the_round_trip(term: Term) -> None:
    assert parse_term(term_as_yaml(term)) == term


def test_a_sum_of_tenths_is_what_it_is_on_paper() -> None:
    assert values(parse_term({"+": [0.1, 0.2]}), ROWS).tolist() == [0.3] * 4
    assert holds(parse({"=": [{"*": [1.1, 3]}, 3.3]}), ROWS).all()


def test_days_and_times_compare_as_such() -> None:
    rows = pd.DataFrame({"born": ["1999-12-31", None], "rises": ["08:30", "09:00"]})
    assert holds(parse({"<": ["born", "2000-01-01"]}), rows).tolist() == [True, False]
    assert holds(parse({"!=": ["rises", "08:30"]}), rows).tolist() == [False, True]
    later = {"if": [{"empty": "born"}, "2000-01-01", "born"]}
    assert holds(parse({">=": [later, "2000-01-01"]}), rows).tolist() == [False, True]


def test_unequal_to_nothing_is_false() -> None:
    assert holds(parse({"!=": ["q1", 1]}), ROWS).tolist() == [False, True, False, True]
    assert holds(parse({"not": {"=": ["q1", 1]}}), ROWS).tolist() == [False, True, True, True]


def test_an_index_that_is_not_counted_is_kept() -> None:
    rows = ROWS.set_axis([7, 5, 3, 9])
    assert holds(parse({"and": [{"=": ["q1", 1]}, {"empty": "q3"}]}), rows).index.tolist() == [
        7,
        5,
        3,
        9,
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("q05 = 1", "A condition is a mapping of one operator"),
        ({"=": ["q1", 1], "!=": ["q1", 2]}, "A condition is a mapping of one operator"),
        ({"==": ["q1", 1]}, "'==' is no operator; use one of"),
        ({"=": ["q1"]}, r"'=' takes \[question, value\]; found \['q1'\]"),
        ({"selected": [1, 1]}, "Here stands the name of a question; found 1"),
        ({"=": ["q1", {"/": ["q1", 2]}]}, "'/' is no operator of values"),
        ({"=": ["q1", {"+": ["q1"]}]}, r"'\+' takes two values or more"),
        ({"=": ["q1", {"if": [1, 2]}]}, "'if' takes"),
        ({"=": ["q1", {"count": 2}]}, "Here stands the name of a question"),
        ({"=": ["q1", True]}, "Codes and bounds are numbers; found True"),
        ({"in": ["q1", []]}, r"'in' takes \[question, \[codes\]\]"),
        ({"in": ["q1", 3]}, r"'in' takes \[question, \[codes\]\]"),
        ({"selected": ["q1", 1.5]}, "whole"),
        ({"and": []}, "'and' takes a list of conditions"),
        ({"or": {"=": ["q1", 1]}}, "'or' takes a list of conditions"),
        ({"not": []}, "A condition is a mapping"),
        ({"empty": ["q1"]}, "Here stands the name of a question"),
        ({"=": ["q1", float("nan")]}, "finite"),
    ],
)
def test_what_is_no_condition_says_why(raw: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse(raw)
