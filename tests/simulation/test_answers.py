"""Persons answer what they are asked, and as often as planted."""

import numpy as np
import pandas as pd
import pytest

from pipeline.questionnaire.questions import MultipleChoice
from pipeline.simulation.answers import cells
from pipeline.simulation.population import Population, populate
from pipeline.simulation.streams import categories
from tests.simulation.made_programme import (
    BASELINE,
    DATES,
    FOLLOWUP,
    OPEN,
    frame,
    questionnaire,
    truths,
)

PERSONS = 12_000


@pytest.fixture(scope="module", params=list(DATES))
def everybody(request: pytest.FixtureRequest) -> tuple[Population, pd.DataFrame]:
    """The answers of many persons, drawn as the population is spread over sites and groups."""
    wave = request.param
    silent = {name: {**OPEN, "answered": 0.0} for name in ("q10", "q14")}
    four_points = {"ordered": {"q2": {"shares": {1: 0.2, 2: 0.3, 3: 0.3, 4: 0.2}}}}
    planted = truths("residents", wave, open=silent, waves={BASELINE: four_points})
    of = populate(planted, questionnaire("residents", wave), frame(), wave=wave, seed=9)
    luck = np.random.default_rng(4)
    cell = categories(luck.random(PERSONS), of.weight.ravel())
    site, group = np.divmod(cell, of.weight.shape[1])
    return of, cells(of, site, group)


def test_answers_follow_the_routes_of_the_version(
    everybody: tuple[Population, pd.DataFrame],
) -> None:
    of, given = everybody
    assert list(given) == [question.name for question in of.questionnaire.questions]
    assert ("q13" in given) == (of.wave == FOLLOWUP)
    assert (given["q2"].notna() == (given["q1"] == "p1")).all()
    points = {"p1", "p2", "p3", "p4"} | ({"p5"} if of.wave == FOLLOWUP else set())
    assert set(given["q2"].dropna()) == {*points, ""}
    assert given.drop(columns="q2").notna().all(axis=None)


def test_ticks_keep_the_limit_and_the_exclusive_choice_stands_alone(
    everybody: tuple[Population, pd.DataFrame],
) -> None:
    of, given = everybody
    question = of.questionnaire.question("q8")
    assert isinstance(question, MultipleChoice)
    ticked = given["q8"].str.split()
    assert set(ticked.str.len()) == {1, 2}
    assert not ticked.map(lambda words: len(words) > 1 and "none" in words).any()
    order = [choice.exported_as for choice in question.choices]
    assert ticked.map(lambda words: sorted(words, key=order.index) == words).all()


def test_what_is_planted_is_found_among_many(everybody: tuple[Population, pd.DataFrame]) -> None:
    of, given = everybody
    clustered = 1.6  # at most so much larger than of a simple random sample are these errors
    for name in ("q1", "q2", "q3", "q4", "q5", "q6", "q7"):
        substance = given[name][given[name].fillna("").str.startswith("p")]
        for code in of.laws[name].codes:  # type: ignore[union-attr]
            error = clustered * 0.5 / np.sqrt(len(substance))
            found = (substance == f"p{code}").mean()
            assert found == pytest.approx(of.share(name, [code]), abs=4 * error), (name, code)
    ticked = given["q8"][given["q8"] != "refused"].str.split()
    for code, word in {1: "a", 2: "b", 3: "c", 4: "other", 5: "none"}.items():
        found = ticked.map(lambda words, word=word: word in words).mean()
        assert found == pytest.approx(of.share("q8", [code]), abs=0.03), word
    times = pd.to_numeric(given["q9"][given["q9"] != ""])
    assert times.mean() == pytest.approx(of.mean("q9"), abs=0.15)


def test_answers_are_missing_as_often_and_in_the_ways_planted(
    everybody: tuple[Population, pd.DataFrame],
) -> None:
    _, given = everybody
    assert (given["q1"] == "dk").mean() == pytest.approx(0.05, abs=0.01)
    assert (given["q6"] == "refused").mean() == pytest.approx(0.02, abs=0.007)
    assert (given["q8"] == "refused").mean() == pytest.approx(0.02, abs=0.007)
    assert (given["q9"] == "").mean() == pytest.approx(0.02, abs=0.007)
    assert not (given["q1"] == "refused").any()


def test_moods_bind_the_items_of_a_battery(everybody: tuple[Population, pd.DataFrame]) -> None:
    _, given = everybody
    points = given[["q3", "q4", "q5"]].apply(
        lambda one: pd.to_numeric(one.str[1:], errors="coerce")
    )
    with_mood = points.corr()
    assert with_mood.loc["q3", "q4"] > 0.25
    assert with_mood.loc["q3", "q5"] < -0.25
