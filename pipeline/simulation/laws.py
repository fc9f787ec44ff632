"""How likely each answer to a question is, for a person of each site and group.

A law holds the effects of sites and of groups on a question's hidden scale; effects are per row of
the population's frame (`by_site`) and per row of its groups (`by_group`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, pdtr, pdtrc

from pipeline.simulation.streams import Floats

CLOSE = 1e-13
STEPS = 100
NODES = 24


@dataclass(frozen=True)
class AttributeLaw:
    """An attribute: everybody of a group answers the same code."""

    codes: tuple[int, ...]
    of_group: NDArray[np.int64]
    missing: float
    """The share of those asked whose answer has no substance, here and below."""

    @cached_property
    def chances(self) -> Floats:
        """The probability of each code: 1 x group x code."""
        same = self.of_group[None, :, None] == np.array(self.codes)
        return np.asarray(same, dtype=np.float64)


@dataclass(frozen=True)
class OrderedLaw:
    """A scale or single choice: a normal scale cut into the question's codes (ascending)."""

    codes: tuple[int, ...]
    by_site: Floats
    by_group: Floats
    cuts: Floats
    missing: float

    @cached_property
    def chances(self) -> Floats:
        """The probability of each code: site x group x code."""
        values, place = np.unique(self.by_group, return_inverse=True)
        mean = self.by_site[:, None] + values
        below = ndtr(self.cuts - mean[..., None])
        edges = [np.zeros_like(below[..., :1]), below, np.ones_like(below[..., :1])]
        return np.asarray(np.diff(np.concatenate(edges, axis=-1))[:, place], dtype=np.float64)


@dataclass(frozen=True)
class CountLaw:
    """A count: Poisson around a log-normal mean; a count above `top` is given as `top`."""

    mean: float
    by_site: Floats
    by_group: Floats
    person_sd: float
    top: int | None
    missing: float

    @cached_property
    def expected(self) -> Floats:
        """The expected count: site x group."""
        values, place = np.unique(self.by_group, return_inverse=True)
        rate = self.mean * np.exp(self.by_site[:, None] + values)
        if self.top is None:
            return rate[:, place]
        luck, share = np.polynomial.hermite_e.hermegauss(NODES)
        own = np.exp(self.person_sd * luck - self.person_sd**2 / 2)
        rates = rate[..., None] * own
        top = self.top
        # E min(N, top) = rate x P(N <= top - 2) + top x P(N >= top)
        capped = rates * (pdtr(top - 2, rates) if top >= 2 else 0) + top * pdtrc(top - 1, rates)
        return np.asarray((capped @ (share / share.sum()))[:, place], dtype=np.float64)


@dataclass(frozen=True)
class TickLaw:
    """A multiple choice: each choice is ticked on its own, the strongest `most` are kept.

    `by_site` and `by_group` have one row per choice of `codes`: how much stronger than 0 the wish
    to tick it is, in standard deviations of persons. `none` is ticked where nothing else is.
    """

    codes: tuple[int, ...]
    none: int
    by_site: Floats
    by_group: Floats
    most: int
    missing: float

    @cached_property
    def chances(self) -> Floats:
        """The probability that each of `codes`, and `none` last, is ticked: site x group x code.

        A choice of strength s is kept if fewer than `most` others are stronger; the integral over
        s > 0 is a Gauss-Legendre sum, exact to about 1e-6.
        """
        values, place = np.unique(self.by_group, axis=1, return_inverse=True)
        wish = self.by_site[:, :, None] + values[:, None, :]
        out = np.empty((*wish.shape[1:], len(self.codes) + 1))
        for at, own in enumerate(wish):
            out[..., at] = self._kept(own, np.delete(wish, at, axis=0))
        out[..., -1] = np.prod(ndtr(-wish), axis=0)
        return np.asarray(out[:, place.ravel()], dtype=np.float64)

    def _kept(self, own: Floats, others: Floats) -> Floats:
        if self.most > len(others):
            return np.asarray(ndtr(own), dtype=np.float64)
        place, share = np.polynomial.legendre.leggauss(NODES)
        unwanted = ndtr(-own)[..., None]
        strength = own[..., None] + ndtri(unwanted + (1 - unwanted) * (place + 1) / 2)
        stronger = [np.ones_like(strength), *(np.zeros_like(strength) for _ in range(self.most))]
        for other in others:  # the number of stronger choices, as a sum of independent ones
            chance = ndtr(other[..., None] - strength)
            for count in range(self.most, 0, -1):
                stronger[count] = stronger[count] * (1 - chance) + stronger[count - 1] * chance
            stronger[0] = stronger[0] * (1 - chance)
        few = np.sum(stronger[: self.most], axis=0)
        return np.asarray((1 - unwanted[..., 0]) * (few @ (share / 2)), dtype=np.float64)


Law = AttributeLaw | OrderedLaw | CountLaw | TickLaw


def cut_points(shares: Floats, by_site: Floats, by_group: Floats, weight: Floats) -> Floats:
    """Return where the codes of a hidden scale meet, so that their shares hold exactly.

    Parameters
    ----------
    shares : of the codes in ascending order, adding up to 1
    by_site, by_group : effects; the scale of a person is normal around their sum, with spread 1
    weight : persons by site and group

    Returns
    -------
    One cut fewer than codes, ascending; solved by Newton's steps, held inside a bracket
    """
    values, place = np.unique(by_group, return_inverse=True)
    merged = weight @ (place[:, None] == np.arange(len(values))).astype(float)
    share = (merged / merged.sum()).ravel()
    mean = (by_site[:, None] + values).ravel()
    target = np.cumsum(shares)[:-1]
    inner = (target > CLOSE) & (target < 1 - CLOSE)
    cuts = np.where(target > 0.5, np.inf, -np.inf)
    cuts[inner] = _solved(target[inner], mean, share)
    return np.asarray(cuts, dtype=np.float64)


def _solved(target: Floats, mean: Floats, share: Floats) -> Floats:
    centre = float(share @ mean)
    cut = centre + np.sqrt(1 + share @ (mean - centre) ** 2) * ndtri(target)
    low = np.full_like(cut, mean.min() - 10)
    high = np.full_like(cut, mean.max() + 10)
    for _ in range(STEPS):
        from_mean = cut[:, None] - mean
        error = ndtr(from_mean) @ share - target
        if np.abs(error).max(initial=0) < CLOSE:
            break
        low, high = np.where(error < 0, cut, low), np.where(error > 0, cut, high)
        density = np.exp(-(from_mean**2) / 2) @ share / np.sqrt(2 * np.pi)
        step = cut - error / np.maximum(density, 1e-300)
        cut = np.where((step > low) & (step < high), step, (low + high) / 2)
    return np.asarray(cut, dtype=np.float64)
