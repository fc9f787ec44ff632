"""Random numbers by purpose: what one purpose draws never moves what another draws."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Item = TypeVar("Item")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Luck:
    """The random numbers of one thing that is simulated, such as a survey's persons in a wave.

    The same seed, name, purpose and size give the same numbers; another of any of them gives
    numbers that are independent of these.
    """

    seed: int
    name: tuple[str, ...] = ()

    def uniform(self, *purpose: str, size: int | tuple[int, ...]) -> Floats:
        """Return numbers on (0, 1)."""
        digest = hashlib.sha256("|".join((*self.name, *purpose)).encode()).digest()
        entropy = [self.seed, int.from_bytes(digest[:8], "big")]
        generator = np.random.Generator(np.random.PCG64(entropy))
        return np.clip(generator.random(size), 1e-12, 1 - 1e-12)

    def normal(self, *purpose: str, size: int | tuple[int, ...]) -> Floats:
        """Return standard normal numbers."""
        return np.asarray(ndtri(self.uniform(*purpose, size=size)), dtype=np.float64)

    def chosen(self, *purpose: str, out_of: Sequence[Item], count: int) -> list[Item]:
        """Return `count` different items (all, if there are fewer), in random order."""
        order = np.argsort(self.uniform(*purpose, size=len(out_of)), kind="stable")
        return [out_of[int(place)] for place in order[:count]]


def categories(uniforms: Floats, shares: Floats) -> NDArray[np.int64]:
    """Return for each uniform number the 0-based category that it falls into.

    `shares` holds the categories' probabilities in its last axis: one row for all, or a row each.
    """
    ends = np.cumsum(shares, axis=-1)
    ends = ends / ends[..., -1:]
    return np.asarray((uniforms[:, None] > ends[..., :-1]).sum(axis=1), dtype=np.int64)
