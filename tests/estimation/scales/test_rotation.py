"""Rotations: what they keep, and that they find simple structure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.estimation.scales.rotation import oblimin, varimax

SIMPLE = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.7], [0, 0.6], [0, 0.5]])


def turned(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def criterion(loadings: np.ndarray) -> float:
    """Kaiser's: the variance of squared loadings of items brought to length 1."""
    squares = loadings**2 / (loadings**2).sum(axis=1, keepdims=True)
    return float(squares.var(axis=0).sum())


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_varimax_keeps_communalities_and_raises_its_criterion(seed):
    loadings = np.random.default_rng(seed).normal(size=(9, 3))
    found = varimax(loadings)
    np.testing.assert_allclose(found @ found.T, loadings @ loadings.T, atol=1e-10)
    assert criterion(found) >= criterion(loadings) - 1e-9


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_no_other_angle_is_much_better_than_varimax(seed):
    """R's stopping rule leaves a little to gain."""
    random = np.random.default_rng(seed)
    loadings = SIMPLE @ turned(random.uniform(0, 3)) + random.normal(size=SIMPLE.shape) * 0.1
    best = max(criterion(loadings @ turned(angle)) for angle in np.linspace(0, np.pi / 2, 200))
    assert criterion(varimax(loadings)) >= best * 0.98


def test_oblimin_finds_correlated_factors():
    """Six items on two factors that correlate 0.5; the orthogonal loadings are turned by hand."""
    between = np.array([[1, 0.5], [0.5, 1]])
    found = oblimin(SIMPLE @ np.linalg.cholesky(between) @ turned(0.3))
    assert abs(found.correlation[0, 1]) == pytest.approx(0.5, abs=1e-4)
    pattern = np.abs(found.pattern)
    best = pattern if pattern[0, 0] > pattern[0, 1] else pattern[:, ::-1]
    np.testing.assert_allclose(best, SIMPLE, atol=1e-4)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_oblimin_keeps_what_the_factors_explain(seed):
    loadings = np.random.default_rng(seed).normal(size=(9, 3))
    found = oblimin(loadings)
    explained = found.pattern @ found.correlation @ found.pattern.T
    np.testing.assert_allclose(explained, loadings @ loadings.T, atol=1e-8)
    np.testing.assert_allclose(np.diag(found.correlation), 1)


def test_one_factor_needs_no_rotation():
    loadings = np.array([[0.5], [0.7]])
    assert varimax(loadings) is loadings
