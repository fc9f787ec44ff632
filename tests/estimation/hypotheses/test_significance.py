import numpy as np
import pytest
from scipy import stats

from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.significance import wald
from pipeline.estimation.together import Joint, joint
from tests.estimation.two_stage import PLAIN, sampled

MEANS = joint(sampled(), "mean", ["y", "x"], design=PLAIN)


def test_one_combination_is_the_square_of_its_t():
    gap = MEANS.contrast({"gap": {"y": 1, "x": -1}})
    t = gap.value[0] / np.sqrt(gap.covariance[0, 0])
    found = wald(MEANS, {"gap": {"y": 1, "x": -1}})
    assert (found.statistic, found.df) == (pytest.approx(t**2), (1, 16))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(t), 16))


def test_several_are_tested_together():
    away = MEANS.value - [5.0, 3.0]
    square = away @ np.linalg.solve(MEANS.covariance, away)
    plain = wald(MEANS, values={"y": 5.0, "x": 3.0}, adjusted=False)
    assert (plain.statistic, plain.df) == (pytest.approx(square / 2), (2, 16))
    adjusted = wald(MEANS, values={"y": 5.0, "x": 3.0})
    assert adjusted.statistic == pytest.approx(square / 2 * 15 / 16)
    assert adjusted.p_value == pytest.approx(stats.f.sf(adjusted.statistic, 2, 15))
    normal = wald(MEANS, values={"y": 5.0, "x": 3.0}, df=np.inf)
    assert normal.p_value == pytest.approx(stats.chi2.sf(square, 2))


def test_combinations_that_repeat_each_other_are_refused():
    with pytest.raises(ResponseError, match="singular"):
        wald(MEANS, {"one": {"y": 1}, "again": {"y": 2}})
    with pytest.raises(KeyError, match="z"):
        wald(MEANS, values={"z": 1.0})


def test_without_variance_a_difference_is_certain():
    known = Joint(("a", "b"), np.array([1.0, 2.0]), np.zeros((2, 2)), 5.0)
    assert wald(known).p_value == 0
    assert wald(known, values={"a": 1.0, "b": 2.0}).p_value == 1


def test_too_few_degrees_of_freedom_give_no_p_value():
    few = Joint(("a", "b", "c"), np.ones(3), np.eye(3), 2.0)
    assert np.isnan(wald(few).p_value)


def test_it_prints_statistic_freedom_p_and_n():
    text = repr(wald(MEANS, values={"y": 5.0}))
    assert all(mark in text for mark in ("F(2, 15) = ", "p "))
    assert list(wald(MEANS).table()[["df_1", "df_2"]].iloc[0]) == [2, 15]
