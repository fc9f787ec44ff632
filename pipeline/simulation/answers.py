"""What simulated persons answer, in the words of an export."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrik

from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.routing import holds
from pipeline.simulation.answer_truths import Missing
from pipeline.simulation.laws import AttributeLaw, CountLaw, OrderedLaw, TickLaw
from pipeline.simulation.population import Population
from pipeline.simulation.streams import Floats, Luck
from pipeline.simulation.verbatims import sentences

Places = NDArray[np.int64]
BLANK = -1
"""Stands for a question left unanswered until it becomes an empty cell."""


def cells(population: Population, site: Places, group: Places) -> pd.DataFrame:
    """Return the answers of persons, one row each, one column per question.

    Parameters
    ----------
    site, group : the row of the population's frame and of its groups that each person belongs to

    Returns
    -------
    DataFrame of text, 0..n-1: a choice by its export name, several choices joined by blanks in
    questionnaire order, '' where the question was left blank, None where it was not asked
    """
    persons = _Persons(population, site, group)
    given: dict[str, pd.Series] = {}
    decoded: dict[str, pd.Series] = {}
    for question in population.questionnaire.questions:
        asked = pd.Series(True, index=range(len(site)))
        if question.show_if is not None:
            asked = holds(question.show_if, pd.DataFrame(decoded))
        text, codes = persons.answers(question)
        given[question.name] = pd.Series(text, dtype="object").where(asked, None)
        for column, values in codes.items():
            decoded[column] = pd.Series(values, dtype="Float64").where(asked)
    return pd.DataFrame(given, index=range(len(site)))


@dataclass(frozen=True)
class _Persons:
    """Persons and what they would answer if they were asked."""

    population: Population
    site: Places
    group: Places

    @property
    def luck(self) -> Luck:
        return self.population.luck

    def answers(self, question: Question) -> tuple[list[str], Mapping[str, Floats]]:
        """Return the words of the answers, and what routes can read of them (NaN: nothing)."""
        match question:
            case SingleChoice() | Scale():
                code = self._with_missing(question, self._code(question))
                known = np.isin(code, [choice.code for choice in question.substantive])
                return _worded(question, code), {question.name: np.where(known, code, np.nan)}
            case MultipleChoice():
                return self._several(question)
            case Number():
                return self._count(question)
            case OpenEnded():
                county = self.population.frame["county"].to_numpy()[self.site]
                truth = self.population.truths.open[question.name]
                return sentences(question.name, truth, county, self.luck), {}
            case Ranking() | Calculated() | Moment():  # `truths_check` refuses them before
                raise ValueError(f"{question.name} is a {question.type}; it is not simulated")
        assert_never(question)

    def _own(self, *purpose: str) -> Floats:
        return self.luck.normal(*purpose, size=len(self.site))

    def _code(self, question: SingleChoice | Scale) -> Places:
        law = self.population.laws[question.name]
        if isinstance(law, AttributeLaw):
            return np.asarray(law.of_group[self.group], dtype=np.int64)
        assert isinstance(law, OrderedLaw)
        pull = self.population.truths.ordered[question.name].person
        own = pull * self._own("mood") + np.sqrt(1 - pull**2) * self._own("own", question.name)
        scale = law.by_site[self.site] + law.by_group[self.group] + own
        place = (scale[:, None] > law.cuts).sum(axis=1)
        return np.asarray(np.array(law.codes)[place], dtype=np.int64)

    def _several(self, question: MultipleChoice) -> tuple[list[str], Mapping[str, Floats]]:
        """Tick each choice on its own; keep the strongest where more than allowed are ticked."""
        law = self.population.laws[question.name]
        assert isinstance(law, TickLaw)
        own = [self._own("own", f"{question.name}/{code}") for code in law.codes]
        strength = (law.by_site[:, self.site] + law.by_group[:, self.group] + own).T
        rank = (-strength).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        ticked = (strength > 0) & (rank < law.most)
        ticked = np.column_stack([ticked, ~ticked.any(axis=1)])
        listed = [*law.codes, law.none]
        order = [listed.index(choice.code) for choice in question.substantive]
        words = [choice.exported_as for choice in question.substantive]
        text = [
            " ".join(word for word, at in zip(words, order, strict=True) if row[at])
            for row in ticked
        ]
        truth = self.population.truths.multiple[question.name]
        codes, why = (
            {c.missing: c.exported_as for c in question.choices},
            self._why(question, truth),
        )
        text = [codes.get(kind, "") if kind else one for one, kind in zip(text, why, strict=True)]
        known = why == ""
        read = {
            f"{question.name}__{code}": np.where(known, ticked[:, at], np.nan)
            for at, code in enumerate(listed)
        }
        return text, read

    def _count(self, question: Number) -> tuple[list[str], Mapping[str, Floats]]:
        law, name = self.population.laws[question.name], question.name
        assert isinstance(law, CountLaw)
        pull = law.by_site[self.site] + law.by_group[self.group]
        pull = pull + law.person_sd * self._own("own", name) - law.person_sd**2 / 2
        luck = self.luck.uniform("count", name, size=len(self.site))
        times = _poisson(luck, law.mean * np.exp(pull))
        times = times if law.top is None else np.minimum(times, law.top)
        why = self._why(question, self.population.truths.counts[name])
        text = ["" if kind else str(int(n)) for n, kind in zip(times, why, strict=True)]
        return text, {name: np.where(why == "", times, np.nan)}

    def _with_missing(self, question: SingleChoice | Scale, code: Places) -> Places:
        truths = self.population.truths
        truth: Missing = truths.people.get(question.name) or truths.ordered[question.name]
        why = self._why(question, truth)
        out = code.copy()
        for choice in question.choices:
            if choice.missing:
                out[why == choice.missing] = choice.code
        out[why == "blank"] = BLANK
        return out

    def _why(self, question: Question, truth: Missing) -> NDArray[np.str_]:
        """Return for each person '', or how the answer is missing, of the ways there are."""
        luck = self.luck.uniform("missing", question.name, size=len(self.site))
        ends = np.cumsum([truth.dont_know, truth.refused, truth.blank])
        kinds = ["dont_know", "refused", "blank", ""]
        there = (
            {c.missing for c in question.choices} if isinstance(question, ChoiceQuestion) else ()
        )
        kinds = [kind if kind in ("blank", *there) else "" for kind in kinds]
        return np.asarray(np.array(kinds)[(luck[:, None] >= ends).sum(axis=1)], dtype=np.str_)


def _worded(question: ChoiceQuestion, code: Places) -> list[str]:
    words = {choice.code: choice.exported_as for choice in question.choices}
    return [words.get(int(one), "") for one in code]


def _poisson(luck: Floats, mean: Floats) -> Floats:
    """Return the smallest count whose probability to be reached at most exceeds `luck`."""
    above = np.ceil(pdtrik(luck, mean))
    below = np.maximum(above - 1, 0)
    times = np.where(pdtr(below, mean) >= luck, below, above)
    return np.asarray(times, dtype=np.float64)
