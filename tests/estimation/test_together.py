import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.linear import means, ratios
from pipeline.estimation.together import joint

RNG = np.random.default_rng(3)
ROWS = pd.DataFrame(
    {"psu": np.repeat(range(12), 5), "w": RNG.uniform(1, 3, 60), "d": np.tile([0, 1], 30)}
)
ROWS = ROWS.assign(x=RNG.normal(5, 1, 60) + ROWS["psu"], y=RNG.normal(9, 2, 60) + ROWS["psu"])
DESIGN = SurveyDesign(weight="w", clusters=("psu",))


def test_the_diagonal_is_the_square_of_the_standard_errors():
    together, single = (
        joint(ROWS, "mean", ["x", "y"], design=DESIGN),
        means(ROWS, ["x", "y"], design=DESIGN),
    )
    assert together.names == ("x", "y")
    np.testing.assert_allclose(np.sqrt(np.diag(together.covariance)), single["standard_error"])
    table = together.table()
    np.testing.assert_allclose(table[["low", "high"]], single[["low", "high"]])


def test_a_difference_of_means_is_the_mean_of_the_difference():
    together = joint(ROWS, "mean", ["x", "y"], design=DESIGN)
    contrast = together.contrast({"gap": {"y": 1, "x": -1}})
    direct = means(ROWS.assign(gap=ROWS["y"] - ROWS["x"]), ["gap"], design=DESIGN)
    assert contrast.value[0] == pytest.approx(direct["value"][0])
    assert contrast.table()["standard_error"][0] == pytest.approx(direct["standard_error"][0])


def test_a_ratio_by_the_delta_method_is_the_ratio_estimator():
    sums = joint(ROWS, "total", ["x", "y"], design=DESIGN)
    delta = sums.function("x/y", lambda at: at["x"] / at["y"])
    direct = ratios(ROWS, [("x", "y")], design=DESIGN)
    assert delta.value[0] == pytest.approx(direct["value"][0])
    assert delta.table()["standard_error"][0] == pytest.approx(direct["standard_error"][0])


def test_groups_are_named_and_an_unknown_name_is_refused():
    together = joint(ROWS, "mean", ["x"], design=DESIGN, by="d")
    assert together.names == ("x@0", "x@1")
    with pytest.raises(KeyError, match="x@2"):
        together.contrast({"gap": {"x@2": 1}})


def test_ratios_keep_the_rule_on_missing_answers():
    rows = pd.DataFrame(
        {"w": 1.0, "y": [1.0, 2, 3, 4, 5, 6], "x": [2.0, 2, 2, 4, 4, 4],
         "z": [1.0, None, 1, 1, 1, None]}
    )  # fmt: skip
    design = SurveyDesign(weight="w")
    apart = joint(rows, "mean", [("y", "x"), "z"], design=design)
    jointly = joint(rows, "mean", [("y", "x"), "z"], design=design, missing="domain_jointly")
    assert apart.value[0] == pytest.approx(21 / 18)
    assert jointly.value[0] == pytest.approx(13 / 12)
    with pytest.raises(ResponseError, match="answers are missing"):
        joint(rows, "mean", [("y", "z")], design=design, missing="refuse")


@pytest.mark.parametrize("question", ["x", ("x", "y")])
def test_a_domain_without_answers_is_refused_in_words(question: str | tuple[str, str]):
    with pytest.raises(ResponseError, match=r"没有一个可用的答案.*nobody in this domain"):
        joint(ROWS, "mean", [question], design=DESIGN, where=ROWS["d"] == 2)
    with pytest.raises(ResponseError, match="joint: x"):
        joint(ROWS.assign(x=np.nan), "mean", ["x"], design=DESIGN)
