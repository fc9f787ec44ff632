import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import numbers


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.583, "58%"), (0.285, "29%"), (0.005, "1%"), (0.004, "<1%"), (0.0, "0%"), (1.0, "100%"),
     (0.996, ">99%"), (0.994, "99%")],
)  # fmt: skip
def test_a_share_is_a_whole_percentage_and_never_quite_none_or_all(share, text):
    assert numbers.percent(share) == text


def test_a_margin_stands_only_for_an_interval_with_even_arms():
    assert numbers.margin(0.58, 0.52, 0.64) == "6"
    assert numbers.margin(0.05, 0.02, 0.12) is None


@pytest.mark.parametrize(
    ("difference", "text"), [(0.19, "+19"), (-0.134, "−13"), (0.004, "0"), (-0.005, "−1")]
)
def test_points_have_a_sign_and_a_true_minus(difference, text):
    assert numbers.points(difference) == text


@pytest.mark.parametrize(
    ("q", "text"), [(0.0004, "< 0.001"), (0.004, "= 0.004"), (0.03, "= 0.03"), (0.412, "= 0.41")]
)
def test_q_is_short_and_never_zero(q, text):
    assert numbers.probability(q) == text


def test_counts_have_commas_and_means_at_most_three_figures():
    assert numbers.count(4097) == "4,097"
    assert [numbers.level(x) for x in (3.4567, 12.34, 1234.5, -0.44)] == [
        "3.5", "12.3", "1,235", "−0.4",
    ]  # fmt: skip


@given(st.floats(0, 1))
def test_a_percentage_is_within_half_a_point_of_the_share(share):
    text = numbers.percent(share)
    if text[0] not in "<>":
        assert abs(int(text[:-1]) - share * 100) <= 0.5 + 1e-6
    else:
        assert 0 < share < 1
