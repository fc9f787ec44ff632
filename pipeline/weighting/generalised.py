"""Calibrate weights to totals of numbers and categories, by a distance from the old weights.

``linear`` is the generalised regression estimator (GREG), ``raking`` multiplies, ``logit`` keeps
between bounds. All weights within the bounds that meet the totals are nearest to the old ones in
the distance's sense; where there are none, the totals out of reach are named.

Source: Deville & Särndal (1992), JASA 87, 376-382; equal factors within clusters: Lemaître &
Dufour (1987), Survey Methodology 13, 199-207.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import Calibrate, Distance, SurveyDesign
from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.totals.units import Floats, Integers, units_of
from pipeline.weighting.base import base_weight, recorded, refuse_reading
from pipeline.weighting.distances import Solution, solve
from pipeline.weighting.levels import summed
from pipeline.weighting.population import Population, population_of
from pipeline.weighting.recalibration import reweighted

PLACE = "calibrate"
MISSED = 1e-4
"""A total that is missed by a smaller share than this is not named among those out of reach."""


def calibrate(
    frame: pd.DataFrame,
    design: SurveyDesign,
    *,
    terms: Sequence[str],
    totals: Mapping[str, float | Mapping[str, float]],
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    equal_within_stage: int | None = None,
    tolerance: float = 1e-7,
    max_iterations: int = 50,
    into: str = "weight",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Change weights as little as possible so that totals of the population are met.

    Parameters
    ----------
    frame : DataFrame, one row per respondent
        Holds the design's weight and each term, which may be missing only where the weight is 0.
    terms : columns of numbers or of categories
    totals : per term the population total of a column of numbers, or the count of each category;
        under `INTERCEPT` the population size. With it one category may be left out: it has what
        the others leave.
    bounds : smallest and largest ratio of new to old weight; ``logit`` needs them around 1, and
        without them ``linear`` may make weights below 0
    equal_within_stage : 1: all rows of a first-stage cluster get the same factor
    tolerance : largest allowed misfit of a total, as a share of 1 + its size
    into : the column of the new weights

    Returns
    -------
    frame with the column `into`, and the design to analyse it by

    Raises
    ------
    CalibrationError
        Terms and totals that do not fit each other or the rows (all listed), totals that no
        weights can meet (named, with what was reached), or `into` is a column that the design
        still reads.
    DesignError
        Old weights that are negative or missing.
    """
    refuse_reading(design, into)
    _refuse_options(distance, bounds, equal_within_stage)
    base = base_weight(frame, design)
    population = population_of(frame, base, terms, totals)
    groups = _groups(frame, design, base, population, equal_within_stage)

    def factors(weight: Floats) -> Floats:
        found = solve(
            weight, groups.variables, population.totals, distance, bounds,
            tolerance=tolerance, max_iterations=max_iterations,
        )  # fmt: skip
        if not found.misfit <= tolerance:
            nearest = solve(
                weight, groups.variables, population.totals, distance, bounds,
                tolerance=1e-9, max_iterations=200, relaxed=True,
            )  # fmt: skip
            raise CalibrationError(
                gathered(PLACE, _out_of_reach(population, found, nearest, bounds))
            )
        return found.factor

    full = factors(summed(groups.of_row, base, groups.count))
    if design.replicates is not None:
        return reweighted(frame, design, base, into, groups.of_row, full, factors)
    step = Calibrate(
        tuple(terms), population.given, distance, bounds, equal_within_stage,
        tolerance, max_iterations,
    )  # fmt: skip
    return recorded(frame, design, base, base * full[groups.of_row], into, step)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows that get the same factor: their mean variables, (groups, k)."""

    of_row: Integers
    count: int
    variables: Floats


def _groups(
    frame: pd.DataFrame,
    design: SurveyDesign,
    base: Floats,
    population: Population,
    equal_within_stage: int | None,
) -> _Groups:
    if equal_within_stage is not None:
        units = units_of(frame, design)
        cluster = units.stages[0].cluster_of(units.unit)
        count = len(units.stages[0].first_unit)
        held = summed(cluster, base, count)
        mean = np.stack([summed(cluster, base * x, count) for x in population.by_row().T], axis=1)
        np.divide(mean, held[:, None], out=mean, where=held[:, None] > 0)
        return _Groups(cluster, count, mean)
    if population.cells is not None:
        cells = population.cells
        return _Groups(cells.cell, cells.count, population.by_cell())
    return _Groups(np.arange(len(frame)), len(frame), population.by_row())


def _out_of_reach(
    population: Population, found: Solution, nearest: Solution, bounds: tuple[float, float] | None
) -> list[Fault]:
    """Name the totals that the nearest weights still miss; the worst one where none stands out."""
    reached = nearest.reached if np.isfinite(nearest.reached).all() else found.reached
    missed = np.abs(reached - population.totals) / (1 + np.abs(population.totals))
    named = np.flatnonzero(missed > MISSED)
    if not len(named):
        missed = np.abs(found.reached - population.totals) / (1 + np.abs(population.totals))
        reached, named = found.reached, np.array([int(np.argmax(missed))])
    within = f"新旧权数之比在 {bounds[0]:g} 至 {bounds[1]:g} 之间时" if bounds else ""
    loosen = "放宽 bounds、" if bounds else ""
    return [
        Fault(
            population.names[place],
            f"应为 {population.totals[place]:,.6g}，{within}只到 {reached[place]:,.6g}。",
            f"请核对总体数，{loosen}合并类别或减少变量。(wanted {population.totals[place]:,.6g}, "
            f"reached {reached[place]:,.6g}{' within bounds' if bounds else ''}; check the "
            "totals, loosen the bounds, merge categories or drop a variable)",
        )
        for place in named[np.argsort(-missed[named])]
    ]


def _refuse_options(
    distance: Distance, bounds: tuple[float, float] | None, stage: int | None
) -> None:
    if distance not in ("linear", "raking", "logit"):
        raise CalibrationError(
            f"distance={distance!r}: 可用 linear、raking、logit。(unknown; use one of these)"
        )
    if stage not in (None, 1):
        raise CalibrationError(
            f"equal_within_stage={stage}: 只能是 1（第一级的群）或 None。"
            "(only first-stage clusters: 1 or None)"
        )
    if bounds is not None and not 0 <= bounds[0] < bounds[1]:
        raise CalibrationError(
            f"bounds={bounds}: 应为新旧权数之比的下限与上限，0 ≤ 下限 < 上限。"
            "(smallest and largest ratio of new to old weight, 0 or more, in this order)"
        )
    if distance == "logit" and (bounds is None or not bounds[0] < 1 < bounds[1] < np.inf):
        raise CalibrationError(
            f"distance='logit' 需要包含 1 的 bounds，如 (0.5, 2)；得到 {bounds}。"
            "(logit needs finite bounds around 1)"
        )
