"""What is planted is true of the population: exactly overall, in direction for groups."""

import numpy as np
import pytest

from pipeline.errors import FrameError
from pipeline.simulation.laws import OrderedLaw
from pipeline.simulation.population import Population, composition, populate, site_effect
from pipeline.simulation.simulate import simulate
from pipeline.simulation.streams import Luck
from tests.simulation.made_programme import (
    BASELINE,
    DATES,
    FOLLOWUP,
    LAYOUTS,
    during,
    frame,
    made,
    questionnaire,
    truths,
)


def population(survey: str, wave: str) -> Population:
    return made(survey, wave).population


@pytest.mark.parametrize("survey", LAYOUTS)
@pytest.mark.parametrize("wave", DATES)
def test_planted_shares_hold_exactly_in_each_wave(survey: str, wave: str) -> None:
    of = population(survey, wave)
    names = {question.name for question in of.questionnaire.questions}
    for name in names & set(of.truths.ordered):
        for code, share in of.truths.ordered[name].shares.items():
            assert of.share(name, [code]) == pytest.approx(share, abs=1e-9), (name, code)


def test_shares_of_groups_average_to_the_whole() -> None:
    of = population("residents", FOLLOWUP)
    counties = ["jia", "yi"]
    persons = [of.persons({"county": county}) for county in counties]
    assert persons == [frame().query("county == @one")["persons"].sum() for one in counties]
    shares = [of.share("q4", [1, 2], {"county": county}) for county in counties]
    assert np.average(shares, weights=persons) == pytest.approx(0.32, abs=1e-9)


def test_planted_differences_have_their_direction() -> None:
    of = population("residents", FOLLOWUP)
    assert of.share("q2", [1, 2], {"county": "jia"}) > of.share("q2", [1, 2], {"county": "yi"})
    assert of.share("q4", [1], {"setting": "rural", "q12": 1}) > of.share("q4", [1], {"q12": 3})
    assert of.mean("q9", {"q12": 3}) > 1.3 * of.mean("q9", {"q12": 1})
    assert of.share("q8", [2], {"q12": 1}) > of.share("q8", [2], {"q12": 2}) + 0.1


def test_the_mean_of_a_scale_is_that_of_its_shares() -> None:
    of = population("residents", BASELINE)
    shares = of.truths.ordered["q3"].shares
    assert of.mean("q3") == pytest.approx(sum(code * share for code, share in shares.items()))


def test_shares_and_means_are_asked_of_what_has_them() -> None:
    of = population("residents", BASELINE)
    with pytest.raises(ValueError, match="no shares"):
        of.share("q9", [1])
    with pytest.raises(ValueError, match="ask for one"):
        of.share("q8", [1, 2])
    with pytest.raises(ValueError, match="no mean"):
        of.mean("q8")


def test_routed_questions_are_asked_of_their_share() -> None:
    of = population("residents", BASELINE)
    asked = (of.weight * of.asked["q2"]).sum() / of.weight.sum()
    assert asked == pytest.approx(of.share("q1", [1]) * (1 - 0.05), abs=1e-9)


@pytest.mark.parametrize(("survey", "roll"), [("residents", "persons"), ("cadres", "staff"), ("served_units", "")])  # fmt: skip
def test_groups_add_up_to_the_roll_of_each_site(survey: str, roll: str) -> None:
    of = population(survey, BASELINE)
    whole = frame()[roll] if roll else np.ones(len(frame()))
    np.testing.assert_allclose(of.weight.sum(axis=1), whole)
    margins = of.margins()
    assert set(margins["variable"]) == {"county", "setting", "q11", "q12"}
    assert set(margins.groupby("variable")["population"].sum()) == {int(whole.sum())}
    assert margins.equals(population(survey, FOLLOWUP).margins())


def test_settings_can_have_their_own_composition() -> None:
    of = population("residents", BASELINE)
    shares = composition(of.truths.people["q11"], of.frame["setting"])
    assert (shares[(of.frame["setting"] == "school").to_numpy()] == [0.3, 0.7]).all()
    assert of.share("q11", [2], {"setting": "school"}) == pytest.approx(0.7)


@pytest.mark.parametrize("change", [0.0, 0.3, 1.0])
def test_site_effects_last_but_for_the_planted_change(change: float) -> None:
    sites = 40_000
    before, after = (
        site_effect("q5", sites, wave=wave, change=change, luck=Luck(1)) for wave in DATES
    )
    other = site_effect("q6", sites, wave=BASELINE, change=change, luck=Luck(1))
    assert before.std() == pytest.approx(1, abs=0.02)
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(1 - change, abs=0.02)
    assert np.corrcoef(before, other)[0, 1] == pytest.approx(0.5, abs=0.02)


def test_sites_are_the_same_for_every_survey_and_differ_between_waves() -> None:
    def of_sites(survey: str, wave: str) -> np.ndarray:
        law = population(survey, wave).laws["q3"]
        assert isinstance(law, OrderedLaw)
        return law.by_site

    assert (of_sites("residents", BASELINE) == of_sites("cadres", BASELINE)).all()
    assert not (of_sites("residents", BASELINE) == of_sites("residents", FOLLOWUP)).any()


def test_a_frame_that_lacks_what_the_survey_draws_from_is_refused() -> None:
    planted, asked = truths("cadres", BASELINE), questionnaire("cadres", BASELINE)
    with pytest.raises(FrameError, match="没有 staff 列"):
        simulate(planted, asked, frame().drop(columns="staff"), during(BASELINE), seed=1)
    more = frame().replace({"setting": {"school": "hospital"}})
    with pytest.raises(FrameError, match="没有抽样框中的 hospital"):
        simulate(planted, asked, more, during(BASELINE), seed=1)


def test_a_survey_without_attributes_has_one_group() -> None:
    raw = truths("residents", BASELINE)
    ordered = {name: one.model_copy(update={"shifts": {}}) for name, one in raw.ordered.items()}
    asked = questionnaire("residents", BASELINE)
    few = asked.model_copy(update={"sections": asked.sections[:2]})
    bare = raw.model_copy(update={"people": {}, "margins": (), "ordered": ordered, "counts": {"q9": raw.counts["q9"].model_copy(update={"shifts": {}})}, "multiple": {"q8": raw.multiple["q8"].model_copy(update={"shifts": {}})}})  # fmt: skip
    of = populate(bare, few, frame(), wave=BASELINE, seed=1)
    assert of.weight.shape == (len(frame()), 1)
    assert of.share("q3", [1]) == pytest.approx(0.1, abs=1e-9)
