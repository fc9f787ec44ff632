import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.effects import cohens_d, cramers_v, rank_biserial
from pipeline.estimation.sample import sample_of
from tests.estimation.two_stage import DESIGNS, PLAIN, sampled

ROWS = sampled()
SIMPLE = SurveyDesign(weight="w")


def test_cohens_d_is_the_difference_in_pooled_standard_deviations():
    rows = ROWS.assign(w=1.0)
    found = cohens_d(rows, "y", "b", design=SIMPLE)
    a, b = (rows.loc[rows["b"] == level, "y"] for level in ("甲", "乙"))
    pooled = ((len(a) - 1) * a.var() + (len(b) - 1) * b.var()) / (len(a) + len(b) - 2)
    if found.name.endswith("甲 − 乙"):
        a, b = b, a
    assert found.value == pytest.approx((b.mean() - a.mean()) / np.sqrt(pooled))
    assert found.n == len(rows)


@pytest.mark.parametrize("name", ["plain", "two stages", "poststratified"])
@pytest.mark.parametrize("effect", [cohens_d, rank_biserial])
def test_the_standard_error_is_that_of_the_derivative(name, effect):
    """The influence of a row, by making its weight a little larger (Demnati & Rao 2004)."""
    rows, design = ROWS.iloc[::3].reset_index(drop=True), DESIGNS[name]
    found = effect(rows, "y", "b", design=design, where=rows["x"] > 2)
    plain = SurveyDesign(weight="w")
    influence = np.zeros((len(rows), 1))
    for k in range(len(rows)):
        step = 1e-5
        moved = [
            effect(
                rows.assign(w=rows["w"] + sign * step * (rows.index == k)), "y", "b",
                design=plain, where=rows["x"] > 2,
            ).value
            for sign in (1, -1)
        ]  # fmt: skip
        influence[k, 0] = (moved[0] - moved[1]) / (2 * step)
    sample = sample_of(rows, design)
    spread = sample.covariance(sample.scores(influence), (rows["x"] > 2).to_numpy())
    assert found.standard_error == pytest.approx(np.sqrt(spread[0, 0]), rel=1e-5)


@pytest.mark.parametrize("effect", [cohens_d, rank_biserial])
def test_the_jackknife_agrees_with_linearisation(effect):
    rows = sampled(people=40)
    linear = effect(rows, "y", "b", design=PLAIN)
    jackknife = effect(rows, "y", "b", design=DESIGNS["replicates"])
    assert jackknife.value == pytest.approx(linear.value)
    assert jackknife.standard_error == pytest.approx(linear.standard_error, rel=0.05)
    half = stats.t.ppf(0.975, 15) * linear.standard_error
    assert (linear.low, linear.high) == pytest.approx((linear.value - half, linear.value + half))


@given(shift=st.floats(-50, 50), scale=st.floats(0.1, 10))
@settings(max_examples=15)
def test_cohens_d_has_no_units(shift, scale):
    other = ROWS.assign(y=shift + scale * ROWS["y"])
    before, after = (cohens_d(rows, "y", "b", design=PLAIN) for rows in (ROWS, other))
    assert after.value == pytest.approx(before.value, rel=1e-6)
    assert after.standard_error == pytest.approx(before.standard_error, rel=1e-6)


def test_rank_biserial_reaches_1_when_all_of_a_group_lie_above():
    rows = pd.DataFrame({"g": [0] * 5 + [1] * 5, "y": range(10), "w": 1.0})
    assert rank_biserial(rows, "y", "g", design=SIMPLE).value == 1
    assert rank_biserial(rows.assign(y=-rows["y"]), "y", "g", design=SIMPLE).value == -1
    assert rank_biserial(rows.assign(y=3), "y", "g", design=SIMPLE).value == 0


def test_cramers_v_is_that_of_the_weighted_table():
    rows = ROWS.assign(w=1.0).dropna()
    table = pd.crosstab(rows["a"], rows["b"])
    raw = cramers_v(rows, "a", "b", design=SIMPLE, corrected=False)
    assert raw.value == pytest.approx(stats.contingency.association(table, method="cramer"))
    perfect = cramers_v(rows.assign(a2=rows["a"]), "a", "a2", design=SIMPLE, corrected=False)
    assert perfect.value == pytest.approx(1)


def test_the_corrected_v_is_unbiased_near_independence():
    rng = np.random.default_rng(3)
    raw, corrected = [], []
    for _ in range(60):
        rows = pd.DataFrame({"a": rng.integers(0, 4, 200), "b": rng.integers(0, 4, 200), "w": 1.0})
        raw.append(cramers_v(rows, "a", "b", design=SIMPLE, corrected=False).value ** 2)
        corrected.append(cramers_v(rows, "a", "b", design=SIMPLE).value ** 2)
    assert np.mean(raw) == pytest.approx(9 / 200 / 3, rel=0.2)
    assert np.mean(corrected) < np.mean(raw) / 2


def test_what_has_no_size_is_said():
    with pytest.raises(ResponseError, match="两组"):
        cohens_d(ROWS, "y", "a", design=PLAIN)
    with pytest.raises(ResponseError, match="一类"):
        cramers_v(ROWS, "a", "b", design=PLAIN, where=ROWS["b"] == "甲")
    assert "Cohen's d" in repr(cohens_d(ROWS, "y", "b", design=PLAIN))
