"""What simulated persons answer, in the words of an export."""

from collections.abc import Mapping
from typing import assert_never

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.questionnaire.model import (
    ChoiceQuestion,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.routing import holds
from pipeline.simulation.population import Population, shifted
from pipeline.simulation.streams import Floats, normal, uniform
from pipeline.simulation.truths import Missing, Shifts
from pipeline.simulation.verbatims import sentences


def cells(
    population: Population, site: NDArray[np.int64], group: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the answers of persons, one row each, one text column per question.

    Parameters
    ----------
    site, group : the row of the population's frame and of its groups that each person belongs to

    Returns
    -------
    DataFrame of text, 0..n-1: a choice by its export name, several choices joined by blanks in
    questionnaire order, '' where the question was not asked or left blank
    """
    given = pd.DataFrame(index=range(len(site)))
    codes = pd.DataFrame(index=given.index)
    mood = normal(population.seed, "mood", size=len(site))
    for question in population.questionnaire.questions:
        asked = (
            np.ones(len(site), dtype=bool)
            if question.show_if is None
            else holds(question.show_if, codes).to_numpy()
        )
        match question:
            case SingleChoice() | Scale():
                code = _ordered(population, question, site, group, mood)
                text = _worded(question, code)
                known = np.isin(code, [choice.code for choice in question.substantive])
                codes[question.name] = pd.Series(code, dtype="Int64").where(known & asked)
            case MultipleChoice():
                text = _several(population, question, site, group)
            case Number():
                text = _count(population, question, site, group)
            case OpenEnded():
                county = population.frame["county"].to_numpy()[site]
                text = sentences(population.truths.open[question.name], county, population.seed)
            case _:
                assert_never(question)
        given[question.name] = pd.Series(text, dtype="str").where(asked, "")
    return given


def _ordered(
    population: Population,
    question: SingleChoice | Scale,
    site: NDArray[np.int64],
    group: NDArray[np.int64],
    mood: Floats,
) -> NDArray[np.int64]:
    name = question.name
    if name in population.truths.people:
        code = population.groups[name].to_numpy()[group]
        return _with_missing(population.seed, question, population.truths.people[name], code)
    truth = population.truths.ordered[name]
    own = normal(population.seed, "own", name, size=len(site))
    scale = population.mean(name)[site, group] + (
        truth.person * mood + np.sqrt(1 - truth.person**2) * own
    )
    place = (scale[:, None] > population.cut_points(name)).sum(axis=1)
    code = np.array(sorted(truth.shares))[place]
    return _with_missing(population.seed, question, truth, code)


def _several(
    population: Population,
    question: MultipleChoice,
    site: NDArray[np.int64],
    group: NDArray[np.int64],
) -> list[str]:
    """Tick each choice on its own; keep the strongest where more than allowed are ticked."""
    truth, seed = population.truths.multiple[question.name], population.seed
    codes = sorted(truth.shares)
    strength = np.empty((len(site), len(codes)))
    for at, code in enumerate(codes):
        name = f"{question.name}/{code}"
        pull = _effects(population, name, truth.shifts.get(code, {}), truth.site_sd, site, group)
        # at the average site of an average group the choice is ticked as often as planted
        luck = normal(seed, "own", name, size=len(site))
        strength[:, at] = pull + luck - _quantile(1 - truth.shares[code])
    most = question.max_choices or len(codes)
    rank = (-strength).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    ticked = (strength > 0) & (rank < most)
    words = {choice.code: choice.exported_as for choice in question.choices}
    text = [
        " ".join(words[codes[at]] for at in np.flatnonzero(row)) or words[truth.none]
        for row in ticked
    ]
    kind = _missing_kind(seed, question.name, truth, len(site))
    refused = next((c.exported_as for c in question.choices if c.missing == "refused"), "")
    return [
        {"blank": "", "refused": refused, "": one}.get(why, one)
        for one, why in zip(text, kind, strict=True)
    ]


def _count(
    population: Population, question: Number, site: NDArray[np.int64], group: NDArray[np.int64]
) -> list[str]:
    from scipy.stats import poisson

    truth, seed, name = population.truths.counts[question.name], population.seed, question.name
    pull = _effects(population, name, truth.shifts, truth.site_sd, site, group)
    pull += truth.person_sd * normal(seed, "own", name, size=len(site)) - truth.person_sd**2 / 2
    luck = uniform(seed, "count", name, size=len(site))
    times = np.asarray(poisson.ppf(luck, truth.mean * np.exp(pull)), dtype=np.int64)
    top = int(question.maximum) if question.maximum is not None else times.max(initial=0)
    kind = _missing_kind(seed, name, truth, len(site))
    return ["" if why else str(n) for n, why in zip(np.minimum(times, top), kind, strict=True)]


def _effects(
    population: Population,
    name: str,
    shifts: Shifts,
    site_sd: float,
    site: NDArray[np.int64],
    group: NDArray[np.int64],
) -> Floats:
    both = shifted(shifts, population.frame, population.groups)
    return both[site, group] + site_sd * population.site_effect(name)[site]


def _quantile(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def _with_missing(
    seed: int, question: ChoiceQuestion, truth: Missing, code: NDArray[np.int64]
) -> NDArray[np.int64]:
    codes: Mapping[str, int] = {c.missing: c.code for c in question.choices if c.missing}
    kind = _missing_kind(seed, question.name, truth, len(code))
    out = code.copy()
    for why in ("dont_know", "refused"):
        if why in codes:
            out[kind == why] = codes[why]
    out[kind == "blank"] = BLANK
    return out


BLANK = -1
"""Stands for a question left unanswered until it becomes an empty cell."""


def _missing_kind(seed: int, name: str, truth: Missing, count: int) -> NDArray[np.str_]:
    """Return for each person '', or how the answer to a question is missing."""
    luck = uniform(seed, "missing", name, size=count)
    ends = np.cumsum([truth.dont_know, truth.refused, truth.blank])
    kinds = np.array(["dont_know", "refused", "blank", ""])
    return np.asarray(kinds[(luck[:, None] >= ends).sum(axis=1)], dtype=np.str_)


def _worded(question: Question, code: NDArray[np.int64]) -> list[str]:
    assert isinstance(question, ChoiceQuestion)
    words = {choice.code: choice.exported_as for choice in question.choices}
    return [words.get(int(one), "") for one in code]
