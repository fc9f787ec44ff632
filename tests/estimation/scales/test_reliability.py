"""Alpha: laws, its standard error under designs, and its warnings.

R's numbers (psych::alpha, survey's svycralpha) are in the reference group psychometrics.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.scales.reliability import alpha
from pipeline.weighting import make_replicates
from tests.estimation.scales.made_scales import exactly, survey

ITEMS = list("abc")
CLUSTERED = SurveyDesign(weight="weight", strata=("stratum",), clusters=("cluster",))


def test_alpha_of_equal_correlations_is_spearman_browns():
    rows = exactly(np.full((4, 4), 0.4) + 0.6 * np.eye(4))
    found = alpha(rows, list("abcd"))
    assert found.value == found.standardised == pytest.approx(4 * 0.4 / (1 + 3 * 0.4))
    assert found.mean_correlation == pytest.approx(0.4)
    assert list(found.items["alpha_without"]) == pytest.approx([3 * 0.4 / (1 + 2 * 0.4)] * 4)
    assert list(found.items["item_rest"]) == pytest.approx([1.2 / np.sqrt(3 + 6 * 0.4)] * 4)
    assert found.n == 60


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.floats(0.1, 20), st.floats(-50, 50))
def test_units_and_order_change_nothing(seed, scale, shift):
    rows = survey(seed)
    found = alpha(rows, ITEMS, design=CLUSTERED)
    turned = rows.assign(**{item: rows[item] * scale + shift for item in ITEMS})
    again = alpha(turned.sample(frac=1, random_state=1), ITEMS[::-1], design=CLUSTERED)
    assert again.value == pytest.approx(found.value)
    assert again.standard_error == pytest.approx(found.standard_error)
    assert list(again.items["item_rest"])[::-1] == pytest.approx(list(found.items["item_rest"]))


@pytest.mark.parametrize("missing", ["pairwise", "domain_jointly"])
def test_the_standard_error_is_that_of_numerical_slopes_in_the_weights(missing):
    """With replacement, a row its own cluster: the variance of weight x slope over the rows."""
    rows = survey()
    rows.loc[[1, 30], "a"] = np.nan
    rows.loc[[30, 77], "b"] = np.nan
    design = SurveyDesign(weight="weight")
    options = {"design": design, "missing": missing, "reverse": ["c"]}
    found = alpha(rows, ITEMS, **options)
    scores = []
    for row in rows.index:
        step = rows["weight"].where(rows.index != row, rows["weight"] + 1e-4)
        more = alpha(rows.assign(weight=step), ITEMS, **options).value
        scores.append((more - found.value) / 1e-4 * rows.loc[row, "weight"])
    n = len(rows)
    assert found.standard_error == pytest.approx(
        np.sqrt(n / (n - 1) * np.square(scores).sum()), rel=1e-3
    )


def test_replicates_of_the_design_give_nearly_the_same_standard_error():
    rows = survey()
    found = alpha(rows, ITEMS, design=CLUSTERED)
    frame, replicated = make_replicates(rows, CLUSTERED, method="JKn")
    again = alpha(frame, ITEMS, design=replicated)
    assert again.value == pytest.approx(found.value)
    assert again.standard_error == pytest.approx(found.standard_error, rel=0.1)
    assert again.df == found.df == 20


def test_without_a_design_the_interval_covers_as_often_as_it_says():
    """Three parallel items with reliability 0.5 each: alpha is 0.75."""
    random = np.random.default_rng(9)
    covered = 0
    for _ in range(250):
        answers = random.normal(size=(120, 1)) + random.normal(size=(120, 3))
        found = alpha(pd.DataFrame(answers, columns=ITEMS), ITEMS, level=0.9)
        covered += found.low < 0.75 < found.high
    assert 0.85 < covered / 250 < 0.94


def test_a_census_leaves_no_error():
    rows = survey().assign(size=30)
    design = SurveyDesign(weight="weight", strata=("stratum",), fpc=("size",))
    assert alpha(rows, ITEMS, design=design).standard_error == pytest.approx(0, abs=1e-12)


def test_a_domain_has_the_value_of_its_rows_and_the_error_of_the_design():
    rows = survey()
    inside = rows["a"] > 1
    found = alpha(rows, ITEMS, design=CLUSTERED, where=inside)
    alone = alpha(rows[inside], ITEMS, design=SurveyDesign(weight="weight"))
    assert found.value == pytest.approx(alone.value)
    assert found.standard_error > 0
    assert found.n == int(inside.sum())


def test_deleting_rows_is_another_choice_than_a_domain():
    rows = survey()
    rows.loc[rows["cluster"] == 4, "a"] = np.nan
    domain, dropped = (
        alpha(rows, ITEMS, design=CLUSTERED, missing=m) for m in ("domain_jointly", "drop_rows")
    )
    assert domain.value == pytest.approx(dropped.value)
    assert domain.standard_error != pytest.approx(dropped.standard_error, rel=1e-6)


def test_pairwise_covariances_use_all_answers():
    rows = survey()
    rows.loc[:40, "a"] = np.nan
    pairwise, complete = (alpha(rows, ITEMS, missing=m) for m in ("pairwise", "drop_rows"))
    assert (pairwise.n, complete.n) == (120, 79)
    by_pandas = rows[ITEMS].cov().to_numpy()
    assert pairwise.value == pytest.approx(1.5 * (1 - np.trace(by_pandas) / by_pandas.sum()))


def test_an_item_that_points_the_other_way_is_named_until_it_is_reversed():
    rows = survey().assign(b=lambda t: 6 - t["b"])
    found = alpha(rows, ITEMS)
    assert "题目 b 与其他题目方向相反" in found.warnings[0]
    assert found.items.set_index("item").loc["b", "item_rest"] < 0
    mended = alpha(rows, ITEMS, reverse=["b"])
    automatic = alpha(rows, ITEMS, reverse_by_first_component=True)
    assert mended.warnings == ()
    assert "已自动反向计分" in automatic.warnings[0]
    for one in (mended, automatic):
        assert one.value == pytest.approx(alpha(survey(), ITEMS).value)
        assert list(one.items["key"]) == [1, -1, 1]
        assert list(one.items["mean"]) == pytest.approx(list(survey()[ITEMS].mean()))


def test_items_that_repeat_or_do_not_vary_are_told():
    rows = survey()
    twins = alpha(rows.assign(twin=rows["a"]), ["a", "b", "twin"])
    assert np.isnan(twins.lambda6)
    assert "follow from others" in twins.warnings[0]
    assert alpha(rows.assign(twin=rows["a"]), ["a", "twin"]).value == pytest.approx(1)
    flat = alpha(rows.assign(c=3), ITEMS)
    assert "题目 c" in flat.warnings[0]
    assert list(flat.items["item"]) == ["a", "b"]


def test_a_sample_without_probabilities_has_no_margin_of_error():
    design = SurveyDesign(weight="weight", probability_sample=False)
    found = alpha(survey(), ITEMS, design=design)
    assert np.isnan([found.standard_error, found.low, found.high]).all()
    assert found.value > 0.5


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["a"], "两个以上"),
        (["a", "a"], "两个以上"),
        (["a", "z"], "不在数据表中"),
        (["a", "words"], "须为数字"),
    ],
)
def test_items_that_cannot_be_a_scale_are_refused(items, said):
    with pytest.raises(ResponseError, match=said):
        alpha(survey().assign(words="x"), items)


def test_gaps_an_empty_domain_and_a_wrong_reversal_are_refused():
    rows = survey()
    rows.loc[0, "a"] = np.nan
    with pytest.raises(ResponseError, match="1 行有缺失"):
        alpha(rows, ITEMS, missing="refuse")
    with pytest.raises(ResponseError, match="只剩 0 行"):
        alpha(rows, ITEMS, where=rows["b"] > 9)
    with pytest.raises(ResponseError, match="反向题 z"):
        alpha(rows, ITEMS, reverse=["z"])
