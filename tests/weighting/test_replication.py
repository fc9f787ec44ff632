"""Replicates against linearisation: exact where theory says so, near where chance enters."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.design import Pps, SurveyDesign
from pipeline.errors import CalibrationError, DesignError
from pipeline.estimation.variance import variance
from pipeline.totals.units import units_of
from pipeline.weighting import adjust_for_nonresponse, calibrate, make_replicates, rake, trim
from tests.weighting.invented import DESIGN, survey

FPC = replace(DESIGN, fpc=("drawn_from",))
MARGINS = {"sex": {"m": 400, "f": 600}, "tier": {"1": 200, "2": 300, "3": 500}}


def linearised(frame, design):
    """Variance of the total of y."""
    units = units_of(frame, design)
    scores = np.bincount(units.unit, units.weight * frame["y"], units.count)
    return float(variance(scores[:, None], units)[0])


def replicated(frame, design, of=lambda w, y: w @ y):
    """Variance of the total of y (or of another statistic) from replicate weights."""
    given = design.replicates
    base, y = frame[design.weight].to_numpy(), frame["y"].to_numpy()
    found = np.array([of(weight, y) for weight in weights(frame, design).T])
    rscales = np.broadcast_to(given.rscales, len(found))
    centre = of(base, y) if given.mse else found[rscales > 0].mean()
    return float(given.scale * (rscales * (found - centre) ** 2).sum())


def weights(frame, design):
    """(rows, replicates)"""
    given = design.replicates
    base = frame[design.weight].to_numpy()[:, None]
    if given.factors is not None:
        return base * given.factors[frame[given.unit].to_numpy()]
    return frame[list(given.columns)].to_numpy() * (1 if given.combined else base)


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize("design", [DESIGN, FPC])
def test_the_jackknife_of_a_total_is_its_linearised_variance(design, mse):
    frame = survey()
    made, with_replicates = make_replicates(frame, design, method="JKn", mse=mse)
    assert with_replicates.replicates.factors.shape == (18, 18)
    assert replicated(made, with_replicates) == pytest.approx(linearised(frame, design))


@pytest.mark.parametrize("fpc", [(), ("all",)])
def test_the_jackknife_without_strata_too(fpc):
    frame = survey().assign(all=70)
    design = SurveyDesign(weight="base", clusters=("psu",), fpc=fpc)
    made, with_replicates = make_replicates(frame, design, method="JK1")
    assert replicated(made, with_replicates) == pytest.approx(linearised(frame, design))
    shuffled = frame.sample(frac=1, random_state=2)
    again, other = make_replicates(shuffled, design, method="JK1")
    assert replicated(again, other) == pytest.approx(replicated(made, with_replicates))


@pytest.mark.parametrize("design", [DESIGN, FPC])
@pytest.mark.parametrize("options", [{"method": "BRR"}, {"method": "Fay", "fay_rho": 0.3}])
def test_balanced_half_samples_of_pairs_give_the_linearised_variance(options, design):
    frame = survey(psus=2, strata=9)
    made, with_replicates = make_replicates(frame, design, **options)
    assert with_replicates.replicates.count == 12
    assert replicated(made, with_replicates) == pytest.approx(linearised(frame, design))


@pytest.mark.parametrize(
    ("method", "design", "of_design"),
    [
        ("bootstrap", DESIGN, DESIGN),
        ("bootstrap", FPC, FPC),
        ("subbootstrap", FPC, DESIGN),
        ("mrbbootstrap", DESIGN, DESIGN),
        ("mrbbootstrap", FPC, FPC),
    ],
)
def test_bootstraps_give_the_linearised_variance_on_average(method, design, of_design):
    frame = survey(psus=4)
    made, drawn = make_replicates(frame, design, method=method, count=4_000, seed=5)
    assert replicated(made, drawn) == pytest.approx(linearised(frame, of_design), rel=0.08)
    assert weights(made, drawn).mean(axis=1) == pytest.approx(frame["base"], rel=0.1)


def test_the_multistage_bootstrap_has_the_variance_of_every_stage():
    rng = np.random.default_rng(8)
    psu = np.repeat(np.arange(6), 8)
    frame = pd.DataFrame(
        {
            "stratum": psu // 3, "psu": psu, "person": np.arange(48), "n1": 5, "n2": 12 + psu,
            "y": rng.normal(10, 2, 48) + psu,
        }
    )  # fmt: skip
    design = SurveyDesign(strata=("stratum",), clusters=("psu", "person"), fpc=("n1", "n2"))
    made, drawn = make_replicates(frame, design, method="mrbbootstrap", count=5_000, seed=1)
    assert drawn.weight == "replicate_unit_weight"
    first = linearised(
        frame.assign(w=made[drawn.weight]), replace(design, weight="w", fpc=("n1",))
    )
    both = linearised(frame, design)
    assert first < 0.95 * both
    assert replicated(made, drawn) == pytest.approx(both, rel=0.08)
    with pytest.raises(DesignError, match="mrbbootstrap"):
        make_replicates(frame, design, method="JKn")


@pytest.mark.parametrize("lonely", ["remove", "certainty", "adjust", "average"])
@pytest.mark.parametrize("method", ["JKn", "bootstrap", "mrbbootstrap"])
def test_lonely_psus_are_treated_as_in_linearisation(lonely, method):
    frame = survey(psus=4).query("stratum != 2 or psu == 8").reset_index(drop=True)
    design = replace(FPC, lonely_psu=lonely)
    options = {} if method == "JKn" else {"count": 4_000, "seed": 3}
    made, drawn = make_replicates(frame, design, method=method, **options)
    near = 1e-9 if method == "JKn" else 0.08
    assert replicated(made, drawn) == pytest.approx(linearised(frame, design), rel=near)


def test_a_stratum_sampled_completely_does_not_vary():
    frame = survey().assign(drawn_from=lambda f: np.where(f["stratum"] == 1, 3, 10))
    for method, options in [("JKn", {}), ("bootstrap", {"count": 3, "seed": 1})]:
        made, drawn = make_replicates(frame, FPC, method=method, **options)
        unit = made.loc[made["stratum"] == 1, "replicate_unit"]
        assert (drawn.replicates.factors[unit.unique()] == 1).all()
    made, drawn = make_replicates(frame, FPC, method="JKn")
    assert drawn.replicates.count == 15
    assert replicated(made, drawn) == pytest.approx(linearised(frame, FPC))


def test_brewers_unequal_probabilities_reach_the_jackknife():
    frame = survey(rows=18).assign(p=lambda f: f["base"] / f["base"].max() * 0.6)
    design = SurveyDesign(
        probability="p", strata=("stratum",), clusters=("psu",), pps=Pps("brewer")
    )
    made, drawn = make_replicates(frame, design, method="JKn", mse=True)
    made = made.assign(w=1 / made["p"])
    found = replicated(made, replace(drawn, probability=None, weight="w"))
    assert found == pytest.approx(linearised(frame, design))
    raked, calibrated = rake(frame, design, {"sex": MARGINS["sex"]}, into="w")
    _, again = make_replicates(raked, calibrated, method="JKn")
    assert (again.weight, again.probability, again.pps) == ("w", None, None)
    with pytest.raises(DesignError, match="Brewer"):
        make_replicates(frame, design, method="bootstrap", seed=1)


def test_the_seed_fixes_a_bootstrap():
    one, two, three = (
        make_replicates(survey(), DESIGN, method="bootstrap", count=4, seed=seed)[1].replicates
        for seed in (1, 1, 2)
    )
    assert (one.factors == two.factors).all()
    assert (one.factors != three.factors).any()


@pytest.mark.parametrize(
    ("data", "method", "design"),
    [
        ("rep_clus1_JK1", "JK1", SurveyDesign(weight="pw", clusters=("dnum",), fpc=("fpc",))),
        ("rep_strat_JKn", "JKn", SurveyDesign(weight="pw", strata=("stype",))),
        ("scd_JKn", "JKn",
         SurveyDesign(weight="one", strata=("ESA",), clusters=("ambulance",), nest=True)),
    ],
)  # fmt: skip
@pytest.mark.shared
def test_jackknife_weights_are_those_of_r(shared, data, method, design):
    frame = pd.read_csv(shared / "reference" / "data" / f"{data}.csv").copy().assign(one=1.0)
    made, drawn = make_replicates(frame, design, method=method)
    given = frame.filter(regex=r"^rw\d+$").to_numpy()
    ours = weights(made, drawn)
    np.testing.assert_allclose(ours[:, np.lexsort(ours)], given[:, np.lexsort(given)])
    scale = {"rep_clus1_JK1": 0.9148392778511668, "rep_strat_JKn": None, "scd_JKn": 0.5}[data]
    if scale is not None:
        assert drawn.replicates.scale == pytest.approx(scale)


def test_a_raked_design_rakes_every_replicate():
    raked, design = rake(survey(), DESIGN, MARGINS, into="w", tolerance=1e-11)
    one, made_after = make_replicates(raked, design, method="JKn")
    begun, drawn = make_replicates(survey(), DESIGN, method="JKn")
    two, made_before = rake(begun, drawn, MARGINS, into="w", tolerance=1e-11)
    assert made_after.calibration == made_before.calibration == ()
    np.testing.assert_allclose(weights(one, made_after), weights(two, made_before))
    np.testing.assert_allclose(one["w"], raked["w"])
    for weight in weights(two, made_before).T:
        for name, counts in MARGINS.items():
            held = pd.Series(weight).groupby(two[name].astype(str)).sum()
            assert held.to_dict() == pytest.approx(counts)


@pytest.mark.parametrize("form", ["units", "columns", "multipliers"])
@pytest.mark.parametrize(
    "step",
    [
        lambda f, d: rake(f, d, MARGINS, into="w", tolerance=1e-11),
        lambda f, d: rake(f, d, MARGINS, into="w", until="cells_settled", tolerance=1e-13),
        lambda f, d: calibrate(f, d, terms=["age"], totals={"age": 60_000.0}, into="w"),
        lambda f, d: calibrate(
            f, d, terms=["tier"], totals={"tier": {"1": 290, "2": 340, "3": 370}},
            distance="logit", bounds=(0.01, 50), into="w", equal_within_stage=1,
        ),
        lambda f, d: trim(f, d, upper=12, into="w"),
        lambda f, d: adjust_for_nonresponse(f, d, responded="here", cells=["tier"], into="w"),
        lambda f, d: adjust_for_nonresponse(f, d, responded="here", propensity=["age"], into="w"),
    ],
)  # fmt: skip
def test_each_replicate_is_weighted_as_if_it_were_the_sample(step, form):
    """The same step taken by hand, one replicate's weights at a time."""
    frame = survey().assign(base=lambda f: f["base"] * 1000 / f["base"].sum())
    frame["here"] = np.arange(240) % 3 > 0
    begun, design = make_replicates(frame, DESIGN, method="bootstrap", count=6, seed=4)
    each = weights(begun, design)
    if form != "units":
        names = [f"r{k}" for k in range(6)]
        given = each if form == "columns" else each / begun[["base"]].to_numpy()
        begun = begun.assign(**dict(zip(names, given.T, strict=True)))
        design = replace(
            design,
            replicates=replace(
                design.replicates, unit=None, factors=None, columns=tuple(names),
                combined=form == "columns",
            ),
        )  # fmt: skip
    made, weighted = step(begun, design)
    alone, _ = step(frame, DESIGN)
    np.testing.assert_allclose(made["w"], alone["w"])
    for found, before in zip(weights(made, weighted).T, each.T, strict=True):
        one, _ = step(frame.assign(base=before), DESIGN)
        np.testing.assert_allclose(found, one["w"], rtol=1e-6, atol=1e-12)


