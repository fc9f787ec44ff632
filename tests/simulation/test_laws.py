"""Laws of answers: cut points meet their shares, chances and means agree with many draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from pipeline.simulation.laws import CountLaw, OrderedLaw, TickLaw, cut_points

DRAWS = 400_000


@settings(max_examples=25)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6).filter(lambda shares: sum(shares) > 0.1),
    st.floats(0.0, 3.0),
    st.integers(0, 10),
)
def test_shares_hold_exactly_over_sites_and_groups(
    parts: list[float], spread: float, seed: int
) -> None:
    shares = np.array(parts) / sum(parts)
    luck = np.random.default_rng(seed)
    by_site, by_group = spread * luck.normal(size=40), luck.choice([-1.0, 0.0, 0.5], size=6)
    weight = luck.uniform(0.1, 9, size=(40, 6))
    cuts = cut_points(shares, by_site, by_group, weight)
    law = OrderedLaw(tuple(range(len(shares))), by_site, by_group, cuts, 0.0)
    found = (law.chances * weight[..., None]).sum(axis=(0, 1)) / weight.sum()
    assert found == pytest.approx(shares, abs=1e-11)


def test_without_a_limit_every_choice_is_ticked_on_its_own() -> None:
    by_site = np.array([[0.3, -0.5], [-1.0, 0.2]])
    law = TickLaw((1, 2), 9, by_site, np.zeros((2, 1)), 2, 0.0)
    assert law.chances[:, 0, 0] == pytest.approx(ndtr(by_site[0]))
    alone = ndtr(-by_site).prod(axis=0)
    assert law.chances[:, 0, 2] == pytest.approx(alone)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_of_too_many_choices_the_strongest_are_kept(most: int) -> None:
    wish = np.array([0.4, -0.3, 0.0, -1.2])
    law = TickLaw((1, 2, 3, 4), 9, wish[:, None], np.zeros((4, 1)), most, 0.0)
    strength = wish + np.random.default_rng(1).normal(size=(DRAWS, 4))
    rank = (-strength).argsort(axis=1).argsort(axis=1)
    kept = (strength > 0) & (rank < most)
    found = [*kept.mean(axis=0), 1 - kept.any(axis=1).mean()]
    assert law.chances[0, 0] == pytest.approx(found, abs=4 * 0.5 / np.sqrt(DRAWS))


@pytest.mark.parametrize("top", [1, 4, 31])
def test_the_expected_count_allows_for_the_maximum(top: int) -> None:
    law = CountLaw(3.0, np.array([0.4]), np.array([-0.2, 0.6]), 0.7, top, 0.0)
    luck = np.random.default_rng(2)
    for group, pull in enumerate((0.2, 1.0)):
        rate = 3 * np.exp(pull + 0.7 * luck.normal(size=DRAWS) - 0.7**2 / 2)
        times = np.minimum(luck.poisson(rate), top)
        error = times.std() / np.sqrt(DRAWS)
        assert law.expected[0, group] == pytest.approx(times.mean(), abs=4 * error)


def test_without_a_maximum_the_expected_count_is_the_rate() -> None:
    law = CountLaw(2.0, np.array([np.log(3.0)]), np.array([0.0]), 0.9, None, 0.0)
    assert law.expected.item() == pytest.approx(6.0)
