import pandas as pd
import pytest

from pipeline.weighting.diagnostics import diagnostics, spread
from pipeline.weighting.margins import margins_of


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
