import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import Poststratify, Rake, SurveyDesign
from pipeline.errors import CalibrationError
from pipeline.weighting.calibration import poststratify, rake

DESIGN = SurveyDesign(weight="base")


def frame(cells, rest=1):
    """Two rows in each cell of a 2 x 3 table, with weights of their own."""
    pairs = [(a, b) for a in ("x", "y") for b in (1, 2, 3)]
    rows = [(a, b, c) for (a, b), c in zip(pairs, cells, strict=True)] * 2
    return pd.DataFrame(rows, columns=["a", "b", "base"]).assign(base=lambda f: f["base"] * rest)


def shares(weights, total):
    given = np.array(weights, dtype=float)
    return given / given.sum() * total


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 50), min_size=6, max_size=6),
    st.lists(st.integers(1, 20), min_size=5, max_size=5),
    st.integers(1, 10**6),
)
def test_raked_weights_meet_every_margin_and_add_up_to_the_population(cells, wanted, population):
    of_a, of_b = shares(wanted[:2], population), shares(wanted[2:], population)
    margins = {"a": dict(zip("xy", of_a, strict=True)), "b": dict(zip("123", of_b, strict=True))}
    rows, design = rake(frame(cells), DESIGN, margins, tolerance=1e-9, max_iterations=2000)
    assert rows["weight"].sum() == pytest.approx(population)
    for name, counts in margins.items():
        held = rows.groupby(rows[name].astype(str))["weight"].sum()
        assert held.to_dict() == pytest.approx(counts)
    assert design.weight == "weight"
    assert isinstance(design.calibration[0], Rake)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 50), min_size=6, max_size=6), st.integers(2, 1000))
def test_the_scale_of_the_base_weights_does_not_matter(cells, factor):
    margins = {"a": {"x": 30, "y": 70}, "b": {"1": 20, "2": 30, "3": 50}}
    one, _ = rake(frame(cells), DESIGN, margins, tolerance=1e-10, max_iterations=1000)
    other, _ = rake(frame(cells, factor), DESIGN, margins, tolerance=1e-10, max_iterations=1000)
    np.testing.assert_allclose(one["weight"], other["weight"], rtol=1e-9)


def test_raking_keeps_the_odds_ratio_of_the_table():
    """Deming & Stephan: only row and column factors; the association stays that of the sample."""
    rows = pd.DataFrame(
        [("x", "1", 10.0), ("x", "2", 20.0), ("y", "1", 30.0), ("y", "2", 15.0)],
        columns=["a", "b", "base"],
    )
    margins = {"a": {"x": 40, "y": 60}, "b": {"1": 50, "2": 50}}
    w = rake(rows, DESIGN, margins, tolerance=1e-12)[0]["weight"]
    assert w[0] * w[3] / (w[1] * w[2]) == pytest.approx(10 * 15 / (20 * 30))


def test_a_person_of_unknown_category_keeps_out_of_that_margin():
    rows = pd.DataFrame({"a": ["x", "x", "y", None], "base": [1.0, 1, 1, 1]})
    raked, _ = rake(rows, DESIGN, {"a": {"x": 50, "y": 50}})
    assert raked["weight"].tolist() == pytest.approx([18.75, 18.75, 37.5, 25])
    assert raked["weight"].sum() == pytest.approx(100)


def test_poststratified_weights_keep_their_proportions_within_a_category():
    rows = pd.DataFrame({"a": ["x", "x", "y"], "base": [1.0, 3.0, 5.0]})
    made, design = poststratify(rows, DESIGN, "a", {"x": 8, "y": 2}, into="w")
    assert made["w"].tolist() == pytest.approx([2, 6, 2])
    assert design.calibration == (Poststratify("a", {"x": 8.0, "y": 2.0}),)


def test_margins_that_contradict_each_other_do_not_converge():
    rows = pd.DataFrame({"a": ["x", "y"], "b": ["1", "2"], "base": [1.0, 1.0]})
    with pytest.raises(CalibrationError, match="仍与总体数相差"):
        rake(rows, DESIGN, {"a": {"x": 30, "y": 70}, "b": {"1": 60, "2": 40}})


def test_a_category_without_respondents_is_refused():
    rows = pd.DataFrame({"a": ["x"], "base": [1.0]})
    with pytest.raises(CalibrationError, match="a=y"):
        rake(rows, DESIGN, {"a": {"x": 1, "y": 1}})
