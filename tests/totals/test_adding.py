"""Whoever adds, each row counts in its unit, its code and its cell of every banner; totals add."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.totals import adding
from pipeline.totals.adding import BincountAdder, adder_of, on_all_cores
from pipeline.totals.compiled import add_deviations
from pipeline.totals.grouped import grouped

UNITS, CODES, COUNTS = 4, 3, (2, 3)
CELLS = sum(COUNTS)
ROW = st.tuples(
    st.integers(-1, UNITS - 1), st.integers(0, 9), st.integers(-1, 1), st.integers(-1, 2),
    st.integers(-1, CODES - 1), st.one_of(st.none(), st.integers(-5, 5)),
)  # fmt: skip
ROWS = st.lists(ROW, min_size=1, max_size=40)


def columns(rows):
    unit, weight, first, second, code, value = zip(*rows, strict=True)
    numbers = [np.nan if v is None else float(v) for v in value]
    banners = [
        (np.array(g, dtype=np.int32), n) for g, n in zip((first, second), COUNTS, strict=True)
    ]
    return (
        np.array(unit, dtype=np.int32), np.array(weight, dtype=float), banners,
        np.array(code, dtype=np.int32), np.array(numbers),
    )  # fmt: skip


def adders(rows):
    unit, weight, banners, *_ = columns(rows)
    return BincountAdder(unit, UNITS, weight, tuple(banners)), grouped(
        unit, UNITS, weight, banners
    )


def places(rows):
    """Each row that counts, with its cell, once for each banner."""
    for unit, weight, first, second, code, value in rows:
        for group, before in ((first, 0), (second, COUNTS[0])):
            if unit >= 0 and group >= 0:
                yield unit, weight, before + group, code, value


def same(found, wanted):
    for name in ("by_unit", "rows", "squared_weight"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), name)


@settings(max_examples=60)
@given(ROWS)
def test_a_coded_row_counts_in_its_cells(rows):
    by_unit, counted = np.zeros((UNITS, CODES, CELLS)), np.zeros((CODES, CELLS))
    squares = np.zeros(CELLS)
    for unit, weight, cell, code, _ in places(rows):
        if code >= 0:
            by_unit[unit, code, cell] += weight
            counted[code, cell] += weight > 0
            squares[cell] += weight**2
    for adder in adders(rows):
        assert (adder.units, adder.cells) == (UNITS, CELLS)
        found = adder.coded(columns(rows)[3], CODES)
        np.testing.assert_array_equal(found.by_unit, by_unit)
        np.testing.assert_array_equal(found.rows, counted)
        np.testing.assert_array_equal(found.squared_weight, squares)


@settings(max_examples=60)
@given(ROWS)
def test_a_measured_row_counts_in_its_cells(rows):
    by_unit, counted, squares = np.zeros((UNITS, 3, CELLS)), np.zeros(CELLS), np.zeros(CELLS)
    for unit, weight, cell, _, value in places(rows):
        if value is not None:
            by_unit[unit, :, cell] += weight, weight * value, weight * value**2
            counted[cell] += weight > 0
            squares[cell] += weight**2
    for adder in adders(rows):
        found = adder.measured(columns(rows)[4])
        np.testing.assert_array_equal(found.by_unit, by_unit)
        np.testing.assert_array_equal(found.rows, counted)
        np.testing.assert_array_equal(found.squared_weight, squares)


@settings(max_examples=40)
@given(ROWS, ROWS)
def test_the_totals_of_batches_add(before, after):
    for first, second, whole in zip(
        adders(before), adders(after), adders(before + after), strict=True
    ):
        code = first.coded(columns(before)[3], CODES)
        same(
            second.coded(columns(after)[3], CODES, code),
            whole.coded(columns(before + after)[3], CODES),
        )
        value = first.measured(columns(before)[4])
        same(second.measured(columns(after)[4], value), whole.measured(columns(before + after)[4]))


@settings(max_examples=40)
@given(ROWS)
def test_other_weights_are_as_if_given_at_once(rows):
    other = [(unit, 9 - weight, *rest) for unit, weight, *rest in rows]
    for adder, wanted in zip(adders(rows), adders(other), strict=True):
        same(
            adder.reweighted(columns(other)[1]).coded(columns(rows)[3], CODES),
            wanted.coded(columns(rows)[3], CODES),
        )


@pytest.fixture(scope="module")
def survey():
    draw = np.random.default_rng(7)
    rows, units = 20_000, 60
    unit = draw.integers(0, units, rows).astype(np.int32)
    banners = [(draw.integers(-1, n, rows).astype(np.int32), n) for n in (2, 7, 15)]
    return unit, units, draw.lognormal(0, 0.5, rows), banners, draw


def test_both_engines_give_the_same_digits_of_unit_totals(survey):
    unit, units, weight, banners, draw = survey
    code = draw.integers(-1, 5, len(unit)).astype(np.int32)
    value = np.where(code < 0, np.nan, draw.normal(50, 10, len(unit)))
    counts, compiled = (
        BincountAdder(unit, units, weight, tuple(banners)),
        grouped(unit, units, weight, banners),
    )
    for one, other in (
        (counts.coded(code, 5), compiled.coded(code, 5)),
        (counts.measured(value), compiled.measured(value)),
        (counts.measured(np.nan_to_num(value)), compiled.measured(np.nan_to_num(value))),
    ):
        np.testing.assert_array_equal(one.by_unit, other.by_unit)
        np.testing.assert_array_equal(one.rows, other.rows)
        np.testing.assert_allclose(one.squared_weight, other.squared_weight, rtol=1e-12)


def test_much_work_is_compiled_and_little_is_not(survey, monkeypatch):
    unit, units, weight, banners, _ = survey
    assert isinstance(adder_of(unit, units, weight, banners, columns=60), BincountAdder)
    monkeypatch.setattr(adding, "WORTH_COMPILED", len(unit) * 3 * 60)
    assert not isinstance(adder_of(unit, units, weight, banners, columns=60), BincountAdder)
    assert isinstance(adder_of(unit, units, weight, banners, columns=59), BincountAdder)


def test_more_cells_than_fit_are_left_to_bincount(monkeypatch):
    monkeypatch.setattr(adding, "WORTH_COMPILED", 0)
    code = np.array([0, 70_000], dtype=np.int32)
    adder = adder_of(np.array([0, 1], dtype=np.int32), 2, np.ones(2), [(code, 70_001)])
    assert adder.coded(np.array([0, 0], dtype=np.int32), 1).rows[0, [0, 70_000]].tolist() == [1, 1]


def test_deviations_are_those_between_the_clusters_of_a_stratum():
    draw = np.random.default_rng(3)
    y, x, ratio = draw.normal(size=(7, 2, 3)), draw.normal(size=(7, 3)), draw.normal(size=(2, 3))
    first_unit, first_cluster = np.array([0, 2, 3, 5, 7]), np.array([0, 2, 4])
    scale, centred = np.array([1.0, 2.0, 0.5, 0.0]), np.array([True, False])
    found = np.ones((2, 3))
    add_deviations(y, x, ratio, first_unit, first_cluster, scale, centred, found)
    score = np.add.reduceat(y - ratio * x[:, None, :], first_unit[:-1])
    gap = np.concatenate([score[:2] - score[:2].mean(axis=0), score[2:]])
    np.testing.assert_allclose(found, 1 + (scale[:, None, None] * gap**2).sum(axis=0))


def test_what_cores_make_stays_in_order():
    assert on_all_cores(lambda part: part * 2, range(50)) == [2 * k for k in range(50)]
