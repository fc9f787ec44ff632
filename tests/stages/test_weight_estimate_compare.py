"""The three stages in a row, on an invented sample with planted shares."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.errors import CalibrationError
from pipeline.estimation.estimate import ESTIMATE_COLUMNS
from pipeline.stages.compare import compare
from pipeline.stages.estimate import estimate
from pipeline.stages.weight import weight
from tests.conftest import ROOT
from tests.estimation.invented import open_links, sampled, write
from tests.real_files.project import bare_project, diaoyan, inside

MARGINS = "county,甲县,40000\ncounty,乙县,35000\ncounty,丙市,45000\nq02,1,50000\nq02,2,70000\n"


def run(folder: Path, tables, margins: str = "") -> dict[str, Path]:
    paths = write(folder, *tables, margins)
    weight(
        paths["sample"], paths["units"], paths["codebook"], paths["margins"], paths["weighted"],
        paths["design"],
    )  # fmt: skip
    estimate(
        paths["weighted"], paths["units"], paths["design"], paths["codebook"], paths["estimates"],
        survey="invented", wave="w1",
    )  # fmt: skip
    compare(
        folder / "weight", folder / "units", folder / "design", folder / "codebook",
        paths["comparison"], survey="invented",
    )  # fmt: skip
    return paths


def test_a_drawn_sample_goes_through(tmp_path: Path):
    paths = run(tmp_path, sampled(), MARGINS)
    weighted, record = (
        pd.read_parquet(paths["weighted"]),
        json.loads(paths["design"].read_text("utf-8")),
    )
    assert weighted["weight"].sum() == pytest.approx(120_000)
    assert record["design"]["strata"] == ["stratum"]
    assert record["design"]["probability_sample"] is True
    assert [step["name"] for step in record["diagnostics"]["steps"]] == ["base", "rake"]
    for margin in record["diagnostics"]["margins"]:
        assert margin["weighted_after"] == pytest.approx(margin["population"], rel=1e-5)

    table = pd.read_parquet(paths["estimates"])
    assert tuple(table.columns) == ESTIMATE_COLUMNS
    assert table["id"].is_unique
    assert list(dict.fromkeys(table["domain"])) == ["all", "county", "setting", "q02"]
    found = table.set_index(["question", "code", "domain", "domain_value"])
    bad = found.loc[("q01", "4+5", "county", "甲县")]
    assert bad["low"] < 0.6 < bad["high"]  # planted
    whole = found.loc[("q02", "1", "all", "all")]
    assert whole["value"] == pytest.approx(5 / 12)
    assert whole["interval_method"] == "calibrated"  # raked to: no estimate, no margin of error
    assert whole[["standard_error", "low", "high", "effective_n", "design_effect"]].isna().all()
    assert (whole["presentable"], whole["why_not"]) == (True, "")
    shares = table[(table["estimand"] == "proportion") & (table["question"] != "q02")]
    assert set(shares["interval_method"]) == {"beta_capped"}
    lucky = shares[(shares["effective_n"] > shares["n"]) & shares["value"].between(0.01, 0.99)]
    hits = (lucky["value"] * lucky["n"]).to_numpy()
    simple = stats.beta.ppf(0.975, hits + 1, lucky["n"] - hits)  # Clopper & Pearson
    assert len(lucky) > 0
    assert (lucky["high"] >= simple - 1e-12).all()
    # 45 sites in 9 strata, one of which answered nothing: it counts as a PSU all the same
    assert found.loc[("q01", "", "all", "all"), "degrees_of_freedom"] == 36
    assert found.loc[("q03", "1", "all", "all"), "degrees_of_freedom"] == 35
    compared = pd.read_parquet(paths["comparison"]).set_index(["kind", "question", "domain", "a"])
    assert compared.loc[("group", "q01", "county", "甲县"), "conclusion"] == "higher"
    assert compared["conclusion"].tolist()[-1] == "one_wave"


def test_without_counts_the_base_weights_are_the_weights(tmp_path: Path):
    paths = run(tmp_path, sampled())
    weighted = pd.read_parquet(paths["weighted"])
    np.testing.assert_array_equal(weighted["weight"], weighted["base_weight"])
    record = json.loads(paths["design"].read_text("utf-8"))
    assert record["design"]["calibration"] == []
    assert record["diagnostics"]["representativity"] is None


def test_open_links_are_shown_without_a_margin_of_error(tmp_path: Path):
    paths = run(tmp_path, open_links())
    table = pd.read_parquet(paths["estimates"])
    assert table[["standard_error", "low", "high", "degrees_of_freedom"]].isna().all(axis=None)
    assert table["presentable"].tolist() == (table["n"] >= 30).tolist()
    assert json.loads(paths["design"].read_text("utf-8"))["design"]["probability_sample"] is False
    assert pd.read_parquet(paths["comparison"])["p"].isna().all()


def test_a_margin_that_cannot_be_met_stops_with_its_line(tmp_path: Path):
    with pytest.raises(
        CalibrationError, match=r"margins.csv: 1 处有误.*\n.*第 5 行.*丁县"
    ) as refused:
        run(tmp_path, sampled(), "county,甲县,1\ncounty,乙县,1\ncounty,丙市,1\ncounty,丁县,1\n")
    assert "合并" in str(refused.value)


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path):
    first = run(tmp_path / "a", sampled(), MARGINS)
    second = run(tmp_path / "b", sampled(), MARGINS)
    for name in ("weighted", "estimates", "comparison"):
        assert first[name].read_bytes() == second[name].read_bytes()
    assert first["design"].read_bytes() == second["design"].read_bytes()


TO_THE_ESTIMATE = (
    "ingest mine w1", "validate mine", "verify_draw", "sample mine", "weight mine", "estimate mine",
)  # fmt: skip


def estimated(project: Path, file: Path, *options: str) -> pd.DataFrame:
    """Make a survey of a file in this folder and return the estimates of the whole sample."""
    shutil.rmtree(project, ignore_errors=True)
    with inside(bare_project(ROOT, project)):
        diaoyan(["new", "mine", "--wave", "w1", "--from", str(file), *options])
        for command in TO_THE_ESTIMATE:
            diaoyan(command.split())
    table = pd.read_parquet(project / "data/processed/estimate/mine/w1.parquet")
    return table[table["domain"] == "all"].set_index(["question", "code"])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "options", "question", "mean", "error"),
    [
        # R's survey package, vignette "A survey analysis example"
        ("apiclus1", "--weight pw --cluster dnum --fpc fpc", "api00", 644.17, 23.542),
        # ?svydesign: two stages, weights by the population sizes
        ("apiclus2", "--cluster dnum --cluster snum --fpc fpc1 --fpc fpc2", "api00", 670.81, 30.099),
        ("apistrat", "--weight pw --strata stype --fpc fpc", "api00", 662.29, 9.4089),
        # Stata's [SVY] manual, svyset; PSUs are counted anew in each stratum
        ("fpc_stata", "--weight weight --strata stratid --cluster psuid", "x", 5.448148, 0.7412683),
        ("fpc_stata", "--weight weight --strata stratid --cluster psuid --fpc Nh", "x", 5.448148, 0.6160407),
    ],
)  # fmt: skip
def test_a_declared_design_gives_the_printed_figures(
    shared: Path, tmp_path: Path, file: str, options: str, question: str, mean: float, error: float
):
    csv = shared / f"samples/microdata/csv/{file}.csv"
    found = estimated(tmp_path / "p", csv, *options.split()).loc[(question, "")]
    for name, printed in (("value", mean), ("standard_error", error)):
        digits = len(str(printed).split(".")[1])
        assert found[name] == pytest.approx(printed, abs=0.6 * 10**-digits), name


WEIGHTED = pd.DataFrame(
    {
        "性别": ["男", "女"] * 40, "年龄": [20 + at * 7 % 53 for at in range(80)],
        "w": [3.0, 1.0] * 40, "h": list("xxyy") * 20, "f": [0.25, 0.25, 0.5, 0.5] * 20,
        "N": [160, 160, 80, 80] * 20,
    }
)  # fmt: skip


def test_a_weight_alone_gives_weighted_shares_and_no_interval(tmp_path: Path):
    rows = WEIGHTED.astype({"w": "object"})
    rows.loc[0, "w"], rows.loc[1, "w"], rows.loc[2, "w"] = "", "-1", "很多"
    rows.to_csv(tmp_path / "t.csv", index=False)
    found = estimated(tmp_path / "p", tmp_path / "t.csv", "--weight", "w")
    # 40 men of weight 3 and 40 women of weight 1; two men and a woman have no weight to be read
    assert found.loc[("q001", "1"), "value"] == pytest.approx(38 * 3 / (38 * 3 + 39))
    assert found["standard_error"].isna().all()
    assert found[["low", "high"]].isna().all(axis=None)
    aside = pd.read_parquet(tmp_path / "p/data/processed/quarantine/mine/w1.parquet")
    assert len(aside) == 3
    plain = estimated(tmp_path / "p", tmp_path / "t.csv")
    assert plain.loc[("q001", "1"), "value"] == 0.5
    assert plain["standard_error"].isna().all()


def test_sampling_fractions_and_population_sizes_give_one_error(tmp_path: Path):
    WEIGHTED.to_csv(tmp_path / "t.csv", index=False)
    errors = [
        estimated(tmp_path / "p", tmp_path / "t.csv", *options.split()).loc[("q002", "")]
        for options in ("--strata h --fpc f", "--strata h --fpc N")
    ]
    assert errors[0]["standard_error"] == pytest.approx(errors[1]["standard_error"])
    assert errors[0]["value"] == pytest.approx(errors[1]["value"])
    assert errors[0]["standard_error"] > 0
