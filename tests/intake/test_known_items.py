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
from tests.intake.tables import columns_of, table_of, told

OPTIONS = (Option("1", "甲"), Option("2", "乙"))


def known(*items: Item) -> Described:
    return Described(items)


def test_the_kind_is_read_from_the_cells_and_everything_said_stays() -> None:
    item = Item(
        "年龄多大？", Column("a"), "q1", group="家庭", options=(Option("99", "拒答", "refused"),)
    )
    found = told({"a": [str(n) for n in range(18, 60)] + ["99"]}, known=known(item))["a"]
    assert isinstance(found, Item)
    assert (found.text, found.name, found.group) == ("年龄多大？", "q1", "家庭")
    assert found.kind == "number"
    assert found.options == item.options


def test_contents_that_are_not_known_are_added_and_marked() -> None:
    item = Item("选哪个？", Column("a"), kind="single_choice", options=OPTIONS)
    cells = ["1", "2", "3", "\x00\ufffd", "x" * 80]
    found = told({"a": cells}, known=known(item))["a"]
    assert isinstance(found, Item)
    assert [option.cell for option in found.options] == ["1", "2", "3"]
    assert not found.options[0].guessed
    assert "不在已知的选项中" in found.options[2].guessed


def test_a_wrong_column_adds_nothing_and_says_so() -> None:
    item = Item("选哪个？", Column("a"), kind="single_choice", options=OPTIONS)
    found = told({"a": [str(n) for n in range(40)]}, known=known(item))["a"]
    assert isinstance(found, Item)
    assert found.options == OPTIONS
    assert "不在选项中" in found.guessed[-1]


def test_options_of_every_place_are_read_from_the_cells() -> None:
    columns = {
        "j": ["a;b", "b", "c;a"],
        "s1": ["甲", "乙", "丙"],
        "s2": ["乙", "", ""],
        "t": ["1"] * 3,
    }
    items = (
        Item("一", Joined("j", ";")),
        Item("二", Slots(("s1", "s2"))),
        Item("三", Ticks({"x": "t"}, ("1",))),
    )
    found = inferred(table_of(columns), known(*items))
    assert [len(item.options) for item in found.items] == [3, 3, 1]
    assert {item.kind for item in found.items} == {"multiple_choice"}


def test_a_column_is_claimed_once_and_a_missing_one_is_told() -> None:
    items = (
        Item("先", Column("a"), kind="open_ended"),
        Item("后", Column("a"), kind="number"),
        Item("无", Column("z"), kind="number"),
    )
    found = inferred(table_of({"a": ["1", "2"]}), known(*items))
    assert [item.text for item in found.items] == ["先"]
    assert len(found.notes) == 2


def test_contact_data_is_put_aside_whatever_a_definition_says() -> None:
    item = Item("您的手机号码", Column("a"), kind="open_ended")
    aside = told({"a": ["13812345678", "13912345679"]}, known=known(item))["a"]
    assert isinstance(aside, Aside)
    assert aside.role == "contact"
    assert "138" not in aside.why


def test_an_empty_column_of_a_question_is_put_aside() -> None:
    found = inferred(table_of({"a": ["", "NA"], "b": ["x", "y"]}), known(Item("问", Column("a"))))
    assert [aside.role for aside in found.asides] == ["empty"]
    assert sorted(columns_of(found)) == ["a", "b"]
