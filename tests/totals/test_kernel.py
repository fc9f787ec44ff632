"""The totals add: over any split of the rows the sums are those of the whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.totals.kernel import OUTSIDE, added, cell_totals, sum_totals

UNITS, GROUPS, CODES = 4, 3, 5
ROW = st.tuples(
    st.integers(0, UNITS - 1), st.integers(0, 9), st.integers(OUTSIDE, GROUPS - 1),
    st.integers(OUTSIDE, CODES - 1), st.one_of(st.none(), st.integers(-5, 5)),
)  # fmt: skip
ROWS = st.lists(ROW, min_size=1, max_size=40)


def arrays(rows):
    unit, weight, group, code, value = zip(*rows, strict=True)
    numbers = [np.nan if v is None else float(v) for v in value]
    return (
        np.array(unit), np.array(weight, dtype=float), np.array(group), np.array(code), np.array(numbers),
    )  # fmt: skip


def cells(rows):
    unit, weight, group, code, _ = arrays(rows)
    return cell_totals(unit, UNITS, weight, group, GROUPS, code, CODES)


@settings(max_examples=40)
@given(ROWS)
def test_every_row_is_counted_in_its_cell(rows):
    totals = cells(rows)
    wanted = np.zeros((UNITS, GROUPS, CODES))
    counted = np.zeros((GROUPS, CODES))
    for unit, weight, group, code, _ in rows:
        if group >= 0 and code >= 0:
            wanted[unit, group, code] += weight
            counted[group, code] += weight > 0
    np.testing.assert_array_equal(totals.by_unit, wanted)
    np.testing.assert_array_equal(totals.rows, counted)


@settings(max_examples=40)
@given(ROWS, st.integers(1, 39), st.integers(1, 39))
def test_totals_of_batches_add_to_the_totals_of_the_whole(rows, first, second):
    parts = [p for p in (rows[:first], rows[first : first + second], rows[first + second :]) if p]
    together = added(cells(part) for part in parts)
    whole = cells(rows)
    np.testing.assert_array_equal(together.by_unit, whole.by_unit)
    np.testing.assert_array_equal(together.squared_weight, whole.squared_weight)
    np.testing.assert_array_equal(together.rows, whole.rows)


@settings(max_examples=40)
@given(ROWS, ROWS)
def test_sums_of_a_numeric_column_add(before, after):
    def sums(rows):
        unit, weight, group, _, value = arrays(rows)
        return sum_totals(unit, UNITS, weight, group, GROUPS, value)

    together, whole = sums(before) + sums(after), sums(before + after)
    for name in ("weight", "value", "square", "squared_weight", "rows"):
        np.testing.assert_array_equal(getattr(together, name), getattr(whole, name))


def test_a_batch_without_rows_inside_gives_zeros_of_the_right_kind():
    outside = np.array([OUTSIDE])
    totals = cell_totals(np.array([0]), 2, np.array([1.0]), outside, 2, np.array([0]), 3)
    assert totals.by_unit.shape == (2, 2, 3)
    assert totals.by_unit.dtype == np.float64
    assert totals.by_unit.sum() == pytest.approx(0)
