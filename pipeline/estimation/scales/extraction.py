"""Factors of a correlation matrix: maximum likelihood, minimum residuals, principal axes.

Sources: Jöreskog (1967), Psychometrika 32, 443-482 (likelihood in the uniquenesses); Harman &
Jones (1966), Psychometrika 31, 351-368 (minimum residuals). Where an iteration stops, and from
where it starts, is as in R (`factanal`, and the psych package's `fa`).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.estimation.scales.bounded import Function, minimum_within
from pipeline.estimation.scales.scale_items import multiple_correlations
from pipeline.totals.units import Floats

Extraction = Literal["ml", "minres", "pa"]
LEAST_UNIQUE = 0.005
"""A uniqueness is at least this, so that no item is all factor."""
UNIT = 0.01
"""The minimum is searched in hundredths of a uniqueness."""
ENOUGH_COMMON, MAX_ROUNDS = 0.001, 50
"""Principal axes stop when the sum of communalities moves less, or after so many rounds."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """Unrotated loadings (items, factors), in decreasing order of what they explain.

    `uniqueness` is what the fit gave for each item's own variance.
    """

    loadings: Floats
    uniqueness: Floats
    converged: bool


def extract(
    correlation: Floats, number: int, method: Extraction, *, start: Floats | None = None
) -> Extracted:
    """Extract `number` factors.

    Parameters
    ----------
    start : uniquenesses from which ``ml`` and ``minres`` start; None: one minus the squared
        multiple correlations
    """
    if method == "pa":
        return _principal_axes(correlation, number)
    if start is None:
        start = 1 - multiple_correlations(correlation)
    function = (_likelihood if method == "ml" else _residuals)(correlation, number)
    size = len(correlation)
    found = minimum_within(
        function, start / UNIT, np.full(size, LEAST_UNIQUE / UNIT), np.full(size, 1 / UNIT)
    )
    unique = found.at * UNIT
    if method == "ml":
        loadings = _likely_loadings(correlation, unique, number)[0]
    else:
        loadings = _top_loadings(_with_diagonal(correlation, 1 - unique), number)
    return Extracted(loadings, unique, found.converged)


def _likelihood(correlation: Floats, number: int) -> Function:
    def value_and_gradient(scaled: Floats) -> tuple[float, Floats]:
        unique = scaled * UNIT
        loadings, left = _likely_loadings(correlation, unique, number)
        value = float((left - np.log(left)).sum()) + number - len(unique)
        return value, UNIT * ((loadings**2).sum(axis=1) + unique - 1) / unique**2

    return value_and_gradient


def _residuals(correlation: Floats, number: int) -> Function:
    """Squares of the residual correlations.

    The gradient is that of all residuals, the diagonal included; both vanish at the minimum.
    """
    lower = np.tril_indices(len(correlation), -1)

    def value_and_gradient(scaled: Floats) -> tuple[float, Floats]:
        unique = scaled * UNIT
        loadings = _top_loadings(_with_diagonal(correlation, 1 - unique), number)
        residual = (correlation - loadings @ loadings.T)[lower]
        return float(residual @ residual), UNIT * ((loadings**2).sum(axis=1) + unique - 1)

    return value_and_gradient


def _principal_axes(correlation: Floats, number: int) -> Extracted:
    common = multiple_correlations(correlation)
    loadings = np.zeros((len(common), number))
    converged = False
    for _ in range(MAX_ROUNDS):
        loadings = _top_loadings(_with_diagonal(correlation, common), number)
        before, common = float(common.sum()), (loadings**2).sum(axis=1)
        if abs(float(common.sum()) - before) <= ENOUGH_COMMON:
            converged = True
            break
    return Extracted(loadings, 1 - common, converged)


def _likely_loadings(correlation: Floats, unique: Floats, number: int) -> tuple[Floats, Floats]:
    """Return the likeliest loadings at given uniquenesses, and the eigenvalues left over."""
    scale = 1 / np.sqrt(unique)
    values, vectors = _eigen(scale[:, None] * correlation * scale)
    top = np.sqrt(np.maximum(values[:number] - 1, 0))
    loadings: Floats = np.sqrt(unique)[:, None] * (vectors[:, :number] * top)
    return loadings, values[number:]


def _top_loadings(reduced: Floats, number: int) -> Floats:
    values, vectors = _eigen(reduced)
    found: Floats = vectors[:, :number] * np.sqrt(np.maximum(values[:number], 0))
    return found


def _eigen(symmetric: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues from the largest down, and their vectors as columns."""
    values, vectors = np.linalg.eigh(symmetric)
    return values[::-1], vectors[:, ::-1]


def _with_diagonal(matrix: Floats, diagonal: Floats) -> Floats:
    changed = matrix.copy()
    np.fill_diagonal(changed, diagonal)
    return changed
