"""A filter written as text means what the same condition means in a questionnaire."""

import pandas as pd
import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.expressions import parse
from pipeline.questionnaire.filters import chosen

ROWS = pd.DataFrame(
    {
        "q1": pd.array([1, 2, None, 3], dtype="Int64"),
        "q2": [0.5, 2.0, 3.0, None],
        "county": ["甲", "乙", "", None],
        "flag": [True, False, True, False],
    }
)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("q1 == 1", {"=": ["q1", 1]}),
        ("q1 = 1", {"=": ["q1", 1]}),
        ("q1 != 1", {"!=": ["q1", 1]}),
        ("q1 in (1, 3)", {"in": ["q1", [1, 3]]}),
        ("not q1 >= 2", {"not": {">=": ["q1", 2]}}),
        ("q1 < 3 and q2 > 1 or q1 = 3", {"or": [{"and": [{"<": ["q1", 3]}, {">": ["q2", 1]}]}, {"=": ["q1", 3]}]}),
    ],
)  # fmt: skip
def test_text_and_condition_choose_the_same_rows(text, condition):
    by_text = chosen(text, ROWS)
    pd.testing.assert_series_equal(by_text, chosen(condition, ROWS))
    pd.testing.assert_series_equal(by_text, chosen(parse(condition), ROWS))
    assert by_text.any()
    assert not by_text.all()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("county == '甲'", [True, False, False, False]),
        ("county != '甲'", [False, True, False, False]),  # a missing answer is no other answer
        ("county not in ('甲', '丙')", [False, True, False, False]),
        ("q1 not in [1]", [False, True, False, True]),
        ("flag", [True, False, True, False]),
        ("flag and not q1 == 1", [False, False, True, False]),
    ],
)
def test_words_and_truth_values(text, rows):
    assert chosen(text, ROWS).to_list() == rows


@pytest.mark.parametrize(
    ("filter_", "said"),
    [
        ("q11 == 1", "q1"),
        ("q1 == '1'", "codes"),
        ("county == 1", "text"),
        ("__import__('os')", "not a filter"),
        ("q1 == q2", "not a filter"),
        ("q1", "not a filter"),
        ("q1 + 1 == 2", "not a filter"),
        ("1 <= q1 <= 2", "not a filter"),
        ("q1 ==", "not a filter"),
        ({"=": ["q1"]}, "question, value"),
        (pd.Series([True]), "truth values"),
    ],
)
def test_anything_else_is_refused(filter_, said):
    with pytest.raises(ResponseError, match=said):
        chosen(filter_, ROWS)


def test_a_missing_truth_value_does_not_count():
    given = pd.Series([True, None, False, None], dtype="boolean")
    assert chosen(given, ROWS).to_list() == [True, False, False, False]
