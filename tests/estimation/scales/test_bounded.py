"""Minima within bounds: against closed forms and scipy's optimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear, minimize, rosen, rosen_der

from pipeline.estimation.scales.bounded import minimum_within


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_a_quadratic_is_minimised_as_by_least_squares_within_bounds(seed, size):
    random = np.random.default_rng(seed)
    factor, aim = random.normal(size=(size + 3, size)), random.normal(size=size + 3)
    low, high = -0.5 * np.ones(size), 0.4 * np.ones(size)

    def squares(x):
        residual = factor @ x - aim
        return float(residual @ residual), 2 * factor.T @ residual

    found = minimum_within(squares, np.zeros(size), low, high)
    wanted = lsq_linear(factor, aim, (low, high), tol=1e-14)
    assert found.converged
    assert found.value == pytest.approx(2 * wanted.cost, rel=1e-7, abs=1e-9)
    assert (low <= found.at).all()
    assert (found.at <= high).all()


@pytest.mark.parametrize("high", [5.0, 1.0, 0.7])
def test_a_curved_valley_is_followed_to_its_end_or_to_the_bound(high):
    low, start = np.full(4, -2.0), np.array([-1.2, 1.0, -0.5, 0.3])
    upper = np.full(4, high)
    found = minimum_within(lambda x: (rosen(x), rosen_der(x)), start, low, upper)
    wanted = minimize(
        rosen, start, jac=rosen_der, method="L-BFGS-B", bounds=list(zip(low, upper, strict=True)),
        options={"ftol": 1e-15, "gtol": 1e-10},
    )  # fmt: skip
    assert found.value == pytest.approx(wanted.fun, abs=1e-6)
    np.testing.assert_allclose(found.at, wanted.x, atol=2e-3)


def test_a_corner_from_which_every_way_leads_up_is_left_at_once():
    corner = np.zeros(2)
    found = minimum_within(lambda x: (float(x.sum()), np.ones(2)), corner, corner, np.ones(2))
    assert found.iterations == 0
    assert found.converged
    assert list(found.at) == [0, 0]


def test_a_start_outside_the_bounds_is_brought_inside():
    found = minimum_within(
        lambda x: (float(((x - 3) ** 2).sum()), 2 * (x - 3)),
        np.array([9.0]),
        np.zeros(1),
        np.ones(1),
    )
    assert found.at[0] == 1


def test_a_gradient_of_the_wrong_sign_is_told_as_not_converged():
    found = minimum_within(
        lambda x: (float(x @ x), -2 * x), np.array([0.3, 0.2]), -np.ones(2), np.ones(2)
    )
    assert not found.converged
