"""Cohen's kappa of two coders, plain and weighted, with its interval.

Sources: Cohen (1960), Educational and Psychological Measurement 20(1), 37-46, and (1968),
Psychological Bulletin 70(4), 213-220; the variance is that of Fleiss, Cohen & Everitt (1969),
Psychological Bulletin 72(5), 323-327.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Weights = Literal["none", "linear", "quadratic"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two coders beyond chance.

    Attributes
    ----------
    value : 1 is perfect agreement, 0 what chance alone would give; NaN where nothing varies
    low, high : normal interval on `level`, held within -1 and 1
    observed, expected : (weighted) share of agreement found, and by chance
    n : units that both coded
    """

    value: float
    standard_error: float
    low: float
    high: float
    level: float
    observed: float
    expected: float
    n: int


def cohen_kappa(
    first: pd.Series, second: pd.Series, *, weights: Weights = "none", level: float = 0.95
) -> Kappa:
    """Return kappa of two coders; units that either left out do not count.

    Parameters
    ----------
    first, second : one code per unit, same index; the categories are all codes that either used,
        in their order
    weights : what two different codes still have in common: ``none`` nothing; ``linear`` and
        ``quadratic`` one minus the (squared) distance of their places over the largest one
    """
    from scipy.special import ndtri

    table = _shares(first, second)
    n = round(float(table.sum()))
    nan = float("nan")
    if n == 0:
        return Kappa(nan, nan, nan, nan, level, nan, nan, 0)
    table = table / n
    agree = _agreement(len(table), weights)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed = float((agree * table).sum())
    expected = float(rows @ agree @ columns)
    if expected >= 1 - 1e-15:
        return Kappa(nan, nan, nan, nan, level, observed, expected, n)
    kappa = (observed - expected) / (1 - expected)
    usual = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    part = agree - usual * (1 - kappa)
    spread = float((table * (part - (table * part).sum()) ** 2).sum())
    error = float(np.sqrt(spread / n) / (1 - expected))
    margin = float(ndtri((1 + level) / 2)) * error
    low, high = max(kappa - margin, -1.0), min(kappa + margin, 1.0)
    return Kappa(kappa, error, low, high, level, observed, expected, n)


def _shares(first: pd.Series, second: pd.Series) -> Floats:
    """Return how many units each pair of codes has."""
    both = pd.DataFrame({"first": first, "second": second}).dropna()
    place = {value: k for k, value in enumerate(sorted(set(both["first"]) | set(both["second"])))}
    at = both["first"].map(place).to_numpy(np.int64) * len(place)
    at = at + both["second"].map(place).to_numpy(np.int64)
    counts: Floats = np.bincount(at, minlength=len(place) ** 2).astype(np.float64)
    return counts.reshape(len(place), len(place))


def _agreement(categories: int, weights: Weights) -> Floats:
    rank = np.arange(categories)
    apart = np.abs(rank[:, None] - rank[None, :]) / max(categories - 1, 1)
    if weights == "none":
        return np.eye(categories)
    return np.asarray(1 - apart ** (1 if weights == "linear" else 2), dtype=np.float64)
