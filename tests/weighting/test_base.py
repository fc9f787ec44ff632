import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import CalibrationError, DesignError
from pipeline.weighting import base_weight, base_weights, rake
from tests.weighting.invented import DESIGN, survey


def test_base_weights_are_one_over_the_probability():
    rows = pd.DataFrame({"p": [0.5, 0.1]})
    made, design = base_weights(rows, SurveyDesign(probability="p"))
    assert made["base_weight"].tolist() == [2, 10]
    assert (design.weight, design.probability) == ("base_weight", None)


def test_base_weights_are_the_product_over_stages_of_population_over_sample():
    """Two of 6 schools in each of two districts, one pupil of 10 and two of 30 in them."""
    rows = pd.DataFrame(
        {
            "district": ["a"] * 3 + ["b"] * 3,
            "school": [1, 2, 2, 3, 4, 4],
            "schools": 6,
            "pupils": [10, 30, 30, 10, 30, 30],
        }
    )
    drawn = SurveyDesign(
        strata=("district",), clusters=("school",), fpc=("schools", "pupils"), lonely_psu="fail"
    )
    made, design = base_weights(rows, drawn, into="w")
    assert made["w"].tolist() == [30, 45, 45] * 2
    assert design.lonely_psu == "fail"


def test_base_weights_need_something_that_says_how_units_were_drawn():
    with pytest.raises(DesignError, match="无从计算"):
        base_weights(pd.DataFrame({"w": [1.0]}), SurveyDesign(weight="w"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1.0, -1.0], "1 行.*第一处在第 2 行"),
        ([np.nan, 1.0], "1 行.*第一处在第 1 行"),
        ([0.0, 0.0], "所有行的权数都是 0"),
        ([1.0, np.inf], "第 2 行"),
    ],
)
def test_weights_that_are_none_are_refused(given, said):
    with pytest.raises(DesignError, match=said):
        base_weight(pd.DataFrame({"w": given}), SurveyDesign(weight="w"))


def test_a_probability_of_zero_an_absent_column_and_an_empty_sample_are_refused():
    rows = pd.DataFrame({"p": [0.0, 0.5]})
    with pytest.raises(DesignError, match="第 1 行"):
        base_weight(rows, SurveyDesign(probability="p"))
    with pytest.raises(DesignError, match="没有列 w"):
        base_weight(rows, SurveyDesign(weight="w"))
    with pytest.raises(DesignError, match="空表"):
        base_weight(rows.iloc[:0], SurveyDesign(probability="p"))


def test_a_design_without_a_weight_column_gets_one_before_the_step():
    frame = survey().assign(p=lambda f: 1 / f["base"])
    drawn = SurveyDesign(probability="p", strata=("stratum",), clusters=("psu",))
    made, design = rake(frame, drawn, {"sex": {"m": 40, "f": 60}}, into="w")
    assert made["w_before"].to_numpy() == pytest.approx(frame["base"].to_numpy())
    assert (design.calibration[0].before, design.calibration[0].after) == ("w_before", "w")


@pytest.mark.parametrize("into", ["base", "psu", "first"])
def test_a_column_that_the_design_still_reads_is_not_written_over(into):
    frame, design = rake(survey(), DESIGN, {"sex": {"m": 40, "f": 60}}, into="first")
    with pytest.raises(CalibrationError, match="换一个列名"):
        rake(frame, design, {"sex": {"m": 40, "f": 60}}, into=into)
