"""References: scipy's rank tests; Siegel & Castellan (1988), Nonparametric Statistics, sec. 9.5."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.agreement import friedman, kendall_w, kruskal_wallis, spearman
from pipeline.errors import ResponseError

rankings = st.lists(
    st.lists(st.integers(1, 6), min_size=4, max_size=4), min_size=3, max_size=12
).filter(lambda rows: all(len(set(row)) > 1 for row in rows))


def test_kendalls_w_is_the_published_one():
    """Siegel & Castellan: 3 executives rank 6 applicants; W = 0.162."""
    ranks = pd.DataFrame([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    found = kendall_w(ranks)
    assert found.w == pytest.approx(0.162, abs=0.0005)
    assert found.w_corrected == found.w
    assert (found.n, found.objects) == (3, 6)


@settings(max_examples=30)
@given(rankings)
def test_friedman_is_that_of_scipy_and_follows_from_w(rows):
    table = pd.DataFrame(rows)
    found, w = friedman(table), kendall_w(table)
    theirs = scipy.stats.friedmanchisquare(*table.to_numpy().T)
    assert (found.statistic, found.p) == pytest.approx(tuple(theirs), rel=1e-9, abs=1e-9)
    assert found.statistic == pytest.approx(len(rows) * 3 * w.w_corrected)
    assert 0 <= w.w <= w.w_corrected + 1e-12 <= 1 + 1e-9


@settings(max_examples=30)
@given(st.permutations([1, 2, 3, 4, 5]))
def test_raters_who_rank_alike_agree_perfectly(ranking):
    found = kendall_w(pd.DataFrame([ranking] * 4))
    assert (found.w, found.w_corrected) == pytest.approx((1, 1))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=4, max_size=40))
def test_spearman_is_that_of_scipy(pairs):
    first, second = (pd.Series(side, dtype=float) for side in zip(*pairs, strict=True))
    found = spearman(first, second)
    if min(first.nunique(), second.nunique()) < 2:
        assert np.isnan(found.rho)
        return
    theirs = scipy.stats.spearmanr(first, second)
    assert (found.rho, found.p) == pytest.approx(tuple(theirs), rel=1e-6, abs=1e-9)


def test_spearmans_statistic_is_the_sum_of_squared_rank_differences_without_ties():
    first, second = pd.Series([1, 2, 3, 4, 5, None]), pd.Series([2, 1, 4, 3, 5, 6])
    found = spearman(first, second)
    assert found.statistic == pytest.approx(4)
    assert found.n == 5


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("abc")), min_size=6, max_size=40))
def test_kruskal_wallis_is_that_of_scipy(pairs):
    both = pd.DataFrame(pairs, columns=["value", "group"])
    if both["group"].nunique() < 2 or both["value"].nunique() < 2:
        return
    theirs = scipy.stats.kruskal(*[part for _, part in both.groupby("group")["value"]])
    found = kruskal_wallis(both["value"], both["group"])
    assert (found.statistic, found.p) == pytest.approx(tuple(theirs), rel=1e-9, abs=1e-9)
    assert found.df == both["group"].nunique() - 1


def test_all_tied_gives_no_statistic_and_one_group_no_test():
    assert np.isnan(kruskal_wallis(pd.Series([1, 1, 1]), pd.Series(["a", "b", "b"])).statistic)
    with pytest.raises(ResponseError, match="至少需要两组"):
        kruskal_wallis(pd.Series([1, 2]), pd.Series(["a", "a"]))
    assert np.isnan(friedman(pd.DataFrame([[2, 2], [1, 1]])).statistic)
