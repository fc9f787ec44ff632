import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.rules import as_bounds, is_extreme, require_limits, rounded
from pipeline.errors import DisclosureError
from pipeline.questionnaire.programme import ReportingRules
from tests.disclosure.made import estimate, estimates


def test_lowered_limits_are_refused_and_named_together() -> None:
    require_limits(ReportingRules())
    require_limits(ReportingRules(minimum_n=15))
    with pytest.raises(DisclosureError) as refused:
        require_limits(ReportingRules(minimum_n=5, quote_n=10))
    assert "minimum_n: 5 < 10" in str(refused.value)
    assert "quote_n: 10 < 20" in str(refused.value)


@given(st.integers(0, 10_000))
def test_counts_are_rounded_to_five_and_never_below_ten_from_ten_on(n: int) -> None:
    to_five = rounded(pd.Series([n]), 5).iloc[0]
    assert to_five % 5 == 0
    assert abs(to_five - n) <= 2.5
    assert (to_five >= 10) or n < 10


def test_missing_counts_stay_missing() -> None:
    assert np.isnan(rounded(pd.Series([np.nan]), 5).iloc[0])


def test_extreme_is_up_to_five_percent_in_groups_below_fifty() -> None:
    rows = estimates(
        estimate(40, 0), estimate(40, 2), estimate(40, 3), estimate(40, 40), estimate(49, 47),
        estimate(50, 0), estimate(40, 20, estimand="mean", value=0.0),
    )  # fmt: skip
    assert is_extreme(rows).tolist() == [True, True, False, True, True, False, False]


def test_bounds_hold_no_exact_figure() -> None:
    bounded = as_bounds(estimates(estimate(40, 1), estimate(40, 39)))
    assert bounded[["low", "high"]].to_numpy().tolist() == [[0.0, 0.05], [0.95, 1.0]]
    assert bounded[["value", "standard_error", "effective_n"]].isna().all(axis=None)
    assert bounded["why_not"].eq("sensitive_extreme").all()
    assert not bounded["presentable"].any()
