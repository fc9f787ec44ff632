import numpy as np
import pandas as pd
import pytest
from scipy import special

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.models.margins import margins, predictive_means
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.ordinal import ordinal
from pipeline.estimation.models.regression import regression
from pipeline.estimation.together import joint
from pipeline.weighting import make_replicates

DESIGN = SurveyDesign(weight="w", clusters=("psu",))


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(6)
    n = 600
    made = pd.DataFrame(
        {"x": rng.normal(2, 1, n), "g": rng.choice(list("cab"), n), "psu": np.arange(n) // 10}
    )
    z = 0.7 * made["x"] - 1 - 0.6 * (made["g"] == "b")
    return made.assign(
        y=z + rng.normal(size=n), w=rng.uniform(1, 2, n),
        d=(rng.logistic(size=n) < z).astype(float), o=np.digitize(z + rng.logistic(size=n), [-1, 1]),
    )  # fmt: skip


def test_the_effects_of_a_linear_model_are_its_coefficients(rows):
    fit = regression(rows, "y ~ x + g", design=DESIGN)
    of_x, of_g = margins(fit, "x"), margins(fit, "g")
    assert of_x.value[0] == pytest.approx(fit.value[1])
    np.testing.assert_allclose(of_x.covariance, fit.covariance[1:2, 1:2], rtol=1e-6)
    np.testing.assert_allclose(of_g.value, fit.value[2:])
    np.testing.assert_allclose(of_g.covariance, fit.covariance[2:, 2:], rtol=1e-6)
    assert of_g.names == ("gb", "gc")
    assert of_g.table()["n"].tolist() == [600, 600]


def test_a_logistic_effect_is_the_average_of_p_q_times_the_coefficient(rows):
    fit = regression(rows, Model.of("d ~ x + g", family="binomial"), design=DESIGN)
    p = special.expit(fit.columns.values @ fit.value)
    of_x = margins(fit, "x").value[0]
    assert of_x == pytest.approx(np.average(p * (1 - p), weights=rows["w"]) * fit.value[1])


def test_functions_and_interactions_follow_the_variable(rows):
    fit = regression(rows, "y ~ x + I(x**2) + x:g", design=DESIGN)
    b = dict(zip(fit.names, fit.value, strict=True))
    own = b["x:gb"] * (rows["g"] == "b") + b["x:gc"] * (rows["g"] == "c")
    each = b["x"] + 2 * b["I(x ** 2)"] * rows["x"] + own
    assert margins(fit, "x").value[0] == pytest.approx(np.average(each, weights=rows["w"]))


def test_the_linearised_error_of_an_effect_agrees_with_the_jackknife(rows):
    wide, jackknife = make_replicates(rows, DESIGN, method="JK1")
    model = Model.of("d ~ x + g", family="binomial")
    for variable in ("x", "g"):
        taylor = margins(regression(rows, model, design=DESIGN), variable)
        spread = margins(regression(wide, model, design=jackknife), variable)
        np.testing.assert_allclose(taylor.value, spread.value)
        np.testing.assert_allclose(
            np.sqrt(np.diag(taylor.covariance)), np.sqrt(np.diag(spread.covariance)), rtol=0.03
        )


def test_ordinal_effects_add_up_to_nothing(rows):
    fit = ordinal(rows, "o ~ x + g", design=DESIGN)
    for variable, effects in (("x", 1), ("g", 2)):
        found = margins(fit, variable)
        assert len(found.names) == 3 * effects
        np.testing.assert_allclose(found.value.reshape(effects, 3).sum(axis=1), 0, atol=1e-9)
    assert margins(fit, "x").names == ("x [0]", "x [1]", "x [2]")
    assert margins(fit, "x").value[2] > 0


def test_predictive_means_without_other_variables_are_the_means_of_the_groups(rows):
    fit = regression(rows, "y ~ 1", design=DESIGN)
    found = predictive_means(fit, "g")
    means = joint(rows, "mean", ["y"], design=DESIGN, by="g")
    place = [means.names.index(f"y@{name}") for name in found.names]
    np.testing.assert_allclose(found.value, means.value[place])
    # everybody in one group has the same prediction: no sampling part
    np.testing.assert_allclose(found.covariance, means.covariance[np.ix_(place, place)])
    assert found.names == tuple(dict.fromkeys(rows["g"]))


def test_predictive_means_differ_by_the_coefficients_of_the_group(rows):
    fit = regression(rows, "y ~ x", design=DESIGN)
    wide = regression(rows, "y ~ x + g", design=DESIGN)
    found = predictive_means(fit, "g", levels=["a", "b", "c"]).joint()
    gap = found.contrast({"b-a": {"b": 1, "a": -1}})
    assert gap.value[0] == pytest.approx(wide.value[2])
    assert gap.covariance[0, 0] == pytest.approx(wide.covariance[2, 2])
    mean = np.average(wide.value[0] + wide.value[1] * rows["x"], weights=rows["w"])
    assert found.value[found.names.index("a")] == pytest.approx(mean)


def test_rows_without_a_group_count_in_the_average_only(rows):
    gaps = rows.assign(g=rows["g"].mask(rows["psu"] < 5))
    found = predictive_means(regression(gaps, "y ~ x", design=DESIGN), "g")
    wide = regression(gaps, "y ~ x + g", design=DESIGN)
    a = np.average(wide.value[0] + wide.value[1] * rows["x"], weights=rows["w"])
    assert found.value[found.names.index("a")] == pytest.approx(a)
    assert found.n == 600


def test_a_variable_that_is_not_there_is_refused(rows):
    fit = regression(rows, "y ~ x", design=DESIGN)
    with pytest.raises(SurveyError, match="没有用到"):
        margins(fit, "g")
    with pytest.raises(SurveyError, match="分组变量"):
        predictive_means(fit, "x")
