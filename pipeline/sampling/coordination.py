"""Coordinated draws: a later wave meets a known share of the earlier wave's sites again.

Every site has a permanent random number. Pareto sampling takes the sites whose number is smallest
for their size, so two draws agree where the numbers do. From one wave to the next a site keeps its
number with the share that is to be kept, and gets a fresh one from the new seed otherwise: all
numbers stay uniform and independent, and nobody knows before the new nonces are opened which sites
will be met again.

Source: Rosén (1997), On sampling with probability proportional to size, Journal of Statistical
Planning and Inference 62, 159-191 (Pareto sampling); Ohlsson (1995), Coordination of samples using
permanent random numbers, in Business Survey Methods, ch. 9; Aires (1999), Methodology and
Computing in Applied Probability 1, 457-469 (its exact inclusion probabilities).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pipeline.sampling.record import Numbers

STEP, REACH = 0.2, 24.0
"""Of the quadrature in log t (the trapezoid rule): probabilities are exact to about 1e-9."""


def pareto(targets: Mapping[str, Fraction], numbers: Numbers) -> list[str]:
    """Draw as many units as their target probabilities add up to: those that rank first.

    A unit with number u and target p ranks by u (1 - p) / ((1 - u) p), in exact arithmetic; a
    target of 1 ranks before all others.

    Returns
    -------
    The units drawn, in the order of their ranks
    """
    take = round(sum(targets.values(), Fraction(0)))
    ranks = {unit: (_rank(numbers.of(unit), p), unit) for unit, p in targets.items()}
    return sorted(targets, key=lambda unit: ranks[unit])[:take]


def _rank(u: Fraction, p: Fraction) -> Fraction:
    return Fraction(0) if p == 1 else u * (1 - p) / ((1 - u) * p)


def pareto_probabilities(targets: Sequence[float]) -> NDArray[np.float64]:
    """Return the probability with which Pareto sampling draws each unit.

    Parameters
    ----------
    targets : wanted probabilities, in (0, 1]; they add up to the size of the sample

    Returns
    -------
    array, one entry per unit, adding up to the size of the sample
        Near the targets, and exact but for the quadrature: unit i is drawn if at most n - 1 of the
        others rank before it. With the ranks' distribution F_j(t) = t / (t + (1 - p_j) / p_j), the
        number of the others before t is a sum of independent 0/1 variables (Aires 1999).
    """
    wanted = np.asarray(targets, dtype=np.float64)
    exact = np.ones_like(wanted)
    open_ = np.flatnonzero(wanted < 1)
    take = round(float(wanted.sum())) - (len(wanted) - len(open_))
    if take <= 0 or not len(open_):
        return np.where(wanted < 1, 0.0, 1.0)
    if take >= len(open_):
        return exact
    odds = wanted[open_] / (1 - wanted[open_])
    # Below, the integrand falls as t; above, as t to the power of how many are not drawn.
    low = -REACH - float(np.log(odds.max()))
    high = REACH / (len(odds) - take) - float(np.log(odds.min()))
    t = np.exp(np.arange(low, high, STEP))[:, None]
    before = t * odds / (1 + t * odds)
    density = STEP * before * (1 - before)  # of log t
    others = _at_most_of_the_others(before, take - 1)
    exact[open_] = (density * others).sum(axis=0)
    return exact


def _at_most_of_the_others(chances: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Return, by row and left-out column, the probability that at most `most` others happen."""
    rows, columns = chances.shape
    counts = np.zeros((most + 1, rows, columns))
    counts[0] = 1
    for place in range(columns):
        chance = np.repeat(chances[:, place, None], columns, axis=1)
        chance[:, place] = 0  # a unit is not among its own others
        moved = counts[:-1] * chance
        counts *= 1 - chance
        counts[1:] += moved
    return np.asarray(counts.sum(axis=0), dtype=np.float64)
