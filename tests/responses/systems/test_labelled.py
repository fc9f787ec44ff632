"""Files with labels of their own: options, missing codes, sets."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.responses.described import Slots, Ticks
from pipeline.responses.dictionary import Dictionary, MissingRange, ResponseSet, Variable
from pipeline.responses.read import read_table
from pipeline.responses.systems import labelled
from pipeline.responses.table import RawTable
from tests.responses.systems.tables import delivered, item_of, roles

SYSTEM = labelled.SYSTEM
YES_NO = {"1": "是", "2": "否", "9": "拒答"}


def file(columns: dict[str, list[str]], *known: Variable, sets: tuple[ResponseSet, ...] = ()):
    table = delivered(list(columns), *zip(*columns.values(), strict=True))
    told = {variable.name: variable for variable in known}
    variables = tuple(told.get(name, Variable(name)) for name in columns)
    return replace(table, dictionary=Dictionary(variables, sets))


def test_signs() -> None:
    assert "1 个有值标签" in SYSTEM.signs(file({"性别": ["1"]}, Variable("性别", values=YES_NO)))
    assert SYSTEM.signs(delivered(["a"], ["1"])) == ""


def test_labelled_variables_are_questions_and_others_are_left() -> None:
    table = file(
        {"性别": ["1", "2"], "权重": ["1.2", "0.7"], "全缺": ["9", "9"], "空": ["", ""]},
        Variable("性别", "  您的 性别", values=YES_NO),
        Variable("权重", "最终权重"),
        Variable("全缺", values=YES_NO),
        Variable("空", values=YES_NO),
    )
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert [(item.name, item.text, item.kind) for item in described.items] == [
        ("性别", "您的 性别", None)
    ]
    assert roles(described) == {"全缺": "empty", "空": "empty"}


def test_ends_of_a_scale() -> None:
    table = file({"s": ["1", "4", "6", "7", "10"]}, Variable("s", values={"1": "差", "10": "好"}))
    item = item_of(SYSTEM.described(table), "s")
    assert item.kind == "scale"
    assert len(item.options) == 10
    assert item.guessed


def test_declared_sets() -> None:
    letters = {"a": "甲", "b": "乙"}
    table = file(
        {"b1": ["1", "0"], "b2": ["0", "-9"], "c1": ["a", "b"], "c2": ["", "a"], "x": ["1", "1"]},
        Variable("b1", "渠道：微信", missing=(MissingRange("-9", "-9"),)),
        Variable("b2", "渠道：电话", missing=(MissingRange("-9", "-9"),)),
        Variable("c1", values=letters),
        Variable("c2", values=letters),
        sets=(
            ResponseSet("$b", "渠道", ("b1", "b2", "gone"), "1"),
            ResponseSet("$c", "", ("c1", "c2"), None),
            ResponseSet("$d", "", ("b1", "x"), "1"),  # b1 is taken
        ),
    )
    first, second = SYSTEM.described(table).items
    assert first.where == Ticks({"b1": "b1", "b2": "b2"}, ("1",), ("0",), {"-9": "no_answer"})
    assert [option.label for option in first.options] == ["微信", "电话"]
    assert (second.where, second.text) == (Slots(("c1", "c2")), "c")
    assert [(option.cell, option.label) for option in second.options] == [("a", "甲"), ("b", "乙")]


def test_what_may_be_one_multiple_choice_is_left_to_inference() -> None:
    ticks, words = {"0": "未选中", "1": "选中"}, {"1": "甲", "2": "乙", "3": "丙", "9": "DK"}
    table = file(
        {
            "m1": ["1", "0", "1"], "m2": ["0", "0", "1"],
            "w1": ["1", "2", "9"], "w2": ["2", "", ""],
            "z1": ["1", "2", "3"], "z2": ["1", "2", "1"],
        },
        *(Variable(name, values=ticks) for name in ("m1", "m2")),
        *(Variable(name, values=words) for name in ("w1", "w2", "z1", "z2")),
    )  # fmt: skip
    assert [item.name for item in SYSTEM.described(table).items] == ["z1", "z2"]


def real(shared: Path, name: str) -> RawTable:
    return SYSTEM.tidied(read_table(shared / "samples/microdata" / name))


@pytest.mark.shared
def test_afrobarometer_codes_are_labelled_but_not_declared(shared: Path) -> None:
    """286 labelled variables; none declares -1, 9, 99 or 998."""
    described = SYSTEM.described(real(shared, "sav/afrobarometer_tunisia_r5_en.sav"))
    assert len(described.items) == 286
    assert all(o.guessed for item in described.items for o in item.options if o.missing)
    trust = item_of(described, "Q59A_TUN")
    assert [(o.cell, o.missing) for o in trust.options] == [
        ("0", None), ("1", None), ("2", None), ("3", None),
        ("-1", "no_answer"), ("9", "dont_know"), ("998", "refused"),
    ]  # fmt: skip
    assert {o.missing for o in item_of(described, "Q1").options} == {
        "no_answer", "refused", "dont_know",
    }  # fmt: skip
    calls = item_of(described, "NOCALL_1")
    assert {o.cell: o.missing for o in calls.options}["1"] is None  # refused to be interviewed
    assert next(o.label for o in item_of(described, "REGION").options) == "Tunis"


@pytest.mark.shared
def test_anes_labels_begin_with_their_codes(shared: Path) -> None:
    described = SYSTEM.described(real(shared, "dta/anes_2020_stata_example.dta"))
    vote = item_of(described, "V202066")
    assert {o.cell: o.missing for o in vote.options if o.missing} == {
        "-9": "refused", "-7": "no_answer", "-6": "no_answer", "-1": "not_asked",
    }  # fmt: skip
    assert vote.options[0].label == "I did not vote (in the election this November)"
    assert roles(described) == {
        header: "empty" for header in roles(described)
    }  # the 12 restricted variables hold nothing but -3
    assert len(described.asides) == 12


@pytest.mark.shared
def test_chinese_names_and_declared_codes(shared: Path) -> None:
    gbk = SYSTEM.described(real(shared, "sav/zh_pku_spss_final_gbk.sav"))
    assert [o.label for o in item_of(gbk, "RACE").options] == ["白人", "黑人", "其他"]
    ugly = SYSTEM.described(real(shared, "ugly/ugly_hugelabels.sav"))
    assert [(o.label, o.missing, o.guessed == "") for o in item_of(ugly, "Q1").options[-2:]] == [
        ("不清楚", "dont_know", False), ("拒答", "refused", True),
    ]  # fmt: skip
