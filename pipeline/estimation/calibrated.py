"""Figures that the calibration fixes: they repeat a population count and estimate nothing."""

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import ALL

CALIBRATED = "calibrated"
"""Stands as the interval method of a figure that has no margin of error for this reason."""
NUMERICALLY_ZERO = 1e-5
"""Raking stops within a tolerance: a standard error below a thousandth of a point is rounding."""
GONE = ("standard_error", "low", "high", "effective_n", "design_effect")


def without_margin(estimates: pd.DataFrame, design: SurveyDesign) -> pd.DataFrame:
    """Take the margins of error out of the figures that `design`'s calibration fixes.

    Such are figures of a calibration variable with a standard error of zero but for rounding. In a
    group a share of 0 or 1, or a mean, may have none for want of spread among its answers: those
    stay as they are.

    Returns
    -------
    DataFrame, same rows; of fixed figures `interval_method` is ``calibrated`` and the columns of
    `GONE` are missing
    """
    fixed = _fixed(estimates, design)
    gone = {name: estimates[name].mask(fixed, np.nan) for name in GONE}
    method = estimates["interval_method"].mask(fixed, CALIBRATED)
    return estimates.assign(**gone, interval_method=method)


def _fixed(estimates: pd.DataFrame, design: SurveyDesign) -> pd.Series:
    variables = {name for step in design.calibration for name in step.columns}
    share = estimates["estimand"] == "proportion"
    spread = share & estimates["value"].between(0, 1, inclusive="neither")
    return (
        estimates["question"].isin(variables)
        & (estimates["standard_error"] < NUMERICALLY_ZERO)
        & (spread | (estimates["domain"] == ALL))
    )
