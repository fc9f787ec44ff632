"""Weights as near as possible to the old ones that meet totals: distances and their solution.

With old weights d and variables x the new weights are d F(x'b), where F belongs to the distance
and b is such that the totals of x are met. b minimises a convex function: Newton's steps, halved
where they overshoot, find it wherever weights within the bounds can meet the totals.

Source: Deville & Särndal (1992), JASA 87, 376-382; Deville, Särndal & Sautory (1993), JASA 88,
1013-1020. Totals that cannot be met are approached with a ridge: Bardsley & Chambers (1984),
Applied Statistics 33, 290-299.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.design import Distance
from pipeline.totals.units import Floats

HALVINGS = 40
RIDGE = 1e-13
"""Keeps a Newton step finite where variables say the same; too small to be seen in a weight."""
RELAXED = 1e-6
"""How cheap a missed total is where not all can be met: the smaller, the nearer one comes."""
FAR = 10.0
"""A Newton step under bounds goes no farther than this many times what was gone before."""


@dataclass(frozen=True, slots=True)
class Solution:
    """New over old weight of each unit, and the totals that are reached."""

    factor: Floats
    reached: Floats
    misfit: float


@dataclass(frozen=True, slots=True)
class _Curve:
    """A distance: F, its derivative and its integral as functions of u = x'b; F(0) = 1."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    integral: Callable[[Floats], Floats]


def solve(
    weight: Floats,
    variables: Floats,
    totals: Floats,
    distance: Distance,
    bounds: tuple[float, float] | None,
    *,
    tolerance: float,
    max_iterations: int,
    relaxed: bool = False,
) -> Solution:
    """Return the factors that meet the totals, or come near them.

    Parameters
    ----------
    weight : (units,) old weights
    variables : (units, k)
    totals : (k,) what the weighted sums of the variables should be
    bounds : smallest and largest factor; ``logit`` needs them around 1
    tolerance : ends when no sum misses its total by more than this share of 1 + its size
    relaxed : do not meet the totals, only approach them (to see which are out of reach)

    Returns
    -------
    Solution; its `misfit` is the largest of those shares. Whether that will do is for the caller.
    """
    curve = _curve(distance, bounds)
    size: Floats = np.sqrt(np.abs(weight) @ variables**2)
    size[size == 0] = 1.0
    scaled, wanted = variables / size, totals / size
    scale = 1 + np.abs(totals)
    cheap = (RELAXED if relaxed else 0.0) * (scale / size) ** 2 / weight.sum()
    b = np.zeros(len(totals))
    at = np.zeros(len(weight))
    value = _dual(curve, weight, at, b, wanted, cheap)
    misfit = np.inf
    for _ in range(max_iterations + 1):
        factor = curve.factor(at)
        gradient = wanted - scaled.T @ (weight * factor) - cheap * b
        misfit = float(np.max(np.abs(gradient) * size / scale))
        if misfit < tolerance:
            break
        curvature = scaled.T @ (scaled * (weight * curve.slope(at))[:, None]) + np.diag(cheap)
        step = _step(curvature, gradient)
        along = scaled @ step
        if bounds is not None:
            most = FAR * (1 + np.abs(at).max(initial=0))
            length = min(1.0, most / max(np.abs(along).max(initial=0), most))
            step, along = step * length, along * length
        length, enough = 1.0, 1e-4 * float(gradient @ step)
        for _ in range(HALVINGS):
            moved = _dual(curve, weight, at + length * along, b + length * step, wanted, cheap)
            slack = 1e-14 * abs(value)  # what rounding takes near the end
            if moved <= value - length * enough + slack:
                break
            length /= 2
        else:
            break  # no step gets nearer
        b, at, value = b + length * step, at + length * along, moved
    factor = curve.factor(at)
    reached = (scaled.T @ (weight * factor)) * size
    return Solution(factor, reached, float(np.max(np.abs(totals - reached) / scale)))


def _step(curvature: Floats, gradient: Floats) -> Floats:
    ridge = RIDGE * max(float(np.trace(curvature)), RIDGE)
    regular = curvature + ridge * np.eye(len(gradient))
    return np.asarray(np.linalg.lstsq(regular, gradient, rcond=None)[0], dtype=np.float64)


def _dual(
    curve: _Curve, weight: Floats, at: Floats, b: Floats, wanted: Floats, cheap: Floats
) -> float:
    """The convex function whose minimum meets the totals; infinite where it overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        value = float(weight @ curve.integral(at) - wanted @ b + (cheap * b) @ b / 2)
    return value if np.isfinite(value) else np.inf


def _curve(distance: Distance, bounds: tuple[float, float] | None) -> _Curve:
    if distance == "logit":
        if bounds is None:
            raise TypeError("logit needs bounds")
        return _logit(*bounds)
    linear = distance == "linear"
    if bounds is None:
        return _linear() if linear else _Curve(_exp, _exp, _exp)
    low, high = bounds
    with np.errstate(divide="ignore"):
        least, most = np.array(bounds) - 1 if linear else np.log(np.array(bounds, dtype=float))
    inner = _linear() if linear else _Curve(_exp, _exp, _exp)

    def inside(u: Floats) -> Floats:
        return np.clip(u, least, most)

    def integral(u: Floats) -> Floats:
        beyond = np.where(u < least, low, high)
        over = np.subtract(u, inside(u))
        return inner.integral(inside(u)) + np.where(over == 0, 0.0, beyond * over)

    return _Curve(
        lambda u: np.clip(inner.factor(inside(u)), low, high),
        lambda u: np.where((u > least) & (u < most), inner.slope(inside(u)), 0.0),
        integral,
    )


def _linear() -> _Curve:
    return _Curve(lambda u: 1 + u, np.ones_like, lambda u: u + u * u / 2)


def _exp(u: Floats) -> Floats:
    with np.errstate(over="ignore"):
        grown: Floats = np.exp(u)
    return grown


def _logit(low: float, high: float) -> _Curve:
    """F = (L(U-1) + U(1-L) e^(Au)) / (U-1 + (1-L) e^(Au)), A = (U-L) / ((1-L)(U-1))."""
    speed = (high - low) / ((1 - low) * (high - 1))
    shift = np.log((1 - low) / (high - 1))

    def share(u: Floats) -> Floats:
        from scipy.special import expit

        grown: Floats = expit(speed * u + shift)
        return grown

    return _Curve(
        lambda u: low + (high - low) * share(u),
        lambda u: (high - low) * speed * share(u) * (1 - share(u)),
        lambda u: low * u + (high - low) / speed * np.logaddexp(0, speed * u + shift),
    )
