"""How often questions are asked agrees with what persons are asked."""

import numpy as np
import pytest

from pipeline.questionnaire.expressions import as_yaml, parse
from pipeline.questionnaire.model import Questionnaire
from pipeline.simulation.answers import cells
from pipeline.simulation.population import populate
from tests.simulation.made_programme import FOLLOWUP, frame, questionnaire, truths

PERSONS = 6_000
ROUTES = [
    {"=": ["q1", 1]},
    {"!=": ["q1", 1]},
    {"not": {"in": ["q13", [1, 2]]}},
    {"and": [{"=": ["q2", 3]}, {"<=": ["q13", 2]}]},
    {"or": [{"empty": "q2"}, {"selected": ["q8", 3]}]},
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: next(iter(route)))
def test_a_route_is_followed_as_often_as_computed(route: dict[str, object]) -> None:
    asked = questionnaire("residents", FOLLOWUP)
    raw = asked.model_dump(mode="json")
    raw["sections"][1]["questions"][0]["show_if"] = as_yaml(parse(route))  # of q10
    planted = truths("residents", FOLLOWUP)
    population = populate(
        planted, Questionnaire.model_validate(raw), frame(), wave=FOLLOWUP, seed=3
    )  # fmt: skip
    luck = np.random.default_rng(1)
    site, group = luck.integers(0, len(frame()), PERSONS), luck.integers(0, 6, PERSONS)
    given = cells(population, site, group)
    chance = np.broadcast_to(population.asked["q10"], population.weight.shape)[site, group]
    assert given["q10"].notna().mean() == pytest.approx(chance.mean(), abs=0.026)


def test_a_question_without_a_route_is_always_asked() -> None:
    population = populate(
        truths("residents", FOLLOWUP), questionnaire("residents", FOLLOWUP), frame(), wave=FOLLOWUP, seed=3
    )  # fmt: skip
    assert population.asked["q3"].item() == 1
