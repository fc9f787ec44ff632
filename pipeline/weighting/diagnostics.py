"""What weighting did: the spread of the weights, each step, and how far from margins one was.

Source: Kish (1965), Survey Sampling, sec. 11.2; 1 + the relative variance of the weights.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import (
    Calibrate,
    CalibrationStep,
    Poststratify,
    Rake,
    SurveyDesign,
    Trim,
)
from pipeline.totals.units import Floats
from pipeline.weighting.margins import Margins, category_text


def spread(weight: pd.Series) -> dict[str, float]:
    """Return number, sum, smallest and largest weight, Kish's design effect and effective n.

    Weights of 0 do not count; without any weight above 0 only n and sum are given.
    """
    given = weight.to_numpy(dtype=np.float64)
    given = given[given > 0]
    if not len(given):
        return {"n": 0, "sum": 0.0}
    effective = float(given.sum() ** 2 / (given**2).sum())
    return {
        "n": len(given),
        "sum": float(given.sum()),
        "min": float(given.min()),
        "max": float(given.max()),
        "kish_design_effect": len(given) / effective,
        "effective_n": effective,
    }


def steps_taken(rows: pd.DataFrame, design: SurveyDesign) -> pd.DataFrame:
    """Return what each calibration step of a design did to the weights.

    Returns
    -------
    DataFrame, one row per step, the first the weights before all of them, columns
        `step` (``base``, ``rake``, ``poststratify``, ``calibrate``, ``trim``); `weight`, its
        column; of its weights above 0 `n`, `sum`, `min`, `max`, `kish_design_effect` and
        `effective_n`;
        `least_factor` and `largest_factor`, new over old weight; `at_bounds`, how many rows a
        bound or limit holds; `moved`, the share of all weight that the step took from some rows
        to others
    """
    names = {Rake: "rake", Poststratify: "poststratify", Calibrate: "calibrate", Trim: "trim"}
    own = design.weight or ""
    first = (design.calibration[0].before if design.calibration else None) or own
    made = [{"step": "base", "weight": first, **spread(rows[first])}]
    for step in design.calibration:
        before, after = rows[step.before or own], rows[step.after or own]
        made.append(
            {
                "step": names[type(step)],
                "weight": str(after.name),
                **spread(after),
                **_change(before.to_numpy(np.float64), after.to_numpy(np.float64), step),
            }
        )
    return pd.DataFrame(made)


def _change(before: Floats, after: Floats, step: CalibrationStep) -> dict[str, float]:
    counted = before > 0
    factor = after[counted] / before[counted]
    if isinstance(step, Trim):
        low, high, held = step.lower, step.upper, after[counted]
    else:
        low, high = getattr(step, "bounds", None) or (None, None)
        held = factor
    at = np.zeros(len(held), dtype=bool)
    for limit in (low, high):
        if limit is not None:
            at |= np.isclose(held, limit, rtol=1e-9, atol=0)
    scale = after.sum() / before.sum()
    return {
        "least_factor": float(factor.min()),
        "largest_factor": float(factor.max()),
        "at_bounds": int(at.sum()),
        "moved": float(np.abs(after - scale * before).sum() / (2 * after.sum())),
    }


def diagnostics(rows: pd.DataFrame, steps: Mapping[str, str], margins: Margins) -> dict[str, Any]:
    """Return the record of a wave's weighting.

    Parameters
    ----------
    rows : DataFrame, one row per respondent
    steps : name of a step -> column of the weights it made; the first is the base weight

    Returns
    -------
    dict that `json` writes
        `steps`; `margins` (people by category before and after, scaled to the population);
        `representativity`, the largest absolute difference in share between respondents with base
        weights and a margin, None without margins; and of the final weights `design_effect`,
        `effective_n`, `minimum`, `maximum` (None without respondents).
    """
    before, after = next(iter(steps.values())), list(steps.values())[-1]
    made = [{"name": name, **spread(rows[column])} for name, column in steps.items()]
    compared = [
        row for variable, of in margins.counts.items()
        for row in _compared(rows, variable, of, before, after)
    ]  # fmt: skip
    last = made[-1]
    return {
        "steps": made,
        "margins": compared,
        "representativity": max((row["share_gap"] for row in compared), default=None),
        "design_effect": last.get("kish_design_effect"),
        "effective_n": last.get("effective_n"),
        "minimum": last.get("min"),
        "maximum": last.get("max"),
    }


def _compared(
    rows: pd.DataFrame, variable: str, counts: Mapping[str, float], before: str, after: str
) -> list[dict[str, Any]]:
    category = category_text(rows[variable])
    known = category.notna()
    total = sum(counts.values())
    found = []
    for name, population in counts.items():
        here = known & (category == name)
        share = {
            column: float(rows.loc[here, column].sum() / rows.loc[known, column].sum())
            for column in (before, after)
        }
        found.append(
            {
                "variable": variable,
                "category": name,
                "population": population,
                "weighted_before": share[before] * total,
                "weighted_after": share[after] * total,
                "share_gap": abs(share[before] - population / total),
            }
        )
    return found
