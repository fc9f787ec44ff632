import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.estimation.hypotheses.chi_squared_sums import upper_tail

# Source: Imhof (1961), Biometrika 48, 419-426, Table 1: Q1 = .6 + .3 + .1 with one degree of
# freedom each, Q2 with two each, Q3 with six, four and two.
WEIGHT = (0.6, 0.3, 0.1)
IMHOF = [
    ((1, 1, 1), 0.1, 0.9458), ((1, 1, 1), 0.7, 0.5064), ((1, 1, 1), 2.0, 0.1240),
    ((2, 2, 2), 0.2, 0.9936), ((2, 2, 2), 2.0, 0.3998), ((2, 2, 2), 6.0, 0.0161),
    ((6, 4, 2), 1.0, 0.9973), ((6, 4, 2), 5.0, 0.4353), ((6, 4, 2), 12.0, 0.0088),
]  # fmt: skip


@pytest.mark.parametrize(("times", "x", "published"), IMHOF)
def test_the_exact_tail_is_the_published_one(times, x, published):
    found = upper_tail(x, np.repeat(WEIGHT, times))
    assert found == pytest.approx(published, abs=0.00006)


@given(
    st.integers(1, 8), st.floats(0.01, 30), st.floats(0.01, 100),
    st.one_of(st.just(np.inf), st.floats(1, 500)),
)  # fmt: skip
def test_equal_weights_are_a_chi_squared_or_an_f(k, weight, x, df):
    scaled = x / weight
    tail = stats.chi2.sf(scaled, k) if np.isinf(df) else stats.f.sf(scaled / k, k, df)
    for method in ("integration", "satterthwaite"):
        found = upper_tail(x, np.full(k, weight), df=df, method=method)
        assert found == pytest.approx(tail, rel=1e-7, abs=1e-14)


def test_pairs_of_weights_have_a_closed_form():
    a, b = 3.0, 0.5
    for x in (0.1, 5.0, 60.0):
        closed = (a * np.exp(-x / (2 * a)) - b * np.exp(-x / (2 * b))) / (a - b)
        assert upper_tail(x, np.array([a, b, b, a])) == pytest.approx(closed, rel=1e-10)


def test_a_weight_below_0_counts_against_the_sum():
    assert upper_tail(0.0, np.array([1.0, -1.0])) == pytest.approx(0.5)
    # An F is such a sum: chi-squared_4 / 4 > x chi-squared_6 / 6.
    x = 2.5
    weights = np.array([1 / 4] * 4 + [-x / 6] * 6)
    assert upper_tail(0.0, weights) == pytest.approx(stats.f.sf(x, 4, 6), rel=1e-9)


@pytest.mark.parametrize("df", [np.inf, 40.0, 500.0])
def test_the_approximations_are_near(df):
    weights = np.array([2.0, 1.0, 0.7, 0.3])
    for x in (2.0, 8.0, 15.0):
        exact = upper_tail(x, weights, df=df)
        assert upper_tail(x, weights, df=df, method="saddlepoint") == pytest.approx(
            exact, rel=0.05
        )
        assert upper_tail(x, weights, df=df, method="satterthwaite") == pytest.approx(
            exact, rel=0.15
        )


def test_next_to_the_mean_the_saddlepoint_gives_way():
    weights = np.array([2.0, 1.0, 0.5])
    at = float(weights.sum())
    assert upper_tail(at, weights, method="saddlepoint") == upper_tail(
        at, weights, method="satterthwaite"
    )


def test_what_is_not_there_is_nan():
    assert np.isnan(upper_tail(1.0, np.array([np.nan, 1.0])))
    assert np.isnan(upper_tail(1.0, np.array([0.0, -1.0])))
    assert np.isnan(upper_tail(-1.0, np.array([1.0])))
    assert upper_tail(0.0, np.array([1.0, 2.0])) == 1.0
    assert upper_tail(np.inf, np.array([1.0, 2.0])) == 0.0
