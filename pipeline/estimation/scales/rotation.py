"""Rotations of factor loadings: varimax (orthogonal) and oblimin (oblique).

Sources: Kaiser (1958), Psychometrika 23, 187-200, each item first brought to length 1; Jennrich
(2002), Psychometrika 67, 7-19, and Bernaards & Jennrich (2005), Educational and Psychological
Measurement 65, 676-696 (gradient projection). Where the iterations stop is as in R (`varimax`,
and the GPArotation package).
"""

from dataclasses import dataclass

import numpy as np

from pipeline.totals.units import Floats

LITTLE_GAIN = 1e-5
STEEP = 1e-5
ROUNDS, HALVINGS = 1000, 10


@dataclass(frozen=True, slots=True)
class Oblique:
    """A rotated pattern (items, factors) and the correlations of its factors."""

    pattern: Floats
    correlation: Floats


def varimax(loadings: Floats) -> Floats:
    """Rotate so that the squared loadings of each factor vary most."""
    if loadings.shape[1] < 2:
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1))
    length = np.where(length > 0, length, 1.0)[:, None]
    unit = loadings / length
    turn, spread = np.eye(loadings.shape[1]), 0.0
    for _ in range(ROUNDS):
        rotated = unit @ turn
        left, size, right = np.linalg.svd(
            unit.T @ (rotated**3 - rotated * (rotated**2).mean(axis=0))
        )
        turn, before, spread = left @ right, spread, float(size.sum())
        if spread < before * (1 + LITTLE_GAIN):
            break
    found: Floats = unit @ turn * length
    return found


def oblimin(loadings: Floats) -> Oblique:
    """Rotate to simple structure with correlated factors (direct quartimin)."""
    turn = np.eye(loadings.shape[1])
    pattern, value, slope = _crossed(loadings, turn)
    length = 1.0
    for _ in range(ROUNDS + 1):
        way = slope - turn * (turn * slope).sum(axis=0)
        steep = float(np.sqrt((way**2).sum()))
        if steep < STEEP:
            break
        length *= 2
        for _ in range(HALVINGS + 1):
            tried = turn - length * way
            tried = tried / np.sqrt((tried**2).sum(axis=0))
            pattern, found, changed = _crossed(loadings, tried)
            if found < value - 0.5 * steep**2 * length:
                break
            length /= 2
        turn, value, slope = tried, found, changed
    return Oblique(pattern, turn.T @ turn)


def _crossed(loadings: Floats, turn: Floats) -> tuple[Floats, float, Floats]:
    """Return the pattern, its cross products of squared loadings, and their gradient."""
    inverse = np.linalg.inv(turn)
    pattern = loadings @ inverse.T
    squares = pattern**2
    others = squares.sum(axis=1, keepdims=True) - squares
    slope: Floats = -(pattern.T @ (pattern * others) @ inverse).T
    return pattern, float((squares * others).sum()) / 4, slope
