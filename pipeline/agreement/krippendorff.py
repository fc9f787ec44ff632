"""Krippendorff's alpha: agreement of any number of coders, with units that some left out.

Sources: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Hayes & Krippendorff
(2007), Communication Methods and Measures 1(1), 77-89.
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
    counts = np.zeros((len(pairable), len(values)))
    for place, value in enumerate(values):
        counts[:, place] = (pairable == value).fillna(False).to_numpy(dtype=bool).sum(axis=1)
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = counts.T @ shares - np.diag(shares.sum(axis=0))
    totals = coincidences.sum(axis=1)
    apart = _distances(values, totals, metric)
    expected = totals @ apart @ totals
    if expected == 0:
        return float("nan")
    observed = (coincidences * apart).sum()
    return float(1 - (totals.sum() - 1) * observed / expected)


def _distances(values: list[object], totals: np.ndarray, metric: Metric) -> np.ndarray:
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "interval":
        numbers = np.asarray(values, dtype=np.float64)
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    # Ordinal: all codes from one value to the other, the two ends counted half.
    reached = np.cumsum(totals) - totals / 2
    return np.asarray((reached[:, None] - reached[None, :]) ** 2)
