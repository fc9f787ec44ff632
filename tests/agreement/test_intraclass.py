"""Reference: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, tables 2-4."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import icc
from pipeline.errors import ResponseError

SHROUT_FLEISS = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    columns=["judge 1", "judge 2", "judge 3", "judge 4"],
)


def test_the_six_forms_are_the_published_ones():
    found = icc(SHROUT_FLEISS)
    published = [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert list(found.table["value"].round(2)) == published
    assert list(found.table["f"].round(2)[:3]) == [1.79, 11.03, 11.03]
    assert (found.n, found.raters) == (6, 4)


def test_the_intervals_hold_the_values_and_widen_with_the_level():
    narrow, wide = (icc(SHROUT_FLEISS, level=level).table for level in (0.8, 0.95))
    for table in (narrow, wide):
        assert (table["low"] < table["value"]).all()
        assert (table["value"] < table["high"]).all()
    assert (wide["low"] < narrow["low"]).all()
    assert (wide["high"] > narrow["high"]).all()


def test_the_interval_covers_as_often_as_it_says():
    """ICC1 of units that differ with variance 1 and ratings with error variance 1 is 0.5."""
    random = np.random.default_rng(20)
    covered = 0
    for _ in range(400):
        ratings = random.normal(size=(25, 1)) + random.normal(size=(25, 3))
        row = icc(pd.DataFrame(ratings), level=0.9).table.iloc[0]
        covered += row["low"] < 0.5 < row["high"]
    assert 0.87 < covered / 400 < 0.93


def test_raters_with_another_level_lower_icc2_and_leave_icc3():
    shifted = SHROUT_FLEISS + np.array([0, 3, 6, 9])
    before, after = (icc(t).table.set_index("form")["value"] for t in (SHROUT_FLEISS, shifted))
    assert after["ICC3"] == pytest.approx(before["ICC3"])
    assert after["ICC2"] < before["ICC2"]


@given(st.integers(0, 10**6), st.floats(0.1, 10))
def test_units_of_measurement_and_order_change_nothing(seed, scale):
    table = pd.DataFrame(np.random.default_rng(seed).normal(size=(8, 3)))
    turned = 7 - table.iloc[::-1, ::-1] * scale
    found, again = (icc(t).table[["value", "low", "high", "p"]] for t in (table, turned))
    np.testing.assert_allclose(found, again, rtol=1e-6, atol=1e-9)


def test_perfect_agreement_is_one():
    assert list(icc(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})).table["value"]) == [1] * 6


def test_ratings_have_to_be_numbers_of_two_units_and_two_raters():
    with pytest.raises(ResponseError, match="须为数字"):
        icc(pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}))
    with pytest.raises(ResponseError, match="只有 1 行完整"):
        icc(pd.DataFrame({"a": [1, None], "b": [1, 2]}))