def test_calibration_twice_keeps_the_replicates_in_step():
    begun, design = make_replicates(survey(), DESIGN, method="JKn")
    once, first = rake(begun, design, MARGINS, into="w1", tolerance=1e-11)
    made, second = calibrate(
        once, first, terms=["tier"], totals={"tier": MARGINS["tier"]}, into="w2"
    )
    np.testing.assert_allclose(weights(made, second), weights(once, first), rtol=1e-6)


def test_a_replicate_without_a_category_is_named():
    frame = survey().assign(sex=lambda f: np.where(f["psu"] == 4, "f", "m"))
    begun, design = make_replicates(frame, DESIGN, method="JKn")
    with pytest.raises(CalibrationError, match=r"第 5 组重复权数.*\n.*sex=f"):
        rake(begun, design, {"sex": {"m": 400, "f": 600}}, into="w")


def test_calibration_makes_the_replicates_of_a_total_that_it_fixes_stand_still():
    begun, design = make_replicates(survey(), DESIGN, method="JKn")
    made, drawn = calibrate(begun, design, terms=["y"], totals={"y": 9000.0}, into="w")
    assert replicated(made, drawn) == pytest.approx(0, abs=1e-6)
    assert replicated(begun, design) > 100


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "JK1"}, "不分层"),
        ({"method": "BRR"}, "恰有两个初级单元.*3"),
        ({"method": "bootstrap"}, "seed"),
        ({"method": "bootstrap", "seed": 1, "count": 1}, "至少 2"),
        ({"method": "JKn", "count": 10}, "只用于 bootstrap"),
        ({"method": "Fay"}, "fay_rho"),
        ({"method": "BRR", "fay_rho": 0.5}, "fay_rho"),
        ({"method": "jackknife"}, "不认识"),
        ({"method": "bootstrap", "seed": 1, "count": 10**8}, "超出内存"),
    ],
)
def test_what_a_method_cannot_do_is_said(options, said):
    with pytest.raises(DesignError, match=said):
        make_replicates(survey(), DESIGN, **options)


def test_replicates_are_not_made_twice_nor_for_a_census():
    begun, design = make_replicates(survey(), DESIGN, method="JKn")
    with pytest.raises(DesignError, match="已有重复权数"):
        make_replicates(begun, design, method="JKn")
    with pytest.raises(DesignError, match="全部抽中"):
        make_replicates(survey().assign(drawn_from=3), FPC, method="JKn")
