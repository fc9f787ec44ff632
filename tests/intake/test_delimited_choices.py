import pytest

from pipeline.intake.delimited_choices import delimited
from pipeline.responses.described import Joined
from tests.intake.tables import content_of


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["微信┋电话", "微信", "电话┋网站", "网站┋微信"], "┋"),
        (["1;2;3;", "2;", "1;3;", "3;"], ";"),
        (["A; B", "B; C", "A; C", "A"], ";"),
        (["A, B", "B, C", "A, C", "A, B, C"], ","),
        (["医院、学校", "学校、公园", "医院、公园", "医院"], "、"),
        (["a1 b2 c3", "b2 c3", "a1", "a1 c3", "b2", "a1 b2"], " "),
    ],
)
def test_joined_options_are_a_multiple_choice(cells: list[str], separator: str) -> None:
    item = delimited(content_of(cells))
    assert item is not None
    assert item.where == Joined("x", separator)
    assert item.kind == "multiple_choice"
    assert len(item.options) == 3


@pytest.mark.parametrize(
    "cells",
    [
        ["honest, kind, and loyal", "honest, kind and loyal"] * 3,
        ["Never, but open to it", "Never, and not open to it", "Sometimes", "Often"] * 2,
        ["Strongly Agree", "Agree", "Disagree", "Strongly Disagree"] * 3,
        ["1,200", "3,400", "12,000"] * 3,
        ["Lyon, France", "Paris, France", "Lille, France"] * 3,
    ],
)
def test_sentences_and_numbers_are_not_cut(cells: list[str]) -> None:
    assert delimited(content_of(cells)) is None


def test_a_wording_for_missing_is_an_option_that_is_missing() -> None:
    item = delimited(content_of(["甲┋乙", "乙┋丙", "甲┋丙", "(跳过)"]))
    assert item is not None
    assert [o.missing for o in item.options if o.cell == "(跳过)"] == ["not_asked"]
