"""The verdict: its order of precedence, as laws."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from pipeline.problems.judgement import one_sided, reach, verdict_of

FROM_BEST = ("improved", "improved_small", "insufficient", "not_improved", "worsened")
DIFFERENCES = st.floats(-0.6, 0.6)
ERRORS = st.floats(0.002, 0.2)
FREEDOM = st.sampled_from([3.0, 12.5, 60.0, 2000.0])
Q = st.floats(0, 1) | st.sampled_from([0.05, 0.0500001])


def alone(difference: float, error: float, df: float, fall: float = 0.05) -> str:
    """Return the verdict on a problem that is tested alone."""
    return verdict_of(difference, error, df, *one_sided(difference, error, df), fall)


@pytest.mark.parametrize(
    ("difference", "error", "q_fall", "q_rise", "verdict"),
    [
        (0.10, 0.02, 0.99, 0.001, "worsened"),
        (-0.10, 0.02, 0.001, 0.99, "improved"),
        (-0.03, 0.01, 0.01, 0.99, "improved_small"),
        (-0.01, 0.01, 0.40, 0.90, "not_improved"),
        (0.02, 0.02, 0.90, 0.40, "not_improved"),
        (-0.04, 0.03, 0.20, 0.90, "insufficient"),
        (-0.10, 0.02, 0.06, 0.99, "insufficient"),  # alone it were sure; among many it is not
        (-0.10, 0.02, 0.050, 0.99, "improved"),
    ],
)
def test_the_first_that_holds(
    difference: float, error: float, q_fall: float, q_rise: float, verdict: str
) -> None:
    assert verdict_of(difference, error, 60, q_fall, q_rise, 0.05) == verdict


@given(DIFFERENCES, ERRORS, FREEDOM, Q, Q)
def test_a_sure_rise_is_never_anything_else(
    difference: float, error: float, df: float, q_fall: float, q_rise: float
) -> None:
    verdict = verdict_of(difference, error, df, q_fall, q_rise, 0.05)
    assert (verdict == "worsened") == (q_rise <= 0.05)
    if q_rise > 0.05:
        assert (verdict in ("improved", "improved_small")) == (q_fall <= 0.05)


@given(st.lists(DIFFERENCES, min_size=2, max_size=5), ERRORS, FREEDOM)
def test_a_larger_rise_is_never_a_better_verdict(
    differences: list[float], error: float, df: float
) -> None:
    found = [FROM_BEST.index(alone(one, error, df)) for one in sorted(differences)]
    assert found == sorted(found)


@given(DIFFERENCES, ERRORS, FREEDOM, Q, st.floats(0.01, 0.2), st.floats(0.01, 0.2))
def test_a_smaller_fall_that_counts_is_not_excluded_sooner(
    difference: float, error: float, df: float, q_fall: float, one: float, other: float
) -> None:
    small, large = sorted((one, other))
    excluded = ("improved_small", "not_improved")
    if verdict_of(difference, error, df, q_fall, 1.0, small) in excluded:
        assert verdict_of(difference, error, df, q_fall, 1.0, large) in excluded


@given(DIFFERENCES, ERRORS, FREEDOM)
@example(0.0, 0.1, 3.0)
def test_falls_and_rises_mirror_each_other(difference: float, error: float, df: float) -> None:
    fall, rise = one_sided(difference, error, df)
    assert one_sided(-difference, error, df) == (rise, fall)
    assert fall + rise == pytest.approx(1)
    assert fall == pytest.approx(stats.t.cdf(difference / error, df), rel=1e-9)
    assert reach(error, df, 0.95) == pytest.approx(stats.t.ppf(0.975, df) * error)


def test_an_unknown_or_missing_error_tells_nothing() -> None:
    assert one_sided(-0.2, 0.0, 60) == (1.0, 1.0)
    assert alone(-0.2, 0.0, 60) == "insufficient"
    assert alone(0.0, 0.0, 60) == "not_improved"
    for place in range(5):
        figures = [-0.2, 0.01, 60.0, 0.0, 1.0]
        figures[place] = math.nan
        assert verdict_of(*figures, 0.05) == "insufficient"


def test_at_the_edge_the_interval_of_ninety_percent_decides() -> None:
    error, df = 0.02, 40.0
    edge = reach(error, df, 0.90) - 0.05
    assert verdict_of(edge + 1e-9, error, df, 0.9, 0.9, 0.05) == "not_improved"
    assert verdict_of(edge - 1e-9, error, df, 0.9, 0.9, 0.05) == "insufficient"
