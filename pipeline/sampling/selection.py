"""Choose units with known probabilities by public random numbers.

Every random number is SHA-256 of a seed and a name, so that anybody can make the draw again with
any implementation of SHA-256. Arithmetic is in fractions: no rounding decides who is drawn.

Source: Madow (1949), Annals of Mathematical Statistics 20(3), 333-354 (systematic selection with
unequal probabilities); Hartley & Rao (1962), AMS 33(2), 350-374 (its randomised order); Rivest's
sampler of election audits for numbers from hashes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from pipeline.errors import FrameError

SPAN = 2**256


def prn(seed: str, unit: str) -> int:
    """Return the permanent random number of `unit`: a whole number below `SPAN`.

    All are equally likely; divided by `SPAN` it is uniform on [0, 1).
    """
    return int.from_bytes(hashlib.sha256(f"{seed}|{unit}".encode()).digest(), "big")


def inclusion_probabilities(sizes: Mapping[str, Fraction | int], n: int) -> dict[str, Fraction]:
    """Return the probability with which each unit enters a sample of `n` proportional to size.

    A unit whose share would exceed 1 is taken with certainty, and the rest of the sample is spread
    over the others, again and again until no share exceeds 1.

    Parameters
    ----------
    sizes : unit -> its measure of size, positive
    n : units to draw; at least the number of units means that all are taken

    Returns
    -------
    dict in the order of `sizes`; the probabilities add up to min(n, number of units) exactly
    """
    if n < 1:
        raise FrameError(f"每层至少抽1个单位，得到 {n}。(draw at least one unit; got {n})")
    if n >= len(sizes):
        return dict.fromkeys(sizes, Fraction(1))
    certain: set[str] = set()
    while True:
        rest = {unit: Fraction(size) for unit, size in sizes.items() if unit not in certain}
        total, left = sum(rest.values(), Fraction(0)), n - len(certain)
        share = {unit: left * size / total for unit, size in rest.items()}
        # a share of exactly 1 is certain too, and moving it leaves the other shares as they are
        above = {unit for unit, value in share.items() if value >= 1}
        if not above:
            return {unit: share.get(unit, Fraction(1)) for unit in sizes}
        certain |= above


def systematic(probabilities: Mapping[str, Fraction], seed: str, name: str) -> list[str]:
    """Draw units with exactly the given probabilities: systematic selection in random order.

    The units are ordered by their random numbers and laid end to end, each as long as its
    probability; the random number of `name` (the stratum) says where the first of the equally
    spaced marks falls.

    Returns
    -------
    The units drawn, in the order of their random numbers
    """
    ordered = sorted(probabilities, key=lambda unit: (prn(seed, unit), unit))
    start = Fraction(prn(seed, f"start|{name}"), SPAN)
    drawn, end = [], Fraction(0)
    for unit in ordered:
        begin, end = end, end + probabilities[unit]
        # the marks are start, start + 1, ...: does one of them fall into [begin, end)?
        if ceil(end - start) > ceil(begin - start):
            drawn.append(unit)
    return drawn


def simple_random(units: Sequence[str], n: int, seed: str) -> list[str]:
    """Draw `n` of `units`, all equally likely: those with the smallest random numbers.

    Returns
    -------
    The units drawn (all, if there are no more than `n`), in the order of their random numbers
    """
    return sorted(units, key=lambda unit: (prn(seed, unit), unit))[:n]
