"""Which estimates may be stated: enough respondents and an interval narrow enough.

Source: Parker et al. (2017), National Center for Health Statistics Data Presentation Standards for
Proportions, Vital Health Stat 2(175): the widths of the Korn-Graubard interval. The limits of 30
respondents, and those for means, are the programme's (docs, findings rule 13).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.estimation.calibrated import CALIBRATED
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Numeric, Question, Scale

STATEMENT_N = 30
WIDE, NARROW, RELATIVE = 0.30, 0.05, 1.30
MEAN_DF, MEAN_SHARE_OF_RANGE = 8, 0.10
ROUNDING = 1e-9
"""An effective n of 30 must not fail for its last digit."""


def presentable(
    estimates: pd.DataFrame, ranges: Mapping[str, float], *, probability_sample: bool = True
) -> pd.DataFrame:
    """Add `presentable` and `why_not` to estimates.

    A share is stated when n and effective n (which counts as n at most) are at least 30 and its
    interval is narrower than .30, and, unless it is at most .05 wide, no wider than 130 % of the
    share. A mean is stated when n
    is at least 30, df at least 8 and half its interval at most 10 % of the question's range (of
    the mean itself where the question has none). A missing standard error or interval is never
    stated. Of a figure fixed by calibration (``calibrated``) n alone decides.

    A non-probability sample has no margin of error: its standard errors, intervals, degrees of
    freedom, effective n and design effects are taken out, and n alone decides.

    Parameters
    ----------
    estimates : DataFrame in the columns of the public calls, with the intervals
        ``beta_capped`` of shares
    ranges : question -> largest minus smallest possible answer; from `ranges_of`

    Returns
    -------
    DataFrame, same rows; `why_not` is '' or the first of ``n_below_30``, ``effective_n_below_30``,
    ``interval_too_wide``, ``df_below_8``, ``mean_imprecise``
    """
    few = estimates["n"] < STATEMENT_N
    if not probability_sample:
        gone = [
            "standard_error",
            "low",
            "high",
            "degrees_of_freedom",
            "effective_n",
            "design_effect",
        ]
        bare = estimates.assign(**dict.fromkeys(gone, np.nan), interval_method="none")
        return _said(bare, [(few, "n_below_30")])
    estimated = estimates["interval_method"] != CALIBRATED
    share = estimated & (estimates["estimand"] == "proportion")
    mean = estimated & ~share
    width = estimates["high"] - estimates["low"]
    unknown = width.isna() | estimates["standard_error"].isna()
    relative = width > RELATIVE * estimates["value"]
    wide = unknown | (width >= WIDE) | ((width > NARROW) & relative)
    span = estimates["question"].map(ranges).astype("float64").fillna(estimates["value"].abs())
    vague = unknown | (width / 2 > MEAN_SHARE_OF_RANGE * span)
    low_effective = ~(
        estimates["effective_n"].clip(upper=estimates["n"]) >= STATEMENT_N * (1 - ROUNDING)
    )
    low_df = ~(estimates["degrees_of_freedom"] >= MEAN_DF)
    return _said(
        estimates,
        [
            (few, "n_below_30"),
            (share & unknown, "interval_too_wide"),
            (share & low_effective, "effective_n_below_30"),
            (share & wide, "interval_too_wide"),
            (mean & low_df, "df_below_8"),
            (mean & vague, "mean_imprecise"),
        ],
    )


def ranges_of(questionnaire: Questionnaire) -> dict[str, float]:
    """Return the range of each question that has one: of its scale, or between its bounds."""
    found = {q.name: _range(q) for q in questionnaire.questions}
    return {name: span for name, span in found.items() if span is not None}


def _range(question: Question) -> float | None:
    if isinstance(question, Scale):
        codes = [choice.code for choice in question.substantive]
        return float(max(codes) - min(codes))
    if isinstance(question, Numeric) and question.minimum is not None:
        return None if question.maximum is None else question.maximum - question.minimum
    return None


def _said(estimates: pd.DataFrame, reasons: list[tuple[pd.Series, str]]) -> pd.DataFrame:
    why = np.select([mask for mask, _ in reasons], [name for _, name in reasons], default="")
    return estimates.assign(
        presentable=why == "", why_not=pd.Series(why, estimates.index, dtype="str")
    )
