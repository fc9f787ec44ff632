import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.design import SurveyDesign, Trim
from pipeline.errors import CalibrationError
from pipeline.weighting import trim

DESIGN = SurveyDesign(weight="base")
WEIGHTS = st.lists(st.floats(0.1, 50), min_size=3, max_size=40)


def frame(weights):
    return pd.DataFrame({"base": np.array(weights, dtype=float)})


def test_the_excess_is_spread_in_equal_shares_over_the_others():
    made, design = trim(frame([1, 2, 3, 14]), DESIGN, upper=8)
    assert made["weight"].tolist() == [3, 4, 5, 8]
    assert design.calibration == (Trim(None, 8, False, "base", "weight"),)


def test_both_ends_are_cut_at_once_and_the_balance_is_spread():
    made, _ = trim(frame([0.5, 4, 5, 10.5]), DESIGN, lower=2, upper=8)
    assert made["weight"].tolist() == [2, 4.5, 5.5, 8]


def test_repeating_brings_all_weights_inside():
    once, _ = trim(frame([1, 7, 7, 15]), DESIGN, upper=8)
    assert once["weight"].max() > 8
    made, _ = trim(frame([1, 7, 7, 15]), DESIGN, upper=8, repeat_until_inside=True)
    assert made["weight"].tolist() == pytest.approx([6, 8, 8, 8])
    assert made["weight"].max() <= 8


@given(WEIGHTS, st.floats(1.05, 5), st.floats(0.2, 0.95), st.booleans())
def test_the_sum_stays_and_limits_hold(weights, above, below, repeat):
    mean = float(np.mean(weights))
    given_, limits = np.array(weights), {"lower": below * mean, "upper": above * mean}
    assume(((given_ >= below * mean) & (given_ <= above * mean)).sum() > 1)
    made, _ = trim(frame(weights), DESIGN, **limits, repeat_until_inside=repeat)
    assert made["weight"].sum() == pytest.approx(sum(weights), rel=1e-9)
    if repeat:
        assert made["weight"].between(below * mean, above * mean).all()


@given(WEIGHTS)
def test_limits_beyond_all_weights_change_nothing(weights):
    made, _ = trim(frame(weights), DESIGN, lower=0.05, upper=60, repeat_until_inside=True)
    assert made["weight"].tolist() == weights


def test_units_that_did_not_respond_get_no_share():
    made, _ = trim(frame([0, 2, 3, 9]), DESIGN, upper=6)
    assert made["weight"].tolist() == [0, 3.5, 4.5, 6]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"lower": 5, "upper": 4}, "lower < upper"),
        ({"upper": 2, "repeat_until_inside": True}, "不可能都在"),
        ({"lower": 4.5, "upper": 5.5}, "差额无处可分"),
    ],
)
def test_limits_that_cannot_hold_are_refused(limits, said):
    with pytest.raises(CalibrationError, match=said):
        trim(frame([1, 4, 6, 9]), DESIGN, **limits)
