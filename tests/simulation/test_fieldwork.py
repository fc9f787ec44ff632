"""Who is met, who answers and when follows the plan."""

from datetime import timedelta

import numpy as np
import pytest

from pipeline.sampling.dispositions import CODES
from pipeline.simulation.fieldwork import OPENS, people
from tests.simulation.made_programme import BASELINE, DATES, FOLLOWUP, LAYOUTS, during, made


def test_the_young_answer_less_often() -> None:
    # response: 0.8 of an average person, logit shifts -0.8 and 0.4 of the youngest and oldest
    answered: dict[int, list[int]] = {1: [], 3: []}
    for survey in LAYOUTS:
        for wave in DATES:
            run = made(survey, wave)
            age = run.population.groups["q12"].to_numpy()[run.sampled.group]
            yes = np.isin(np.arange(len(age)), run.sampled.interviewed)
            for code, seen in answered.items():
                seen += yes[age == code].astype(int).tolist()
    young, old = (float(np.mean(seen)) for seen in answered.values())
    assert young == pytest.approx(0.642, abs=0.05)
    assert old == pytest.approx(0.856, abs=0.05)


def test_dispositions_are_those_of_aapor() -> None:
    run = made("residents", BASELINE)
    found = set(run.sampled.disposition.tolist())
    assert found == {"1.1", "1.2", "2.11", "2.2"}
    assert found <= set(CODES)


def test_persons_are_new_in_each_wave() -> None:
    before, after = made("residents", BASELINE), made("residents", FOLLOWUP)
    again = people(after.population, before.draw)  # the same persons drawn in the other wave
    assert again.persons == before.sampled.persons
    assert 0.2 < np.mean(again.group == before.sampled.group) < 0.5  # of two and three equal parts


@pytest.mark.parametrize("survey", LAYOUTS)
def test_interviews_lie_in_the_field_period_and_its_hours(survey: str) -> None:
    run, field = made(survey, FOLLOWUP), during(FOLLOWUP)
    starts = [one.interview.start for one in run.soiled.submissions]
    assert field.field_start <= min(starts).date()
    assert max(starts).date() <= field.field_end
    for start in starts:
        assert OPENS <= timedelta(hours=start.hour, minutes=start.minute) < timedelta(hours=23)


def test_a_site_is_visited_by_one_team_and_nobody_comes_on_the_web() -> None:
    visits: dict[str, set[int]] = {}
    for one in made("residents", BASELINE).soiled.submissions:
        visits.setdefault(one.site, set()).add(one.interview.team)
    assert {len(teams) for teams in visits.values()} == {1}
    assert len(set.union(*visits.values())) > 3
    assert {one.interview.team for one in made("cadres", BASELINE).soiled.submissions} == {0}
