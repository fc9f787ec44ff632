import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from pipeline.design import Replicates, SurveyDesign
from pipeline.estimation.domains import banners
from pipeline.estimation.intervals import interval, t_quantile, two_sided_p
from pipeline.estimation.items import Coded, Item, encoded
from pipeline.estimation.likelihood import deviance, likelihood_limits
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.profiled import profiled
from pipeline.estimation.ratio import totals_of
from pipeline.estimation.sample import sample_of
from pipeline.estimation.shares import proportions

KNOWN = {
    "level": 0.95,
    "df": np.array([30.0]),
    "n": np.array([31.0]),
    "effective_n": np.array([31.0]),
}


METHODS = ("t", "mean", "logit", "xlogit", "asin", "beta", "beta_capped", "likelihood")


def test_beta_with_a_simple_random_sample_is_the_exact_binomial_interval():
    """Clopper & Pearson (1934); n - 1 = df leaves the effective n as it is."""
    n, hits = 31, 7
    p = hits / n
    low, high = interval("beta", np.array([p]), np.array([p * (1 - p) / n]), **KNOWN)
    exact = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))


@pytest.mark.parametrize("method", METHODS)
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
    for method in METHODS:
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


@given(p=st.floats(0.001, 0.999), drop=st.floats(1e-10, 20))
def test_likelihood_limits_have_the_deviance_asked_for(p, drop):
    low, high = likelihood_limits(np.array([p]), np.array([drop]))
    assert 0 <= low < p < high <= 1
    if low > 0:
        assert deviance(np.array([p]), low) == pytest.approx(drop, rel=1e-6)
    if high < 1 - 1e-9:
        assert deviance(np.array([p]), high) == pytest.approx(drop, rel=1e-6)


def test_likelihood_of_a_simple_random_sample_is_the_binomial_ratio_test():
    """The shares q with 2 (l(p) - l(q)) below the 95th percentile of chi-squared with 1 df."""
    n, hits = 31, 7
    p = np.array([hits / n])
    variance = p * (1 - p) / n * (n - 1) / n  # the dispersion has the divisor n - 1
    known = KNOWN | {"df": np.array([np.inf])}
    for end in interval("likelihood", p, variance, **known):
        ratio = 2 * (stats.binom.logpmf(hits, n, hits / n) - stats.binom.logpmf(hits, n, end[0]))
        assert ratio == pytest.approx(stats.chi2.ppf(0.95, 1))


@pytest.mark.parametrize("method", ["logit", "xlogit", "asin", "likelihood"])
def test_shares_of_0_and_1_have_the_exact_binomial_interval(method):
    value, nothing = np.array([0.0, 1.0]), np.zeros(2)
    known = {name: np.repeat(of, 2) if np.ndim(of) else of for name, of in KNOWN.items()}
    low, high = interval(method, value, nothing, **known)
    exact = stats.binomtest(0, 31).proportion_ci(0.95, method="exact")
    np.testing.assert_allclose(low, [0, 1 - exact.high])
    np.testing.assert_allclose(high, [exact.high, 1])


@pytest.mark.parametrize("method", METHODS)
def test_a_single_answer_still_has_an_interval(method):
    known = {"level": 0.95, "df": np.array([3.0]), "n": np.ones(1), "effective_n": np.ones(1)}
    low, high = interval(method, np.array([1.0]), np.zeros(1), **known)
    assert 0 <= low[0] <= high[0] <= 1


def simple_random(hits, n=200, population=6194):
    rows = pd.DataFrame({"y": np.arange(n) < hits, "w": population / n, "size": population})
    return rows, SurveyDesign(weight="w", fpc=("size",))


@pytest.mark.parametrize(
    ("hits", "level", "ends"),
    [
        (83, 0.95, (0.34846109552069143, 0.4836789419039535)),
        (4, 0.9, (0.007820047256260355, 0.04062062779494842)),
    ],
)
def test_the_profile_is_read_as_r_reads_it(hits, level, ends):
    """R 4.2.2, survey 4.1-1: svyciprop(method = "likelihood") of 200 of 6194 schools (apisrs)."""
    rows, design = simple_random(hits)
    item = Item("y", "1", ("y",), (1,), "proportion")
    found = profiled(rows, item, design=design, level=level).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx(ends, rel=1e-7)
    solved = proportions(rows, [item], design=design, level=level, interval="likelihood").iloc[0]
    width = ends[1] - ends[0]
    assert abs(solved["low"] - ends[0]) < 1e-3 * width
    assert abs(solved["high"] - ends[1]) < 1e-3 * width
    assert (solved["low"], solved["high"]) != pytest.approx(ends, rel=1e-7)


def test_a_profile_of_nothing_or_all_is_the_exact_interval():
    rows, design = simple_random(0)
    item = Item("y", "1", ("y",), (1,), "proportion")
    found = profiled(rows, item, design=design).iloc[0]
    assert (found["low"], found["high"]) == (0, pytest.approx(0.0182752, rel=1e-4))


def test_with_replicates_the_log_odds_have_their_own_spread():
    """logit asks the replicates; without them the delta method answers."""
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({"y": rng.integers(0, 2, 40) * 1.0, "w": rng.uniform(1, 3, 40)})
    names = tuple(f"r{k}" for k in range(8))
    factors = pd.DataFrame(rng.uniform(0.2, 2, (40, 8)), columns=list(names))
    rows = pd.concat([rows, factors], axis=1)
    design = SurveyDesign(weight="w", replicates=Replicates(names, scale=0.3, combined=False))

    def variance(design):
        sample = sample_of(rows, design)
        code, levels = encoded(rows["y"])
        column = Coded(code, levels, np.array([[0.0], [1.0]]), np.array([True]))
        ((_, _, groups),) = banners(rows, sample, None, None)
        return log_odds_variance(totals_of(sample, column, groups), sample)[0, 0]

    odds = [special.logit(np.average(rows["y"], weights=rows["w"] * rows[name])) for name in names]
    assert variance(design) == pytest.approx(0.3 * ((odds - np.mean(odds)) ** 2).sum())
    assert np.isnan(variance(SurveyDesign(weight="w")))
    p, v = np.array([0.4, 0.4]), np.array([0.01, 0.01])
    known = {name: np.repeat(of, 2) if np.ndim(of) else of for name, of in KNOWN.items()}
    low, high = interval("logit", p, v, log_odds_variance=np.array([0.09, np.nan]), **known)
    reach = t_quantile(0.975, np.array([30.0]))[0] * 0.3
    assert low[0] == pytest.approx(special.expit(special.logit(0.4) - reach))
    assert high[1] == interval("logit", p, v, **known)[1][1]
