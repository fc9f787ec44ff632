import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.effects import rank_biserial
from pipeline.estimation.hypotheses.rank_tests import rank_test, ranks
from pipeline.estimation.sample import sample_of
from tests.estimation.two_stage import DESIGNS, PLAIN, sampled

ROWS = sampled()
TESTS = ("wilcoxon", "kruskal_wallis", "van_der_waerden", "median")


def test_ranks_are_shares_below_with_half_of_the_ties():
    answer, weight = np.array([5.0, 1.0, 5.0, 9.0]), np.array([1.0, 2.0, 3.0, 4.0])
    counts = np.ones(4, bool)
    np.testing.assert_allclose(ranks(answer, weight, counts), [0.4, 0.1, 0.4, 0.8])
    # in the order of the rows: (2 + 1/2) and (3 + 3/2), whose plain mean is 3.5
    np.testing.assert_allclose(ranks(answer, weight, counts, "row_order"), [0.35, 0.1, 0.35, 0.8])


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("test", TESTS)
def test_mean_scores_are_compared_as_means_are(name, test):
    """The scores as a column, linearised row by row through the design."""
    where = ROWS["x"] > 2
    found = rank_test(ROWS, "y", "b", test=test, design=DESIGNS[name], where=where)
    sample = sample_of(ROWS, DESIGNS[name])
    chosen = where.to_numpy()
    rank = ranks(ROWS["y"].to_numpy(), sample.weight, chosen)
    score = {
        "van_der_waerden": stats.norm.ppf(rank), "median": (rank > 0.5).astype(float),
    }.get(test, rank)  # fmt: skip
    value, influence = 0.0, np.zeros((len(ROWS), 1))
    for group, sign in (("乙", -1), ("甲", 1)):
        own = chosen & (ROWS["b"] == group).to_numpy()
        mean = np.average(score[own], weights=sample.weight[own])
        influence[own, 0] = sign * (score[own] - mean) / sample.weight[own].sum()
        value += sign * mean
    parts = sample.parts(np.zeros(1), lambda weight: weight @ influence, lambda: influence)
    t = value / np.sqrt(sample.covariance(parts, chosen)[0, 0])
    df = sample.degrees_of_freedom(chosen) - 1
    assert found.estimate == pytest.approx(value)
    assert (found.statistic, found.df) == (pytest.approx(t), (df,))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(t), df))


def test_three_groups_are_a_wald_test_of_their_differences():
    found = rank_test(ROWS, "y", "a", design=PLAIN)
    assert (found.df, found.statistic_name) == ((2, 14), "F")
    assert found.p_value == pytest.approx(stats.f.sf(found.statistic, 2, 14))
    two = ROWS.assign(two=np.where(ROWS["a"] == 0, 0.0, 1.0)).where(ROWS["a"].notna())
    t = rank_test(two.assign(**ROWS[["stratum", "psu", "w"]]), "y", "two", design=PLAIN)
    assert found.n == t.n == ROWS["a"].notna().sum()
    assert found.statistic * 2 >= t.statistic**2  # the best of all contrasts is no worse


def test_an_unweighted_sample_gives_the_u_of_mann_and_whitney():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"y": rng.integers(0, 9, 80), "g": rng.integers(0, 2, 80), "w": 2.0})
    found = rank_test(rows, "y", "g", design=SurveyDesign(weight="w"))
    of = [rows.loc[rows["g"] == k, "y"] for k in (0, 1)]
    u = stats.mannwhitneyu(of[1], of[0])
    assert found.estimate == pytest.approx(u.statistic / (len(of[0]) * len(of[1])) - 0.5)
    effect = rank_biserial(rows, "y", "g", design=SurveyDesign(weight="w"))
    assert effect.value == pytest.approx(2 * found.estimate)


@given(seed=st.integers(0, 99), test=st.sampled_from(TESTS))
@settings(max_examples=20)
def test_order_of_rows_and_increasing_transformations_do_not_matter(seed, test):
    before = rank_test(ROWS, "y", "b", test=test, design=PLAIN)
    other = ROWS.assign(y=np.exp(ROWS["y"] / 3)).sample(frac=1, random_state=seed)
    after = rank_test(other, "y", "b", test=test, design=PLAIN)
    assert after.statistic == pytest.approx(before.statistic, rel=1e-9)


def test_a_finite_population_makes_it_surer():
    fpc = SurveyDesign(weight="w", clusters=("psu",), fpc=("size",))
    without = rank_test(ROWS, "y", "b", design=SurveyDesign(weight="w", clusters=("psu",)))
    half = rank_test(ROWS.assign(size=40), "y", "b", design=fpc)
    assert half.statistic == pytest.approx(without.statistic * np.sqrt(2))
    census = rank_test(ROWS.assign(size=20), "y", "b", design=fpc)
    assert census.p_value == 0
    assert rank_test(ROWS.assign(size=20), "y", "a", design=fpc).p_value == 0


def test_a_lonely_psu_is_treated_as_asked():
    rows = ROWS[(ROWS["stratum"] > 0) | (ROWS["psu"] == 0)]
    found = {}
    for rule in ("certainty", "adjust", "average"):
        design = SurveyDesign(
            weight="w", strata=("stratum",), clusters=("psu",), lonely_psu=rule
        )  # fmt: skip
        found[rule] = abs(rank_test(rows, "y", "b", design=design).statistic)
    assert found["certainty"] > found["adjust"] > 0
    # average: the variance of three strata, four thirds of it
    assert found["certainty"] / found["average"] == pytest.approx(np.sqrt(4 / 3))


def test_ties_by_row_order_are_midranks_when_weights_are_equal():
    equal = SurveyDesign(weight="one", clusters=("psu",))
    rows = ROWS.assign(one=1.0)
    for test in TESTS:
        a, b = (
            rank_test(rows, "y", "b", test=test, design=equal, ties=t)
            for t in ("midrank", "row_order")
        )
        assert a.statistic == pytest.approx(b.statistic)
    weighted = [
        rank_test(ROWS, "y", "b", design=PLAIN, ties=t).statistic for t in ("midrank", "row_order")
    ]
    assert weighted[0] != weighted[1]


def test_the_size_is_near_5_percent_in_clusters():
    rng = np.random.default_rng(8)
    psu = np.repeat(np.arange(30), 10)
    design = SurveyDesign(weight="w", clusters=("psu",))
    rejected = []
    for _ in range(150):
        rows = pd.DataFrame(
            {
                "y": rng.exponential(size=300) + rng.exponential(size=30)[psu], "psu": psu,
                "g": (rng.normal(size=300) + rng.normal(0, 1, 30)[psu] > 0) * 1,
                "w": rng.uniform(1, 3, 300),
            }
        )  # fmt: skip
        rejected.append(rank_test(rows, "y", "g", design=design).p_value < 0.05)
    assert 0.01 <= np.mean(rejected) <= 0.10


def test_what_cannot_be_tested_is_said():
    with pytest.raises(ResponseError, match="mood"):
        rank_test(ROWS, "y", "b", test="mood", design=PLAIN)
    with pytest.raises(ResponseError, match="ties"):
        rank_test(ROWS, "y", "b", ties="first", design=PLAIN)
    with pytest.raises(ResponseError, match="两组"):
        rank_test(ROWS, "y", "b", design=PLAIN, where=ROWS["b"] == "甲")
