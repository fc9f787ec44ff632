"""What becomes of the persons drawn: who they are, whether they answer, when, and with whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from pipeline.sampling.draw import Draw
from pipeline.simulation.population import Population, shifted
from pipeline.simulation.streams import Floats, categories, chosen, normal, uniform

LOCAL = timezone(timedelta(hours=8))
OPENS = timedelta(hours=8, minutes=30)
SLOT = timedelta(minutes=30)
SLOTS_A_DAY = 16
TEAMS = 6


@dataclass(frozen=True, slots=True)
class Sampled:
    """The persons drawn, one entry each in the draw's order: site, group and disposition."""

    persons: tuple[str, ...]
    site: NDArray[np.int64]
    group: NDArray[np.int64]
    disposition: NDArray[np.str_]

    @property
    def interviewed(self) -> NDArray[np.int64]:
        """The places of those who were interviewed."""
        return np.flatnonzero(np.char.startswith(self.disposition, "1."))


@dataclass(frozen=True, slots=True)
class Interview:
    """When an interview began and how long it took, and which team led it."""

    start: datetime
    seconds: float
    team: int


def people(population: Population, draw: Draw) -> Sampled:
    """Say who each person drawn is, and what became of the attempt to interview them."""
    seed, response = population.seed, population.truths.response
    row_of = {site: row for row, site in enumerate(population.frame["site"])}
    site = draw.persons["site"].map(row_of).to_numpy(dtype=np.int64)
    count = len(site)
    shares = population.weight / population.weight.sum(axis=1, keepdims=True)
    group = categories(uniform(seed, "group", size=count), shares[site])
    pull = shifted(response.shifts, population.frame, population.groups)[site, group]
    answers = uniform(seed, "responds", size=count) < expit(logit(response.rate) + pull)
    codes = np.array(list(response.otherwise))
    otherwise = np.array(list(response.otherwise.values()))
    why = codes[categories(uniform(seed, "why", size=count), otherwise)]
    partial = uniform(seed, "partial", size=count) < response.partial
    became = np.where(answers, np.where(partial, "1.2", "1.1"), why)
    return Sampled(tuple(draw.persons["person"]), site, group, became)


def interviews(
    population: Population, sampled: Sampled, first: date, last: date
) -> list[Interview]:
    """Return the interviews of those who answered, in the order of `sampled.interviewed`.

    Each site is visited by one team on one day (more days where there are more interviews than
    half-hours), sites in random order over the field period.
    """
    seed, truth = population.seed, population.truths.interview
    days = (last - first).days + 1
    visited = sorted({int(row) for row in sampled.site})
    order = chosen(seed, "route", out_of=visited, count=len(visited))
    turn = {row: at for at, row in enumerate(order)}
    luck = uniform(seed, "start", size=len(sampled.site))
    length: Floats = truth.seconds * np.exp(
        truth.spread * normal(seed, "length", size=len(sampled.site))
    )
    met = dict.fromkeys(visited, 0)
    held = []
    for at in sampled.interviewed:
        row = int(sampled.site[at])
        day = (turn[row] * days // len(visited) + met[row] // SLOTS_A_DAY) % days
        start = datetime.combine(first + timedelta(days=day), datetime.min.time(), LOCAL) + OPENS
        start += SLOT * (met[row] % SLOTS_A_DAY) + timedelta(seconds=round(600 * luck[at]))
        met[row] += 1
        held.append(Interview(start, round(float(length[at]), 1), turn[row] % TEAMS + 1))
    return held


def dispositions(sampled: Sampled) -> pd.DataFrame:
    """Return the table of final dispositions: person, disposition."""
    return pd.DataFrame({"person": sampled.persons, "disposition": sampled.disposition})
