"""Random numbers by purpose."""

import numpy as np

from pipeline.simulation.streams import Luck, categories


def test_the_same_purpose_gives_the_same_numbers_and_another_gives_others() -> None:
    luck = Luck(1, ("residents", "2026-baseline"))
    first = luck.uniform("age", size=500)
    assert (first == luck.uniform("age", size=500)).all()
    others = (
        luck.uniform("sex", size=500),
        Luck(1, ("residents", "2026-followup")).uniform("age", size=500),
        Luck(1, ("cadres", "2026-baseline")).uniform("age", size=500),
        Luck(2, ("residents", "2026-baseline")).uniform("age", size=500),
    )
    for other in others:
        assert not (first == other).any()
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.2


def test_normal_numbers_are_standard() -> None:
    numbers = Luck(5).normal("x", size=20_000)
    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1) < 0.03


def test_categories_fall_at_the_cumulated_shares() -> None:
    shares = np.array([0.2, 0.3, 0.5])
    fallen = categories(np.array([0.1, 0.2, 0.21, 0.5, 0.51, 0.999]), shares)
    assert fallen.tolist() == [0, 0, 1, 1, 2, 2]
    own = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert categories(np.array([0.9, 0.1]), own).tolist() == [0, 1]


def test_chosen_items_differ_and_run_out() -> None:
    luck = Luck(1)
    assert sorted(luck.chosen("x", out_of="abc", count=9)) == ["a", "b", "c"]
    picked = luck.chosen("x", out_of=range(100), count=10)
    assert len(set(picked)) == 10
    assert picked != sorted(picked)
