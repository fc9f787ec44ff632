"""Iterative proportional fitting of cells to margins, with or without bounds.

Without bounds a round scales the categories of each margin in turn. With bounds on new over old
weight the factors are cut at the bounds: the same margins as equations, solved for the distance
that raking minimises.

Source: Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444; bounds: Deville & Särndal (1992),
JASA 87, 376-382, sec. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.totals.units import Floats, Integers
from pipeline.weighting.distances import solve
from pipeline.weighting.levels import summed

Until = Literal["margins_met", "cells_settled"]
Bounds = tuple[float, float]
STEPS = 200
"""Newton steps after which bounded raking gives up."""


@dataclass(frozen=True, slots=True)
class Raked:
    """What raking made of the cells.

    Attributes
    ----------
    factor : new over old weight of each cell (0 where there was none)
    reached : per margin the weighted counts of its categories, those known standing for all
    gaps : per margin the largest relative gap between a weighted count and its target
    rounds : how many rounds it took
    """

    factor: Floats
    reached: tuple[Floats, ...]
    gaps: tuple[float, ...]
    rounds: int


def raked(
    before: Floats,
    codes: Sequence[Integers],
    counts: Sequence[Floats],
    *,
    tolerance: float,
    rounds: int,
    until: Until = "margins_met",
) -> Raked:
    """Rake cells to margins; the caller has to look at the gaps.

    Parameters
    ----------
    before : weight of each cell
    codes : per margin the category of each cell, -1 where it is not known: such a cell keeps out
        of the margin's step, whose counts are scaled down to the weight of those known
    counts : per margin the population counts of its categories, of equal sum
    until : ``margins_met`` ends when every gap is at most `tolerance`; ``cells_settled`` when no
        cell changed by more than `tolerance` in a round (below 1 a share of all weight)
    """
    total = counts[0].sum()
    known = [code >= 0 for code in codes]
    at = [code[here] for code, here in zip(codes, known, strict=True)]
    settled = tolerance * before.sum() if tolerance < 1 else tolerance
    weight, last, done = before * (total / before.sum()), before, 0
    while done < rounds:
        done += 1
        for place, here, count in zip(at, known, counts, strict=True):
            held = summed(place, weight[here], len(count))
            target = count * (held.sum() / weight.sum())
            weight[here] *= _over(target, held)[place]
        weight *= total / weight.sum()
        if until == "margins_met" and max(_gaps(weight, codes, counts, total)) <= tolerance:
            break
        if until == "cells_settled":
            if np.abs(weight - last).max() < settled:
                break
            last = weight.copy()
    return _made(before, weight, codes, counts, total, done)


def raked_within(
    before: Floats,
    codes: Sequence[Integers],
    counts: Sequence[Floats],
    bounds: Bounds,
    *,
    tolerance: float,
    rounds: int,
) -> Raked:
    """Rake cells to margins with bounded factors.

    Those of known category come to be spread like the population, and all weights add up to it;
    of such weights these are the nearest to the old ones. Where no factors within the bounds meet
    the margins, the nearest counts are reached.
    """
    total = counts[0].sum()
    variables, shares = [np.ones(len(before))], [1.0]
    for code, count in zip(codes, counts, strict=True):
        known, share = code >= 0, count / total
        # What is known adds up to as much as it weighs: its share in every category is fixed.
        expected = np.where(known, 0.0, 1.0)[:, None] * share
        variables.extend(((code[:, None] == np.arange(len(count))) + expected).T)
        shares.extend(share)
    least = min(share for share in shares if share > 0)
    x, wanted = np.stack(variables, axis=1), np.array(shares)
    found = solve(
        before / total, x, wanted, "raking", bounds,
        tolerance=max(tolerance * least / 10, 1e-14), max_iterations=min(rounds, STEPS),
    )  # fmt: skip
    weight = before * found.factor
    made = _made(before, weight, codes, counts, weight.sum(), rounds)
    if max(made.gaps) <= tolerance:
        return made
    near = solve(
        before / total, x, wanted, "raking", bounds,
        tolerance=1e-10, max_iterations=STEPS, relaxed=True,
    )  # fmt: skip
    weight = before * near.factor
    return _made(before, weight, codes, counts, weight.sum(), rounds)


def _made(
    before: Floats,
    weight: Floats,
    codes: Sequence[Integers],
    counts: Sequence[Floats],
    total: float,
    rounds: int,
) -> Raked:
    reached = tuple(
        _held(weight, code, len(count), total) for code, count in zip(codes, counts, strict=True)
    )
    return Raked(_over(weight, before), reached, _gaps(weight, codes, counts, total), rounds)


def _gaps(
    weight: Floats, codes: Sequence[Integers], counts: Sequence[Floats], total: float
) -> tuple[float, ...]:
    gaps = []
    for code, count in zip(codes, counts, strict=True):
        held, wanted = _held(weight, code, len(count), total), count > 0
        gaps.append(float(np.max(np.abs(held[wanted] / count[wanted] - 1))))
    return tuple(gaps)


def _held(weight: Floats, code: Integers, width: int, total: float) -> Floats:
    """Return weighted counts of categories, those known standing for all of `total`."""
    held = summed(code[code >= 0], weight[code >= 0], width)
    scaled: Floats = held / held.sum() * total
    return scaled


def _over(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return ratio
