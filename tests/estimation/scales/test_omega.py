"""Omega of scales whose factors are known exactly. R's numbers are in the reference group."""

import numpy as np
import pytest

from pipeline.errors import ResponseError
from pipeline.estimation.scales.omega import omega
from tests.estimation.scales.made_scales import exactly, of_factors

SIMPLE = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
ITEMS = list("abcdefghi")


def test_three_factors_that_share_a_general_one():
    """Factors correlating 0.49 share a general factor on which each loads 0.7: Schmid-Leiman."""
    between = np.full((3, 3), 0.49) + 0.51 * np.eye(3)
    implied = of_factors(SIMPLE, between)
    found = omega(exactly(implied, rows=200), ITEMS, factors=3)
    general = SIMPLE.sum(axis=1) * 0.7
    whole = implied.sum()
    assert found.hierarchical == pytest.approx(general.sum() ** 2 / whole, abs=1e-4)
    assert found.total == pytest.approx(1 - (9 - (SIMPLE**2).sum()) / whole, abs=1e-4)
    np.testing.assert_allclose(found.loadings["general"], general, atol=1e-3)
    assert found.warnings == ()
    assert found.hierarchical < found.alpha < found.total


def test_of_one_factor_omega_is_the_classical_formula():
    loadings = np.array([[0.8], [0.7], [0.6], [0.5]])
    found = omega(exactly(of_factors(loadings)), list("abcd"), factors=1)
    common = loadings.sum() ** 2
    assert found.total == pytest.approx(common / (common + (1 - loadings**2).sum()), abs=1e-4)
    assert found.hierarchical == pytest.approx(found.total, abs=1e-4)
    assert "needs three group factors" in found.warnings[0]


def test_items_that_point_the_other_way_are_reversed_and_told():
    between = np.full((3, 3), 0.49) + 0.51 * np.eye(3)
    rows = exactly(of_factors(SIMPLE, between), rows=200)
    plain = omega(rows, ITEMS)
    turned = omega(rows.assign(b=-rows["b"], h=-rows["h"]), ITEMS)
    assert turned.hierarchical == pytest.approx(plain.hierarchical, rel=1e-6)
    assert turned.keys == (1, -1, 1, 1, 1, 1, 1, -1, 1)
    assert "b、h" in turned.warnings[0]


def test_two_group_factors_share_their_correlation_equally():
    between = np.array([[1, 0.36], [0.36, 1]])
    loadings = SIMPLE[:6, :2]
    found = omega(exactly(of_factors(loadings, between)), ITEMS[:6], factors=2)
    np.testing.assert_allclose(found.loadings["general"], loadings.sum(axis=1) * 0.6, atol=1e-3)


def test_more_factors_than_items_are_refused():
    rows = exactly(of_factors(SIMPLE))
    with pytest.raises(ResponseError, match="太多或太少"):
        omega(rows, ITEMS[:3], factors=4)
