"""How far coders agree: Krippendorff's alpha and Cohen's kappa.

Sources: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Hayes & Krippendorff
(2007), Communication Methods and Measures 1(1), 77-89; Cohen (1960), Educational and Psychological
Measurement 20(1), 37-46, and (1968), Psychological Bulletin 70(4), 213-220.
"""

from typing import Literal

import numpy as np
import pandas as pd

Metric = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(codes: pd.DataFrame, *, metric: Metric = "nominal") -> float:
    """Return alpha: 1 is perfect agreement, 0 what chance alone would give.

    Parameters
    ----------
    codes : DataFrame, one row per unit (passage, answer), one column per coder
        Missing where a coder did not code the unit; units with a single code do not count.
    metric : how far two different codes lie apart; ``ordinal`` and ``interval`` need numbers

    Returns
    -------
    float
        NaN if no unit has two codes, or all codes are the same (nothing varies).
    """
    pairable = codes[codes.notna().sum(axis=1) >= 2]
    values = sorted(set(pairable.stack().dropna()))
    place = {value: k for k, value in enumerate(values)}
    coincidences = np.zeros((len(values), len(values)))
    for _, unit in pairable.iterrows():
        counts = np.zeros(len(values))
        for value in unit.dropna():
            counts[place[value]] += 1
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (counts.sum() - 1)
    totals = coincidences.sum(axis=1)
    apart = _distances(values, totals, metric)
    expected = totals @ apart @ totals
    if expected == 0:
        return float("nan")
    observed = (coincidences * apart).sum()
    return float(1 - (totals.sum() - 1) * observed / expected)


def cohen_kappa(
    first: pd.Series, second: pd.Series, *, weights: Literal["none", "quadratic"] = "none"
) -> float:
    """Return kappa of two coders; units that either left out do not count.

    `weights` ``quadratic`` counts a disagreement by the squared distance of the codes' ranks among
    all codes used. NaN if fewer than one unit or no variation is left.
    """
    both = pd.DataFrame({"first": first, "second": second}).dropna()
    values = sorted(set(both["first"]) | set(both["second"]))
    if not values:
        return float("nan")
    table = np.zeros((len(values), len(values)))
    place = {value: k for k, value in enumerate(values)}
    for a, b in zip(both["first"], both["second"], strict=True):
        table[place[a], place[b]] += 1
    table /= table.sum()
    rank = np.arange(len(values))
    if weights == "quadratic":
        apart = (rank[:, None] - rank[None, :]) ** 2
    else:
        apart = (rank[:, None] != rank[None, :]).astype(np.int64)
    expected = (np.outer(table.sum(axis=1), table.sum(axis=0)) * apart).sum()
    return float(1 - (table * apart).sum() / expected) if expected > 0 else float("nan")


def _distances(values: list[object], totals: np.ndarray, metric: Metric) -> np.ndarray:
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "interval":
        numbers = np.asarray(values, dtype=np.float64)
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    # Ordinal: all codes from one value to the other, the two ends counted half.
    reached = np.cumsum(totals) - totals / 2
    return np.asarray((reached[:, None] - reached[None, :]) ** 2)
