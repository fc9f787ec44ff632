"""The population behind a simulated survey, and what is true of it.

Answers on ordered questions come from a hidden scale: shifts of county, setting and attributes,
plus an effect of the site, plus the person's own part. The cut points between the codes are solved
so that the planted shares hold exactly over the whole frame; what is true of any group follows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.routing import Compare, Condition, In
from pipeline.simulation.streams import Floats, normal
from pipeline.simulation.truths import Composition, OrderedTruth, Shifts, Truths

TOLERANCE = 1e-12


@dataclass(frozen=True)
class Population:
    """Sites crossed with groups of like people (sex x age x ...), and the truth about them.

    `frame` is sorted by site; `groups` has one row per combination of attributes; `weight[s, g]`
    is the expected number of persons of group g at site s.
    """

    truths: Truths
    questionnaire: Questionnaire
    frame: pd.DataFrame
    groups: pd.DataFrame
    weight: Floats
    seed: int

    def site_effect(self, name: str) -> Floats:
        """Return the effect of each site on a hidden scale, per unit of `site_sd`.

        Half of it is common to all questions: a well-run site is well run in most respects.
        """
        sites = len(self.frame)
        common = normal(self.seed, "site", size=sites)
        own = normal(self.seed, "site", name, size=sites)
        return np.asarray((common + own) / np.sqrt(2), dtype=np.float64)

    def mean(self, name: str) -> Floats:
        """Return the mean of the hidden scale of question `name`, by site and group."""
        truth = self.truths.ordered[name]
        return shifted(truth.shifts, self.frame, self.groups) + (
            truth.site_sd * self.site_effect(name)[:, None]
        )

    def cut_points(self, name: str) -> Floats:
        """Return where the codes of question `name` meet on its hidden scale."""
        truth = self.truths.ordered[name]
        weight = self.weight * self.asked(name)
        mean = self.mean(name)
        shares = [truth.shares[code] for code in sorted(truth.shares)]
        return np.array([_cut(weight, mean, below) for below in np.cumsum(shares)[:-1]])

    def probabilities(self, name: str) -> Floats:
        """Return the probability of each code (ascending) of `name`: site x group x code."""
        if name in self.truths.people:
            codes = sorted(self.truths.people[name].shares)
            same = (self.groups[name].to_numpy()[:, None] == np.array(codes)).astype(float)
            return np.broadcast_to(same, (len(self.frame), *same.shape))
        below = ndtr(self.cut_points(name) - self.mean(name)[:, :, None])
        edges = [np.zeros_like(below[..., :1]), below, np.ones_like(below[..., :1])]
        return np.asarray(np.diff(np.concatenate(edges, axis=-1), axis=-1), dtype=np.float64)

    def asked(self, name: str) -> Floats:
        """Return the probability that question `name` is asked, by site and group."""
        route = self.questionnaire.question(name).show_if
        if route is None:
            return np.ones_like(self.weight)
        source, values = _read(route)
        codes = sorted(self._shares(source))
        chance = self.probabilities(source)[..., [codes.index(value) for value in values]]
        return np.asarray(self.asked(source) * chance.sum(axis=-1), dtype=np.float64)

    def share(
        self, name: str, codes: Iterable[int], where: Mapping[str, str | int] | None = None
    ) -> float:
        """Return the true share of `codes` among those asked question `name`.

        `where` narrows the population: column of the frame or attribute -> value.
        """
        weight = self.weight * self.asked(name)
        for column, value in (where or {}).items():
            if column in self.frame:
                weight = weight * (self.frame[column] == value).to_numpy()[:, None]
            else:
                weight = weight * (self.groups[column] == value).to_numpy()[None, :]
        listed = sorted(self._shares(name))
        chance = self.probabilities(name)[..., [listed.index(code) for code in codes]]
        return float((weight * chance.sum(axis=-1)).sum() / weight.sum())

    def margins(self) -> pd.DataFrame:
        """Return the population by county, setting and attribute: variable, category, population.

        The counts are whole persons, and every variable's counts add up to the frame's persons.
        """
        total = int(self.frame["persons"].sum())
        rows: list[tuple[str, str, int]] = []
        for column in ("county", "setting"):
            counts = self.frame.groupby(column, sort=True)["persons"].sum()
            rows += [(column, str(value), int(count)) for value, count in counts.items()]
        for name in self.truths.people:
            if name in self.truths.margins:
                by_code = pd.Series(self.weight.sum(axis=0)).groupby(self.groups[name]).sum()
                whole = [round(count) for count in by_code]
                whole[-1] += total - sum(whole)
                codes = [str(code) for code in by_code.index]
                rows += [(name, code, n) for code, n in zip(codes, whole, strict=True)]
        return pd.DataFrame(rows, columns=["variable", "category", "population"])

    def _shares(self, name: str) -> Mapping[int, float]:
        planted: Composition | OrderedTruth | None = self.truths.people.get(name)
        return (planted or self.truths.ordered[name]).shares


def populate(
    truths: Truths, questionnaire: Questionnaire, frame: pd.DataFrame, seed: int
) -> Population:
    """Return the population of a frame (`read_frame`'s columns, sorted by site)."""
    names = list(truths.people)
    codes = [sorted(truths.people[name].shares) for name in names]
    groups = pd.DataFrame(list(product(*codes)), columns=names)
    share = np.ones((len(frame), len(groups)))
    for name in names:
        table = composition(truths.people[name], frame["setting"])
        place = {code: at for at, code in enumerate(sorted(truths.people[name].shares))}
        share *= table[:, groups[name].map(place).to_numpy()]
    weight = share * frame["persons"].to_numpy(dtype=float)[:, None]
    return Population(truths, questionnaire, frame, groups, weight, seed)


def composition(people: Composition, settings: pd.Series) -> Floats:
    """Return the shares of an attribute's codes (ascending) for each row's setting."""
    codes = sorted(people.shares)
    return np.array(
        [[people.by_setting.get(one, people.shares)[code] for code in codes] for one in settings]
    )


def shifted(shifts: Shifts, frame: pd.DataFrame, groups: pd.DataFrame) -> Floats:
    """Return the sum of the shifts, by row of `frame` and row of `groups`."""
    by_site, by_group = np.zeros(len(frame)), np.zeros(len(groups))
    for column, values in shifts.items():
        if column in frame:
            by_site += _looked_up(values, frame[column])
        else:
            by_group += _looked_up(values, groups[column])
    return by_site[:, None] + by_group[None, :]


def _looked_up(values: Mapping[str | int, float], column: pd.Series) -> NDArray[np.float64]:
    return np.array([values.get(value, 0.0) for value in column.tolist()])


def _cut(weight: Floats, mean: Floats, below: float) -> float:
    """Solve for the cut point below which the weighted share is `below`, by bisection."""
    low, high = float(mean.min()) - 10, float(mean.max()) + 10
    target = below * weight.sum()
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        if (weight * ndtr(middle - mean)).sum() < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _read(route: Condition) -> tuple[str, tuple[int, ...]]:
    match route:
        case Compare(operator="=", question=name, value=value):
            return name, (int(value),)
        case In(question=name, values=values):
            return name, tuple(int(value) for value in values)
    raise ValueError(f"simulation follows routes of the forms = and in only; found {route}")
