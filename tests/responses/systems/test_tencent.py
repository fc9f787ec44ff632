"""腾讯问卷: dots behind the numbers, Beijing time, a duration in seconds."""

from pipeline.responses.systems import tencent
from tests.responses.systems.tables import delivered, item_of, roles

SYSTEM = tencent.SYSTEM
HEADERS = ["编号", "开始答题时间", "结束答题时间", "答题时长", "1.您的性别", "2.评价", "2.评价"]
ROW = ["1", "2026/5/26 12:00", "2026/5/26 12:05", "300", "男", "好", "差"]


def test_signs() -> None:
    assert "腾讯问卷" in SYSTEM.signs(delivered(HEADERS, ROW))
    assert SYSTEM.signs(delivered(["编号", "1.您的性别"], ["1", "男"])) == ""


def test_times_and_questions() -> None:
    table = SYSTEM.tidied(delivered(HEADERS, ROW))
    assert table.cells.iloc[0, 1:4].tolist() == [
        "2026-05-26T12:00:00+08:00", "2026-05-26T12:05:00+08:00", "300",
    ]  # fmt: skip
    described = SYSTEM.described(table)
    assert roles(described) == dict(zip(HEADERS, ["key", "start", "end", "seconds"], strict=False))
    assert item_of(described, "1.您的性别").text == "您的性别"
    assert [item.group for item in described.items] == ["", "Q2", "Q2"]
    assert len({item.name for item in described.items}) == 3
    assert described.notes  # how several options are written is not known


def test_a_table_of_anything_else_is_left_alone() -> None:
    table = delivered(["甲", "甲"], ["1", "2"])
    assert SYSTEM.tidied(table).headers == ["甲", "甲 (2)"]
    assert SYSTEM.described(SYSTEM.tidied(table)).items == ()
