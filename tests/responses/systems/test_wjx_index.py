"""问卷星 按序号: numbers of options, 0/1 columns, ranks."""

from dataclasses import replace
from pathlib import Path

from pipeline.responses.described import Ticks
from pipeline.responses.systems import wjx_index
from tests.responses.systems.tables import delivered, item_of

SYSTEM = wjx_index.SYSTEM


def test_signs() -> None:
    by_option = delivered(["序号", "第6题(运动)"], ["1", "1"])
    assert "第6题(运动)" in SYSTEM.signs(by_option)
    numbers = delivered(
        ["序号", "来源", "1、甲", "2、乙", "3、丙"], ["1", "微信", "2.0", "1", "-3"]
    )
    assert "只有数字" in SYSTEM.signs(numbers)
    words = delivered(["序号", "来源", "1、甲", "2、乙", "3、丙"], ["1", "微信", "是", "否", "是"])
    assert SYSTEM.signs(words) == ""
    one = delivered(["序号", "来源", "1、甲"], ["1", "微信", "2"])
    assert SYSTEM.signs(one) == ""
    assert "文件名" in SYSTEM.signs(replace(one, path=Path("123_按序号_某调查_1_1.xlsx")))


def test_single_choices_have_numbers_for_options() -> None:
    table = SYSTEM.tidied(
        delivered(
            ["序号", "1、性别", "2、年龄"],
            ["1", "1.0", "35"],
            ["2", "3", "-2"],
            ["3", "-3.0", "61"],
        )
    )
    assert table.cells["1、性别"].tolist() == ["1", "3", "-3"]
    described = SYSTEM.described(table)
    item = item_of(described, "1、性别")
    assert [(o.cell, o.label, o.missing) for o in item.options] == [
        ("1", "选项1", None), ("2", "选项2", None), ("3", "选项3", None), ("-3", "跳过", "not_asked"),
    ]  # fmt: skip
    assert item.guessed
    assert any("按文本" in note for note in described.notes)
    assert item_of(described, "2、年龄").kind is None  # these were typed


def test_multiple_choices_have_a_column_per_option() -> None:
    table = SYSTEM.tidied(
        delivered(
            ["序号", "第6题(甲)", "第6题(乙)"], ["1", "1", "0"], ["2", "-3", "-3"], ["3", "1", "1"]
        )
    )
    item = item_of(SYSTEM.described(table), "第6题(甲)")
    assert item.where == Ticks(
        {"甲": "第6题(甲)", "乙": "第6题(乙)"}, ("1",), ("0",), {"-3": "not_asked"}
    )
    assert item.text == "第6题"
    assert "题干" in item.guessed[0]


def test_ranks_are_numbers_and_scores_are_not_ranks() -> None:
    ranked = SYSTEM.tidied(
        delivered(
            ["序号", "第3题(甲)", "第3题(乙)", "第3题(丙)"],
            ["1", "1", "2", "-2"], ["2", "3", "1", "2"], ["3", "-3", "-3", "-3"],
        )
    )  # fmt: skip
    items = SYSTEM.described(ranked).items
    assert [item.kind for item in items] == ["number"] * 3
    assert {o.cell: o.missing for o in items[2].options} == {"-3": "not_asked", "-2": "no_answer"}
    scored = SYSTEM.tidied(
        delivered(
            ["序号", "3、(甲)", "3、(乙)"], ["1", "2", "2"], ["2", "1", "1"], ["3", "2", "1"]
        )
    )
    assert [item.kind for item in SYSTEM.described(scored).items] == [None, None]
