"""Calibrate weights to population counts known from outside the survey.

Weighting returns the frame with the new weights and the design that remembers the step: a bare
column of weights would lose what a variance needs.

A person whose category in a margin is not known (no answer to that question) keeps out of that
margin's step, and the margin's counts are scaled down to the weight of those who are known: the
unknown are taken to be spread like the population. All weights together still add up to the
population.

Source: Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444; Kalton & Flores-Cervantes (2003),
Journal of Official Statistics 19(2), 81-97.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.design import Poststratify, Rake, SurveyDesign
from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.totals.units import Floats, Integers, units_of
from pipeline.weighting.margins import Margins, category_text, margins_of, refuse_misfits

Counts = Mapping[str, Mapping[str, float]]


def rake(
    frame: pd.DataFrame,
    design: SurveyDesign,
    margins: Margins | Counts,
    *,
    into: str = "weight",
    tolerance: float = 1e-6,
    max_iterations: int = 100,
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Scale weights until every margin is met.

    Parameters
    ----------
    frame : DataFrame, one row per respondent
        Holds the design's columns and each raking variable.
    margins : counts of people by variable and category; all variables have the same total
    into : the column of the new weights
    tolerance : largest allowed relative gap between a weighted count and its margin

    Returns
    -------
    frame with the column `into` (people; they sum to the population), and the design to analyse
    it by

    Raises
    ------
    CalibrationError
        A category without respondents, respondents without a count, totals that differ (all
        listed), or no convergence.
    """
    given = margins if isinstance(margins, Margins) else margins_of(margins)
    refuse_misfits(given, frame)
    base = units_of(frame, design).weight
    codes = [_codes(frame[v], of) for v, of in given.counts.items()]
    counts = [np.array(list(of.values())) for of in given.counts.values()]
    raked, gaps = _raked(base, codes, counts, tolerance, max_iterations)
    if max(gaps) > tolerance:
        worst = list(given.counts)[int(np.argmax(gaps))]
        raise CalibrationError(
            gathered(given.source, [Fault(
                worst, f"{max_iterations} 轮后加权人数仍与总体数相差 {max(gaps):.2g}（相对值）。",
                "各变量的类别可能互相矛盾；请合并小类或减少变量。"
                "(raking does not converge; merge small categories or drop a variable)",
            )])
        )  # fmt: skip
    step = Rake(given.counts, tolerance, max_iterations)
    return _weighted(frame, design, raked, into, step)


def poststratify(
    frame: pd.DataFrame,
    design: SurveyDesign,
    variable: str,
    totals: Mapping[str, float],
    *,
    into: str = "weight",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Scale the weights of each category of `variable` to its population count, once.

    See `rake` for the arguments, what is returned and the errors.
    """
    given = margins_of({variable: totals})
    refuse_misfits(given, frame)
    base = units_of(frame, design).weight
    codes = [_codes(frame[variable], given.counts[variable])]
    scaled, _ = _raked(base, codes, [np.array(list(given.counts[variable].values()))], 1e-12, 2)
    return _weighted(frame, design, scaled, into, Poststratify(variable, given.counts[variable]))


def _codes(column: pd.Series, counts: Mapping[str, float]) -> Integers:
    place = {category: code for code, category in enumerate(counts)}
    known: Integers = category_text(column).map(place).fillna(-1).to_numpy().astype(np.int64)
    return known


def _raked(
    base: Floats, codes: list[Integers], counts: list[Floats], tolerance: float, rounds: int
) -> tuple[Floats, list[float]]:
    """Return the raked weights and the largest relative gap of each margin.

    Rows in the same categories get the same factor, so it is the cells that are raked.
    """
    _, cell = np.unique(np.stack(codes), axis=1, return_inverse=True)
    cell = cell.reshape(-1)
    first = np.unique(cell, return_index=True)[1]
    of_cell = [code[first] for code in codes]
    before = np.bincount(cell, base)
    weight = before * (counts[0].sum() / before.sum())
    for _ in range(rounds):
        for code, count in zip(of_cell, counts, strict=True):
            known = code >= 0
            held = np.bincount(code[known], weight[known], len(count))
            target = count * (held.sum() / weight.sum())
            weight[known] *= (target / held)[code[known]]
        weight *= counts[0].sum() / weight.sum()
        gaps = [_gap(weight, code, count) for code, count in zip(of_cell, counts, strict=True)]
        if max(gaps) <= tolerance:
            break
    with np.errstate(invalid="ignore"):
        factor = np.where(before > 0, weight / before, 0.0)
    return base * factor[cell], gaps


def _gap(weight: Floats, code: Integers, count: Floats) -> float:
    known = code >= 0
    held = np.bincount(code[known], weight[known], len(count))
    return float(np.max(np.abs(held / held.sum() * count.sum() / count - 1)))


def _weighted(
    frame: pd.DataFrame,
    design: SurveyDesign,
    weight: Floats,
    into: str,
    step: Rake | Poststratify,
) -> tuple[pd.DataFrame, SurveyDesign]:
    calibrated = replace(design.with_weight(into), calibration=(*design.calibration, step))
    return frame.assign(**{into: weight}), calibrated
