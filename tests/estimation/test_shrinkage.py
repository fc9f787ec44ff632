"""Shrinkage toward the mean of the levels: published numbers, closed forms, and what it is for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.estimation.shrinkage import between_levels, change_error, shrink

# Trials of the BCG vaccine (Colditz et al. 1994): log risk ratios and their variances, as R's
# metafor gives them (dat.bcg).
BCG = np.array([-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694,
                -1.3713, -0.3394, 0.4459, -0.0173])  # fmt: skip
BCG_VARIANCE = np.array([0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564,
                         0.0730, 0.0124, 0.5325, 0.0714])  # fmt: skip


def test_the_variance_between_levels_is_that_of_metafor():
    """metafor, rma(yi, vi, data=dat.bcg), REML: tau^2 0.3132, estimate -0.7145, se 0.1798."""
    found = shrink(BCG, BCG_VARIANCE)
    assert found.between == pytest.approx(0.3132, abs=5e-5 + 1e-5)
    assert found.mean == pytest.approx(-0.7145, abs=1e-4)
    error = (1 / (1 / (found.between + BCG_VARIANCE)).sum()) ** 0.5
    assert error == pytest.approx(0.1798, abs=5e-5)


def test_levels_of_equal_variance_have_closed_forms():
    """All variances V: T = s^2 - V by REML, and the factor is V / s^2 for all."""
    value, variance = np.array([0.2, 0.3, 0.35, 0.5, 0.65]), 0.004
    spread = value.var(ddof=1)
    found = shrink(value, np.full(5, variance))
    assert found.between == pytest.approx(spread - variance)
    np.testing.assert_allclose(found.factor, variance / spread)
    factor = variance / spread
    assert found.mse == pytest.approx(
        variance * (1 - factor) + factor * variance / 5 + 2 * factor**2 * 2 * spread / 5
    )


def test_no_more_between_levels_than_chance_makes_one_value_of_all():
    found = shrink(np.array([0.30, 0.31, 0.29, 0.30]), np.full(4, 0.01))
    assert found.between == 0
    np.testing.assert_allclose(found.value, 0.30)


@pytest.mark.parametrize(
    ("value", "variance", "why_not"),
    [
        ([0.2, 0.6], [0.01, 0.01], "few_levels"),
        ([0.2, 0.6, 1.0], [0.01, 0.01, 0.0], "not_estimable"),
        ([0.2, 0.6, 0.4], [0.01, 0.01, np.nan], "not_estimable"),
    ],
)
def test_where_levels_say_nothing_of_their_mean_nothing_is_shrunk(value, variance, why_not):
    found = shrink(np.array(value), np.array(variance))
    assert found.why_not == why_not
    np.testing.assert_array_equal(found.value, value)
    assert (found.factor == 0).all()
    plain = change_error(np.array(variance), np.full(len(value), 0.001), found)
    np.testing.assert_allclose(plain[:2], (0.02 - 0.002) ** 0.5)  # that of the plain difference


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.05, 0.95), st.floats(1e-4, 0.02)), min_size=3, max_size=9))
def test_shrunk_values_lie_between_the_value_and_the_mean(levels):
    value, variance = np.array(levels).T
    found = shrink(value, variance)
    near, far = np.minimum(value, found.mean), np.maximum(value, found.mean)
    assert ((found.value >= near - 1e-12) & (found.value <= far + 1e-12)).all()
    assert ((found.factor > 0) & (found.factor <= 1)).all()
    assert found.between >= 0
    again = between_levels(value[::-1] + 0.1, variance[::-1])
    assert again == pytest.approx(found.between, rel=1e-6, abs=1e-9)


def test_the_mean_squared_error_is_right_on_average():
    """Of many levels; of few it is too large, because the variance between is held above 0."""
    draw, variance = np.random.default_rng(5), np.linspace(0.5, 1.5, 25)
    missed, said = [], []
    for _ in range(800):
        truth = draw.normal(0, 1.2, 25)
        found = shrink(truth + draw.normal(0, variance**0.5), variance)
        missed.append((found.value - truth) ** 2)
        said.append(found.mse)
    assert np.mean(said) == pytest.approx(np.mean(missed), rel=0.03)


@pytest.mark.parametrize("alike", [0.0, 0.3])
@pytest.mark.parametrize("between", [0.0, 1.0])
def test_the_worst_level_is_tested_at_its_level_though_it_was_picked(alike, between):
    """Nothing changed; the worst of eight levels is picked; sampling errors share `alike`."""
    draw, ones = np.random.default_rng(11), np.ones(8)
    plain, judged = [], []
    for _ in range(1200):
        truth, error = draw.normal(0, between, 8), draw.normal(size=(2, 8))
        before = truth + error[0]
        after = truth + alike * error[0] + (1 - alike**2) ** 0.5 * error[1]
        worst, found = int(before.argmax()), shrink(before, ones)
        plain.append((after - before)[worst] / (2 - 2 * alike) ** 0.5)
        change = after - found.value
        judged.append((change / change_error(ones, alike * ones, found))[worst])
    rises = np.mean(np.array(judged) > stats.norm.ppf(0.95))
    assert np.mean(np.array(plain) < stats.norm.ppf(0.05)) > 0.10
    assert np.mean(np.array(judged) < stats.norm.ppf(0.05)) < 0.066
    assert rises < 0.09
