import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from pipeline.design import INTERCEPT, SurveyDesign
from pipeline.errors import CalibrationError
from pipeline.weighting import calibrate
from tests.weighting.invented import DESIGN, survey, totals_of

TOTALS = {INTERCEPT: 2000.0, "age": 98_000.0, "tier": {"2": 700.0, "3": 640.0}}
TERMS = ["age", "tier"]


def scaled(seed=1):
    return survey(seed).assign(base=lambda f: f["base"] * 2000 / f["base"].sum())


@settings(max_examples=15)
@given(
    st.sampled_from(["linear", "raking", "logit"]), st.integers(1, 30), st.permutations(range(240))
)
def test_totals_are_met_in_any_order_of_rows(distance, seed, order):
    frame, bounds = scaled(seed), (0.2, 4.0)
    made, design = calibrate(
        frame, DESIGN, terms=TERMS, totals=TOTALS, distance=distance, bounds=bounds
    )
    assert made["weight"].sum() == pytest.approx(2000)
    assert totals_of(made, "weight", "age") == pytest.approx([98_000])
    held = made.groupby("tier")["weight"].sum()
    assert held.to_dict() == pytest.approx({1: 660, 2: 700, 3: 640})
    ratio = made["weight"] / made["base"]
    assert ratio.between(*np.array(bounds) * [1 - 1e-12, 1 + 1e-12]).all()
    mixed, _ = calibrate(
        frame.iloc[order], DESIGN, terms=TERMS, totals=TOTALS, distance=distance, bounds=bounds
    )
    np.testing.assert_allclose(mixed["weight"].sort_index(), made["weight"], rtol=1e-6)
    step = design.calibration[0]
    assert (step.before, step.after, step.distance) == ("base", "weight", distance)


def test_linear_weights_are_those_of_the_regression_estimator():
    """g = 1 + (T - t)' (X'DX)^-1 x, Deville & Särndal (1992), eq. 1.5."""
    frame = scaled()
    made, _ = calibrate(frame, DESIGN, terms=TERMS, totals=TOTALS)
    x = np.stack(
        [np.ones(240), frame["age"], frame["tier"] == 2, frame["tier"] == 3], axis=1
    ).astype(float)
    d = frame["base"].to_numpy()
    gap = np.array([2000, 98_000, 700, 640]) - d @ x
    g = 1 + x @ np.linalg.solve(x.T @ (x * d[:, None]), gap)
    np.testing.assert_allclose(made["weight"], d * g, rtol=1e-9)


def test_weights_within_bounds_are_the_nearest_ones():
    """The linear distance, sum of (w - d)^2 / d, minimised by a general solver."""
    frame = survey(strata=2, psus=2, rows=12).assign(base=2.0)
    totals = {INTERCEPT: 24.0, "age": float(frame["age"].sum() * 2 + 60)}
    bounds = (0.7, 1.25)
    made, _ = calibrate(frame, DESIGN, terms=["age"], totals=totals, bounds=bounds)
    age = frame["age"].to_numpy(dtype=float)
    found = minimize(
        lambda w: ((w - 2) ** 2 / 2).sum(), np.full(12, 2.0), method="SLSQP",
        bounds=[(1.4, 2.5)] * 12, options={"ftol": 1e-14, "maxiter": 500},
        constraints=[{"type": "eq", "fun": lambda w: w.sum() - 24},
                     {"type": "eq", "fun": lambda w: w @ age - totals["age"]}],
    )  # fmt: skip
    assert (made["weight"] == 2.5).any()
    np.testing.assert_allclose(made["weight"], found.x, atol=1e-5)


def test_the_raking_distance_over_categories_is_raking():
    from pipeline.weighting import rake

    margins = {"sex": {"m": 900, "f": 1100}, "tier": {"1": 600, "2": 700, "3": 700}}
    raked, _ = rake(scaled(), DESIGN, margins, tolerance=1e-13)
    made, _ = calibrate(
        scaled(), DESIGN, terms=["sex", "tier"], totals=margins, distance="raking", tolerance=1e-12
    )
    np.testing.assert_allclose(made["weight"], raked["weight"], rtol=1e-9)


def test_a_left_out_category_and_all_categories_say_the_same():
    full = {INTERCEPT: 2000, "age": 98_000, "tier": {"1": 660, "2": 700, "3": 640}}
    one, _ = calibrate(scaled(), DESIGN, terms=TERMS, totals=TOTALS, distance="raking")
    two, _ = calibrate(scaled(), DESIGN, terms=TERMS, totals=full, distance="raking")
    np.testing.assert_allclose(one["weight"], two["weight"], rtol=1e-6)


