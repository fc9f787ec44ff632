"""Reference: Krippendorff (2011), sections A (2 observers) and C-E (4 observers, 12 units)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import krippendorff_alpha

NAN = float("nan")
OBSERVERS = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        "C": [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    }
)


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_the_published_one(metric, published):
    assert krippendorff_alpha(OBSERVERS, metric=metric) == pytest.approx(published, abs=0.0005)


def test_alpha_of_two_observers_and_binary_data_is_the_published_one():
    """Krippendorff (2011), section A: 2 observers, 10 units, binary: alpha = 0.095."""
    two = pd.DataFrame({"A": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "B": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
    assert krippendorff_alpha(two) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_words_is_that_of_their_codes():
    words = OBSERVERS.map(lambda code: {1: "a", 2: "b", 3: "c", 4: "d", 5: "e"}.get(code))
    assert krippendorff_alpha(words) == pytest.approx(krippendorff_alpha(OBSERVERS))


def test_without_variation_or_pairs_there_is_no_alpha():
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"A": [1, 1], "B": [1, 1]})))
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"A": [1, NAN], "B": [NAN, 2]})))


pairs = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=30)


@given(pairs)
def test_alpha_does_not_depend_on_the_order_of_coders_or_units(codes):
    table = pd.DataFrame(codes, columns=["A", "B"])
    turned = table[["B", "A"]].iloc[::-1]
    for metric in ("nominal", "ordinal", "interval"):
        assert krippendorff_alpha(table, metric=metric) == pytest.approx(
            krippendorff_alpha(turned, metric=metric), nan_ok=True
        )


@given(pairs.filter(lambda codes: len({a for a, _ in codes}) > 1))
def test_perfect_agreement_is_one(codes):
    table = pd.DataFrame({"A": [a for a, _ in codes], "B": [a for a, _ in codes]})
    assert krippendorff_alpha(table) == pytest.approx(1)
