"""The population behind a simulated survey in one wave, and what is true of it.

Answers on ordered questions come from a hidden scale: shifts of county, setting and attributes,
plus an effect of the site, plus the person's own part. The cut points between the codes are solved
so that the planted shares hold exactly over the whole frame; what is true of any group follows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import assert_never

import numpy as np
import pandas as pd
from scipy.special import ndtri

from pipeline.errors import FrameError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.simulation.answer_truths import Composition, Missing, Shifts
from pipeline.simulation.laws import (
    AttributeLaw,
    CountLaw,
    Law,
    OrderedLaw,
    TickLaw,
    cut_points,
)
from pipeline.simulation.routes import chance_asked
from pipeline.simulation.streams import Floats, Luck
from pipeline.simulation.survey_truths import Truths

Where = Mapping[str, str | int]
"""Column of the frame or attribute -> value."""


@dataclass(frozen=True)
class Population:
    """Sites crossed with groups of like people (sex x age x ...), and the truth about them.

    `frame` is sorted by site; `groups` has one row per combination of attributes; `weight[s, g]`
    is the expected number of persons of group g on the roll of site s. `laws` holds how likely
    each answer is, `asked` how likely each question is asked (site x group, or 1 x 1).
    """

    truths: Truths
    questionnaire: Questionnaire
    wave: str
    frame: pd.DataFrame
    groups: pd.DataFrame
    weight: Floats
    laws: Mapping[str, Law]
    asked: Mapping[str, Floats]
    luck: Luck
    """Of the persons of this survey and wave: persons are new in each wave."""

    def share(self, name: str, codes: Iterable[int], where: Where | None = None) -> float:
        """Return the true share of `codes` among those asked question `name`.

        `where` narrows the population. Choices of a multiple choice are asked for one at a time.
        """
        law, wanted = self.laws[name], list(codes)
        if isinstance(law, CountLaw):
            raise ValueError(f"{name} is a number; it has a mean and no shares")
        listed = law.codes
        if isinstance(law, TickLaw):
            listed = (*law.codes, law.none)
            if len(wanted) != 1:
                raise ValueError(f"choices of {name} do not exclude each other; ask for one")
        chance = law.chances[..., [listed.index(code) for code in wanted]].sum(axis=-1)
        weight = self._weight(name, where)
        return float((weight * chance).sum() / weight.sum())

    def mean(self, name: str, where: Where | None = None) -> float:
        """Return the true mean of a number, or of the codes of a scale, among those asked."""
        law = self.laws[name]
        if isinstance(law, TickLaw):
            raise ValueError(f"{name} is a multiple choice; it has shares and no mean")
        value = law.expected if isinstance(law, CountLaw) else law.chances @ np.array(law.codes)
        weight = self._weight(name, where)
        return float((weight * value).sum() / weight.sum())

    def persons(self, where: Where | None = None) -> float:
        """Return the number of persons on the rolls."""
        return float(self._narrowed(self.weight, where).sum())

    def margins(self) -> pd.DataFrame:
        """Return the population by county, setting and attribute: variable, category, population.

        The counts are whole persons, and every variable's counts add up to the rolls' persons.
        """
        rows: list[tuple[str, str, int]] = []
        of_site = pd.Series(self.weight.sum(axis=1))
        for column in ("county", "setting"):
            counts = of_site.groupby(self.frame[column].to_numpy()).sum()
            rows += [(column, str(value), round(count)) for value, count in counts.items()]
        total = round(float(of_site.sum()))
        for name in self.truths.margins:
            by_code = pd.Series(self.weight.sum(axis=0)).groupby(self.groups[name]).sum()
            whole = [round(count) for count in by_code]
            whole[-1] += total - sum(whole)
            codes = [str(code) for code in by_code.index]
            rows += [(name, code, n) for code, n in zip(codes, whole, strict=True)]
        return pd.DataFrame(rows, columns=["variable", "category", "population"])

    def _weight(self, name: str, where: Where | None) -> Floats:
        return self._narrowed(self.weight * self.asked[name], where)

    def _narrowed(self, weight: Floats, where: Where | None) -> Floats:
        for column, value in (where or {}).items():
            if column in self.frame:
                weight = weight * (self.frame[column] == value).to_numpy()[:, None]
            else:
                weight = weight * (self.groups[column] == value).to_numpy()[None, :]
        return weight


def populate(
    truths: Truths, questionnaire: Questionnaire, frame: pd.DataFrame, *, wave: str, seed: int
) -> Population:
    """Return the population of a frame (`read_frame`'s columns, sorted by site) in one wave."""
    names = list(truths.people)
    codes = [sorted(truths.people[name].shares) for name in names]
    groups = pd.DataFrame(list(product(*codes)), columns=names)
    weight = _rolls(truths, frame)[:, None] * _group_shares(truths, frame, groups)
    luck = Luck(seed)
    laws: dict[str, Law] = {}
    asked: dict[str, Floats] = {}
    for question in questionnaire.questions:
        name = question.name
        asked[name] = chance_asked(question, questionnaire, laws)
        if isinstance(question, OpenEnded):
            continue
        effects = _Effects(truths, frame, groups, wave, luck)
        laws[name] = _law(question, effects, weight * asked[name])
    mine = Luck(seed, (questionnaire.survey, wave))
    return Population(truths, questionnaire, wave, frame, groups, weight, laws, asked, mine)


def composition(people: Composition, settings: pd.Series) -> Floats:
    """Return the shares of an attribute's codes (ascending) for each row's setting."""
    codes = sorted(people.shares)
    return np.array(
        [[people.by_setting.get(one, people.shares)[code] for code in codes] for one in settings]
    )


def shifted(shifts: Shifts, frame: pd.DataFrame, groups: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the sums of the shifts by row of `frame` and by row of `groups`."""
    by_site, by_group = np.zeros(len(frame)), np.zeros(len(groups))
    for column, values in shifts.items():
        if column in frame:
            by_site += _looked_up(values, frame[column])
        else:
            by_group += _looked_up(values, groups[column])
    return by_site, by_group


def site_effect(name: str, sites: int, *, wave: str, change: float, luck: Luck) -> Floats:
    """Return the effect of each site on a question's hidden scale, standard normal over sites.

    Half of its variance is common to all questions: a well-run site is well run in most respects.
    The share `change` of the variance is new in the wave, the rest stays from wave to wave.
    """

    def half_common(*purpose: str) -> Floats:
        common, own = (luck.normal(*purpose, *one, size=sites) for one in ((), (name,)))
        return np.asarray((common + own) / np.sqrt(2), dtype=np.float64)

    lasting, new = half_common("site"), half_common("site in wave", wave)
    return np.asarray(np.sqrt(1 - change) * lasting + np.sqrt(change) * new, dtype=np.float64)


@dataclass(frozen=True)
class _Effects:
    """What moves the answers of sites and groups in one wave."""

    truths: Truths
    frame: pd.DataFrame
    groups: pd.DataFrame
    wave: str
    luck: Luck

    def of(self, name: str, shifts: Shifts, site_sd: float) -> tuple[Floats, Floats]:
        by_site, by_group = shifted(shifts, self.frame, self.groups)
        change = self.truths.site_change
        effect = site_effect(name, len(self.frame), wave=self.wave, change=change, luck=self.luck)
        return by_site + site_sd * effect, by_group


def _law(question: Question, effects: _Effects, weight: Floats) -> Law:
    name, truths = question.name, effects.truths
    match question:
        case SingleChoice() | Scale():
            if name in truths.people:
                of_group = effects.groups[name].to_numpy(dtype=np.int64)
                codes = tuple(sorted(truths.people[name].shares))
                return AttributeLaw(codes, of_group, _missing(question, truths.people[name]))
            truth = truths.ordered[name]
            codes = tuple(sorted(truth.shares))
            by_site, by_group = effects.of(name, truth.shifts, truth.site_sd)
            shares = np.array([truth.shares[code] for code in codes])
            cuts = cut_points(shares, by_site, by_group, weight)
            return OrderedLaw(codes, by_site, by_group, cuts, _missing(question, truth))
        case Number():
            count = truths.counts[name]
            by_site, by_group = effects.of(name, count.shifts, count.site_sd)
            top = None if question.maximum is None else int(question.maximum)
            missing = _missing(question, count)
            return CountLaw(count.mean, by_site, by_group, count.person_sd, top, missing)
        case MultipleChoice():
            several = truths.multiple[name]
            codes = tuple(sorted(several.shares))
            both = [
                effects.of(f"{name}/{code}", several.shifts.get(code, {}), several.site_sd)
                for code in codes
            ]
            # at the average site of an average group a choice is ticked as often as planted
            wish = ndtri([several.shares[code] for code in codes])
            by_site = np.array([one for one, _ in both]) + wish[:, None]
            by_group = np.array([one for _, one in both])
            most, missing = question.max_choices or len(codes), _missing(question, several)
            return TickLaw(codes, several.none, by_site, by_group, most, missing)
        case OpenEnded():
            raise ValueError(f"{name} is answered in words; it has no law")
        case Ranking() | Calculated() | Moment():  # `truths_check` refuses them before
            raise ValueError(f"{question.name} is a {question.type}; it is not simulated")
    assert_never(question)


def _missing(question: Question, truth: Missing) -> float:
    """Return the share of answers without substance; a kind that has no choice does not occur."""
    kinds = {c.missing for c in getattr(question, "choices", ())}
    known = (truth.dont_know if "dont_know" in kinds else 0.0) + (
        truth.refused if "refused" in kinds else 0.0
    )
    return known + truth.blank


def _rolls(truths: Truths, frame: pd.DataFrame) -> Floats:
    roll = truths.draw.roll
    if roll == "unit":
        return np.ones(len(frame))
    if roll not in frame:
        raise FrameError(
            f"抽样框没有 {roll} 列。请补上，或移走旧的抽样框。"
            f"(the frame has no column {roll}; add it, or move the old frame away)"
        )
    return frame[roll].to_numpy(dtype=np.float64)


def _group_shares(truths: Truths, frame: pd.DataFrame, groups: pd.DataFrame) -> Floats:
    share = np.ones((len(frame), len(groups)))
    for name, people in truths.people.items():
        place = {code: at for at, code in enumerate(sorted(people.shares))}
        share *= composition(people, frame["setting"])[:, groups[name].map(place).to_numpy()]
    return share


def _looked_up(values: Mapping[str | int, float], column: pd.Series) -> Floats:
    return np.array([values.get(value, 0.0) for value in column.tolist()])
