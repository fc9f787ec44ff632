import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import DesignError
from pipeline.totals.units import units_of

ROWS = pd.DataFrame(
    {
        "h": ["b", "b", "a", "a", "a", "a"], "psu": [2, 1, 4, 3, 3, 4], "w": [1.0, 2, 3, 4, 5, 6],
        "n1": [10, 10, 4, 4, 4, 4], "n2": [5, 5, 8, 2, 2, 8],
    }
)  # fmt: skip


def test_units_of_a_stratum_are_neighbours():
    units = units_of(ROWS, SurveyDesign(weight="w", strata=("h",), clusters=("psu",)))
    assert units.unit.tolist() == [3, 2, 1, 0, 0, 1]
    (stage,) = units.stages
    assert stage.stratum.tolist() == [0, 0, 1, 1]
    assert stage.sampled.tolist() == [2, 2]
    sums = stage.strata(stage.clusters(np.arange(4.0)[:, None]))
    assert sums[:, 0].tolist() == [1, 5]


def test_the_fpc_of_each_stage_makes_weights_and_shares():
    rows = ROWS.iloc[2:]
    units = units_of(rows, SurveyDesign(strata=("h",), clusters=("psu",), fpc=("n1", "n2")))
    assert units.count == 4  # two persons in each of two PSUs
    first, second = units.stages
    assert first.undrawn.tolist() == [0.5, 0.5]
    assert second.undrawn.tolist() == [0.0, 0.0, 0.75, 0.75]
    assert second.share.tolist() == [0.5, 0.5]
    assert units.weight.tolist() == [8.0, 2.0, 2.0, 8.0]


def test_names_reused_across_strata_need_nest():
    rows = pd.DataFrame({"h": ["a", "a", "b", "b"], "psu": [1, 2, 1, 2]})
    with pytest.raises(DesignError, match="nest=True"):
        units_of(rows, SurveyDesign(strata=("h",), clusters=("psu",)))
    assert units_of(rows, SurveyDesign(strata=("h",), clusters=("psu",), nest=True)).count == 4


@pytest.mark.parametrize(
    ("rows", "design", "said"),
    [
        (ROWS.assign(h=None), SurveyDesign(strata=("h",)), "列 h 有 6 个空值"),
        (ROWS, SurveyDesign(weight="gone", strata=("also",)), "缺少列 gone.*缺少列 also"),
        (ROWS.assign(w=-1.0), SurveyDesign(weight="w"), "6 行"),
        (ROWS, SurveyDesign(strata=("psu",)), "第 1 级.*只有一个样本单元：1、2"),
        (ROWS.assign(n1=[1, 2, 3, 4, 5, 6]), SurveyDesign(fpc=("n1",)), "不一致"),
        (ROWS.assign(n1=3), SurveyDesign(fpc=("n1",)), "小于样本数"),
        (ROWS.iloc[:0], SurveyDesign(), "空表"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(rows, design, said):
    with pytest.raises(DesignError, match=said):
        units_of(rows, design)


def test_a_complete_stratum_is_never_lonely():
    rows = pd.DataFrame({"h": ["a", "b", "b"], "n": [1, 9, 9]})
    assert units_of(rows, SurveyDesign(strata=("h",), fpc=("n",))).count == 3
