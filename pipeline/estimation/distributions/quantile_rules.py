"""Rules that read a weighted quantile off sorted values.

x_1 <= ... <= x_n are the values with their weights w_k > 0, C_k the cumulated weights, W their
sum, p the probability.

``math``, ``hf1``   the smallest x_k with C_k >= p W
``school``, ``hf2`` the same, but the mean of x_k and x_{k+1} where C_k = p W
``hf3``             as ``hf1`` over distinct values, the next one where C_k = p W and k is odd
``hf4``             linear between the points (C_k / W, x_k), continued below the first
``hf5``             points ((C_k - w_k / 2) / W, x_k)
``hf6``             points (C_k / (W + w_n), x_k)
``hf7``             points (C_{k-1} / C_{n-1}, x_k)
``hf8``             points ((C_{k-1} / 3 + 2 C_k / 3) / (W + w_n / 3), x_k)
``hf9``             points ((3 C_{k-1} / 8 + 5 C_k / 8) / (W + w_n / 4), x_k)
``legacy_linear``   as ``hf4``, with the smallest value below the first point

Outside the points the end values hold. With equal weights all but ``hf3`` are the definitions of
the same number of Hyndman & Fan.

C_k = p W is a tie. Decimals such as 0.1 have no exact double, so whether a sum of them meets p W
is decided with a margin: within `TIE` of W is a tie, and a probability that close to a point takes
the point's value. With ``as_in_r`` the rounding of the sums decides, as in R's survey package.

Source: Hyndman & Fan (1996), American Statistician 50, 361-365; the weighted forms are those of
R's survey package (``svyquantile``).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.totals.units import Floats

Rule = Literal[
    "math", "school", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9",
    "legacy_linear",
]  # fmt: skip
TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Sorted:
    """Values in ascending order with weights above 0, their cumulated weights and the sum."""

    value: Floats
    weight: Floats
    cumulated: Floats
    total: float


def in_order(value: Floats, weight: Floats) -> Sorted:
    """Return sorted values ready for a rule; rows of weight 0 do not count.

    Parameters
    ----------
    value : (rows,) ascending, none missing
    weight : (rows,) 0 or more
    """
    counted = weight > 0
    if not counted.all():
        value, weight = value[counted], weight[counted]
    # Extended precision, as in R: a float64 sum of a million weights loses the ties.
    cumulated = np.cumsum(weight, dtype=np.longdouble).astype(np.float64)
    return Sorted(value, weight, cumulated, float(cumulated[-1]) if len(cumulated) else 0.0)


def quantile_of(rule: Rule, of: Sorted, probability: Floats, as_in_r: bool = False) -> Floats:
    """Return the quantile at each probability.

    Parameters
    ----------
    probability : (k,) from 0 to 1; NaN gives NaN
    as_in_r : rounding decides ties; and, as in R's survey package, a step rule gives the second
        value for a probability below the first weight share

    Returns
    -------
    (k,) NaN where there are no values
    """
    probability = np.asarray(probability, dtype=np.float64)
    found = np.full(len(probability), np.nan)
    known = ~np.isnan(probability)
    if not len(of.value):
        return found
    if len(of.value) == 1:
        return np.where(known, of.value[0], np.nan)
    p = probability[known]
    if rule in ("math", "school", "hf1", "hf2", "hf3"):
        found[known] = _step(rule, of, p, as_in_r)
    elif rule == "hf4":
        found[known] = _continued(of, p, as_in_r)
    else:
        found[known] = _between(_points(rule, of), of.value, p, as_in_r)
    return found


def _step(rule: Rule, of: Sorted, p: Floats, as_in_r: bool) -> Floats:
    """Return quantiles that are values, or the middle of two."""
    if rule == "hf3":
        first = np.flatnonzero(np.append(True, of.value[1:] != of.value[:-1]))
        of = in_order(of.value[first], np.add.reduceat(of.weight, first))
    last = len(of.value) - 1
    if as_in_r:
        at = np.searchsorted(of.cumulated, p * of.total, side="right") - 1
        at = np.maximum(at, 0)
        tie = p - of.cumulated[at] / of.total == 0
        after = np.minimum(at + 1, last)
        at, after = np.where(tie, at, after), after
    else:
        at = np.searchsorted(of.cumulated, (p - TIE) * of.total, side="left")
        at = np.minimum(at, last)
        tie = np.abs(of.cumulated[at] - p * of.total) <= TIE * of.total
        after = np.minimum(at + 1, last)
    value, following = of.value[at], of.value[after]
    match rule:
        case "school" | "hf2":
            found: Floats = np.where(tie, (value + following) / 2, value)
        case "hf3":
            found = np.where(tie & (at % 2 == 0), following, value)  # places count from 1
        case _:
            found = value
    return found


def _points(rule: Rule, of: Sorted) -> Floats:
    """Return the probabilities at which a rule gives the values themselves."""
    total, weight, after = of.total, of.weight, of.cumulated
    before, largest = np.concatenate([[0.0], after[:-1]]), weight[-1]
    points: Floats
    match rule:
        case "hf5":
            points = (after - weight / 2) / total
        case "hf6":
            points = after / (total + largest)
        case "hf7":
            points = before / after[-2]
        case "hf8":
            points = (before / 3 + after * 2 / 3) / (total + largest / 3)
        case "hf9":
            points = (before * 3 / 8 + after * 5 / 8) / (total + largest / 4)
        case _:
            points = after / total
    return points


def _between(points: Floats, value: Floats, p: Floats, as_in_r: bool) -> Floats:
    """Interpolate, with the end values outside the points."""
    inside = np.clip(p, points[0], points[-1])
    at = np.clip(np.searchsorted(points, inside, side="right") - 1, 0, len(points) - 2)
    low, high = points[at], points[at + 1]
    step = value[at + 1] - value[at]
    found: Floats = value[at] + step * ((inside - low) / (high - low))
    if as_in_r:
        return np.where(inside == high, value[at + 1], found)
    return np.where(
        high - inside <= TIE, value[at + 1], np.where(inside - low <= TIE, value[at], found)
    )


def _continued(of: Sorted, p: Floats, as_in_r: bool) -> Floats:
    """Interpolate between cumulated shares, below the first along the line of the first two."""
    points = of.cumulated / of.total
    if as_in_r:  # its rounding can miss a value between two equal ones
        at = np.searchsorted(of.cumulated, p * of.total, side="right") - 1
        at = np.maximum(at, 0)
        after = np.minimum(at + 1, len(points) - 1)
        low, high = p - points[at], points[after] - p
        with np.errstate(invalid="ignore"):
            part = low / (high + low)
        found: Floats = of.value[at] * (1 - part) + of.value[after] * part
        return found
    slope = (of.value[1] - of.value[0]) / (points[1] - points[0])
    below = of.value[0] + (p - points[0]) * slope
    return np.where(p < points[0] - TIE, below, _between(points, of.value, p, as_in_r))
