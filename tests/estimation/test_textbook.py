"""Published figures, as they were printed: textbooks, vignettes, manuals, a statistical brief.

Source of each figure: the index of the sample files, by its `id`.
"""

import json
from functools import cache

import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.distributions.quantiles import quantiles
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates, means, ratios, totals
from pipeline.estimation.models.model import Model
from pipeline.estimation.models.regression import regression
from pipeline.estimation.scales.reliability import alpha
from pipeline.estimation.together import joint
from pipeline.weighting import calibrate, make_replicates, poststratify, rake

CLUSTER = SurveyDesign(weight="pw", clusters=("dnum",), fpc=("fpc",))


@pytest.fixture(scope="module")
def files(shared):
    @cache
    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(
            shared / "samples/microdata/csv" / name, keep_default_na=False, na_values=[""]
        )

    return read


@pytest.fixture(scope="module")
def published(shared):
    index = json.loads((shared / "samples/microdata/index.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str, str], list[dict]] = {}
    for one in index["published_results"]:
        found.setdefault((one["id"], one["statistic"], one["subgroup"]), []).append(one)
    return found


def printed(value: float, given: float | None) -> bool:
    """Whether `value` rounds to what was printed, which leaves out trailing zeros."""
    if given is None:
        return True
    digits = len(repr(given).partition(".")[2]) if isinstance(given, float) else 0
    return abs(value - given) <= 0.5000001 * 10.0**-digits


def agrees(entry: dict, value: float, error: float | None = None) -> None:
    assert printed(value, entry["published_estimate"]), (value, entry)
    assert error is None or printed(error, entry["published_se"]), (error, entry)


def check(published, key: tuple[str, str, str], table: pd.DataFrame) -> None:
    row = table.iloc[0]
    for entry in published[key]:
        agrees(entry, row["value"], row["standard_error"])
        if entry["published_ci"]:
            assert printed(row["low"], entry["published_ci"][0])
            assert printed(row["high"], entry["published_ci"][1])


def test_the_vignette_of_the_survey_package(files, published):
    rows = files("apiclus1.csv")
    check(published, ("api1", "mean api00", "all"), means(rows, ["api00"], design=CLUSTER))
    for share in (0.25, 0.5, 0.75):
        table = quantiles(rows, ["api00"], design=CLUSTER, probabilities=[share])
        entry = published["api2", f"quantile {share:g} api00", "all"][0]
        assert (table["value"][0], table["low"][0], table["high"][0]) == (
            entry["published_estimate"], *entry["published_ci"]
        )  # fmt: skip
    for kind in "EHM":
        item = Item("stype", kind, ("stype",), (kind,), "proportion")
        table = estimates(rows, [item], design=CLUSTER, estimand="total")
        check(published, ("api3", f"total count stype {kind}", "all"), table)
    check(published, ("api4", "total enroll", "all"), totals(rows, ["enroll"], design=CLUSTER))
    of = ratios(rows, [("api.stu", "enroll")], design=CLUSTER)
    check(published, ("api5", "ratio api.stu/enroll", "all"), of)
    high = ratios(rows, [("api.stu", "enroll")], design=CLUSTER, where=rows["stype"] == "H")
    check(published, ("api6", "ratio api.stu/enroll", "stype==H (domain)"), high)
    by = means(rows, ["ell", "meals"], design=CLUSTER, by="stype")
    for line in by.to_dict("records"):
        key = ("api7", f"mean {line['question']}", f"stype {line['domain_value']}")
        agrees(published[key][0], line["value"], line["standard_error"])


def test_models_of_the_vignette(files, published):
    rows = files("apiclus1.csv")
    rows = rows.assign(wide=(rows["sch.wide"] == "Yes").astype(int))
    for key, outcome, family in (
        ("api8", "api00", "gaussian"), ("api9", "wide", "binomial"),
    ):  # fmt: skip
        fit = regression(rows, Model(outcome, "ell + meals", family), design=CLUSTER)
        table = fit.table()
        named = next(k for k in published if k[0] == key)[1].partition(" coef ")[0]
        for name, line in zip(fit.names, table.to_dict("records"), strict=True):
            entry = published[key, f"{named} coef {name}", "all"][0]
            agrees(entry, line["estimate"], line["standard_error"])


STYPE = {"E": 4421.0, "H": 755.0, "M": 1018.0}
WIDE = {"No": 1072.0, "Yes": 5122.0}


def test_calibrated_means_and_totals(files, published):
    rows = files("apiclus1.csv")
    greg, design = calibrate(
        rows, CLUSTER, terms=["stype", "api99"], into="w",
        totals={"(Intercept)": 6194, "stype": {"H": 755, "M": 1018}, "api99": 3914069},
    )  # fmt: skip
    yes = means(greg, ["api00"], design=design, where=greg["comp.imp"] == "Yes")
    check(published, ("api10", "mean api00", "comp.imp==Yes"), yes)
    margins = {"stype": STYPE, "sch.wide": WIDE}
    raked, design = rake(rows, CLUSTER, margins, into="w", tolerance=1e-10)
    check(published, ("api11", "mean api00", "all"), means(raked, ["api00"], design=design))
    check(published, ("api12", "total enroll", "all"), totals(raked, ["enroll"], design=design))
    made, replicated = make_replicates(rows, CLUSTER, method="JK1")
    made, replicated = rake(made, replicated, margins, into="w", tolerance=1e-10)
    check(published, ("api13", "mean api00", "all"), means(made, ["api00"], design=replicated))


def test_poststratification_is_calibration_to_one_factor(files):
    rows = files("apiclus1.csv")
    post, design = poststratify(rows, CLUSTER, "stype", STYPE, into="w")
    table = totals(post, ["enroll"], design=design)
    linear, design = calibrate(
        rows, CLUSTER, terms=["stype"], into="w",
        totals={"(Intercept)": 6194, "stype": {"H": 755, "M": 1018}},
    )  # fmt: skip
    again = totals(linear, ["enroll"], design=design)
    assert again["value"][0] == pytest.approx(table["value"][0], rel=1e-9)
    assert again["standard_error"][0] == pytest.approx(table["standard_error"][0], rel=1e-9)


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_lonely_psus_as_printed(files, published, rule):
    entries = published["api14", "mean api00", "all"]
    entry = next(e for e in entries if f"lonely.psu={rule[:5]}" in e["design"].replace("'", ""))
    design = SurveyDesign(weight="pw", strata=("dnum",), lonely_psu=rule)
    row = means(files("apiclus1.csv"), ["api00"], design=design).iloc[0]
    agrees(entry, row["value"], row["standard_error"])


def test_two_stages_strata_and_simple_random_samples(files, published):
    two = SurveyDesign(clusters=("dnum", "snum"), fpc=("fpc1", "fpc2"))
    clus2 = means(files("apiclus2.csv"), ["api00"], design=two)
    check(published, ("api15", "mean api00", "all"), clus2)
    strat = SurveyDesign(weight="pw", strata=("stype",), fpc=("fpc",))
    rows = files("apistrat.csv")
    check(published, ("api16", "mean api00", "all"), means(rows, ["api00"], design=strat))
    check(published, ("api17", "total enroll", "all"), totals(rows, ["enroll"], design=strat))
    srs = SurveyDesign(fpc=("fpc",))
    rows = files("apisrs.csv")
    check(published, ("api18", "total enroll", "all"), totals(rows, ["enroll"], design=srs))
    check(published, ("api18", "mean enroll", "all"), means(rows, ["enroll"], design=srs))


def test_the_stata_manual(files, published):
    rows = files("fpc_stata.csv")
    plain = SurveyDesign(weight="weight", strata=("stratid",), clusters=("psuid",), nest=True)
    check(published, ("fpc2", "mean x", "all"), means(rows, ["x"], design=plain))
    check(
        published, ("fpc1", "mean x", "x>4"), means(rows, ["x"], design=plain, where=rows["x"] > 4)
    )
    finite = SurveyDesign(
        weight="weight", strata=("stratid",), clusters=("psuid",), fpc=("Nh",), nest=True
    )
    check(published, ("fpc3", "mean x", "all"), means(rows, ["x"], design=finite))
    nhanes2 = SurveyDesign(weight="finalwgt", strata=("stratid",), clusters=("psuid",), nest=True)
    zinc = means(files("nhanes2_stata.csv"), ["zinc"], design=nhanes2).iloc[0]
    assert zinc["value"] == pytest.approx(87.182067, abs=5e-7)
    assert zinc["standard_error"] == pytest.approx(0.494483, abs=5e-7)
    # Stata counts the PSUs of the respondents to the question; both print 31 degrees of freedom.
    assert zinc["degrees_of_freedom"] == 31
    assert (zinc["low"], zinc["high"]) == pytest.approx((86.173563, 88.190571), abs=5e-7)


def test_lohr(files, published):
    rows = files("lohr_agstrat.csv").assign(
        N=lambda r: r["region"].map({"NE": 220, "NC": 1054, "S": 1382, "W": 422})
    )
    strat = SurveyDesign(strata=("region",), fpc=("N",))
    check(published, ("lohr1", "mean acres92", "all"), means(rows, ["acres92"], design=strat))
    check(published, ("lohr1", "total acres92", "all"), totals(rows, ["acres92"], design=strat))
    rows = files("lohr_agsrs.csv").assign(N=3078, small=lambda r: (r["acres92"] < 200_000) * 1)
    srs = SurveyDesign(fpc=("N",))
    check(published, ("lohr2", "mean acres92", "all"), means(rows, ["acres92"], design=srs))
    check(published, ("lohr2", "prop acres92<200000", "all"), means(rows, ["small"], design=srs))
    of = ratios(rows, [("acres92", "acres87")], design=srs)
    check(published, ("lohr3", "ratio acres92/acres87", "all"), of)


def test_obesity_in_the_united_states(shared, published):
    """NCHS Data Brief 288: 2015-16, adults by age and sex, and directly age-adjusted."""
    folder = shared / "samples/microdata/xpt"
    people = pd.read_sas(folder / "DEMO_I.XPT").merge(
        pd.read_sas(folder / "BMX_I.XPT"), on="SEQN", how="inner"
    )
    rows = people[people["WTMEC2YR"] > 0].reset_index(drop=True)
    adult = (rows["RIDAGEYR"] >= 20) & (rows["RIDEXPRG"] != 1)
    rows = rows.assign(
        obese=(rows["BMXBMI"] >= 30).astype(float).where(rows["BMXBMI"].notna()),
        age=pd.cut(rows["RIDAGEYR"], [20, 40, 60, 200], right=False,
                   labels=["20-39", "40-59", "60+"]).astype("object"),
        sex=rows["RIAGENDR"].map({1: "men", 2: "women"}),
    )  # fmt: skip
    design = SurveyDesign(
        weight="WTMEC2YR", strata=("SDMVSTRA",), clusters=("SDMVPSU",), nest=True
    )
    table = means(
        rows, ["obese"], design=design, by=["all", "sex", "age", ("sex", "age")], where=adult
    )
    named = {"all": "age 20+", "men": "men 20+", "women": "women 20+"}
    checked = 0
    for line in table.to_dict("records"):
        group = line["domain_value"].replace("*", " ")
        group = named.get(group, group if " " in group else f"age {group}")
        for statistic in ("% BMI>=30 crude", "% BMI>=30"):
            for entry in published.get(("ob1", statistic, group), ()):
                assert round(100 * line["value"], 1) == entry["published_estimate"]
                checked += 1
    assert checked == 12
    # The 2000 projected census population of adults in the three age groups.
    standard = {"20-39": 77670, "40-59": 72816, "60+": 45364}
    whole = sum(standard.values())
    ages = joint(rows, "mean", ["obese"], design=design, by=["age"], where=adult)
    adjusted = ages.contrast({"adjusted": {f"obese@{k}": n / whole for k, n in standard.items()}})
    assert round(100 * float(adjusted.value[0]), 1) == 39.6


def test_alpha_of_the_personality_items(files, published):
    rows = files("bfi.csv")
    turned = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
    for scale in "ACENO":
        items = [f"{scale}{k}" for k in range(1, 6)]
        reverse = [item for item in items if item in turned]
        listwise = alpha(rows, items, reverse=reverse, missing="drop_rows")
        entry = published["bfi2", "raw Cronbach alpha (listwise)", scale][0]
        assert listwise.value == pytest.approx(entry["published_estimate"], rel=1e-9)
