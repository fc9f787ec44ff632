"""The three stages in a row, on an invented sample with planted shares."""

import json
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
from tests.estimation.invented import open_links, sampled, write

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
