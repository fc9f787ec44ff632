"""Cumulative link models against published numbers, binary models and their own scores."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special
from statsmodels.miscmodels.ordinal_model import OrderedModel

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import SurveyError
from pipeline.estimation.models.cumulative_links import LINKS, Likelihood
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.ordinal import ordinal
from pipeline.estimation.models.term_tests import term_test
from pipeline.estimation.models.variable_metric import curvature, minimum

LEVELS = ("Low", "Medium", "High")
HOUSING = {
    ("Tower", "Low"): [(21, 21, 28), (34, 22, 36), (10, 11, 36)],
    ("Apartment", "Low"): [(61, 23, 17), (43, 35, 40), (26, 18, 54)],
    ("Atrium", "Low"): [(13, 9, 10), (8, 8, 12), (6, 7, 9)],
    ("Terrace", "Low"): [(18, 6, 7), (15, 13, 13), (7, 5, 11)],
    ("Tower", "High"): [(14, 19, 37), (17, 23, 40), (3, 5, 23)],
    ("Apartment", "High"): [(78, 46, 43), (48, 45, 86), (15, 25, 62)],
    ("Atrium", "High"): [(20, 23, 20), (10, 22, 24), (7, 10, 21)],
    ("Terrace", "High"): [(57, 23, 13), (31, 21, 13), (5, 6, 13)],
}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(8)
    n = 300
    x = rng.normal(size=n)
    made = pd.DataFrame({"x": x, "g": rng.choice(list("uv"), n), "psu": np.arange(n) // 12})
    z = 0.8 * x + 0.5 * (made["g"] == "v") + rng.logistic(size=n)
    return made.assign(o=np.digitize(z, [-1, 0, 1.5]), w=rng.uniform(1, 3, n))


def test_the_copenhagen_housing_conditions_survey():
    """Venables & Ripley (2002), Modern Applied Statistics with S, 4th ed., sec. 7.3: 1681 tenants,
    coefficients and thresholds, residual deviance 3479.149."""
    rows = pd.DataFrame(
        [
            {
                "type": kind,
                "contact": contact,
                "influence": LEVELS[i],
                "satisfied": LEVELS[s],
                "f": f,
            }
            for (kind, contact), table in HOUSING.items()
            for i, line in enumerate(table)
            for s, f in enumerate(line)
        ]
    )
    assert rows["f"].sum() == 1681
    model = Model(
        "satisfied", "influence + type + contact",
        levels={
            "satisfied": LEVELS, "influence": LEVELS, "contact": LEVELS[::2],
            "type": ("Tower", "Apartment", "Atrium", "Terrace"),
        },
    )  # fmt: skip
    fit = ordinal(rows, model, design=SurveyDesign(weight="f"))
    assert fit.names[-2:] == ("Low|Medium", "Medium|High")
    np.testing.assert_allclose(
        fit.value,
        [
            0.5663937,
            1.2888191,
            -0.5723501,
            -0.3661866,
            -1.0910149,
            0.3602841,
            -0.4961353,
            0.6907083,
        ],
        atol=5e-6,
    )
    assert fit.deviance * rows["f"].mean() == pytest.approx(3479.149, abs=5e-4)


@pytest.mark.parametrize(("link", "law"), [("logit", "logit"), ("probit", "probit")])
def test_coefficients_are_those_of_maximum_likelihood(rows, link, law):
    fit = ordinal(rows, Model.of("o ~ x + g", link=link), design=SurveyDesign())
    x = np.column_stack([rows["x"], rows["g"] == "v"]).astype(float)
    other = OrderedModel(rows["o"].to_numpy(), x, distr=law).fit(method="bfgs", disp=0, gtol=1e-8)
    np.testing.assert_allclose(fit.value[:2], other.params[:2], rtol=1e-5)
    np.testing.assert_allclose(
        fit.value[2:], other.model.transform_threshold_params(other.params)[1:-1], rtol=1e-5
    )
    np.testing.assert_allclose(
        np.sqrt(np.diag(fit.naive))[:2],
        other.bse[:2],
        rtol=1e-3,  # bse by differences
    )


def test_weighted_scores_are_zero_and_the_scale_of_weights_does_not_matter(rows):
    fit, other = (
        ordinal(
            rows.assign(w=rows["w"] * c),
            "o ~ x + g",
            design=SurveyDesign(weight="w", clusters=("psu",)),
        )
        for c in (1.0, 50.0)
    )
    likelihood = Likelihood(
        LINKS["logit"], fit.columns.values, rows["o"].to_numpy(), np.zeros(len(rows)), 3
    )
    assert np.abs(rows["w"].to_numpy() @ likelihood.scores(fit.value)).max() < 1e-8
    np.testing.assert_allclose(other.value, fit.value)
    np.testing.assert_allclose(other.covariance, fit.covariance)
    assert fit.df_resid == 25 - 1 - 2


def test_the_derivatives_are_those_of_the_likelihood(rows):
    weight, x = rows["w"].to_numpy(), rows[["x"]].to_numpy()
    for link in LINKS.values():
        likelihood = Likelihood(link, x, rows["o"].to_numpy(), 0.1 * x[:, 0], 3)
        at = np.array([0.4, -0.9, 0.1, 1.2])

        def slope(value, of=likelihood):
            return -(weight @ of.scores(value))

        numeric = optimize.approx_fprime(at, lambda v, of=likelihood: of.loss(weight, v), 1e-6)
        np.testing.assert_allclose(slope(at), numeric, rtol=1e-4)
        np.testing.assert_allclose(
            likelihood.information(weight, at), curvature(slope, at), rtol=1e-4, atol=1e-3
        )


def test_stopping_where_r_stops_is_near_the_optimum(rows):
    best, stopped = (
        ordinal(rows, "o ~ x + g", design=SurveyDesign(weight="w"), precision=p)
        for p in ("converged", "as_r")
    )
    np.testing.assert_allclose(stopped.value, best.value, rtol=2e-3)
    np.testing.assert_allclose(stopped.standard_error, best.standard_error, rtol=2e-3)
    assert (stopped.value != best.value).all()


def test_replicates_are_refitted(rows):
    factors = np.ones((len(rows), 3)) * rows["w"].to_numpy()[:, None]
    for k in range(3):
        factors[rows["psu"] % 3 == k, k] = 0.0
    wide = rows.assign(**{f"r{k}": factors[:, k] for k in range(3)})
    design = SurveyDesign(weight="w", replicates=Replicates(["r0", "r1", "r2"], 0.5))
    fit = ordinal(wide, "o ~ x", design=design)
    each = np.stack([
        ordinal(wide, "o ~ x", design=SurveyDesign(weight=f"r{k}")).value for k in range(3)
    ])  # fmt: skip
    centred = each - each.mean(axis=0)
    np.testing.assert_allclose(fit.covariance, 0.5 * centred.T @ centred, rtol=1e-6)
    assert fit.df_resid == 2 - 1
    near = ordinal(wide, "o ~ x", design=design, precision="as_r")
    np.testing.assert_allclose(near.standard_error, fit.standard_error, rtol=0.02)


def test_a_replicate_without_a_category_is_left_out(rows):
    wide = rows.assign(
        r0=rows["w"], r1=rows["w"] * (rows["o"] != 3), r2=rows["w"] * (1 + rows["psu"] % 2)
    )
    design = SurveyDesign(weight="w", replicates=Replicates(["r0", "r1", "r2"]))
    fit = ordinal(wide, "o ~ x", design=design)
    assert np.isnan(fit.parts[1]).all()
    assert np.isfinite(fit.covariance).all()
    assert any("1 replicates" in said for said in fit.warnings)


def test_the_order_of_categories_is_the_callers(rows):
    named = rows.assign(o=rows["o"].map({0: "poor", 1: "fair", 2: "good", 3: "best"}))
    order = ["poor", "fair", "good", "best"]
    fit = ordinal(rows, "o ~ x", design=SurveyDesign())
    told = ordinal(named, Model.of("o ~ x", levels={"o": order}), design=SurveyDesign())
    typed = ordinal(
        named.assign(o=pd.Categorical(named["o"], order)), "o ~ x", design=SurveyDesign()
    )
    turned = ordinal(named, Model.of("o ~ x", levels={"o": order[::-1]}), design=SurveyDesign())
    np.testing.assert_array_equal(told.value, fit.value)
    np.testing.assert_array_equal(typed.value, fit.value)
    assert told.names == ("x", "poor|fair", "fair|good", "good|best")
    np.testing.assert_allclose(turned.value[0], -fit.value[0])
    np.testing.assert_allclose(turned.value[:0:-1], -fit.value[1:])


def test_a_category_that_nobody_chose_has_no_threshold(rows):
    fit = ordinal(rows, Model.of("o ~ x", levels={"o": [0, 1, 9, 2, 3]}), design=SurveyDesign())
    assert fit.names[1:] == ("0|1", "1|2", "2|3")


def test_without_variables_thresholds_are_quantiles_of_the_shares(rows):
    fit = ordinal(rows, "o ~ 1", design=SurveyDesign(weight="w"))
    share = rows.groupby("o")["w"].sum().cumsum() / rows["w"].sum()
    np.testing.assert_allclose(fit.value, special.logit(share[:-1]))
    assert fit.r_squared()["mcfadden"] == pytest.approx(0, abs=1e-12)


def test_collinear_columns_are_dropped(rows):
    fit = ordinal(rows.assign(x2=rows["x"] * 2), "o ~ x + x2", design=SurveyDesign())
    assert fit.dropped == ("x2",)
    assert fit.names[0] == "x"
    assert term_test(fit, "x").df == (1.0, fit.df_resid)


def test_separation_is_said():
    rows = pd.DataFrame({"o": [0, 0, 1, 1, 2, 2], "x": [1, 2, 3, 4, 5, 6]})
    fit = ordinal(rows, "o ~ x", design=SurveyDesign())
    assert any("convergence" in said for said in fit.warnings)


def test_two_categories_and_other_links_are_refused(rows):
    with pytest.raises(SurveyError, match="三个"):
        ordinal(rows.assign(o=rows["o"] > 1), "o ~ x", design=SurveyDesign())
    with pytest.raises(SurveyError, match="cauchit"):
        ordinal(rows, Model.of("o ~ x", link="cauchit"), design=SurveyDesign())


def test_the_variable_metric_method_ends_next_to_the_minimum():
    """Rosenbrock's valley, from the usual start; R's optim gives 0.9998 0.9996 (its help page)."""

    def slope(v):
        return np.array(
            [-400 * v[0] * (v[1] - v[0] ** 2) - 2 * (1 - v[0]), 200 * (v[1] - v[0] ** 2)]
        )

    found = minimum(
        lambda v: 100 * (v[1] - v[0] ** 2) ** 2 + (1 - v[0]) ** 2, slope, np.array([-1.2, 1.0])
    )
    np.testing.assert_allclose(found, [1, 1], atol=1e-3)
    assert minimum(lambda v: float(v @ v), lambda v: 2 * v, np.zeros(2)).tolist() == [0, 0]
