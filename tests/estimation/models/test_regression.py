"""Laws and published examples of regression under a sample design."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.items import Item
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.regression import regression
from pipeline.estimation.shares import proportions
from pipeline.estimation.together import joint

SRS = SurveyDesign()
DESIGN = SurveyDesign(weight="w", strata=("s",), clusters=("psu",))


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    n = 240
    psu = np.arange(n) // 10
    x = rng.normal(size=n) + psu % 3
    made = pd.DataFrame(
        {"psu": psu, "s": psu // 6, "w": rng.uniform(1, 4, n), "x": x, "d": rng.integers(0, 2, n)}
    )
    chance = special.expit(0.5 * x - 0.8 * made["d"])
    return made.assign(
        y=2 + x - made["d"] + rng.normal(size=n) + 0.3 * (psu % 4),
        b=(rng.uniform(size=n) < chance).astype(float),
        c=rng.poisson(np.exp(0.3 * x)).astype(float),
        g=rng.choice(list("uvw"), n),
    )


def test_a_linear_model_without_design_is_least_squares_with_robust_errors(rows):
    fit = regression(rows, "y ~ x + d", design=SRS)
    ols = sm.OLS(rows["y"], sm.add_constant(rows[["x", "d"]])).fit(cov_type="HC0")
    n = len(rows)
    np.testing.assert_allclose(fit.value, ols.params)
    np.testing.assert_allclose(fit.standard_error, ols.bse * np.sqrt(n / (n - 1)))
    assert fit.df_resid == n - 3
    assert fit.r_squared()["r_squared"] == pytest.approx(ols.rsquared)
    assert fit.r_squared()["adjusted"] == pytest.approx(ols.rsquared_adj)
    assert fit.deviance == pytest.approx(ols.ssr)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_coefficients_solve_the_weighted_score_equations(rows, link):
    fit = regression(rows, Model.of("b ~ x + g", family="binomial", link=link), design=DESIGN)
    glm = sm.GLM(
        rows["b"], fit.columns.values, freq_weights=rows["w"],
        family=sm.families.Binomial(
            {"logit": sm.families.links.Logit, "probit": sm.families.links.Probit,
             "cloglog": sm.families.links.CLogLog}[link]()),
    ).fit(tol=1e-14, maxiter=200)  # fmt: skip
    np.testing.assert_allclose(fit.value, glm.params, rtol=1e-7)
    np.testing.assert_allclose(fit.deviance * rows["w"].mean(), glm.deviance)
    scores = fit.columns.values.T @ (
        rows["w"] * _per_predictor(link, fit.columns.values @ fit.value, rows["b"])
    )
    assert np.abs(scores).max() < 1e-7


def _per_predictor(link, predictor, outcome):
    inverse = {
        "logit": special.expit, "probit": special.ndtr, "cloglog": lambda z: -np.expm1(-np.exp(z))
    }[link]  # fmt: skip
    step = 1e-6
    slope = (inverse(predictor + step) - inverse(predictor - step)) / (2 * step)
    mean = inverse(predictor)
    return (outcome - mean) * slope / (mean * (1 - mean))


def test_stopping_where_r_stops_is_near_the_optimum(rows):
    model = Model.of("b ~ x + g", family="binomial", link="probit")
    best, stopped = (
        regression(rows, model, design=DESIGN, precision=p) for p in ("converged", "as_r")
    )
    np.testing.assert_allclose(stopped.value, best.value, rtol=1e-3)
    np.testing.assert_allclose(stopped.standard_error, best.standard_error, rtol=1e-2)
    assert (stopped.standard_error != best.standard_error).any()


@given(st.floats(0.01, 1000))
@settings(max_examples=10)
def test_the_scale_of_the_weights_changes_nothing(rows, factor):
    model = Model.of("c ~ x + d", family="poisson")
    scaled = rows.assign(w=rows["w"] * factor)
    fit, other = (regression(of, model, design=DESIGN) for of in (rows, scaled))
    np.testing.assert_allclose(other.value, fit.value, rtol=1e-9)
    np.testing.assert_allclose(other.covariance, fit.covariance, rtol=1e-7, atol=1e-15)
    assert other.deviance == pytest.approx(fit.deviance)
    assert other.dispersion == pytest.approx(fit.dispersion)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_the_order_of_the_rows_changes_nothing(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    model = Model.of("b ~ x * g", family="binomial")
    fit, other = (regression(of, model, design=DESIGN) for of in (rows, rows.iloc[order]))
    np.testing.assert_allclose(other.value, fit.value, rtol=1e-8)
    np.testing.assert_allclose(other.covariance, fit.covariance, rtol=1e-7, atol=1e-12)


def test_one_binary_predictor_is_the_difference_of_domain_means(rows):
    fit = regression(rows, "y ~ d", design=DESIGN)
    means = joint(rows, "mean", ["y"], design=DESIGN, by="d")
    gap = means.contrast({"gap": {"y@1": 1, "y@0": -1}})
    assert fit.value[1] == pytest.approx(gap.value[0])
    assert fit.covariance[1, 1] == pytest.approx(gap.covariance[0, 0])
    assert fit.df_resid == gap.df - 1


def test_an_intercept_only_logit_is_the_log_odds_of_the_proportion(rows):
    fit = regression(rows, Model.of("b ~ 1", family="binomial"), design=DESIGN)
    share = proportions(rows, [Item("b", "1", ("b",), (1,), "proportion")], design=DESIGN).iloc[0]
    p = share["value"]
    assert fit.value[0] == pytest.approx(special.logit(p))
    assert fit.standard_error[0] == pytest.approx(share["standard_error"] / (p * (1 - p)))


def test_a_domain_keeps_the_design_and_estimates_as_its_rows_alone(rows):
    inside = rows["s"] < 2
    fit = regression(rows, "y ~ x", design=DESIGN, where=inside)
    alone = regression(rows[inside], "y ~ x", design=DESIGN)
    np.testing.assert_allclose(fit.value, alone.value)
    np.testing.assert_allclose(fit.covariance, alone.covariance)  # whole strata
    assert (fit.n, fit.df_resid, fit.deviance) == (alone.n, alone.df_resid, alone.deviance)
    half = regression(rows, "y ~ x", design=DESIGN, where=rows["g"] == "u")
    assert half.df_resid == 20 + 1 - 2  # every PSU has such rows


def test_missing_values_leave_the_domain_or_the_sample_or_are_refused(rows):
    gaps = rows.assign(x=rows["x"].mask(rows["psu"] < 6))
    gone = gaps[gaps["x"].notna()]
    domain = regression(gaps, "y ~ x", design=DESIGN)
    dropped = regression(gaps, "y ~ x", design=DESIGN, missing="drop_rows")
    alone = regression(gone, "y ~ x", design=DESIGN)
    np.testing.assert_array_equal(dropped.covariance, alone.covariance)
    np.testing.assert_allclose(domain.value, alone.value)
    assert domain.n == dropped.n == len(gone)
    assert domain.df_resid == alone.df_resid == 18 - 3 + 1 - 2
    with pytest.raises(ResponseError, match="x"):
        regression(gaps, "y ~ x", design=DESIGN, missing="refuse")


def test_replicates_give_the_spread_of_the_refitted_coefficients(rows):
    rng = np.random.default_rng(1)
    factors = rng.uniform(0.5, 1.5, (len(rows), 6)) * rows["w"].to_numpy()[:, None]
    factors[rows["psu"] < 3, 0] = 0.0
    wide = rows.assign(**{f"r{k}": factors[:, k] for k in range(6)})
    design = SurveyDesign(weight="w", replicates=Replicates([f"r{k}" for k in range(6)], 0.2))
    model = Model.of("b ~ x + d", family="binomial")
    fit = regression(wide, model, design=design)
    each = np.stack(
        [regression(wide, model, design=SurveyDesign(weight=f"r{k}")).value for k in range(6)]
    )
    centred = each - each.mean(axis=0)
    np.testing.assert_allclose(fit.covariance, 0.2 * centred.T @ centred, rtol=1e-6)
    assert fit.df_resid == 5 + 1 - 3


def test_a_census_has_no_error(rows):
    census = SurveyDesign(fpc=("size",))
    fit = regression(rows.assign(size=len(rows)), "y ~ x", design=census)
    assert np.abs(fit.covariance).max() == 0.0


def test_collinear_columns_are_dropped_and_named(rows):
    twice = rows.assign(x2=3 * rows["x"] - 1, e=pd.Categorical(rows["g"], list("uvwz")))
    fit = regression(twice, "y ~ x + x2 + e", design=DESIGN)
    plain = regression(rows, "y ~ x + g", design=DESIGN)
    assert fit.dropped == ("x2", "ez")
    assert fit.names == ("(Intercept)", "x", "ev", "ew")
    np.testing.assert_allclose(fit.value, plain.value)
    assert fit.df_resid == plain.df_resid
    assert "x2、ez" in fit.warnings[0]


def test_separation_is_said_and_has_no_standard_error():
    rows = pd.DataFrame(
        {"y": [0, 0, 1, 0, 1, 1, 1, 1], "z": list("aaaabbbb"), "x": [1, 2, 2, 3, 1, 2, 3, 4]}
    )
    fit = regression(rows, Model.of("y ~ z + x", family="binomial"), design=SRS)
    assert any("zb" in said and "separation" in said for said in fit.warnings)
    assert np.isnan(fit.standard_error[fit.names.index("zb")])
    assert np.isfinite(fit.standard_error[fit.names.index("x")])
    assert "zb" in str(fit)
    counts = rows.assign(y=[2, 1, 3, 2, 0, 0, 0, 0])
    poisson = regression(counts, Model.of("y ~ z", family="poisson"), design=SRS)
    assert any("zb" in said for said in poisson.warnings)


def test_a_replicate_that_is_separated_is_left_out():
    rows = pd.DataFrame({"y": [0, 1, 0, 1, 0, 1, 1, 1], "z": list("aaaabbbb"), "w": 1.0})
    factors = np.ones((8, 4))
    factors[0, 0], factors[1, 1], factors[2, 2] = 2.0, 0.5, 1.5
    factors[4, 3] = 0.0  # b has only 1 left
    rows[["r0", "r1", "r2", "r3"]] = factors
    design = SurveyDesign(weight="w", replicates=Replicates(["r0", "r1", "r2", "r3"]))
    fit = regression(rows, Model.of("y ~ z", family="binomial"), design=design)
    assert np.isnan(fit.parts[3]).all()
    assert np.isfinite(fit.covariance).all()
    assert any("1 replicates" in said for said in fit.warnings)


def test_too_few_degrees_of_freedom_leave_no_interval(rows):
    few = rows[rows["psu"].isin([0, 1, 2])]
    fit = regression(few, "y ~ x + d + g", design=SurveyDesign(weight="w", clusters=("psu",)))
    table = fit.table()
    assert fit.df_resid == 2 + 1 - 5
    assert table[["p", "low", "high"]].isna().all(axis=None)
    assert table["estimate"].notna().all()
    assert any("degrees of freedom" in said for said in fit.warnings)


def test_categories_of_a_binomial_outcome(rows):
    named = rows.assign(b=np.where(rows["b"] == 1, "yes", "no"))
    fit, of = (
        regression(r, Model.of("b ~ x", family="binomial"), design=DESIGN) for r in (rows, named)
    )
    np.testing.assert_array_equal(of.value, fit.value)
    turned = Model.of("b ~ x", family="binomial", levels={"b": ["yes", "no"]})
    np.testing.assert_allclose(regression(named, turned, design=DESIGN).value, -fit.value)
    with pytest.raises(SurveyError, match="两个类别"):
        regression(rows, Model.of("g ~ x", family="binomial"), design=DESIGN)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Model.of("y ~ x", family="binomial"), "不适合"),
        (Model.of("y ~ x", family="gamma"), "不适合"),
        (Model.of("g ~ x"), "不是数值"),
        (Model.of("gone ~ x"), "gone"),
        (Model.of("c ~ x", family="poisson", link="logit"), "只用于 binomial"),
        (Model.of("y ~ 0"), "没有可用的列"),
        (Model.of("y ~ log(c)"), "无穷大"),
    ],
)
def test_an_outcome_that_does_not_fit_is_refused(rows, model, said):
    with pytest.raises(SurveyError, match=said):
        regression(rows, model, design=DESIGN)


def test_no_row_left_is_refused(rows):
    with pytest.raises(SurveyError, match="没有一行"):
        regression(rows, "y ~ x", design=DESIGN, where=rows["x"] > 1e9)


def test_an_offset_is_added_to_the_predictor(rows):
    exposed = rows.assign(log_t=np.log(rows["w"]), rate=rows["c"])
    fit = regression(exposed, Model.of("c ~ x", family="poisson", offset="log_t"), design=DESIGN)
    glm = sm.GLM(
        rows["c"], sm.add_constant(rows["x"]), family=sm.families.Poisson(),
        freq_weights=rows["w"], offset=exposed["log_t"],
    ).fit(tol=1e-14)  # fmt: skip
    np.testing.assert_allclose(fit.value, glm.params)
    np.testing.assert_allclose(fit.null_deviance * rows["w"].mean(), glm.null_deviance, rtol=1e-6)


def test_variance_inflation_is_that_of_the_auxiliary_regressions(rows):
    fit = regression(rows.assign(z=rows["x"] + 0.3 * rows["y"]), "y ~ x + z + d", design=DESIGN)
    table = fit.variance_inflation().set_index("term")
    share = regression(
        rows.assign(z=rows["x"] + 0.3 * rows["y"]), "z ~ x + d", design=DESIGN
    ).r_squared()["r_squared"]
    assert table.loc["z", "inflation"] == pytest.approx(1 / (1 - share))
    several = regression(rows, "y ~ x + g", design=DESIGN).variance_inflation()
    assert several["columns"].tolist() == [1, 2]
    assert several["inflation"][0] == pytest.approx(several["inflation"][1])  # two terms


def test_the_table_has_intervals_and_odds_ratios(rows):
    fit = regression(rows, Model.of("b ~ x", family="binomial"), design=DESIGN, level=0.9)
    table, odds = fit.table(), fit.table(exponentiate=True, labels={"x": "年龄"})
    np.testing.assert_allclose(odds["estimate"], np.exp(table["estimate"]))
    np.testing.assert_allclose(odds[["low", "high"]], np.exp(table[["low", "high"]]))
    np.testing.assert_allclose(
        odds["standard_error"], np.exp(table["estimate"]) * table["standard_error"]
    )
    assert odds["name"].tolist() == ["(Intercept)", "年龄"]
    assert (table["n"] == fit.n).all()
    width = table["high"] - table["low"]
    wide = fit.table(level=0.99)
    assert (wide["high"] - wide["low"] > width).all()
    assert "n = 240" in str(fit)
    assert "年龄" not in fit._repr_html_()


def test_the_aspirin_trial():
    """Agresti (2002), Categorical Data Analysis, 2nd ed., sec. 3.1.1: odds ratio 1.832, error of
    the log odds ratio .123, difference of proportions .0077."""
    table = pd.DataFrame(
        {
            "arm": ["placebo", "placebo", "aspirin", "aspirin"],
            "attack": [1, 0, 1, 0],
            "f": [189, 10845, 104, 10933],
        }
    )
    people = table.loc[table.index.repeat(table["f"])].reset_index(drop=True)
    fit = regression(people, Model.of("attack ~ arm", family="binomial"), design=SRS)
    odds = fit.table(exponentiate=True).set_index("name").loc["armplacebo"]
    assert odds["estimate"] == pytest.approx(1.832, abs=5e-4)
    assert fit.standard_error[1] == pytest.approx(0.123, abs=5e-4)
    assert (odds["low"], odds["high"]) == pytest.approx((1.44, 2.33), abs=5e-3)


def test_dobson_counts():
    """Dobson (1990), An Introduction to Generalized Linear Models, p. 93; deviance 5.1291."""
    rows = pd.DataFrame(
        {
            "counts": [18, 17, 15, 20, 10, 20, 25, 13, 12],
            "outcome": list("123123123"),
            "treatment": list("111222333"),
        }
    )
    fit = regression(rows, Model.of("counts ~ outcome + treatment", family="poisson"), design=SRS)
    np.testing.assert_allclose(fit.value, [3.0445, -0.4543, -0.2930, 0, 0], atol=5e-5)
    assert fit.deviance == pytest.approx(5.1291, abs=5e-5)


def test_blood_clotting_times():
    """McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., p. 302, lot 1: the inverse
    mean is -0.01655 + 0.01534 log u; deviance 0.0167."""
    rows = pd.DataFrame(
        {"u": [5, 10, 15, 20, 30, 40, 60, 80, 100], "lot1": [118, 58, 42, 35, 27, 25, 21, 19, 18]}
    )
    fit = regression(rows, Model.of("lot1 ~ log(u)", family="gamma"), design=SRS)
    np.testing.assert_allclose(fit.value, [-0.01655, 0.01534], atol=5e-6)
    assert fit.deviance == pytest.approx(0.0167, abs=5e-5)
