"""Minimise a smooth function as R's ``optim(method = "BFGS")`` does, ending where it ends.

A variable metric method with a backtracking line search; it ends where a step lowers the function
by less than 1.5e-8 of its value, next to the minimum. Used only to repeat results of R to many
digits.

Source: Nash (1990), Compact Numerical Methods for Computers, 2nd ed., algorithm 21.
"""

from collections.abc import Callable

import numpy as np

from pipeline.totals.units import Floats

Function = Callable[[Floats], float]
Gradient = Callable[[Floats], Floats]
SHORTER, ENOUGH, SAME = 0.2, 1e-4, 10.0
RELATIVE = float(np.sqrt(np.finfo(np.float64).eps))
MOST_GRADIENTS = 100
DIFFERENCE = 1e-3


def minimum(function: Function, gradient: Gradient, start: Floats) -> Floats:
    """Return where `function` is smallest; it is infinite where it is not defined."""
    at, lowest, slope = start, function(start), gradient(start)
    metric = np.eye(len(start))
    gradients, since_reset = 1, 0
    while gradients < MOST_GRADIENTS:
        direction = -metric @ slope
        descent = float(direction @ slope)
        progress = False
        if descent < 0:
            there, value, accepted = _backtracked(function, at, direction, lowest, descent)
            lower = abs(value - lowest) > RELATIVE * (abs(lowest) + RELATIVE)
            progress = accepted and lower
            step, at = there - at, there
            lowest = value if progress or not lower else lowest
        if progress:
            before, slope = slope, gradient(at)
            gradients, since_reset = gradients + 1, since_reset + 1
            turned = slope - before
            curvature = float(step @ turned)
            if curvature > 0 and since_reset <= 2 * len(start):
                metric = metric + _update(metric, step, turned, curvature)
                continue
        elif since_reset == 0:
            break
        metric, since_reset = np.eye(len(start)), 0
    return at


def curvature(gradient: Gradient, at: Floats) -> Floats:
    """Return the matrix of second derivatives by central differences of the gradient."""
    steps = DIFFERENCE * np.eye(len(at))
    rows = [(gradient(at + step) - gradient(at - step)) / (2 * DIFFERENCE) for step in steps]
    table = np.stack(rows)
    symmetric: Floats = (table + table.T) / 2
    return symmetric


def _backtracked(
    function: Function, at: Floats, direction: Floats, lowest: float, descent: float
) -> tuple[Floats, float, bool]:
    """Return where the line search ends, the value last seen, and whether it is low enough."""
    length, value = 1.0, lowest
    while True:
        there = at + length * direction
        if (SAME + at == SAME + there).all():
            return there, value, False
        value = function(there)
        if np.isfinite(value) and value <= lowest + descent * length * ENOUGH:
            return there, value, True
        length *= SHORTER


def _update(metric: Floats, step: Floats, turned: Floats, curvature: float) -> Floats:
    mapped = metric @ turned
    stretch = 1 + float(mapped @ turned) / curvature
    crossed = np.outer(step, mapped)
    change: Floats = (stretch * np.outer(step, step) - crossed - crossed.T) / curvature
    return change
