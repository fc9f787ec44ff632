import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.weighting.levels import coded, crossing_of
from pipeline.weighting.margins import category_text


@given(
    st.lists(
        st.tuples(st.integers(-3, 3), st.sampled_from(["x", "y", "", None]), st.booleans()),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_cells_are_the_combinations_that_occur(rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    crossing = crossing_of([coded(frame[name]) for name in frame])
    orders = [sorted(crossing.occurring(place)) for place in range(3)]
    cells = crossing.cells(orders)
    texts = pd.DataFrame({name: category_text(frame[name]) for name in frame})
    by_hand = texts.fillna("?").groupby(["a", "b", "c"]).ngroup()
    assert cells.count == by_hand.nunique()
    assert pd.Series(cells.cell).groupby(by_hand).nunique().eq(1).all()
    weight = np.arange(len(frame), dtype=float)
    assert cells.rows(cells.sums(weight)) == pytest.approx(
        pd.Series(weight).groupby(by_hand).transform("sum")
    )
    for order, codes, name in zip(orders, cells.codes, texts, strict=True):
        named = [None if code < 0 else order[code] for code in codes[cells.cell]]
        assert named == [None if pd.isna(t) else t for t in texts[name]]


def test_columns_of_many_categories_are_crossed_without_a_table_of_all_combinations():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({name: rng.integers(0, 3000, 5000) for name in "abc"})
    cells = crossing_of([coded(frame[name]) for name in frame])
    assert len(cells.kept) == len(frame.drop_duplicates())
    assert cells.keys < 10_000


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pd.Series([3_000_000_000, 3_000_000_002], dtype="uint32"), ["3000000000", "3000000002"]),
        (pd.Series([2**40, 2**40 + 3]), ["1099511627776", "1099511627779"]),
        (pd.Series([-5, -3], dtype="int8"), ["-5", "-3"]),
        (pd.Series([1.0, 2.5, 1234567.0]), ["1", "2.5", "1234567"]),
        (pd.Series([True, False]), ["1", "0"]),
        (pd.Series(pd.Categorical(["b", "a"])), ["b", "a"]),
    ],
)  # fmt: skip
def test_categories_are_written_as_people_write_them(column, texts):
    assert category_text(column).tolist() == texts
