"""Trim extreme weights and spread what was cut off over the other rows.

Weights beyond a limit are set to it; the sum removed (or added) is given in equal shares to the
rows that were inside. That can push some of those out, so the same is repeated if asked for.

After trimming, the totals of an earlier calibration are no longer met, yet the linearised standard
error still takes that calibration's residuals (as R does): it can be half of what it should be for
figures near the calibration variables. `make_replicates` repeats all steps in every replicate, and
its standard errors know; or calibrate once more after the trimming.

Source: Potter (1990), Proc. Survey Research Methods Section, ASA, 225-230; Valliant, Dever &
Kreuter (2018), Practical Tools for Designing and Weighting Survey Samples, 2nd ed., sec. 14.4.
"""

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign, Trim
from pipeline.errors import CalibrationError
from pipeline.totals.units import Floats
from pipeline.weighting.base import base_weight, recorded, refuse_reading
from pipeline.weighting.recalibration import reweighted

ROUNDS = 10_000


def trim(
    frame: pd.DataFrame,
    design: SurveyDesign,
    *,
    lower: float | None = None,
    upper: float | None = None,
    repeat_until_inside: bool = False,
    into: str = "weight",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Cut weights at limits; their sum stays.

    Parameters
    ----------
    frame : DataFrame, one row per respondent
        Rows of weight 0 did not respond and stay at 0.
    lower, upper : smallest and largest weight, in people; None is no limit
    repeat_until_inside : once the excess was spread, cut again what went beyond, until all are
        inside
    into : the column of the new weights

    Returns
    -------
    frame with the column `into`, and the design to analyse it by: its standard errors take the
    residuals of the calibration steps before

    Raises
    ------
    CalibrationError
        Limits in the wrong order, limits within which weights cannot have this sum, no row left to
        take the excess, or `into` is a column that the design still reads.
    DesignError
        Weights that are negative or missing.
    """
    least = -np.inf if lower is None else float(lower)
    most = np.inf if upper is None else float(upper)
    if not least < most or (lower is not None and lower < 0):
        raise CalibrationError(
            f"trim: lower={lower}, upper={upper} 不可用，须 0 ≤ lower < upper。"
            "(limits must be 0 or more and in this order)"
        )
    refuse_reading(design, into)
    base = base_weight(frame, design)

    def factors(weight: Floats) -> Floats:
        new = _trimmed(weight, least, most, repeat_until_inside)
        factor: Floats = np.divide(new, weight, out=np.zeros_like(new), where=weight != 0)
        return factor

    if design.replicates is not None:
        rows = np.arange(len(frame))
        return reweighted(frame, design, base, into, rows, factors(base), factors)
    new = _trimmed(base, least, most, repeat_until_inside)
    return recorded(frame, design, base, new, into, Trim(lower, upper, repeat_until_inside))


def _trimmed(weight: Floats, lower: float, upper: float, repeat: bool) -> Floats:
    counted = weight != 0
    given = weight[counted]
    total, low, high = given.sum(), lower * len(given), upper * len(given)
    if repeat and not low <= total <= high:
        raise CalibrationError(
            f"trim: {len(given)} 行的权数合计 {total:,.6g}，不可能都在 {lower:g} 与 {upper:g} "
            "之间。请放宽界限。(weights of this sum cannot all lie within the limits; widen them)"
        )
    for _ in range(ROUNDS if repeat else 1):
        outside = (given < lower) | (given > upper)
        if not outside.any():
            break
        if outside.all():
            raise CalibrationError(
                f"trim: 所有行的权数都在 {lower:g} 与 {upper:g} 之外，差额无处可分。请放宽界限。"
                "(no row lies within the limits to take the difference; widen them)"
            )
        cut = np.clip(given, lower, upper)
        cut[~outside] += (given - cut).sum() / np.count_nonzero(~outside)
        given = cut
    new = np.zeros_like(weight)
    new[counted] = given if not repeat else np.clip(given, lower, upper)
    return new
