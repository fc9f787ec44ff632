"""The law: every column is part of exactly one item, or set aside once."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.choice_columns import MOST_OPTIONS
from pipeline.intake.inference import inferred
from pipeline.responses.described import (
    Aside,
    Column,
    Described,
    Item,
    Joined,
    Option,
    Slots,
    Ticks,
)
from pipeline.responses.dictionary import Variable
from tests.intake.tables import columns_of, table_of

HEADERS = [
    "id", "q1", "q2", "q3", "Q5_1", "Q5_2", "Q5_3", "m[a]", "m[b]", "weight", "stratum", "psu",
    "start", "性别", "年龄", "3、渠道？", "3、渠道？ (2)", "3(微信)", "3(电话)", "name", "手机", "备注", "x" * 90,
]  # fmt: skip
CELLS = [
    "", "NA", "0", "1", "2", "9", "99", "-9", "1.5", "1,234", "是", "否", "男", "A; B", "微信┋电话",
    "微信", "非常满意", "不满意", "(跳过)", "N/A", "2024-03-02", "13812345678", "56岁", "\ufffd\x01",
    "1e999", "nan", "inf", "፩", "--5", ".", "-", "Not selected", "Strongly Agree", "(", "｢", "①", "0012",
]  # fmt: skip
cells = st.sampled_from(CELLS) | st.text(max_size=8)


@st.composite
def delivered(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[Variable], Described]:
    headers = draw(st.lists(st.sampled_from(HEADERS), unique=True, min_size=1, max_size=9))
    rows = draw(st.integers(0, 12))
    columns = {h: draw(st.lists(cells, min_size=rows, max_size=rows)) for h in headers}
    labelled = draw(st.lists(st.sampled_from(headers), unique=True, max_size=3))
    labels = st.dictionaries(cells.filter(bool), st.sampled_from(CELLS), max_size=4)
    variables = [Variable(h, draw(st.sampled_from(CELLS)), values=draw(labels)) for h in labelled]
    free = [*draw(st.permutations(headers)), "nowhere"]
    option = st.builds(Option, cells.filter(bool), st.sampled_from(CELLS))
    where = st.one_of(
        st.builds(Column, st.sampled_from(free)),
        st.builds(Joined, st.sampled_from(free), st.sampled_from([";", "┋", " "])),
        st.builds(Slots, st.lists(st.sampled_from(free), min_size=1, max_size=3).map(tuple)),
        st.builds(Ticks, st.dictionaries(cells, st.sampled_from(free), min_size=1, max_size=3)),
    )
    kind = st.sampled_from([None, "single_choice", "scale", "number", "open_ended"])
    item = st.builds(
        Item, st.just("问"), where, kind=kind, options=st.lists(option, max_size=3).map(tuple)
    )
    aside = st.builds(Aside, st.sampled_from(free), st.just("key"), st.just("编号。"))
    known = Described(
        tuple(draw(st.lists(item, max_size=3))), tuple(draw(st.lists(aside, max_size=1)))
    )
    return columns, variables, known


@given(delivered())
@settings(max_examples=60)
def test_every_column_is_described_once(
    made: tuple[dict[str, list[str]], list[Variable], Described],
) -> None:
    columns, variables, known = made
    table = table_of(columns, variables)
    found = inferred(table, known)
    assert sorted(columns_of(found)) == sorted(columns)
    assert inferred(table, known) == found
    for item in found.items:
        assert item.text
        assert item.kind is not None
        assert not item.reverse
        assert item.options or item.kind in ("number", "open_ended") or known.items
    assert all(aside.why.endswith("。") for aside in found.asides)


@given(st.lists(cells, max_size=200), st.sampled_from(HEADERS))
@settings(max_examples=60)
def test_no_question_has_more_options_than_people_can_read(
    content: list[str], header: str
) -> None:
    found = inferred(table_of({header: content}), Described())
    assert all(len(item.options) <= MOST_OPTIONS + 20 for item in found.items)


def test_contact_data_is_never_quoted() -> None:
    phones = {"x": ["13812345678", "13912345679", "13712345670"]}
    assert "1381" not in str(inferred(table_of(phones), Described()))


def test_the_items_stand_in_the_order_of_the_columns() -> None:
    columns = {"b_1": ["0", "1"], "q": ["甲", "乙"], "b_2": ["1", "0"], "a": ["1.5", "2.5"]}
    found = inferred(table_of(columns), Described(items=(Item("甲", Column("a"), kind="number"),)))
    assert [item.headers[0] for item in found.items] == ["b_1", "q", "a"]


@pytest.mark.parametrize(("columns", "rows"), [(100, 1200), (16, 15653)])
def test_a_wide_and_a_long_table_take_a_moment(columns: int, rows: int) -> None:
    mixed = [
        [str(row % 5 + 1) for row in range(rows)],
        [f"{row % 977}.5" for row in range(rows)],
        ["是" if row % 3 else "否" for row in range(rows)],
        [f"第{row}位说：还可以，{row % 7}分吧" if row % 2 else "" for row in range(rows)],
    ]
    table = table_of({f"c{n}x": mixed[n % 4] for n in range(columns)})
    before = process_time()
    inferred(table, Described())
    assert process_time() - before < 1.5  # a third of a file of 300 x 1,200 or 51 x 15,653
