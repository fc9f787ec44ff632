import numpy as np
import pytest
from scipy import stats

from pipeline.estimation.intervals import interval, t_quantile, two_sided_p

KNOWN = {
    "level": 0.95,
    "df": np.array([30.0]),
    "n": np.array([31.0]),
    "effective_n": np.array([31.0]),
}


def test_beta_with_a_simple_random_sample_is_the_exact_binomial_interval():
    """Clopper & Pearson (1934); n - 1 = df leaves the effective n as it is."""
    n, hits = 31, 7
    p = hits / n
    low, high = interval("beta", np.array([p]), np.array([p * (1 - p) / n]), **KNOWN)
    exact = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))


@pytest.mark.parametrize("method", ["t", "mean", "logit", "xlogit", "asin", "beta", "beta_capped"])
def test_intervals_hold_the_share_and_mirror_each_other(method):
    p, v = np.array([0.2]), np.array([0.002])
    low, high = interval(method, p, v, **KNOWN)
    mirrored = interval(method, 1 - p, v, **KNOWN)
    assert low < p < high
    assert mirrored[0] == pytest.approx(1 - high)
    assert mirrored[1] == pytest.approx(1 - low)


def test_the_capped_interval_takes_no_more_than_the_answers():
    """A design effect below 1 narrows ``beta``; ``beta_capped`` is then the exact binomial one."""
    known = KNOWN | {"answered": np.array([31.0])}
    p = np.array([7 / 31])
    simple = p * (1 - p) / 31
    exact = stats.binomtest(7, 31).proportion_ci(0.95, method="exact")
    for factor in (0.0, 0.1, 1.0):
        low, high = interval("beta_capped", p, factor * simple, **known)
        assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))
    narrow = interval("beta", p, 0.1 * simple, **known)
    assert narrow[0] > exact.low
    assert narrow[1] < exact.high
    wide = interval("beta_capped", p, 2 * simple, **known)
    assert wide == interval("beta", p, 2 * simple, **known)
    fewer = interval("beta_capped", p, simple, **(known | {"answered": np.array([20.0])}))
    assert fewer[0] < exact.low


def test_without_degrees_of_freedom_there_is_no_interval():
    for method in ("t", "beta", "beta_capped", "logit"):
        low, high = interval(
            method, np.array([0.2]), np.array([0.01]), **(KNOWN | {"df": np.array([0.0])})
        )
        assert np.isnan([low, high]).all()


def test_quantiles_and_p_values_are_those_of_t():
    df = np.array([3.0, 30.0, np.inf, 0.0])
    wanted = [stats.t.ppf(0.975, 3), stats.t.ppf(0.975, 30), stats.norm.ppf(0.975), np.nan]
    np.testing.assert_allclose(t_quantile(0.975, df), wanted)
    p = two_sided_p(np.array([2.0, -2.0, 2.0, 2.0]), df)
    np.testing.assert_allclose(
        p, [2 * stats.t.sf(2, 3), 2 * stats.t.sf(2, 30), 2 * stats.norm.sf(2), np.nan]
    )
    assert two_sided_p(np.array([np.inf]), np.array([5.0]))[0] == 0
