import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.estimation.models.irls import independent
from pipeline.estimation.models.separation import separating, suspicious

ONE = np.ones(6)


@pytest.mark.parametrize(
    ("x", "outcome", "moved"),
    [
        ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1], [True, True]),  # complete
        ([1, 2, 3, 3, 5, 6], [0, 0, 0, 1, 1, 1], [True, True]),  # quasi-complete
        ([1, 2, 4, 3, 5, 6], [0, 0, 0, 1, 1, 1], [False, False]),  # overlap
        ([0, 0, 0, 1, 1, 1], [0, 1, 0, 1, 1, 1], [False, True]),  # a group without a 0
    ],
)
def test_logistic_separation(x, outcome, moved):
    found = separating(
        "binomial", np.column_stack([ONE, x]).astype(float), np.array(outcome, float)
    )
    assert found.tolist() == moved


def test_counts_are_separated_by_a_group_of_zeros_only():
    x = np.column_stack([ONE, [0, 0, 0, 1, 1, 1]])
    assert separating("poisson", x, np.array([3.0, 1, 2, 0, 0, 0])).tolist() == [False, True]
    assert not separating("poisson", x, np.array([3.0, 1, 2, 0, 0, 1])).any()


def test_only_means_next_to_a_bound_are_suspicious():
    assert suspicious("binomial", np.array([0.5, 1e-9]))
    assert suspicious("binomial", np.array([0.5, 1 - 1e-9]))
    assert suspicious("poisson", np.array([5.0, 1e-9]))
    assert not suspicious("binomial", np.array([0.5, 0.01]))
    assert not suspicious("gaussian", np.array([0.0]))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
@settings(max_examples=20)
def test_columns_added_as_combinations_are_found(seed, extra):
    rng = np.random.default_rng(seed)
    x, weight = rng.normal(size=(30, 4)), rng.uniform(0.1, 10, 30)
    wide = np.hstack([x, x @ rng.normal(size=(4, extra)), np.zeros((30, 1))])
    assert independent(wide, weight).tolist() == [True] * 4 + [False] * (extra + 1)
    assert independent(x, weight).all()


def test_columns_of_very_different_size_are_independent():
    year = np.column_stack([np.ones(8), 2020 + np.arange(8) / 1000, 1e-9 * np.arange(8) ** 2])
    assert independent(year, np.ones(8)).all()
