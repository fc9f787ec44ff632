"""What is recorded of a draw, besides whom it drew: enough to make it again from the frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.sampling.selection import SPAN, prn

Size = Literal["persons", "persons_need", "staff", "equal"]
Roll = Literal["persons", "staff", "unit"]
Method = Literal["systematic-pps-random-order/srs", "pareto-pps-prn/srs"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the random numbers of a draw come from.

    Attributes
    ----------
    seeds : of this draw last, before it those of the draws it is coordinated with, oldest first
    kept : one entry per seed but the first: the share of sites that keep their number then
    """

    seeds: tuple[str, ...]
    kept: tuple[Fraction, ...]

    def of(self, site: str) -> Fraction:
        """Return the random number of a site, in [0, 1)."""
        for seed, share in zip(self.seeds[:0:-1], self.kept[::-1], strict=True):
            if Fraction(prn(seed, f"keep|{site}"), SPAN) >= share:
                return Fraction(prn(seed, site), SPAN)
        return Fraction(prn(self.seeds[0], site), SPAN)


class Party(BaseModel):
    """One of those who made the seed: the commitment it published and the nonce it opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    commitment: str
    nonce: str


class Earlier(BaseModel):
    """A draw that a later one is coordinated with: its wave, its seed, and what it kept itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wave: str
    seed: str
    kept: str


class DrawRecord(BaseModel):
    """Everything that is needed, besides the frame, to make the draw again.

    `kept` is the share of sites that keep their random number from the wave before, as a decimal
    or a fraction; '' in a systematic draw, which no other can be coordinated with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    survey: str
    wave: str
    method: Method = "systematic-pps-random-order/srs"
    frame_hash: str
    size: Size
    roll: Roll = "persons"
    sites_per_stratum: Mapping[str, int]
    persons_per_site: int
    parties: tuple[Party, ...]
    seed: str
    kept: str = ""
    earlier: tuple[Earlier, ...] = ()
    """Oldest first."""

    @property
    def numbers(self) -> Numbers:
        """Where the sites' random numbers come from."""
        kept = (*(one.kept for one in self.earlier), self.kept)[1:]
        seeds = (*(one.seed for one in self.earlier), self.seed)
        return Numbers(seeds, tuple(Fraction(share) for share in kept))
