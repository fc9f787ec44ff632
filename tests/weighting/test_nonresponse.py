import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import CalibrationError
from pipeline.weighting import adjust_for_nonresponse
from tests.weighting.invented import DESIGN, survey

WEIGHTED = SurveyDesign(weight="base")


def sample(seed=1):
    rng = np.random.default_rng(seed)
    return survey(seed).assign(
        here=lambda f: rng.random(len(f)) < np.where(f["sex"] == "f", 0.8, 0.4) + f["age"] / 1000
    )


def test_weights_of_those_silent_go_to_respondents_of_their_cell():
    rows = pd.DataFrame(
        {"cell": ["a", "a", "a", "b", "b"], "base": [1.0, 2, 3, 4, 4], "r": [1, 0, 1, 1, 0]}
    )
    made, design = adjust_for_nonresponse(rows, WEIGHTED, responded="r", cells=["cell"])
    assert made["weight"].tolist() == [1.5, 0, 4.5, 8, 0]
    assert (design.weight, design.calibration) == ("weight", ())


def test_every_cell_keeps_its_weight_and_missing_categories_are_cells():
    frame = sample()
    frame.loc[::9, "tier"] = None
    made, _ = adjust_for_nonresponse(frame, DESIGN, responded="here", cells=["sex", "tier"])
    cells = [frame["sex"], frame["tier"].fillna(0)]
    both = made.groupby(cells)[["base", "weight"]].sum()
    np.testing.assert_allclose(both["weight"], both["base"])
    assert (made["weight"].eq(0) == ~frame["here"]).all()


def test_without_cells_all_are_one_class():
    frame = sample()
    made, _ = adjust_for_nonresponse(frame, DESIGN, responded=frame["here"])
    ratio = (made["weight"] / made["base"])[frame["here"]]
    rate = frame.loc[frame["here"], "base"].sum() / frame["base"].sum()
    np.testing.assert_allclose(ratio, 1 / rate)


def test_cells_that_cannot_be_adjusted_are_listed_or_collapsed():
    rows = pd.DataFrame(
        {
            "county": ["甲"] * 4 + ["乙"] * 6,
            "sex": ["f", "f", "m", "m", "f", "f", "f", "m", "m", "m"],
            "r": [1, 1, 0, 0, 1, 0, 0, 1, 1, 1],
            "base": 1.0,
        }
    )
    options = {"responded": "r", "cells": ["county", "sex"], "largest_factor": 2.5}
    with pytest.raises(CalibrationError) as refused:
        adjust_for_nonresponse(rows, WEIGHTED, **options)
    said = str(refused.value)
    assert "2 处有误" in said
    assert "county=甲, sex=m: 没有一个应答单元" in said
    assert "county=乙, sex=f: 调整系数 3 超过 2.5" in said
    made, _ = adjust_for_nonresponse(rows, WEIGHTED, **options, collapse=True)
    assert made["weight"].tolist() == pytest.approx([2, 2, 0, 0, 1.5, 0, 0, 1.5, 1.5, 1.5])


def test_only_the_failing_part_is_collapsed_and_at_last_everybody():
    rows = pd.DataFrame(
        {"county": list("aabb"), "sex": list("fmfm"), "r": [1, 0, 1, 1], "base": 1.0}
    )
    options = {"responded": "r", "cells": ["county", "sex"], "collapse": True}
    made, _ = adjust_for_nonresponse(rows, WEIGHTED, **options)
    assert made["weight"].tolist() == [2, 0, 1, 1]
    made, _ = adjust_for_nonresponse(rows, WEIGHTED, **options, largest_factor=1.5)
    assert made["weight"].tolist() == pytest.approx([4 / 3, 0, 4 / 3, 4 / 3])
    with pytest.raises(CalibrationError, match=r"全体 \(all\): 调整系数 1.33 超过 1.2"):
        adjust_for_nonresponse(rows, WEIGHTED, **options, largest_factor=1.2)


def test_a_model_of_one_category_is_its_weighted_response_rate():
    frame = sample()
    by_cell, _ = adjust_for_nonresponse(frame, DESIGN, responded="here", cells=["sex"])
    direct, _ = adjust_for_nonresponse(
        frame, DESIGN, responded="here", propensity=["sex"], classes=None
    )
    classes, _ = adjust_for_nonresponse(frame, DESIGN, responded="here", propensity=["sex"])
    np.testing.assert_allclose(direct["weight"], by_cell["weight"], rtol=1e-7)
    np.testing.assert_allclose(classes["weight"], by_cell["weight"])


def test_the_propensity_solves_the_weighted_score_equations_of_the_logistic_model():
    frame = sample()
    made, _ = adjust_for_nonresponse(
        frame, DESIGN, responded="here", propensity=["age", "tier"], classes=None
    )
    rate = (made["base"] / made["weight"])[frame["here"]]
    x = np.stack([np.ones(240), frame["age"], frame["tier"]], axis=1)
    logit = np.log(rate / (1 - rate))
    b, *_ = np.linalg.lstsq(x[frame["here"]], logit, rcond=None)
    fitted = 1 / (1 + np.exp(-x @ b))
    score = x.T @ (frame["base"] * (frame["here"] - fitted))
    assert score == pytest.approx([0, 0, 0], abs=1e-4)


def test_classes_of_propensity_keep_the_sum_and_have_equal_numbers():
    frame = sample()
    made, _ = adjust_for_nonresponse(
        frame, DESIGN, responded="here", propensity=["age", "sex"], classes=4
    )
    assert made["weight"].sum() == pytest.approx(frame["base"].sum())
    factor = (made["weight"] / made["base"])[frame["here"]].round(9)
    assert factor.nunique() == 4


def test_classes_without_respondents_are_merged_with_their_neighbours():
    noise = np.random.default_rng(2).normal(0, 8, 240)
    frame = survey().assign(here=lambda f: f["age"] + noise > 40)
    options = {"responded": "here", "propensity": ["age"], "classes": 20}
    with pytest.raises(CalibrationError, match="propensity class 1"):
        adjust_for_nonresponse(frame, DESIGN, **options, largest_factor=10)
    made, _ = adjust_for_nonresponse(frame, DESIGN, **options, largest_factor=10, collapse=True)
    assert made["weight"].sum() == pytest.approx(frame["base"].sum())
    assert (made["weight"] / made["base"]).max() <= 10


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"responded": "sex"}, "真/假"),
        ({"responded": "gone"}, "没有列 gone"),
        ({"responded": "nobody"}, "没有一个单元应答"),
        ({"responded": "here", "cells": ["gone"]}, "没有列 gone"),
        ({"responded": "here", "cells": ["sex"], "propensity": ["age"]}, "只能用一种"),
        ({"responded": "here", "propensity": ["holes"]}, "holes 有 1 个空值"),
        ({"responded": "here", "propensity": ["here_again"]}, "完全预测"),
        ({"responded": "here", "propensity": ["age"], "classes": 0}, "至少 1"),
        ({"responded": "here", "propensity": ["age"], "classes": None, "largest_factor": 1.01},
         "调整系数超过 1.01"),
    ],
)  # fmt: skip
def test_what_cannot_be_adjusted_is_said(options, said):
    frame = sample().assign(nobody=0, holes=lambda f: f["age"].where(f.index > 0))
    frame["here_again"] = frame["here"].astype(int)
    with pytest.raises(CalibrationError, match=said):
        adjust_for_nonresponse(frame, DESIGN, **options)