def test_rows_of_a_cluster_get_the_same_factor():
    """Lemaître & Dufour: the households' totals are met by one factor each."""
    made, _ = calibrate(
        scaled(), DESIGN, terms=TERMS, totals=TOTALS, distance="raking", equal_within_stage=1
    )
    ratio = made["weight"] / made["base"]
    assert ratio.groupby(made["psu"]).agg(np.ptp).max() < 1e-12
    assert ratio.nunique() > 5
    assert made["weight"].sum() == pytest.approx(2000)
    assert totals_of(made, "weight", "age") == pytest.approx([98_000])


def test_totals_out_of_reach_are_named_with_what_was_reached():
    frame = scaled()
    low = frame.loc[frame["tier"] == 3, "base"].sum()
    totals = {INTERCEPT: 2000, "tier": {"2": 500, "3": float(low * 1.5)}}
    with pytest.raises(CalibrationError) as refused:
        calibrate(frame, DESIGN, terms=["tier"], totals=totals, bounds=(0.5, 1.4))
    said = str(refused.value)
    assert f"tier=3: 应为 {low * 1.5:,.6g}" in said
    assert f"只到 {low * 1.4:,.6g}" in said
    assert "1 处有误" in said


def test_a_mean_beyond_all_values_cannot_be_met_by_any_distance():
    for distance, bounds in [("raking", None), ("logit", (0.1, 9)), ("linear", (0, 9))]:
        with pytest.raises(CalibrationError, match="age"):
            calibrate(
                scaled(), DESIGN, terms=["age"], totals={INTERCEPT: 2000, "age": 2000 * 85},
                distance=distance, bounds=bounds,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({INTERCEPT: 2000, "age": 98_000}, "tier: 没有总体数"),
        ({INTERCEPT: 2000, "age": 1.0, "tier": {"2": 1}}, "1、3 都没有总体数"),
        ({INTERCEPT: 2000, "age": 1.0, "tier": {"2": 1, "3": 2500}}, "各类合计 2,501"),
        ({"age": 1.0, "tier": {"2": 1, "3": 2}}, "也不知总人数"),
        ({INTERCEPT: 2000, "age": 1, "tier": {"2": 1, "3": 2, "9": 4}}, "tier=9: 没有一名"),
        ({INTERCEPT: 2000, "age": 1, "tier": {"2": -1, "3": 2}}, "小于 0"),
        ({INTERCEPT: 2000, "age": 1, "tier": {"2": 1, "3": 2}, "sex": 3}, "不在 terms 中"),
        ({INTERCEPT: float("nan"), "age": 1, "tier": {"2": 1, "3": 2}}, "总体数是 nan"),
        ({}, "没有给出任何总体数"),
    ],
)
def test_totals_that_do_not_fit_are_refused(totals, said):
    with pytest.raises(CalibrationError, match=said):
        calibrate(scaled(), DESIGN, terms=TERMS, totals=totals)


def test_missing_values_count_only_where_the_weight_does():
    frame = scaled().astype({"age": "Float64"})
    frame.loc[3, "age"] = pd.NA
    with pytest.raises(CalibrationError, match="age: 1 行没有数据"):
        calibrate(frame, DESIGN, terms=TERMS, totals=TOTALS)
    frame.loc[3, "base"] = 0.0
    made, _ = calibrate(frame, DESIGN, terms=TERMS, totals=TOTALS)
    assert made.loc[3, "weight"] == 0
    assert made["weight"].sum() == pytest.approx(2000)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"distance": "logit"}, "logit"),
        ({"distance": "logit", "bounds": (1.2, 2)}, "logit"),
        ({"distance": "euclid"}, "distance='euclid'"),
        ({"bounds": (3, 1)}, "下限"),
        ({"equal_within_stage": 2}, "equal_within_stage=2"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    with pytest.raises(CalibrationError, match=said):
        calibrate(scaled(), DESIGN, terms=TERMS, totals=TOTALS, **options)


def test_a_column_of_texts_has_no_total():
    with pytest.raises(CalibrationError, match="不是数值"):
        calibrate(scaled(), DESIGN, terms=["sex"], totals={"sex": 5.0})


def test_without_a_population_size_only_the_totals_are_met():
    made, _ = calibrate(
        scaled(), SurveyDesign(weight="base"), terms=["age"], totals={"age": 90_000}
    )
    assert totals_of(made, "weight", "age") == pytest.approx([90_000])
