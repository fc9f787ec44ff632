import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.mean_tests import equivalence_test, t_test
from pipeline.estimation.items import Item
from pipeline.estimation.linear import means
from pipeline.estimation.sample import sample_of
from pipeline.estimation.together import joint
from tests.estimation.two_stage import DESIGNS, PLAIN, sampled

ROWS = sampled()


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("domain", [False, True])
def test_the_difference_is_the_contrast_of_two_domains(name, domain):
    where = ROWS["x"] > 2.5 if domain else None
    found = t_test(ROWS, "y", "b", design=DESIGNS[name], where=where)
    of = joint(ROWS, "mean", ["y"], design=DESIGNS[name], by="b", where=where)
    gap = of.contrast({"gap": {"y@甲": 1, "y@乙": -1}})
    chosen = np.ones(len(ROWS), bool) if where is None else where.to_numpy()
    df = sample_of(ROWS, DESIGNS[name]).degrees_of_freedom(chosen) - 1
    table = gap.table(df=df)
    assert found.estimate == pytest.approx(gap.value[0])
    assert found.conf_int == pytest.approx((table["low"][0], table["high"][0]))
    t = gap.value[0] / table["standard_error"][0]
    assert (found.statistic, found.df) == (pytest.approx(t), (df,))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(t), df))
    assert found.n == chosen.sum()


def test_one_sample_is_tested_against_a_value():
    found = t_test(ROWS, "y", null_value=4.5, design=PLAIN, level=0.9)
    mean = means(ROWS, ["y"], design=PLAIN).iloc[0]
    t = (mean["value"] - 4.5) / mean["standard_error"]
    assert (found.statistic, found.df) == (pytest.approx(t), (15,))
    margin = stats.t.ppf(0.95, 15) * mean["standard_error"]
    assert found.conf_int == pytest.approx((mean["value"] - margin, mean["value"] + margin))


def test_an_unweighted_sample_gives_the_textbook_statistic():
    """Student (1908), Biometrika 6, p. 20: hours of sleep gained; t = 4.0621, not on 9 df here."""
    gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    rows = pd.DataFrame({"gained": gained, "w": 1.0})
    found = t_test(rows, "gained", design=SurveyDesign(weight="w"), df=9)
    assert found.statistic == pytest.approx(4.0621, abs=0.00005)
    assert found.p_value == pytest.approx(0.002833, abs=0.0000005)


@given(shift=st.floats(-100, 100), scale=st.floats(0.01, 100), seed=st.integers(0, 99))
@settings(max_examples=20)
def test_units_and_the_order_of_rows_do_not_matter(shift, scale, seed):
    before = t_test(ROWS, "y", "b", design=PLAIN)
    other = ROWS.assign(y=shift + scale * ROWS["y"]).sample(frac=1, random_state=seed)
    after = t_test(other, "y", "b", design=PLAIN)
    assert after.statistic == pytest.approx(before.statistic, rel=1e-6)
    assert after.estimate == pytest.approx(scale * before.estimate, rel=1e-6)


def test_a_share_is_a_mean():
    item = Item("a", "1+2", ("a",), (1, 2), "proportion")
    share = t_test(ROWS, item, "b", design=PLAIN)
    high = (ROWS["a"] > 0).astype(float).where(ROWS["a"].notna())
    mean = t_test(ROWS.assign(high=high), "high", "b", design=PLAIN)
    assert share.statistic == pytest.approx(mean.statistic)
    assert share.n == mean.n == ROWS["a"].notna().sum()


def test_a_census_leaves_nothing_to_chance():
    census = SurveyDesign(weight="w", clusters=("psu",), fpc=("all",))
    found = t_test(ROWS.assign(all=20), "y", "b", design=census)
    assert found.p_value == 0
    assert found.low == found.high == found.estimate


def test_equivalence_is_found_within_the_margin_alone():
    tested = t_test(ROWS, "y", "b", design=PLAIN, level=0.9)
    widest = max(abs(end) for end in tested.conf_int)
    for margin, sure in ((widest * 1.01, True), (widest * 0.99, False)):
        found = equivalence_test(ROWS, "y", "b", margin=margin, design=PLAIN)
        assert (found.p_value < 0.05) == sure
        assert found.conf_int == pytest.approx(tested.conf_int)
    outside = equivalence_test(ROWS, "y", margin=(-1, 1), design=PLAIN)
    assert outside.p_value > 0.99
    low, high = 4.0, 5.0
    found = equivalence_test(ROWS, "y", margin=(low, high), design=PLAIN)
    one, other = (t_test(ROWS, "y", null_value=end, design=PLAIN) for end in (low, high))
    sides = stats.t.sf(one.statistic, 15), stats.t.cdf(other.statistic, 15)
    assert found.p_value == pytest.approx(max(sides))


def test_what_cannot_be_tested_is_said():
    with pytest.raises(ResponseError, match="a = 0、1、2"):
        t_test(ROWS, "y", "a", design=PLAIN)
    two = t_test(ROWS, "y", "a", design=PLAIN, where=ROWS["a"] > 0)
    assert "2 − 1" in two.estimate_name
    with pytest.raises(ResponseError, match="low < high"):
        equivalence_test(ROWS, "y", margin=-1.0, design=PLAIN)
    with pytest.raises(ResponseError, match="a: "):
        t_test(ROWS, "a", "b", design=PLAIN, missing="refuse")
