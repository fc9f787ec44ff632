"""Random numbers by purpose."""

import numpy as np

from pipeline.simulation.streams import categories, chosen, normal, uniform


def test_the_same_purpose_gives_the_same_numbers_and_another_gives_others() -> None:
    first = uniform(1, "age", size=500)
    assert (first == uniform(1, "age", size=500)).all()
    assert abs(np.corrcoef(first, uniform(1, "sex", size=500))[0, 1]) < 0.2
    assert not (first == uniform(2, "age", size=500)).any()


def test_normal_numbers_are_standard() -> None:
    numbers = normal(5, "x", size=20_000)
    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1) < 0.03


def test_categories_fall_at_the_cumulated_shares() -> None:
    shares = np.array([0.2, 0.3, 0.5])
    assert categories(np.array([0.1, 0.2, 0.21, 0.5, 0.51, 0.999]), shares).tolist() == [
        0,
        0,
        1,
        1,
        2,
        2,
    ]
    own = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert categories(np.array([0.9, 0.1]), own).tolist() == [0, 1]


def test_chosen_items_differ_and_run_out() -> None:
    assert sorted(chosen(1, "x", out_of="abc", count=9)) == ["a", "b", "c"]
    picked = chosen(1, "x", out_of=range(100), count=10)
    assert len(set(picked)) == 10
    assert picked != sorted(picked)
