"""Laws that hold for every estimator, whatever the numbers."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.estimation.linear import means, ratios, totals
from pipeline.estimation.scores import net_score
from pipeline.estimation.shares import proportions
from pipeline.estimation.together import joint
from pipeline.weighting import make_replicates
from pipeline.weighting.calibration import rake

DESIGN = SurveyDesign(weight="w", strata=("h",), clusters=("psu",), nest=True)
NUMBERS = ["value", "standard_error", "low", "high", "degrees_of_freedom", "n", "design_effect"]

CALLS: dict[str, Callable[..., pd.DataFrame]] = {
    "means": lambda rows, design, by: means(rows, ["y"], design=design, by=by),
    "totals": lambda rows, design, by: totals(rows, ["y"], design=design, by=by),
    "proportions": lambda rows, design, by: proportions(
        rows, ["q"], design=design, by=by, interval="t"
    ),
    "ratios": lambda rows, design, by: ratios(rows, [("y", "x")], design=design, by=by),
    "net": lambda rows, design, by: means(
        rows, [net_score("q", (3,), (1,))], design=design, by=by
    ),
}


def drawn(seed: int, strata: int, psus: int, persons: int, gaps: float = 0.1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    number = strata * psus * persons
    place = np.arange(number)
    level = draw.normal(0, 0.5, strata * psus)[place // persons]
    rows = pd.DataFrame(
        {
            "h": place // (psus * persons), "psu": place // persons % psus,
            "w": draw.uniform(0.5, 3, number), "y": 10 + level + draw.normal(0, 1, number),
            "x": draw.uniform(1, 2, number), "q": draw.integers(1, 4, number),
            "g": draw.integers(0, 2, number),
        }
    )  # fmt: skip
    missing = draw.uniform(size=number) < gaps
    missing[0] = False  # where nobody answered nothing is estimated
    return rows.assign(y=rows["y"].where(~missing), q=rows["q"].where(~missing))


SHAPES = st.tuples(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 5), st.integers(1, 6))


@pytest.mark.parametrize("call", CALLS)
@given(shape=SHAPES)
@settings(max_examples=15)
def test_permuting_rows_changes_nothing(call, shape):
    rows = drawn(*shape)
    mixed = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        CALLS[call](rows, DESIGN, ["all", "g"])[NUMBERS],
        CALLS[call](mixed, DESIGN, ["all", "g"])[NUMBERS], rtol=1e-9, atol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@given(shape=SHAPES)
@settings(max_examples=10)
def test_names_of_strata_and_psus_do_not_matter(call, shape):
    rows = drawn(*shape)
    names = rows.assign(
        h=rows["h"].map(lambda h: f"层{9 - h}"), psu=rows["psu"].map(lambda p: f"u{7 - p}")
    )
    pd.testing.assert_frame_equal(
        CALLS[call](rows, DESIGN, ["all", "g"])[NUMBERS],
        CALLS[call](names, DESIGN, ["all", "g"])[NUMBERS], rtol=1e-9, atol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@given(shape=SHAPES)
@settings(max_examples=10)
def test_a_census_has_no_standard_error(call, shape):
    rows = drawn(*shape, gaps=0.0).assign(w=1.0)
    every = rows.assign(psus=rows.groupby("h")["psu"].transform("nunique"), persons=shape[3])
    census = SurveyDesign(
        strata=("h",), clusters=("psu", "row"), fpc=("psus", "persons"), nest=True
    )
    table = CALLS[call](every.assign(row=np.arange(len(rows))), census, None)
    assert (table["standard_error"] < 1e-9 * table["value"].abs().clip(lower=1)).all()


@given(shape=SHAPES, scale=st.floats(0.01, 1000))
@settings(max_examples=15)
def test_scaling_the_weights_changes_no_mean(shape, scale):
    rows = drawn(*shape)
    pd.testing.assert_frame_equal(
        means(rows, ["y"], design=DESIGN)[NUMBERS],
        means(rows.assign(w=rows["w"] * scale), ["y"], design=DESIGN)[NUMBERS], rtol=1e-9,
    )  # fmt: skip


@given(shape=SHAPES)
@settings(max_examples=15)
def test_the_stratified_jackknife_of_a_total_is_its_linearised_variance(shape):
    rows = drawn(*shape, gaps=0.0)
    made, design = make_replicates(rows, DESIGN, method="JKn")
    for by in (None, "g"):
        taylor = totals(rows, ["y"], design=DESIGN, by=by)["standard_error"]
        jackknife = totals(made, ["y"], design=design, by=by)["standard_error"]
        np.testing.assert_allclose(jackknife, taylor, rtol=1e-8)


@given(shape=SHAPES)
@settings(max_examples=15)
def test_a_domain_by_where_is_a_domain_by_group(shape):
    rows = drawn(*shape)
    grouped = means(rows, ["y"], design=DESIGN, by="g")
    for value, line in grouped.groupby("domain_value"):
        alone = means(rows, ["y"], design=DESIGN, where=rows["g"] == int(value))
        np.testing.assert_allclose(alone[NUMBERS], line[NUMBERS], rtol=1e-9)


@given(shape=SHAPES)
@settings(max_examples=15)
def test_raking_twice_to_the_same_margins_changes_nothing(shape):
    rows = drawn(*shape, gaps=0.0)
    counts = {"g": {str(k): float(n) for k, n in rows["g"].value_counts().items()}}
    once, design = rake(rows, DESIGN, counts, into="w1", tolerance=1e-10)
    twice, design2 = rake(once, design, counts, into="w2", tolerance=1e-10)
    np.testing.assert_allclose(once["w1"], twice["w2"], rtol=1e-8)
    assert once.groupby("g")["w1"].sum().to_numpy() == pytest.approx(
        [counts["g"][str(k)] for k in sorted(once["g"].unique())]
    )
    of = partial(means, questions=["y"])
    np.testing.assert_allclose(
        of(once, design=design)["standard_error"], of(twice, design=design2)["standard_error"],
        rtol=1e-6,
    )  # fmt: skip


@given(shape=SHAPES)
@settings(max_examples=15)
def test_estimates_together_are_the_estimates_alone(shape):
    rows = drawn(*shape)
    together = joint(rows, "mean", ["y", "x"], design=DESIGN, by=["g"])
    alone = means(rows, ["y", "x"], design=DESIGN, by="g")
    errors = np.sqrt(np.diag(together.covariance))
    found = dict(zip(together.names, errors, strict=True))
    for line in alone.to_dict("records"):
        name = f"{line['question']}@{line['domain_value']}"
        if np.isfinite(line["standard_error"]):
            assert found[name] == pytest.approx(line["standard_error"], rel=1e-9, abs=1e-12)
