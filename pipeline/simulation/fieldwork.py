"""What becomes of the persons drawn: who they are, whether they answer, when, and with whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from pipeline.questionnaire.programme import Wave
from pipeline.sampling.draw import Draw
from pipeline.simulation.population import Population, shifted
from pipeline.simulation.streams import Floats, categories

LOCAL = timezone(timedelta(hours=8))
OPENS = timedelta(hours=8, minutes=30)
SLOT = timedelta(minutes=30)
SLOTS_A_DAY = 16
TEAMS = 6
EVENING = timedelta(hours=13, minutes=30)
"""How long after `OPENS` people still answer at a time of their own."""


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
    """When an interview began, how long it took, and which team led it (0: nobody)."""

    start: datetime
    seconds: float
    team: int

    @property
    def end(self) -> datetime:
        """When it was over."""
        return self.start + timedelta(seconds=self.seconds)


def people(population: Population, draw: Draw) -> Sampled:
    """Say who each person drawn is, and what became of the attempt to interview them."""
    luck, response = population.luck, population.truths.response
    row_of = {site: row for row, site in enumerate(population.frame["site"])}
    site = draw.persons["site"].map(row_of).to_numpy(dtype=np.int64)
    count = len(site)
    shares = population.weight / population.weight.sum(axis=1, keepdims=True)
    group = categories(luck.uniform("group", size=count), shares[site])
    by_site, by_group = shifted(response.shifts, population.frame, population.groups)
    chance = expit(logit(response.rate) + by_site[site] + by_group[group])
    answers = luck.uniform("responds", size=count) < chance
    codes = np.array(list(response.otherwise))
    otherwise = np.array(list(response.otherwise.values()))
    why = codes[categories(luck.uniform("why", size=count), otherwise)]
    partial = luck.uniform("partial", size=count) < response.partial
    became = np.where(answers, np.where(partial, "1.2", "1.1"), why)
    return Sampled(tuple(draw.persons["person"]), site, group, became)


def interviews(population: Population, sampled: Sampled, during: Wave) -> list[Interview]:
    """Return the interviews of those who answered, in the order of `sampled.interviewed`.

    Teams visit sites; otherwise everybody answers at a time of their own, and a team is in charge
    unless it is on the web.
    """
    luck, truth = population.luck, population.truths.interview
    length: Floats = truth.seconds * np.exp(
        truth.spread * luck.normal("length", size=len(sampled.site))
    )
    if population.truths.mode == "capi":
        return _visits(population, sampled, during, length)
    first, last = during.days_in_field()
    days = (last - first).days + 1
    when = luck.uniform("start", size=(len(sampled.site), 2))
    teams = np.zeros(len(sampled.site), dtype=np.int64)
    if population.truths.mode != "cawi":
        teams = 1 + (TEAMS * luck.uniform("team", size=len(sampled.site))).astype(np.int64)
    held = []
    for at in sampled.interviewed:
        day = first + timedelta(days=int(days * when[at, 0]))
        start = _opening(day) + timedelta(seconds=int(EVENING.total_seconds() * when[at, 1]))
        held.append(Interview(start, round(float(length[at]), 1), int(teams[at])))
    return held


def _visits(
    population: Population, sampled: Sampled, during: Wave, length: Floats
) -> list[Interview]:
    """Each site is visited by one team on one day, sites in random order over the field period.

    Where there are more interviews than half-hours the team comes on further days.
    """
    first, last = during.days_in_field()
    luck, days = population.luck, (last - first).days + 1
    visited = sorted({int(row) for row in sampled.site})
    order = luck.chosen("route", out_of=visited, count=len(visited))
    turn = {row: at for at, row in enumerate(order)}
    late = luck.uniform("start", size=len(sampled.site))
    met = dict.fromkeys(visited, 0)
    held = []
    for at in sampled.interviewed:
        row = int(sampled.site[at])
        day = (turn[row] * days // len(visited) + met[row] // SLOTS_A_DAY) % days
        start = _opening(first + timedelta(days=day))
        start += SLOT * (met[row] % SLOTS_A_DAY) + timedelta(seconds=round(600 * late[at]))
        met[row] += 1
        held.append(Interview(start, round(float(length[at]), 1), turn[row] % TEAMS + 1))
    return held


def dispositions(sampled: Sampled) -> pd.DataFrame:
    """Return the table of final dispositions: person, disposition."""
    return pd.DataFrame({"person": sampled.persons, "disposition": sampled.disposition})


def _opening(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LOCAL) + OPENS
