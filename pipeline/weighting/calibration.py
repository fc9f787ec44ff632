"""Calibrate weights to population counts known from outside the survey.

Weighting returns the frame with the new weights and the design that remembers the step: a bare
column of weights would lose what a variance needs. A design with replicate weights has each
replicate weighted in the same way instead, and then carries the step in its replicates.

A person whose category in a margin is not known (no answer to that question) keeps out of that
margin's step, and the margin's counts are scaled down to the weight of those who are known: the
unknown are taken to be spread like the population. All weights together still add up to the
population.

Source: Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444; Kalton & Flores-Cervantes (2003),
Journal of Official Statistics 19(2), 81-97.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.design import Poststratify, Rake, SurveyDesign
from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.totals.units import Floats
from pipeline.weighting.base import base_weight, recorded, refuse_reading
from pipeline.weighting.levels import Cells, coded, crossing_of, summed
from pipeline.weighting.margins import Margins, margins_of, refuse_misfits
from pipeline.weighting.raking import Bounds, Raked, Until, raked, raked_within
from pipeline.weighting.recalibration import reweighted

Counts = Mapping[str, Mapping[str, float]]


def rake(
    frame: pd.DataFrame,
    design: SurveyDesign,
    margins: Margins | Counts,
    *,
    into: str = "weight",
    tolerance: float = 1e-6,
    max_iterations: int = 100,
    bounds: Bounds | None = None,
    until: Until = "margins_met",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Scale weights until every margin is met.

    Parameters
    ----------
    frame : DataFrame, one row per respondent
        Holds the design's weight and each raking variable.
    margins : counts of people by variable and category; all variables have the same total
    into : the column of the new weights
    tolerance : largest allowed relative gap between a weighted count and its margin
    bounds : smallest and largest ratio of new to old weight
    until : ``cells_settled`` stops by the rule of R's survey package: when no cell of the crossed
        margins changes by more than `tolerance` people in a round (below 1: by more than that
        share of all weight), or after `max_iterations`, whatever gap is left then; not under
        bounds

    Returns
    -------
    frame with the column `into` (people; they sum to the population), and the design to analyse
    it by

    Raises
    ------
    CalibrationError
        A category without respondents, respondents without a count, totals that differ (all
        listed), no convergence (the worst category is named, with what was reached), or `into` is
        a column that the design still reads.
    DesignError
        Weights that are negative or missing.
    """
    given = margins if isinstance(margins, Margins) else margins_of(margins)
    refuse_reading(design, into)
    _refuse_bounds(bounds)
    base = base_weight(frame, design)
    cells = _cells(frame, given)
    counts = [np.array(list(of.values())) for of in given.counts.values()]

    def factors(weight: Floats, rounds: int = max_iterations) -> Raked:
        _refuse_weightless(given, cells, weight)
        if bounds is None:
            made = raked(
                weight, cells.codes, counts, tolerance=tolerance, rounds=rounds, until=until
            )
        else:
            made = raked_within(
                weight, cells.codes, counts, bounds, tolerance=tolerance, rounds=rounds
            )
        if (bounds is not None or until == "margins_met") and not max(made.gaps) <= tolerance:
            raise CalibrationError(gathered(given.source, [_worst(given, made, bounds)]))
        return made

    full = factors(cells.sums(base))
    weight = base * cells.rows(full.factor)
    step = Rake(given.counts, tolerance, max_iterations, bounds)
    if design.replicates is None:
        return recorded(frame, design, base, weight, into, step)
    rounds = full.rounds if until == "cells_settled" else max_iterations
    return reweighted(
        frame, design, base, into, cells.cell, full.factor,
        lambda held: factors(held, rounds).factor,
    )  # fmt: skip


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
    refuse_reading(design, into)
    base = base_weight(frame, design)
    cells = _cells(frame, given)
    counts = np.array(list(given.counts[variable].values()))

    def factors(weight: Floats) -> Floats:
        _refuse_weightless(given, cells, weight)
        return raked(weight, cells.codes, [counts], tolerance=1e-12, rounds=2).factor

    full = factors(cells.sums(base))
    if design.replicates is not None:
        return reweighted(frame, design, base, into, cells.cell, full, factors)
    step = Poststratify(variable, given.counts[variable])
    return recorded(frame, design, base, base * cells.rows(full), into, step)


def _cells(frame: pd.DataFrame, given: Margins) -> Cells:
    """Return the cells of the margins' variables; refuse rows that no weights can bring there."""
    if not given.cells:
        raise CalibrationError(
            f"{given.source}: 没有给出任何总体数，无从校准。(no population counts are given)"
        )
    counts = given.counts
    if not all(variable in frame for variable in counts):
        refuse_misfits(given, frame)
    crossing = crossing_of([coded(frame[variable]) for variable in counts])
    seen = [crossing.occurring(place) for place in range(len(counts))]
    as_given = all(a == set(of) for a, of in zip(seen, counts.values(), strict=True))
    refuse_misfits(given, None if as_given else frame)
    return crossing.cells([tuple(of) for of in counts.values()])


def _refuse_weightless(given: Margins, cells: Cells, weight: Floats) -> None:
    """Refuse categories whose respondents all have weight 0: no factor brings them up."""
    faults: list[Fault] = []
    for code, (variable, of) in zip(cells.codes, given.counts.items(), strict=True):
        known = code >= 0
        held = summed(code[known], weight[known], len(of))
        faults.extend(
            Fault(
                f"{variable}={category}",
                f"此类受访者的权数都是 0，而总体有 {population:,.0f} 人。",
                "请与相近类别合并，或删去此变量。"
                "(all respondents there have weight 0; merge it or drop the variable)",
            )
            for (category, population), weighted in zip(of.items(), held, strict=True)
            if population > 0 and not weighted > 0
        )
    if faults:
        raise CalibrationError(gathered(given.source, faults))


def _worst(given: Margins, made: Raked, bounds: Bounds | None) -> Fault:
    margin = int(np.argmax(np.nan_to_num(made.gaps, nan=np.inf)))
    variable = list(given.counts)[margin]
    of = given.counts[variable]
    wanted = np.array(list(of.values()))
    reached = made.reached[margin]
    worst = int(np.argmax(np.abs(reached - wanted) / np.maximum(wanted, 1e-300)))
    within = f"（新旧权数之比限于 {bounds[0]:g} 至 {bounds[1]:g}）" if bounds else ""
    remedy = "放宽 bounds，或" if bounds else ""
    return Fault(
        f"{variable}={list(of)[worst]}",
        f"{made.rounds} 轮后加权人数仍与总体数相差 {made.gaps[margin]:.2g}（相对值）："
        f"应为 {wanted[worst]:,.0f}，只到 {reached[worst]:,.0f}{within}。",
        f"各变量的类别可能互相矛盾；请{remedy}合并小类或减少变量。"
        f"(raking does not converge: wanted {wanted[worst]:,.0f}, reached "
        f"{reached[worst]:,.0f}{' within bounds' if bounds else ''}; "
        "merge small categories or drop a variable)",
    )


def _refuse_bounds(bounds: Bounds | None) -> None:
    if bounds is not None and not 0 <= bounds[0] < bounds[1]:
        raise CalibrationError(
            f"bounds={bounds}: 应为新旧权数之比的下限与上限，0 ≤ 下限 < 上限。"
            "(smallest and largest ratio of new to old weight, 0 or more, in this order)"
        )
