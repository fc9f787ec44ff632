import numpy as np
import pandas as pd
import pytest

from pipeline.design import INTERCEPT
from pipeline.weighting import calibrate, rake, trim
from pipeline.weighting.diagnostics import diagnostics, spread, steps_taken
from pipeline.weighting.margins import margins_of
from tests.weighting.invented import DESIGN, survey


def test_kish_design_effect_is_one_plus_the_relative_variance_of_the_weights():
    weight = pd.Series([1.0, 2, 3, 4, 0])
    found = spread(weight)
    inside = weight[weight > 0]
    assert found["kish_design_effect"] == pytest.approx(
        1 + inside.var(ddof=0) / inside.mean() ** 2
    )
    assert found["n"] == 4
    assert spread(weight.iloc[:0]) == {"n": 0, "sum": 0.0}


def test_representativity_is_the_largest_gap_in_share_before_raking():
    rows = pd.DataFrame({"a": ["x", "x", "x", "y"], "base": 1.0, "weight": [20.0, 20, 20, 40]})
    record = diagnostics(
        rows, {"base": "base", "rake": "weight"}, margins_of({"a": {"x": 60, "y": 40}})
    )
    assert record["representativity"] == pytest.approx(0.15)
    assert [m["weighted_before"] for m in record["margins"]] == pytest.approx([75, 25])
    assert [m["weighted_after"] for m in record["margins"]] == pytest.approx([60, 40])
    assert [s["name"] for s in record["steps"]] == ["base", "rake"]
    assert record["effective_n"] == pytest.approx(100**2 / 2800)


def test_without_margins_nothing_is_compared():
    rows = pd.DataFrame({"weight": [1.0, 1.0]})
    record = diagnostics(rows, {"base": "weight"}, margins_of({}))
    assert record["margins"] == []
    assert record["representativity"] is None
    assert record["design_effect"] == pytest.approx(1)


def test_each_step_says_what_it_did_to_the_weights():
    frame, design = rake(
        survey(), DESIGN, {"sex": {"m": 400, "f": 600}}, into="raked", tolerance=1e-12
    )
    limit = float(frame["raked"].quantile(0.9))
    frame, design = trim(frame, design, upper=limit, into="trimmed")
    told = steps_taken(frame, design)
    assert told["step"].tolist() == ["base", "rake", "trim"]
    assert told["weight"].tolist() == ["base", "raked", "trimmed"]
    assert told["sum"].tolist()[1:] == pytest.approx([1000, 1000])
    assert told["effective_n"][2] > told["effective_n"][1]
    factors = (frame["trimmed"] / frame["raked"]).agg(["min", "max"])
    assert told.loc[2, ["least_factor", "largest_factor"]].tolist() == pytest.approx(
        factors.tolist()
    )
    above = frame["raked"] > limit
    assert told["at_bounds"][2] == above.sum()
    excess = (frame["raked"] - limit)[above].sum()
    assert told["moved"][2] == pytest.approx(excess / 1000)


def test_rows_at_the_bounds_of_a_calibration_are_counted():
    frame = survey().assign(base=lambda f: f["base"] * 2000 / f["base"].sum())
    frame, design = calibrate(
        frame, DESIGN, terms=["age"], totals={INTERCEPT: 2000.0, "age": 103_000.0},
        bounds=(0.8, 1.2), into="w",
    )  # fmt: skip
    factor = frame["w"] / frame["base"]
    (_, at) = steps_taken(frame, design)["at_bounds"]
    assert at == (np.isclose(factor, 0.8) | np.isclose(factor, 1.2)).sum()
    assert at > 10
