"""The likelihood interval of a share as R's survey package reads it off a profile.

R fits the intercept-only logistic model, steps along the log-odds at most nine times to each side,
lays a spline through the signed roots of the deviance and interpolates on it. The scale of the
deviance comes from the fit as it stood one step before its end. This is kept for agreement with
figures that were made in R; ``proportions(interval="likelihood")`` solves the same equation to the
last digit. The two differ by less than a thousandth of the interval's width, more where many
answers are missing (R then scales with the weights of all rows).

Source: Venables & Ripley (2002), Modern Applied Statistics with S, 4th ed., sec. 8.4 (profiles);
Forsythe, Malcolm & Moler (1977), Computer Methods for Mathematical Computations, ch. 4 (spline).
"""

import numpy as np
import pandas as pd
from scipy import special

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where, banners, inside, without_gaps
from pipeline.estimation.intervals import t_quantile
from pipeline.estimation.items import Coded, Item, given, only, read_items
from pipeline.estimation.likelihood import deviance
from pipeline.estimation.linear import estimates
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.ratio import totals_of
from pipeline.estimation.sample import sample_of
from pipeline.totals.units import Booleans, Floats

STEPS = 9
CONVERGED = 1e-8


def profiled(
    rows: pd.DataFrame,
    item: Item,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    df: float | None = None,
) -> pd.DataFrame:
    """Estimate a share with the likelihood interval as R computes it.

    The arguments and the columns are those of `proportions`; the result has one row.

    Raises
    ------
    ResponseError
        If nobody in the domain answered.
    """
    table = estimates(
        rows, [item], design=design, where=where, missing=missing, level=level, df=df,
        interval_of_proportions="likelihood",
    )  # fmt: skip
    if table.empty:
        raise ResponseError(f"{item.question}: 域内没有答案。(no answers in the domain)")
    found = table.iloc[0]
    share, variance = float(found["value"]), float(found["standard_error"]) ** 2
    if not 0 < share < 1 or not variance > 0:
        return table
    rows, where, counted = without_gaps(rows, [item], where, missing)
    column = only(read_items(rows, [item]), counted)
    if not isinstance(column, Coded):
        raise ResponseError(f"{item.question}: 不是比例。(not a share)")
    sample = sample_of(rows, design)
    chosen = inside(rows, where)
    weight = np.where(chosen, sample.weight, 0.0)
    # A subset of a calibrated or PPS design keeps its rows, with weight 0.
    kept = np.ones_like(chosen) if design.calibration or design.pps else chosen
    weight = weight / weight[kept].mean()
    used = kept & given(column)
    yes = (column.code >= 0) & (column.scores[np.maximum(column.code, 0), 0] > 0)
    t = float(t_quantile((1 + level) / 2, np.array([found["degrees_of_freedom"]]))[0])
    error = np.sqrt(variance) / (share * (1 - share))
    positive = (weight[used] > 0).sum()
    dispersion = weight[used].mean() * positive / (positive - 1)
    if sample.replicates is not None:
        ((_, _, groups),) = banners(rows, sample, None, where)
        error = np.sqrt(log_odds_variance(totals_of(sample, column, groups), sample)[0, 0])
        dispersion = weight[used].mean()
    before = _information(yes[used], weight[used], share)
    low, high = _read_off(share, error, t, weight[used], float(dispersion), before)
    return table.assign(low=low, high=high)


def _information(yes: Booleans, weight: Floats, share: float) -> float:
    """Return p (1 - p) as the fit by scoring had it one step before it converged."""

    def deviance_of(fitted: Floats) -> float:
        return -2 * float(weight @ np.where(yes, np.log(fitted), np.log1p(-fitted)))

    start = (weight * yes + 0.5) / (weight + 1)
    before = deviance_of(start)
    spread = start * (1 - start)
    pull = weight * spread
    odds = float(pull @ (special.logit(start) + (yes - start) / spread) / pull.sum())
    information = share * (1 - share)
    for _ in range(25):
        fitted = float(special.expit(odds))
        now = deviance_of(np.full(len(yes), fitted))
        if abs(now - before) / (abs(now) + 0.1) < CONVERGED:
            break
        before, information = now, fitted * (1 - fitted)
        odds += (share - fitted) / information
    return information


def _read_off(
    share: float, error: float, t: float, weight: Floats, dispersion: float, before: float
) -> tuple[float, float]:
    """Return the ends of the interval.

    Parameters
    ----------
    error : standard error of the log-odds
    weight : of the rows of the model
    before : p (1 - p) that the scale of the deviance takes
    """
    centre, total, n = float(special.logit(share)), float(weight.sum()), len(weight)
    cutoff = t * error * np.sqrt(total * before)
    reach = -float(special.stdtrit(n - 1, special.ndtr(-cutoff) / 4))  # as far as R looks
    odds, roots = [centre], [0.0]
    for side in (-1, 1):
        for step in range(1, STEPS + 1):
            odds.append(centre + side * step * reach / 5 * error)
            fall = deviance(np.array(share), special.expit(np.array(odds[-1])))
            roots.append(side * float(np.sqrt(total * fall / dispersion)))
            if abs(roots[-1]) >= reach:
                break
    order = np.argsort(odds)
    at, root = np.array(odds)[order], np.array(roots)[order]
    fine = np.linspace(at[0], at[-1], 3 * len(at))
    ends = np.interp([-cutoff, cutoff], _spline(at, root, fine), fine, np.nan, np.nan)
    low, high = special.expit(ends)
    return float(low), float(high)


def _spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """Return the cubic spline; its third derivative at an end is that of the four points there."""
    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    matrix, target = np.zeros((len(x), len(x))), np.zeros(len(x))
    for place in range(1, len(x) - 1):
        left, right = width[place - 1], width[place]
        matrix[place, place - 1 : place + 2] = left, 2 * (left + right), right
        target[place] = slope[place] - slope[place - 1]
    for row, ends, first, gap in (
        (0, (0, 1), 0, width[0]),
        (-1, (-1, -2), len(x) - 4, -width[-1]),
    ):
        four, of = x[first : first + 4], y[first : first + 4]
        apart = four[:, None] - four[None, :] + np.eye(4)
        matrix[row, ends[0]], matrix[row, ends[1]] = -abs(gap), abs(gap)
        target[row] = gap * abs(gap) * float((of / apart.prod(axis=1)).sum())
    bend = np.linalg.solve(matrix, target)
    on = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    wide, step = width[on], at - x[on]
    tilt = slope[on] - wide * (bend[on + 1] + 2 * bend[on])
    third = (bend[on + 1] - bend[on]) / wide
    found: Floats = y[on] + step * (tilt + step * (3 * bend[on] + step * third))
    return found
