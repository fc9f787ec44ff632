"""Codes say the same as pandas' factorize, whatever way they were found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.totals.coding import SHORT, coded, each_row_within, first_rows, within

NEAR = st.integers(-3, 9)
FAR = st.integers(-(2**62), 2**62)
GAPS = st.one_of(st.none(), NEAR)


def read_back(code, levels):
    return [None if k < 0 else levels[k] for k in code.tolist()]


@given(st.one_of(st.lists(NEAR, min_size=1), st.lists(FAR, min_size=1)))
def test_whole_numbers_come_back_in_order(values):
    code, levels = coded(pd.Series(values, dtype="int64"))
    assert read_back(code, levels) == values
    assert list(levels) == sorted(set(values))
    assert code.dtype == np.int32


@pytest.mark.parametrize("dtype", ["float64", "Int64", "Int8", "Float64"])
@given(values=st.lists(GAPS, min_size=1))
def test_gaps_are_outside_in_every_type_of_number(dtype, values):
    code, levels = coded(pd.Series(values, dtype=dtype))
    assert read_back(code, levels) == values
    assert all(isinstance(level, int) for level in levels)


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), min_size=1))
def test_fractions_and_infinities_are_told_apart(values):
    code, levels = coded(pd.Series(values, dtype="float64"))
    assert read_back(code, levels) == values
    assert list(levels) == sorted(set(values) - {None})


@given(st.lists(st.sampled_from(["", "b", "a", None]), min_size=1))
def test_an_empty_text_is_missing_unless_said_otherwise(values):
    column = pd.Series(values, dtype="str")
    assert read_back(*coded(column)) == [v or None for v in values]
    assert read_back(*coded(column, blank_is_missing=False)) == values


def test_categories_keep_their_order_and_lose_those_that_do_not_occur():
    column = pd.Series(["hi", "lo", None, "hi"]).astype(
        pd.CategoricalDtype(["lo", "mid", "", "hi"], ordered=True)
    )
    code, levels = coded(column)
    assert levels == ("lo", "hi")
    assert code.tolist() == [1, 0, -1, 1]


def test_truth_values_are_0_and_1_with_and_without_gaps():
    assert read_back(*coded(pd.Series([True, False]))) == [1, 0]
    assert read_back(*coded(pd.Series([True, None, False], dtype=object))) == [1, None, 0]


def test_small_and_unsigned_types_do_not_overflow():
    assert read_back(*coded(pd.Series([-128, 127], dtype="int8"))) == [-128, 127]
    assert read_back(*coded(pd.Series([2**64 - 1, 2**64 - 3], dtype="uint64"))) == [
        2**64 - 1, 2**64 - 3,
    ]  # fmt: skip


def test_a_column_without_a_value_has_no_levels():
    for column in (pd.Series([None, None], dtype="float64"), pd.Series([], dtype="int64")):
        code, levels = coded(column)
        assert levels == ()
        assert (code == -1).all()


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1))
def test_pairs_are_numbered_by_outer_then_inner(pairs):
    outer, inner = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    code, count = within(outer, inner)
    known = sorted({pair for pair in pairs if min(pair) >= 0})
    assert code.tolist() == [known.index(p) if min(p) >= 0 else -1 for p in pairs]
    assert count == len(known)


def test_pairs_over_a_long_range_are_numbered_alike():
    outer = np.array([0, 3 * SHORT, 5, 5, -1], dtype=np.int32)
    inner = np.array([SHORT, 0, 7, 7, 2], dtype=np.int32)
    code, count = within(outer, inner)
    assert code.tolist() == [0, 2, 1, 1, -1]
    assert count == 3


@given(st.lists(st.sampled_from([0, 1, 2, SHORT + 1]), min_size=1))
def test_each_row_gets_a_place_in_its_group(groups):
    outer = np.array(groups, dtype=np.int32)
    code = each_row_within(outer)
    assert sorted(code.tolist()) == list(range(len(groups)))
    order = np.argsort(code)
    assert [(groups[row], row) for row in order] == sorted((g, k) for k, g in enumerate(groups))


@given(st.lists(NEAR, min_size=1))
def test_the_first_row_of_each_code(values):
    code, levels = coded(pd.Series(values))
    assert first_rows(code, len(levels)).tolist() == [values.index(level) for level in levels]
