"""Random numbers by purpose: what one purpose draws never moves what another draws."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Item = TypeVar("Item")
Floats = NDArray[np.float64]


def uniform(seed: int, *purpose: str, size: int | tuple[int, ...]) -> Floats:
    """Return numbers on (0, 1), the same for the same seed, purpose and size."""
    digest = hashlib.sha256("|".join(purpose).encode()).digest()
    generator = np.random.Generator(np.random.PCG64([seed, int.from_bytes(digest[:8], "big")]))
    return np.clip(generator.random(size), 1e-12, 1 - 1e-12)


def normal(seed: int, *purpose: str, size: int | tuple[int, ...]) -> Floats:
    """Return standard normal numbers, the same for the same seed, purpose and size."""
    return np.asarray(ndtri(uniform(seed, *purpose, size=size)), dtype=np.float64)


def chosen(seed: int, *purpose: str, out_of: Sequence[Item], count: int) -> list[Item]:
    """Return `count` different items (all, if there are fewer), in random order."""
    order = np.argsort(uniform(seed, *purpose, size=len(out_of)), kind="stable")
    return [out_of[int(place)] for place in order[:count]]


def categories(uniforms: Floats, shares: Floats) -> NDArray[np.int64]:
    """Return for each uniform number the 0-based category that it falls into.

    `shares` holds the categories' probabilities in its last axis: one row for all, or a row each.
    """
    ends = np.cumsum(shares, axis=-1)
    ends = ends / ends[..., -1:]
    return np.asarray((uniforms[:, None] > ends[..., :-1]).sum(axis=1), dtype=np.int64)
