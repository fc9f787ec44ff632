"""References: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327, table 1; Fleiss,
Levin & Paik (2003), Statistical Methods for Rates and Proportions, table 18.1; R's psych.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.agreement import cohen_kappa

FLEISS_COHEN_EVERITT = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
FLEISS_LEVIN_PAIK = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


def coded(table):
    """The two coders' codes of a table of counts."""
    codes = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    both = pd.DataFrame(codes, columns=["first", "second"])
    return both["first"], both["second"]


@pytest.mark.parametrize(
    ("table", "kappa", "error"),
    [(FLEISS_COHEN_EVERITT, 0.429, 0.054), (FLEISS_LEVIN_PAIK, 0.676, 0.088)],
)
def test_kappa_and_its_standard_error_are_the_published_ones(table, kappa, error):
    found = cohen_kappa(*coded(table))
    assert found.value == pytest.approx(kappa, abs=0.0005)
    assert found.standard_error == pytest.approx(error, abs=0.0005)
    assert found.n == sum(map(sum, table))


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_the_variance_is_that_of_the_delta_method(weights):
    """The slope of kappa in the count of each cell, taken numerically; no formula is shared."""
    counts = np.array(FLEISS_COHEN_EVERITT) * 100
    found = cohen_kappa(*coded(counts), weights=weights)
    slopes = np.zeros_like(counts, dtype=float)
    for cell in np.ndindex(*counts.shape):
        one = np.zeros_like(counts)
        one[cell] = 1
        more, less = (cohen_kappa(*coded(counts + d), weights=weights).value for d in (one, -one))
        slopes[cell] = (more - less) / 2
    n = counts.sum()
    shares = counts / n
    variance = n * ((shares * slopes**2).sum() - (shares * slopes).sum() ** 2)
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-4)


def test_kappa_is_that_of_r(shared: Path):
    """R's interval of weighted kappa is not compared: psych 2.2.9 adds the weights of the second
    margin over the wrong side; `test_the_variance_is_that_of_the_delta_method` has the right one.
    """
    cases = json.loads((shared / "reference" / "agreement.json").read_text(encoding="utf-8"))
    case = next(one for one in cases["cases"] if one["id"] == "kappa_A2A3")
    answers = pd.read_csv(shared / "reference" / case["data"])
    first, second = (answers[name] for name in case["spec"]["variables"])
    plain = cohen_kappa(first, second)
    assert [plain.low, plain.value, plain.high] == pytest.approx(
        case["outputs"]["ci"]["values"][0], rel=1e-12
    )
    weighted = cohen_kappa(first, second, weights="quadratic")
    assert weighted.value == pytest.approx(case["outputs"]["weighted"], rel=1e-12)


def test_without_variation_there_is_no_kappa():
    assert np.isnan(cohen_kappa(pd.Series([1, 1]), pd.Series([1, 1])).value)
    empty = cohen_kappa(pd.Series([], dtype=float), pd.Series([], dtype=float))
    assert np.isnan(empty.value)
    assert empty.n == 0


pairs = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=30)


@settings(max_examples=30)
@given(pairs)
def test_kappa_does_not_depend_on_the_order_of_coders_or_units(codes):
    table = pd.DataFrame(codes, columns=["A", "B"])
    turned = table.iloc[::-1]
    for weights in ("none", "linear", "quadratic"):
        found = cohen_kappa(table["A"], table["B"], weights=weights)
        again = cohen_kappa(turned["B"], turned["A"], weights=weights)
        assert again.value == pytest.approx(found.value, nan_ok=True, abs=1e-12)
        assert again.low == pytest.approx(found.low, nan_ok=True, abs=1e-7)


@given(pairs.filter(lambda codes: len({a for a, _ in codes}) > 1))
def test_perfect_agreement_is_one_and_certain(codes):
    same = pd.Series([a for a, _ in codes])
    found = cohen_kappa(same, same)
    assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1))


@given(pairs)
def test_two_categories_need_no_weights(codes):
    first, second = (
        pd.Series([min(code, 2) for code in side]) for side in zip(*codes, strict=True)
    )
    plain, weighted = (cohen_kappa(first, second, weights=w) for w in ("none", "quadratic"))
    assert weighted.value == pytest.approx(plain.value, nan_ok=True)
