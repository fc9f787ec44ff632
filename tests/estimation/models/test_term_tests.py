import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.ordinal import ordinal
from pipeline.estimation.models.regression import regression
from pipeline.estimation.models.term_tests import term_test

DESIGN = SurveyDesign(weight="w", clusters=("psu",))


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(4)
    n = 400
    made = pd.DataFrame(
        {"x": rng.normal(size=n), "g": rng.choice(list("abc"), n), "psu": np.arange(n) // 10}
    )
    z = 0.4 * made["x"] + 0.3 * (made["g"] == "b")
    return made.assign(
        y=z + rng.normal(size=n), w=rng.uniform(1, 2, n),
        b=(rng.logistic(size=n) < z).astype(float), o=np.digitize(z + rng.logistic(size=n), [-1, 1]),
    )  # fmt: skip


def test_one_coefficient_is_the_square_of_its_t(rows):
    fit = regression(rows, "y ~ x + g", design=DESIGN)
    test, table = term_test(fit, "x"), fit.table()
    assert test.statistic == pytest.approx(table["statistic"][1] ** 2)
    assert test.p_value == pytest.approx(table["p"][1])
    assert test.df == (1.0, 39 + 1 - 4)


def test_a_linear_model_without_design_gives_the_f_of_least_squares(rows):
    fit = regression(rows, "y ~ x + g", design=SurveyDesign())
    test = term_test(fit, ["g"])
    v = fit.covariance[2:, 2:]
    assert test.statistic == pytest.approx(fit.value[2:] @ np.linalg.inv(v) @ fit.value[2:] / 2)
    assert test.p_value == pytest.approx(stats.f.sf(test.statistic, 2, len(rows) - 4))


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_a_likelihood_ratio_is_the_rise_of_the_deviance(rows, family):
    fit = regression(rows, Model.of("b ~ x + g", family=family), design=DESIGN)
    small = regression(rows, Model.of("b ~ x", family=family), design=DESIGN)
    test = term_test(fit, "g", "likelihood_ratio")
    assert test.statistic == pytest.approx(small.deviance - fit.deviance)
    effects = np.linalg.eigvals(np.linalg.solve(fit.naive[2:, 2:], fit.covariance[2:, 2:]))
    np.testing.assert_allclose(sorted(test.eigenvalues), sorted(effects))
    assert len(test.eigenvalues) == 2
    wald = term_test(fit, "g")
    assert test.p_value == pytest.approx(wald.p_value, abs=0.05)


def test_under_simple_random_sampling_it_is_near_the_usual_chi_squared(rows):
    fit = regression(rows, Model.of("b ~ x + g", family="binomial"), design=SurveyDesign())
    test = term_test(fit, "g", "likelihood_ratio", df=np.inf, tail="integration")
    np.testing.assert_allclose(test.eigenvalues, 1, atol=0.1)
    assert test.p_value == pytest.approx(stats.chi2.sf(test.statistic, 2), abs=0.02)


def test_rows_without_a_tested_value_are_left_out_of_both_models(rows):
    gaps = rows.assign(g=rows["g"].mask(rows["psu"] < 4))
    fit = regression(gaps, Model.of("b ~ x + g", family="binomial"), design=DESIGN)
    test = term_test(fit, "g", "likelihood_ratio")
    left = regression(
        gaps, Model.of("b ~ x", family="binomial"), design=DESIGN, where=gaps["g"].notna()
    )
    scale = fit.seen.weight[fit.seen.counted].mean()
    assert test.statistic == pytest.approx(left.deviance * scale - fit.deviance)


def test_interactions_and_several_terms(rows):
    fit = regression(rows, "y ~ x * g", design=DESIGN)
    assert term_test(fit, "g:x").df[0] == 2
    assert term_test(fit, ["g", "x:g"]).df[0] == 4
    assert term_test(fit, ["g", "x:g"]).terms == ("g", "x:g")


def test_ordinal_models(rows):
    fit = ordinal(rows, "o ~ x + g", design=DESIGN)
    both = [term_test(fit, "x", method).p_value for method in ("wald", "likelihood_ratio")]
    assert max(both) < 0.05
    assert term_test(fit, "x").df == (1.0, 39 - 3)


def test_a_term_that_is_not_there_is_refused(rows):
    fit = regression(rows, "y ~ x + g", design=DESIGN)
    with pytest.raises(SurveyError, match="x、g"):
        term_test(fit, "x:g")
