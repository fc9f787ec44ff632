"""Headers of 问卷星, old and new; any table can be tidied, and keeps its rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.responses.systems import wjx, wjx_index
from pipeline.responses.systems.wjx_columns import heading
from tests.responses.systems.tables import delivered


@pytest.mark.parametrize(
    ("header", "number", "text", "part"),
    [
        ("1、手机部数 ", 1, "手机部数", ""),
        ("12、性别 (单选题 *必答)", 12, "性别", ""),
        ("5、(乘车不安全)", 5, "", "乘车不安全"),
        ("5、(甲)和(乙)哪个好", 5, "(甲)和(乙)哪个好", ""),
        ("第8题(ACG文化(动漫、游戏等))", 8, "", "ACG文化(动漫、游戏等)"),
        ("3(微信)", 3, "", "微信"),
        ("2、所在地区：", 2, "所在地区", ""),
        ("2、请输入您的收货地址：—收货人姓名：", 2, "请输入您的收货地址", "收货人姓名"),
    ],
)
def test_what_a_header_says(header: str, number: int, text: str, part: str) -> None:
    found = heading(header)
    assert found is not None
    assert (found.number, found.text, found.part) == (number, text, part)


def test_a_bare_header_has_no_number() -> None:
    assert heading("态度") is None


HEADERS = st.lists(
    st.sampled_from(
        [
            "序号",
            "来源",
            "1、甲",
            "1、甲",
            "2、(乙)",
            "第3题(丙)",
            "行",
            "",
            "4、丁→戊",
            "所用时间",
            "5、己〖其他〗",
        ]
    )
    | st.text(max_size=6),
    min_size=1,
    max_size=6,
)
CELLS = st.sampled_from(
    ["", "1", "2.0", "-3", "(跳过)", "甲┋乙", "甲→乙", "其他〖字〗", "〖", "4分", "NULL", "┋", "→"]
) | st.text(max_size=4)


@settings(max_examples=25)
@given(st.data())
def test_any_table_keeps_its_rows_and_has_every_described_column(data: st.DataObject) -> None:
    headers = data.draw(HEADERS)
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=4)
    )
    table = delivered(headers, *rows)
    for system in (wjx.SYSTEM, wjx_index.SYSTEM):
        system.signs(table)
        tidy = system.tidied(table)
        assert tidy.cells.index.equals(table.cells.index)
        assert len(set(tidy.headers)) == len(tidy.headers)
        described = system.described(tidy)
        told = [h for item in described.items for h in item.headers]
        told += [aside.header for aside in described.asides]
        assert set(told) <= set(tidy.headers)
        assert len(told) == len(set(told))
        assert system.tidied(table).cells.equals(tidy.cells)
