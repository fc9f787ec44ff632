"""Figures of several codes and questions agree with the shares they are made of."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.linear import means
from pipeline.estimation.scores import (
    index_score,
    net_score,
    ranking_scores,
    scale_score,
    shares_of_answers,
    top_box,
)
from pipeline.estimation.shares import proportions
from pipeline.estimation.together import joint

DRAW = np.random.default_rng(5)
ROWS = pd.DataFrame(
    {
        "psu": np.repeat(np.arange(20), 6), "w": DRAW.uniform(1, 3, 120),
        "q": DRAW.integers(1, 6, 120), "a": DRAW.integers(0, 2, 120), "b": DRAW.integers(0, 2, 120),
    }
).assign(c=lambda r: ((r["a"] + r["b"]) == 0).astype(int))  # fmt: skip
DESIGN = SurveyDesign(weight="w", clusters=("psu",))


def test_a_net_score_is_the_difference_of_two_top_boxes_with_their_covariance():
    good, bad = top_box("q", (4, 5)), top_box("q", (1, 2))
    both = joint(ROWS, "mean", [good, bad], design=DESIGN)
    difference = both.contrast({"net": {"q=4+5": 1, "q=1+2": -1}})
    found = means(ROWS, [net_score("q", (4, 5), (1, 2))], design=DESIGN).iloc[0]
    assert found["value"] == pytest.approx(difference.value[0], rel=1e-12)
    assert found["standard_error"] == pytest.approx(np.sqrt(difference.covariance[0, 0]), rel=1e-9)
    with pytest.raises(ResponseError, match="positive and negative"):
        net_score("q", (3, 4), (1, 3))


def test_shares_of_answers_add_up_to_one_and_of_respondents_to_the_ticks():
    answers = shares_of_answers(ROWS, ["a", "b", "c"], design=DESIGN)
    assert answers["value"].sum() == pytest.approx(1)
    of_respondents = proportions(ROWS, ["a", "b", "c"], design=DESIGN)
    ticked = of_respondents.loc[of_respondents["code"] == "1", "value"].sum()
    ticks = means(ROWS.assign(t=ROWS[["a", "b", "c"]].sum(axis=1)), ["t"], design=DESIGN)
    assert ticked == pytest.approx(ticks["value"].iloc[0])


def test_a_scale_turns_reversed_items_and_asks_for_enough_answers():
    rows = pd.DataFrame({"x": [1.0, 5, np.nan], "y": [5.0, 1, 2], "z": [2.0, np.nan, np.nan]})
    score = scale_score(rows, ["x", "y", "z"], span=(1, 5), reverse=["y"], least=2)
    assert score.tolist()[:2] == [(1 + 1 + 2) / 3, 5.0]
    assert np.isnan(score[2])
    assert scale_score(rows, ["x", "y", "z"], span=(1, 5)).notna().tolist() == [True, False, False]
    with pytest.raises(ResponseError, match="outside the span"):
        scale_score(rows, ["x", "y"], span=(1, 4))
    with pytest.raises(ResponseError, match="no such item"):
        scale_score(rows, ["x"], span=(1, 5), reverse=["y"])


def test_an_index_runs_from_worst_to_best():
    rows = pd.DataFrame({"x": [1.0, 5, 3], "days": [30.0, 0, np.nan]})
    index = index_score(rows, {"x": (1, 5), "days": (30, 0)}, {"x": 3, "days": 1})
    assert index.tolist()[:2] == [0, 100]
    assert np.isnan(index[2])


def test_first_places_are_worth_most_points():
    rows = pd.DataFrame({"r1": [1, 2, None], "r2": [2, 1, None], "r3": [None, 3, None]})
    points = ranking_scores(rows, ["r1", "r2", "r3"])
    assert points.iloc[0].tolist() == [3, 2, 0]
    assert points.iloc[1].tolist() == [2, 3, 1]
    assert points.iloc[2].isna().all()


def test_those_who_gave_no_answer_count_in_the_base_when_asked_for():
    rows = ROWS.assign(q=ROWS["q"].where(ROWS["q"] != 3))
    valid = proportions(rows, ["q"], design=DESIGN)
    asked = proportions(rows, ["q"], design=DESIGN, base="asked")
    assert valid["value"].sum() == pytest.approx(1)
    answered = ROWS.loc[ROWS["q"] != 3, "w"].sum() / ROWS["w"].sum()
    assert asked["value"].sum() == pytest.approx(answered)
    assert (asked["n"] == 120).all()
    assert set(asked["base"]) == {"asked"}
