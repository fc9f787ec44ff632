import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from pipeline.estimation.adjustment import false_discovery_adjusted


@given(st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.05]), min_size=1, max_size=30))
def test_q_values_are_those_of_scipy(p):
    np.testing.assert_allclose(
        false_discovery_adjusted(p), false_discovery_control(p), rtol=1e-12, atol=0
    )


def test_no_test_gives_no_q_value():
    assert len(false_discovery_adjusted([])) == 0


def test_fifteen_tests_of_benjamini_and_hochberg():
    """Their example (1995, section 4): at .05 the first four are found."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert (false_discovery_adjusted(p) <= 0.05).sum() == 4
