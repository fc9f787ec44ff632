"""What weighting did: the spread of the weights, and how far respondents were from margins.

Source: Kish (1965), Survey Sampling, sec. 11.2; 1 + the relative variance of the weights.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

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
