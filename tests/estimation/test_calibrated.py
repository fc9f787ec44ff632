import numpy as np
import pandas as pd
import pytest

from pipeline.design import Poststratify, Rake, SurveyDesign
from pipeline.estimation.calibrated import GONE, without_margin
from pipeline.estimation.presentation import presentable

RAKED = SurveyDesign(weight="w", calibration=(Rake({"q16": {"1": 40.0, "2": 60.0}}),))
FIXED = {
    "question": "q16", "domain": "all", "estimand": "proportion", "value": 0.4,
    "standard_error": 1e-12, "low": 0.4, "high": 0.4, "degrees_of_freedom": 39.0, "n": 900,
    "effective_n": 6e18, "design_effect": 1e-16, "interval_method": "beta_capped",
}  # fmt: skip


def made(design=RAKED, **changed):
    return without_margin(pd.DataFrame([FIXED | changed]), design)


@pytest.mark.parametrize("n", [900, 29])
@pytest.mark.parametrize("effective", [6e18, np.nan])
def test_a_fixed_share_has_no_margin_of_error_and_n_decides(n, effective):
    found = presentable(made(n=n, effective_n=effective), {})
    assert found[list(GONE)].isna().all(axis=None)
    assert found["interval_method"].tolist() == ["calibrated"]
    assert found["value"].tolist() == [0.4]
    assert found["why_not"].tolist() == ["" if n >= 30 else "n_below_30"]


def test_a_mean_of_a_fixed_variable_is_fixed_too():
    found = presentable(made(estimand="mean", value=2.4), {})
    assert found["presentable"].tolist() == [True]


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "q01"},  # no margin
        {"standard_error": 0.01},
        {"standard_error": np.nan},
        {"domain": "county", "value": 0.0, "standard_error": 0.0},  # nobody there said so
        {"domain": "county", "estimand": "mean", "value": 2.0, "standard_error": 0.0},
        {"design": SurveyDesign(weight="w")},
    ],
)
def test_what_calibration_does_not_fix_stays(changed):
    assert made(**changed)["interval_method"].tolist() == ["beta_capped"]


def test_poststrata_and_shares_within_a_margin_are_fixed():
    assert made(domain="county")["interval_method"].tolist() == ["calibrated"]
    design = SurveyDesign(weight="w", calibration=(Poststratify("q16", {"1": 40.0}),))
    assert made(design)["interval_method"].tolist() == ["calibrated"]
