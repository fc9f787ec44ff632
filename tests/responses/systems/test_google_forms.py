"""Google 表单: joined options are ambiguous, grids have their rows in square brackets."""

from pipeline.responses.described import Joined
from pipeline.responses.systems import google_forms
from tests.responses.systems.tables import delivered, item_of, roles

SYSTEM = google_forms.SYSTEM


def test_signs() -> None:
    assert SYSTEM.signs(delivered(["时间戳记", "性别"], ["2024/3/2 下午 2:22:55", "男"]))
    assert SYSTEM.signs(delivered(["Timestamp", "Sex"], ["3/14/2024 14:22:55", "m"]))
    assert SYSTEM.signs(delivered(["Timestamp", "Sex"], ["1", "m"])) == ""
    assert SYSTEM.signs(delivered(["Sex", "Timestamp"], ["m", "3/14/2024 14:22:55"])) == ""


def test_several_options_in_one_cell_and_what_is_doubtful() -> None:
    rows = ["微信, 电话", "微信", "电话, 窗口", "是, 一次, 电话", "是, 一次", "窗口"]
    table = delivered(["Timestamp", "渠道"], *(["3/14/2024 4:22:55", cell] for cell in rows))
    item = item_of(SYSTEM.described(SYSTEM.tidied(table)), "渠道")
    assert item.where == Joined("渠道", ", ")
    assert {option.cell for option in item.options} == {"微信", "电话", "窗口", "是", "一次"}
    assert any("“是”和“一次”" in why for why in item.guessed)


def test_sentences_with_a_comma_are_not_split() -> None:
    cells = ["Never, and not open to it", "Never, but open to it", "Often"] * 5
    table = delivered(["Timestamp", "Q"], *(["3/14/2024 4:22:55", cell] for cell in cells))
    assert item_of(SYSTEM.described(SYSTEM.tidied(table)), "Q").kind is None


def test_grids_addresses_and_times() -> None:
    table = SYSTEM.tidied(
        delivered(
            ["时间戳记", "电子邮件地址", "评价 [态度]", "评价 [时限]", "得分"],
            ["2024/3/2 下午 2:22:55 GMT+8", "a@b.cn", "好", "差", "5 / 10"],
        )
    )
    assert table.cells["时间戳记"].tolist() == ["2024-03-02 14:22:55+08:00"]
    described = SYSTEM.described(table)
    assert roles(described) == {
        "时间戳记": "submitted",
        "电子邮件地址": "contact",
        "得分": "derived",
    }
    assert [(i.text, i.group_text) for i in described.items] == [
        ("态度", "评价"),
        ("时限", "评价"),
    ]
