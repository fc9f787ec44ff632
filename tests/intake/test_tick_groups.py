from collections.abc import Mapping, Sequence

import pytest

from pipeline.intake.cells import contents
from pipeline.intake.delimited_choices import split
from pipeline.intake.tick_groups import declared_set, tick_groups
from pipeline.responses.described import Item, Joined, Ticks
from pipeline.responses.dictionary import ResponseSet, Variable
from pipeline.responses.read import read_table
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.table import RawTable
from tests.intake.tables import table_of, told


def groups(columns: Mapping[str, Sequence[str]], variables: Sequence[Variable] = ()) -> list[Item]:
    return list(tick_groups(list(contents(table_of(columns, variables)).values())))


def chosen(item: Item, table: RawTable) -> dict[str, int]:
    """Count the rows in which each option is chosen, as `Item.where` says."""
    labels = {option.cell: option.label for option in item.options if option.missing is None}
    if isinstance(item.where, Ticks):
        ticks = item.where
        marks = set(ticks.ticked)
        return {
            labels[cell]: int(
                table.cells[header].map(lambda c: c in marks if marks else c != "").sum()
            )
            for cell, header in ticks.headers.items()
        }
    assert isinstance(item.where, Joined)
    parts = [split(cell, item.where.separator) for cell in table.cells[item.where.header]]
    return {label: sum(cell in row for row in parts) for cell, label in labels.items()}


@pytest.mark.parametrize("header", ["Q5_{}", "Q5.{}", "Q5___{}", "Q5[{}]", "Q5/{}", "渠道({})"])
def test_columns_of_0_and_1_with_a_stem_are_one_question(header: str) -> None:
    columns = {header.format(n): ["0", "1", "1", "0"] for n in (1, 2, 3)}
    (item,) = groups({"age": ["20", "30", "40", "50"], **columns})
    assert item.kind == "multiple_choice"
    assert item.headers == tuple(columns)
    assert [option.cell for option in item.options] == ["1", "2", "3"]
    assert all("没有选项" in option.guessed for option in item.options)


def test_a_column_that_nobody_ticked_is_an_option() -> None:
    (item,) = groups({"m___a": ["1", ""], "m___b": ["", "1"], "m___c": ["", ""]})
    assert item.headers == ("m___a", "m___b", "m___c")
    assert [option.cell for option in item.options] == ["a", "b", "c"]


def test_yes_and_no_are_answers_of_their_own() -> None:
    yes_no = {"0": "No", "1": "Yes"}
    columns = {f"EA_{letter}": ["0", "1", "1"] for letter in "ABC"}
    assert not groups(columns, [Variable(h, values=yes_no) for h in columns])
    selected = {"0": "未选中", "1": "选中"}
    assert groups(columns, [Variable(h, values=selected) for h in columns])


def test_neighbours_that_hold_their_own_header_are_one_question() -> None:
    (item,) = groups(
        {
            "EdX": ["EdX", "", "", ""],
            "Udemy": ["", "Udemy", "Udemy", ""],
            "None": ["", "", "", "None"],
            "Other": ["", "a book", "a friend", ""],
        }
    )
    assert item.headers == ("EdX", "Udemy", "None")
    assert [option.exclusive for option in item.options] == [False, False, True]
    assert any("没有这道多选题的题干" in guess for guess in item.guessed)


def test_not_selected_is_not_chosen() -> None:
    columns = {
        "q4_1": ["Friends", "Not selected", ""],
        "q4_2": ["Not selected", "Family", ""],
    }
    (item,) = groups(columns)
    assert isinstance(item.where, Ticks)
    assert item.where.unticked == ("Not selected",)
    assert not item.where.ticked
    assert [option.label for option in item.options] == ["Friends", "Family"]


def test_what_the_labels_have_in_common_is_the_question() -> None:
    columns = {f"m{n}": ["0", "1"] for n in (1, 2, 3)}
    said = [Variable(f"m{n}", f"渠道：{one}") for n, one in enumerate(("微信", "电话", "网站"), 1)]
    (item,) = groups(columns, said)
    assert item.text == "渠道"
    assert [option.label for option in item.options] == ["微信", "电话", "网站"]


def test_a_declared_set_counts_its_value() -> None:
    columns = contents(table_of({"a": ["1", "0"], "b": ["0", "0"]}))
    item = declared_set(ResponseSet("$set", "哪些", ("a", "b"), "1"), columns)
    assert item is not None
    assert item.where == Ticks({"a": "a", "b": "b"}, ("1",), ("0",))


@pytest.mark.shared
def test_three_layouts_of_the_same_answers_give_the_same_counts(shared: object) -> None:
    """Facts: samples/microdata/ugly, 120 rows of the same answers."""
    wanted = {"微信": 42, "电话": 36, "现场窗口": 38, "网站": 36, "App": 36, "其他": 40}
    folder = shared / "samples/microdata/ugly"  # type: ignore[operator]
    for name in ("a_delimited_labels", "c_dichotomous", "e_label_or_blank"):
        table = with_unique_headers(read_table(folder / f"multi_{name}.csv"))
        found = told({header: list(table.cells[header]) for header in table.headers})
        items = {id(one): one for one in found.values() if isinstance(one, Item)}
        (item,) = items.values()
        assert chosen(item, table) == wanted, name
