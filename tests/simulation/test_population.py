"""What is planted is true of the population: exactly overall, in direction for groups."""

import numpy as np
import pytest

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.routing import Compare, Not
from pipeline.simulation.population import Population, _read, composition
from pipeline.simulation.simulate import Simulated
from pipeline.simulation.truths import Truths


@pytest.fixture(scope="module")
def population(example: tuple[object, Simulated]) -> Population:
    return example[1].population


def test_planted_shares_hold_exactly(population: Population, truths: Truths) -> None:
    for name, truth in truths.ordered.items():
        for code, share in truth.shares.items():
            assert population.share(name, [code]) == pytest.approx(share, abs=1e-9), (name, code)


def test_shares_of_groups_average_to_the_whole(population: Population) -> None:
    persons = population.frame.groupby("county")["persons"].sum()
    by_county = [population.share("q05", [2, 3], {"county": county}) for county in persons.index]
    assert np.average(by_county, weights=persons) == pytest.approx(0.46, abs=1e-9)


def test_planted_differences_have_their_direction(population: Population) -> None:
    def share(**where: str) -> float:
        return population.share("q05", [2, 3], where)

    assert share(county="jia") > share(county="yi") > share(county="bing")
    assert share(setting="rural") > share(setting="hospital") > share(setting="new_economic")
    old = population.share("q11", [1], {"q17": 4})
    assert old > population.share("q11", [1], {"q17": 1}) + 0.15


def test_routed_questions_are_asked_of_their_share(population: Population) -> None:
    asked = (population.weight * population.asked("q08")).sum() / population.weight.sum()
    assert asked == pytest.approx(population.share("q07", [1]), abs=1e-9)


def test_groups_add_up_to_the_persons_of_each_site(population: Population) -> None:
    np.testing.assert_allclose(population.weight.sum(axis=1), population.frame["persons"])


def test_settings_can_have_their_own_composition(population: Population, truths: Truths) -> None:
    shares = composition(truths.people["q16"], population.frame["setting"])
    hospital = (population.frame["setting"] == "hospital").to_numpy()
    assert (shares[hospital] == [0.34, 0.66]).all()
    assert population.share("q16", [2], {"setting": "hospital"}) == pytest.approx(0.66)


def test_routes_that_cannot_be_followed_are_refused(residents: Questionnaire) -> None:
    with pytest.raises(ValueError, match="simulation follows routes"):
        _read(Not(Compare("=", "q1", 1)))
