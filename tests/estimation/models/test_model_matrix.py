"""Columns and names as R's `model.matrix` gives them."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.models.model import Model, canonical, quoted
from pipeline.estimation.models.model_matrix import coded, coding_of

ROWS = pd.DataFrame(
    {
        "x": [1.0, 2.0, 4.0, np.nan],
        "f": ["a", "b", "a", "c"],
        "sch.wide": pd.Categorical(["No", "Yes", "Yes", None], ["Yes", "No"]),
        "k": [1, 2, 3, 2],
        "yes": [True, False, True, True],
    }
)


def columns(formula, **chosen):
    model = Model.of("y ~ " + formula, **chosen)
    return coding_of(ROWS, model).columns(ROWS)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("x + f", ["(Intercept)", "x", "fb", "fc"]),
        ("x * f", ["(Intercept)", "x", "fb", "fc", "x:fb", "x:fc"]),
        ("0 + f + `sch.wide`", ["fa", "fb", "fc", "sch.wideNo"]),
        ("f - 1", ["fa", "fb", "fc"]),
        ("x:f", ["(Intercept)", "x:fa", "x:fb", "x:fc"]),
        ("f + f:`sch.wide`", ["(Intercept)", "fb", "fc", "fa:sch.wideNo", "fb:sch.wideNo", "fc:sch.wideNo"]),
        ("`sch.wide`:f:x + x", ["(Intercept)", "x", *[f"sch.wide{s}:f{f}:x" for f in "abc" for s in ("Yes", "No")]]),
        ("f*`sch.wide`", ["(Intercept)", "fb", "fc", "sch.wideNo", "fb:sch.wideNo", "fc:sch.wideNo"]),
        ("yes", ["(Intercept)", "yes"]),
        ("C(k)", ["(Intercept)", "C(k)2", "C(k)3"]),
        ("1", ["(Intercept)"]),
    ],
)  # fmt: skip
def test_names_are_those_of_r(formula, names):
    assert list(columns(formula)[0].names) == names


def test_the_first_factor_of_a_column_varies_fastest():
    rows = pd.DataFrame({"a": ["1", "2", "3"], "b": ["1", "2", "3"]})
    found, _ = coding_of(rows, Model.of("y ~ a*b")).columns(rows)
    assert found.names[-4:] == ("a2:b2", "a3:b2", "a2:b3", "a3:b3")


def test_values_terms_and_rows_without_a_value():
    found, known = columns("x * f")
    assert known.tolist() == [True, True, True, False]
    assert found.values.tolist() == [
        [1, 1, 0, 0, 0, 0], [1, 2, 1, 0, 2, 0], [1, 4, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0],
    ]  # fmt: skip
    assert found.terms == ("(Intercept)", "x", "f", "f", "x:f", "x:f")


def test_levels_say_order_and_reference_and_make_numbers_categories():
    found, known = columns("k", levels={"k": [2, 1]})
    assert found.names == ("(Intercept)", "k1")
    assert known.tolist() == [True, True, False, True]  # 3 is none of the levels
    assert found.values[:2, 1].tolist() == [1, 0]


def test_a_function_learned_from_some_rows_is_the_same_for_others():
    coding = coding_of(ROWS, Model.of("y ~ center(k) + log(x)"))
    whole, _ = coding.columns(ROWS)
    part, _ = coding.columns(ROWS.iloc[:2])
    np.testing.assert_array_equal(part.values, whole.values[:2])
    assert whole.names == ("(Intercept)", "center(k)", "log(x)")
    assert whole.values[2, 2] == np.log(4)


def test_a_term_can_be_taken_out_in_any_order_of_its_variables():
    coding = coding_of(ROWS, Model.of("y ~ x*f"))
    assert coding.without(["f:x"]).terms == (("x",), ("f",))
    assert canonical("b:`a`") == "a:b"
    assert (quoted("age"), quoted("sch.wide"), quoted("年龄")) == ("age", "`sch.wide`", "年龄")


def test_numbers_match_levels_whatever_their_type():
    assert coded(pd.Series([1.0, np.nan, 2.0]), [2, 1]).tolist() == [1, -1, 0]
    assert coded(pd.Series([1.0, 0.0]), [False, True]).tolist() == [1, 0]
    assert coded(pd.Series(["1", None]), ["1"]).tolist() == [0, -1]


@pytest.mark.parametrize(
    ("formula", "error", "said"),
    [
        ("x +", SurveyError, "公式"),
        ("gone", ResponseError, "gone"),
        ("log(gone)", ResponseError, "gone"),
        ("nosuch(x)", SurveyError, "nosuch"),
    ],
)
def test_a_wrong_formula_is_refused(formula, error, said):
    with pytest.raises(error, match=said):
        columns(formula)


def test_a_wrong_model_is_refused():
    with pytest.raises(SurveyError, match="~"):
        Model.of("y + x")
    with pytest.raises(SurveyError, match="family"):
        Model("y", "x", family="normal")
    with pytest.raises(SurveyError, match="link"):
        Model("y", "x", link="loglog")
