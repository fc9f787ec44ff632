import pytest

from pipeline.intake.cells import contents
from pipeline.intake.slot_groups import slot_groups
from pipeline.responses.described import Slots
from pipeline.responses.read import read_table
from tests.intake.tables import table_of

FIRST = ["7", "3", "5", "7", "4", "6"]
SECOND = ["5", "7", "3", "", "6", ""]
THIRD = ["3", "", "", "", "", ""]


def test_answers_that_never_repeat_and_follow_each_other_are_slots() -> None:
    columns = contents(table_of({"a_1": FIRST, "a_2": SECOND, "a_3": THIRD, "a_4": [""] * 6}))
    (item,) = slot_groups(list(columns.values()))
    assert item.where == Slots(("a_1", "a_2", "a_3", "a_4"))
    assert [option.cell for option in item.options] == ["3", "4", "5", "6", "7"]
    assert "次序没有保留" in item.guessed[0]


def test_items_of_a_battery_repeat_answers_and_are_no_slots() -> None:
    columns = contents(table_of({"a_1": FIRST, "a_2": FIRST, "a_3": SECOND}))
    assert not list(slot_groups(list(columns.values())))


@pytest.mark.shared
def test_the_answers_of_the_product_test_are_slots(shared: object) -> None:
    path = shared / "samples/microdata/csv/expss_product_test.csv"  # type: ignore[operator]
    columns = contents(read_table(path))
    first, second = slot_groups(list(columns.values()))
    assert first.headers == tuple(f"a1_{n}" for n in range(1, 7))
    assert second.headers == tuple(f"b1_{n}" for n in range(1, 7))
