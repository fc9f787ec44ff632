"""A slip of the caller is an error, never a number."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation import (
    Item,
    column_letters,
    compare,
    joint,
    means,
    pca,
    proportions,
    quantiles,
    ratios,
    regression,
    t_test,
    top_box,
    totals,
)

ROWS = pd.DataFrame(
    {
        "w": 1.0, "y": np.arange(40.0), "x": 1 + np.arange(40) % 3, "q": 1 + np.arange(40) % 4,
        "text": [str(k) for k in range(40)], "zero": 0.0, "const": 2.0,
        "day": pd.Timestamp("2026-01-01"), "gap": [np.nan] * 20 + [1.0] * 20,
    },
    index=np.arange(100, 140),
)  # fmt: skip
D = SurveyDesign(weight="w")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: means(ROWS, ["y"], design=D, missing="refused"), "missing='refused'"),
        (lambda: means(ROWS, ["y"], design=D, level=95), "0.95"),
        (lambda: means(ROWS, ["y"], design=D, level=-1), "0.95"),
        (lambda: means(ROWS, ["y"], design=D, df=-3), "df=-3"),
        (lambda: means(ROWS, ["y"], design=D, interval="wilson"), "interval='wilson'"),
        (lambda: means(ROWS, ["y"], design=D, design_effect="wr"), "design_effect='wr'"),
        (lambda: proportions(ROWS, ["q"], design=D, base="ask"), "base='ask'"),
        (lambda: means(ROWS, [], design=D), "nothing to estimate"),
        (lambda: means(ROWS, ["text"], design=D), "not numeric"),
        (lambda: means(ROWS, ["day"], design=D), "not numeric"),
        (lambda: means(ROWS.assign(y=np.inf), ["y"], design=D), "infinite"),
        (lambda: means(ROWS, ["y"], design=D, where="y > 3"), "truth value per row"),
        (lambda: means(ROWS, ["y"], design=D, where=ROWS["y"]), "truth values are needed"),
        (lambda: means(ROWS, ["y"], design=D, where=ROWS["y"][:5] > 1), "not that of the rows"),
        (lambda: means(ROWS, ["y"], design=D, where=ROWS["y"] < 0), "nobody in the domain"),
        (lambda: totals(ROWS, "zero", design=D, where=ROWS["y"] < 0), "nobody in the domain"),
        (lambda: quantiles(ROWS, "y", design=D, level=95), "0.95"),
        (lambda: ratios(ROWS, [("y",)], design=D), "numerator, denominator"),
        (lambda: ratios(ROWS, ("y", "gap"), design=D, missing="refuse"), "answers are missing"),
        (lambda: column_letters(ROWS, ["q"], "x", design=D), "items are needed"),
        (lambda: pca(ROWS, ["y", "x", "const"], design=D), "const"),
        (lambda: compare(ROWS, ROWS, "y", design=D, level=95), "0.95"),
        (lambda: joint(ROWS, "mean", [], design=D), "nothing to estimate"),
        (lambda: t_test(ROWS, "y", design=D, level=95), "0.95"),
    ],
)
def test_slips_are_refused(call, said):
    with pytest.raises(SurveyError, match=said):
        call()


def test_one_question_may_stand_alone():
    assert means(ROWS, "y", design=D)["value"][0] == 19.5
    assert len(proportions(ROWS, "q", design=D)) == 4
    assert ratios(ROWS, ("y", "x"), design=D)["question"][0] == "y"
    assert quantiles(ROWS, "y", design=D, probabilities=[0.5])["value"][0] == 19


def test_a_domain_is_matched_by_its_index():
    mixed = (ROWS["y"] > 20).sample(frac=1, random_state=1)
    assert means(ROWS, "y", design=D, where=mixed)["value"][0] == 30
    assert means(ROWS, "y", design=D, where=(ROWS["y"] > 20).to_numpy())["value"][0] == 30
    fit = regression(ROWS, "y ~ x", design=D, where=mixed)
    assert fit.n == 19


def test_only_gaps_in_the_domain_are_refused():
    table = means(ROWS, "gap", design=D, where=ROWS["gap"].notna(), missing="refuse")
    assert table["value"][0] == 1


def test_codes_of_another_type_are_matched_or_refused():
    as_text = proportions(ROWS, [Item("q", "2", ("q",), ("2",), "proportion")], design=D)
    assert as_text["value"][0] == 0.25
    with pytest.raises(SurveyError, match="codes are texts"):
        proportions(ROWS, [top_box("q", ["好"])], design=D)


def test_a_ratio_to_nothing_is_missing():
    assert ratios(ROWS, ("y", "zero"), design=D)["value"].isna().all()


def test_units_without_a_response_count_only_where_they_are_silent():
    rows = ROWS.assign(w=(ROWS["y"] >= 10).astype(float))
    silent = means(rows, "x", design=D)["degrees_of_freedom"][0]
    plain = means(rows, "x", design=SurveyDesign(weight="w", silent_units=False))
    assert (silent, plain["degrees_of_freedom"][0]) == (39, 29)
