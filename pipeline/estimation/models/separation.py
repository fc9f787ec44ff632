"""Separation: columns tell the outcome without error, and no finite coefficients are best.

Source: Albert & Anderson (1984), Biometrika 71, 1-10; as a linear programme: Konis (2007), Linear
programming algorithms for detecting separated data in binary logistic regression models, Oxford.
"""

import numpy as np

from pipeline.totals.units import Booleans, Floats

ALMOST = 1e-6
"""Fitted shares this near to 0 or 1 (means to 0) make separation worth a look."""
FAR = 1e-7
"""Movements below this are rounding; the largest allowed is 1."""


def suspicious(family: str, mean: Floats) -> bool:
    """Return whether fitted means come near their bounds."""
    if family == "binomial":
        return bool(mean.min() < ALMOST or mean.max() > 1 - ALMOST)
    return family == "poisson" and bool(mean.min() < ALMOST * mean.mean())


def separating(family: str, x: Floats, outcome: Floats) -> Booleans:
    """Return which columns have coefficients that run away, (columns,); none: not separated.

    Rows at a bound of the outcome may be moved towards it, the others may not be moved at all.
    """
    from scipy.optimize import linprog

    scale = np.abs(x).max(axis=0)
    columns = x / np.where(scale > 0, scale, 1.0)
    low, high = outcome == 0, (outcome == 1) & (family == "binomial")
    towards = np.unique(np.concatenate([-columns[low], columns[high]]), axis=0)
    fixed = np.unique(columns[~(low | high)], axis=0)
    if not len(towards):
        return np.zeros(x.shape[1], dtype=bool)
    found = linprog(
        -towards.sum(axis=0),
        A_ub=-towards, b_ub=np.zeros(len(towards)),
        A_eq=fixed if len(fixed) else None, b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1, 1), method="highs",
    )  # fmt: skip
    if found.x is None or found.fun is None or found.fun > -FAR:
        return np.zeros(x.shape[1], dtype=bool)
    moved: Booleans = np.abs(found.x) > FAR
    return moved
