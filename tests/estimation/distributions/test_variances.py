import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.distributions.variances import matrix_of, variances
from pipeline.estimation.estimate import ESTIMATE_COLUMNS
from pipeline.estimation.linear import means

DESIGN = SurveyDesign(weight="w", clusters=("psu",))
RNG = np.random.default_rng(2)
ROWS = pd.DataFrame(
    {
        "psu": np.arange(120) % 15, "w": RNG.choice([1.0, 2.0, 5.0], 120),
        "d": RNG.choice(["a", "b"], 120), "x": RNG.normal(50, 9, 120).round(2),
        "y": RNG.integers(1, 6, 120).astype(float),
    }
)  # fmt: skip


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=30))
def test_equal_weights_give_the_ordinary_covariance(pairs):
    rows = pd.DataFrame(pairs, columns=["x", "y"]).assign(w=3.7)
    found = matrix_of(variances(rows, ["x", "y"], design=SurveyDesign(weight="w")))
    np.testing.assert_allclose(found, np.cov(rows[["x", "y"]].T, ddof=1), atol=1e-9)


def test_the_table_holds_every_pair_once():
    found = variances(ROWS, ["x", "y"], design=DESIGN, by=["all", "d"])
    assert tuple(found.columns) == ESTIMATE_COLUMNS[3:-2]
    pairs = list(zip(found["question"], found["code"], found["estimand"], strict=True))[::3]
    assert pairs == [("x", "", "variance"), ("x", "y", "covariance"), ("y", "", "variance")]
    assert found["domain_value"].tolist()[:3] == ["all", "a", "b"]
    assert found.loc[0, "n"] == 120 == found.loc[1, "n"] + found.loc[2, "n"]


def test_it_is_the_mean_of_products_of_deviations_with_its_standard_error():
    found = variances(ROWS, ["x", "y"], design=DESIGN).iloc[1]
    centred = ROWS[["x", "y"]] - np.average(ROWS[["x", "y"]], axis=0, weights=ROWS["w"])
    products = ROWS.assign(p=centred["x"] * centred["y"] * 120 / 119)
    wanted = means(products, ["p"], design=DESIGN).iloc[0]
    columns = ["value", "standard_error", "low", "high", "degrees_of_freedom", "design_effect"]
    assert found[columns].tolist() == pytest.approx(wanted[columns].tolist())


def test_a_domain_is_not_the_deletion_of_the_others():
    by = variances(ROWS, ["x"], design=DESIGN, by="d")
    inside = ROWS["d"] == "b"
    where = variances(ROWS, ["x"], design=DESIGN, where=inside).iloc[0]
    columns = ["value", "standard_error", "n"]
    assert by.iloc[1][columns].tolist() == pytest.approx(where[columns].tolist())
    value = ROWS.loc[inside, "x"]
    weight, n = ROWS.loc[inside, "w"], int(inside.sum())
    spread = np.average((value - np.average(value, weights=weight)) ** 2, weights=weight)
    assert where["value"] == pytest.approx(spread * n / (n - 1))


def test_replicates_take_their_own_means():
    factors = 15 / 14 * (1 - np.eye(15))[ROWS["psu"]]
    names = tuple(f"r{k}" for k in range(15))
    rows = pd.concat([ROWS, pd.DataFrame(factors, columns=list(names))], axis=1)
    design = SurveyDesign(weight="w", replicates=Replicates(names, scale=14 / 15, combined=False))
    found = matrix_of(variances(rows, ["x", "y"], design=design), "standard_error")
    each = np.stack(
        [np.cov(ROWS[["x", "y"]].T, aweights=ROWS["w"] * f, ddof=0) for f in factors.T]
    )  # fmt: skip
    each = each * 120 / 119
    wanted = np.sqrt(14 / 15 * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(found, wanted)
    linear = matrix_of(variances(ROWS, ["x", "y"], design=DESIGN), "standard_error")
    np.testing.assert_allclose(found, linear, rtol=0.1)


def test_missing_answers_count_in_the_divisor_but_not_in_the_mean():
    gaps = ROWS.assign(x=ROWS["x"].where(ROWS.index >= 10), y=ROWS["y"].where(ROWS.index < 110))
    own = variances(gaps, ["x", "y"], design=DESIGN)
    assert own["n"].tolist() == [110, 100, 110]
    joint = variances(gaps, ["x", "y"], design=DESIGN, missing="domain_jointly")
    assert joint["n"].tolist() == [100, 100, 100]
    dropped = variances(gaps, ["x", "y"], design=DESIGN, missing="drop_rows")
    factor = (120 / 119) / (100 / 99)
    np.testing.assert_allclose(joint["value"], dropped["value"] * factor)


def test_a_constant_has_none_and_a_single_answer_is_unknown():
    found = variances(ROWS.assign(c=4.0), ["c"], design=DESIGN).iloc[0]
    assert (found["value"], found["standard_error"]) == (0, 0)
    single = variances(ROWS, ["x"], design=DESIGN, where=ROWS.index.to_series() == 5).iloc[0]
    assert np.isnan(single["value"])


def test_a_matrix_of_no_domain_is_refused():
    with pytest.raises(ResponseError, match="没有域"):
        matrix_of(variances(ROWS, ["x"], design=DESIGN), domain_value="c")
