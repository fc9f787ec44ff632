import numpy as np
import pandas as pd
import pytest

from pipeline.estimation.presentation import presentable, ranges_of
from tests.estimation.invented import questionnaire

SHARE = {
    "question": "q01", "estimand": "proportion", "value": 0.4, "standard_error": 0.04, "low": 0.32,
    "high": 0.48, "degrees_of_freedom": 20.0, "n": 200, "effective_n": 150.0, "design_effect": 1.3,
    "interval_method": "beta_capped",
}  # fmt: skip
MEAN = SHARE | {"estimand": "mean", "value": 3.0, "low": 2.7, "high": 3.3}


def why(row, **changed):
    table = presentable(pd.DataFrame([row | changed]), ranges_of(questionnaire()))
    assert table["presentable"][0] == (table["why_not"][0] == "")
    return table["why_not"][0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"n": 29}, "n_below_30"),
        ({"n": 30, "effective_n": 30.0}, ""),
        ({"effective_n": 29.9}, "effective_n_below_30"),
        ({"n": 29, "effective_n": 3000.0}, "n_below_30"),
        ({"effective_n": np.inf}, ""),
        ({"low": 0.25, "high": 0.55}, "interval_too_wide"),  # .30 wide
        ({"low": 0.255, "high": 0.55}, ""),
        ({"value": 0.1, "low": 0.04, "high": 0.18}, "interval_too_wide"),  # 140 % of the share
        ({"value": 0.1, "low": 0.05, "high": 0.17}, ""),
        ({"value": 0.01, "low": 0.0, "high": 0.05}, ""),  # narrow enough whatever the share
        ({"value": 0.0, "low": 0.0, "high": 0.06}, "interval_too_wide"),
        ({"standard_error": np.nan}, "interval_too_wide"),
        ({"low": np.nan, "high": np.nan, "effective_n": np.nan}, "interval_too_wide"),
    ],
)
def test_the_rule_for_shares(changed, reason):
    assert why(SHARE, **changed) == reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"n": 29}, "n_below_30"),
        ({"degrees_of_freedom": 7.0}, "df_below_8"),
        ({"low": 2.5, "high": 3.5}, "mean_imprecise"),  # half of it is 12.5 % of 1..5
        ({"question": "q04", "low": 1.1, "high": 4.9}, ""),  # 0..20
        ({"question": "free", "low": 2.71, "high": 3.29}, ""),
        ({"question": "free", "low": 2.6, "high": 3.4}, "mean_imprecise"),
        ({"standard_error": np.nan, "low": np.nan, "high": np.nan}, "mean_imprecise"),
    ],
)
def test_the_rule_for_means(changed, reason):
    assert why(MEAN, **changed) == reason


def test_a_sample_without_a_draw_has_no_margin_of_error():
    table = presentable(pd.DataFrame([SHARE, SHARE | {"n": 20}]), {}, probability_sample=False)
    gone = ["standard_error", "low", "high", "degrees_of_freedom", "effective_n", "design_effect"]
    assert table[gone].isna().all(axis=None)
    assert table["why_not"].tolist() == ["", "n_below_30"]
    assert table["value"].tolist() == [0.4, 0.4]
    assert set(table["interval_method"]) == {"none"}


def test_ranges_come_from_scales_and_bounds():
    assert ranges_of(questionnaire()) == {"q01": 4.0, "q04": 20.0}
