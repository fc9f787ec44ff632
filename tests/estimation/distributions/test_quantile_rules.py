import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.estimation.distributions.quantile_rules import in_order, quantile_of

RULES = ("math", "school", *(f"hf{k}" for k in range(1, 10)), "legacy_linear")
STEPS = ("math", "school", "hf1", "hf2", "hf3")
VALUES = st.lists(st.integers(0, 12), min_size=2, max_size=40)
WEIGHTS = st.lists(st.integers(1, 6), min_size=40, max_size=40)
PROBABILITIES = np.array([0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5, 0.6, 0.7, 0.75, 0.9, 1.0])


def found(rule, value, weight, p=PROBABILITIES, **options):
    order = np.argsort(value, kind="stable")
    value, weight = np.asarray(value, float)[order], np.asarray(weight, float)[order]
    return quantile_of(rule, in_order(value, weight), np.asarray(p, float), **options)


@pytest.mark.parametrize(
    ("rule", "method"),
    [
        ("hf1", "inverted_cdf"), ("math", "inverted_cdf"), ("hf2", "averaged_inverted_cdf"),
        ("school", "averaged_inverted_cdf"), ("legacy_linear", "interpolated_inverted_cdf"),
        ("hf5", "hazen"), ("hf6", "weibull"), ("hf7", "linear"), ("hf8", "median_unbiased"),
        ("hf9", "normal_unbiased"),
    ],
)  # fmt: skip
@given(values=VALUES)
def test_equal_weights_give_the_definitions_of_hyndman_and_fan(rule, method, values):
    """Hyndman & Fan (1996), as numpy has them; the weight is one whose sums round."""
    ours = found(rule, values, np.full(len(values), 30.97))
    np.testing.assert_allclose(ours, np.quantile(values, PROBABILITIES, method=method), atol=1e-9)


@given(values=VALUES)
def test_every_share_of_equal_weights_is_a_tie(values):
    p, ordered = np.arange(1, len(values)) / len(values), np.sort(values)
    weights = np.full(len(values), 30.97)
    np.testing.assert_array_equal(found("math", values, weights, p), ordered[:-1])
    middle = (ordered[:-1] + ordered[1:]) / 2
    np.testing.assert_array_equal(found("school", values, weights, p), middle)


@given(values=VALUES, weights=WEIGHTS)
def test_whole_weights_are_repeated_rows(values, weights):
    weights = weights[: len(values)]
    for rule in STEPS:
        repeated = np.repeat(values, weights)
        np.testing.assert_array_equal(
            found(rule, values, weights), found(rule, repeated, np.ones(len(repeated)))
        )


@given(
    values=VALUES, weights=WEIGHTS,
    factor=st.sampled_from([0.1, 1 / 3, 0.7, 3.3, 1e-6, 30.97, 12345.678]),
)  # fmt: skip
def test_the_scale_of_the_weights_does_not_matter(values, weights, factor):
    weights = np.array(weights[: len(values)], dtype=float)
    for rule in RULES:
        np.testing.assert_allclose(
            found(rule, values, weights * factor), found(rule, values, weights), atol=1e-8
        )


@given(values=VALUES, weights=WEIGHTS)
def test_quantiles_rise_with_the_probability_and_stay_within_the_values(values, weights):
    weights = weights[: len(values)]
    for rule in RULES:
        q = found(rule, values, weights)
        assert (np.diff(q) >= -1e-9).all(), rule
        assert q[-1] == max(values)
        assert rule == "hf4" or q[0] == min(values)  # hf4 goes on below its first point


def test_weighted_points_by_hand():
    """x = 1, 2, 3 with weights 1, 2, 3: C = 1, 3, 6."""
    p = [0.2, 0.5]

    def of(rule):
        return pytest.approx(found(rule, [1, 2, 3], [1, 2, 3], p))

    assert of("hf4") == [1 + (0.2 - 1 / 6) * 3, 2]
    assert of("hf5") == [1 + (0.2 - 0.5 / 6) / (1.5 / 6), 2 + (0.5 - 2 / 6) / (2.5 / 6)]
    assert of("hf6") == [1 + (0.2 - 1 / 9) / (2 / 9), 2 + (0.5 - 3 / 9) / (3 / 9)]
    assert of("hf7") == [1 + 0.2 / (1 / 3), 2 + (0.5 - 1 / 3) / (2 / 3)]
    first, second, third = (2 / 3) / 7, (1 / 3 + 2) / 7, (1 + 4) / 7
    assert of("hf8") == [
        1 + (0.2 - first) / (second - first), 2 + (0.5 - second) / (third - second),
    ]  # fmt: skip
    first, second, third = (5 / 8) / 6.75, (3 / 8 + 15 / 8) / 6.75, (9 / 8 + 30 / 8) / 6.75
    assert of("hf9") == [
        1 + (0.2 - first) / (second - first), 2 + (0.5 - second) / (third - second),
    ]  # fmt: skip
    assert found("hf4", [1, 2, 3], [1, 2, 3], [0.1]) == pytest.approx(1 + (0.1 - 1 / 6) * 3)
    assert found("legacy_linear", [1, 2, 3], [1, 2, 3], [0.1]) == 1


def test_a_tie_is_seen_through_rounding():
    """0.1 + 0.1 + 0.1 is more than 0.3 in doubles, and 30.97 times 20 less than a tenth of all."""
    assert found("math", range(1, 11), [0.1] * 10, [0.3, 0.7]).tolist() == [3, 7]
    assert found("school", range(1, 11), [0.1] * 10, [0.3, 0.7]).tolist() == [3.5, 7.5]
    assert found("hf3", range(1, 11), [0.1] * 10, [0.3, 0.4]).tolist() == [4, 4]
    assert found("hf4", range(1, 11), [0.1] * 10, [0.3]).tolist() == [3]
    assert found("math", range(1, 201), [30.97] * 200, [0.1, 0.75]).tolist() == [20, 150]


def test_as_in_r_rounding_decides():
    """R 4.2, survey 4.1-1: of 200 equal weights p = .1 gives the 21st value, p = .75 the 150th."""
    weight = [30.97] * 200
    assert found("math", range(1, 201), weight, [0.1, 0.75], as_in_r=True).tolist() == [21, 150]
    assert found("math", [1, 2, 3], [2, 1, 1], [0.3], as_in_r=True) == 2  # not the smallest
    assert found("math", [1, 2, 3], [2, 1, 1], [0.3]) == 1


def test_a_value_between_two_equal_ones_is_that_value():
    """Interpolated to a last digit less, it would count nobody at or below it."""
    values, weights = [25.0] * 60 + [30.0], [30.97 / 7] * 61
    p = np.linspace(0.01, 0.9, 90)
    for rule in ("hf4", "hf5", "hf6", "hf7", "hf8", "hf9"):
        assert set(found(rule, values, weights, p)) == {25.0}


def test_rows_of_weight_0_do_not_count_and_nothing_gives_nothing():
    for rule in RULES:
        with_zero = found(rule, [1, 2, 3, 99], [1, 2, 3, 0])
        np.testing.assert_array_equal(with_zero, found(rule, [1, 2, 3], [1, 2, 3]))
        assert found(rule, [7], [2.5]).tolist() == [7.0] * len(PROBABILITIES)
        assert np.isnan(found(rule, [], [])).all()
        assert np.isnan(found(rule, [1, 2], [1, 1], [np.nan])).all()
