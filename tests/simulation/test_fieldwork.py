"""Who is met and who answers follows the plan."""

import pandas as pd
import pytest

from pipeline.sampling.verify import read_draw
from pipeline.simulation.fieldwork import Sampled, people
from pipeline.simulation.simulate import Simulated


@pytest.fixture(scope="module")
def sampled(example: tuple[object, Simulated]) -> Sampled:
    folder, made = example
    draw = read_draw(folder / "data/raw/draws/residents/2026-baseline")  # type: ignore[operator]
    assert draw is not None
    return people(made.population, draw)


def test_the_young_answer_less_often(sampled: Sampled, example: tuple[object, Simulated]) -> None:
    age = example[1].population.groups["q17"].to_numpy()[sampled.group]
    answered = pd.Series(False, index=range(len(age)))
    answered.iloc[sampled.interviewed] = True
    by_age = answered.groupby(age).mean()
    assert by_age[1] < by_age[3]
    assert 0.6 < answered.mean() < 0.75


def test_dispositions_are_those_of_aapor(sampled: Sampled) -> None:
    from pipeline.sampling.dispositions import CODES

    found = set(sampled.disposition.tolist())
    assert found <= set(CODES)
    assert {"1.1", "1.2", "2.11", "2.2", "4.1"} <= found
