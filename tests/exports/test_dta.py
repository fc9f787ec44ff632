"""What Stata cannot hold is told, or refused."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline.errors import ResponseError
from pipeline.exports.dta import write_dta
from pipeline.responses.dictionary import Variable
from tests.exports.made import code, table


def test_labels_stand_on_whole_numbers_and_letters_alone(tmp_path: Path) -> None:
    made = table([
        (Variable("a", values={"1": "是", "1.5": "半", "3e9": "大", "9": "拒答"}, missing=code("9")), ["1", "1.5"]),
        (Variable("b", kind="text", values={"x": "甲"}, missing=code("y")), ["x", "y"]),
    ])  # fmt: skip
    _, notes = write_dta(made, tmp_path / "a.dta")
    frame, about = pyreadstat.read_dta(tmp_path / "a.dta", user_missing=True)
    assert about.variable_value_labels == {"a": {1: "是", "a": "拒答"}}
    assert frame["a"].tolist() == [1.0, 1.5]
    assert [note for note in notes if "变量" in note] == [
        "变量 a：Stata 的值标签只能用于整数，代码 “1.5”、“3e9” 的标签只记在编码本里。",
        "变量 “b”：Stata 的文本没有值标签，只记在编码本里。",
        "变量 “b”：Stata 的文本不能声明缺失值，只记在编码本里。",
    ]


def test_a_labelled_variable_leaves_room_for_the_name_of_its_labels(tmp_path: Path) -> None:
    made = table([
        (Variable("题" * 32, values={"1": "是"}), ["1"]), (Variable("n" * 32), ["1"]),
        (Variable("题" * 31, values={"1": "否"}), ["1"]),
    ])  # fmt: skip
    columns, _ = write_dta(made, tmp_path / "a.dta")
    assert [column.name for column in columns] == ["题" * 29 + "_2", "n" * 32, "题" * 31]
    assert pd.read_stata(tmp_path / "a.dta").iloc[0].tolist() == ["是", 1, "否"]


def test_a_variable_label_has_80_characters(tmp_path: Path) -> None:
    made = table([(Variable("a", "题" * 80), ["1"]), (Variable("b", "题" * 81), ["1"])])
    columns, notes = write_dta(made, tmp_path / "a.dta")
    assert [column.label for column in columns] == ["题" * 80, "题" * 79 + "…"]
    assert len(notes) == 1


def test_long_texts_and_times_of_day_are_texts(tmp_path: Path) -> None:
    made = table([
        (Variable("s", kind="text"), ["题" * 3000, "末尾 "]),
        (Variable("t", kind="time"), ["10:00:00", "30:00:00"]),
    ])  # fmt: skip
    _, notes = write_dta(made, tmp_path / "a.dta")
    frame = pd.read_stata(tmp_path / "a.dta")
    assert frame["s"].tolist() == ["题" * 3000, "末尾 "]
    assert frame["t"].tolist() == ["10:00:00", "30:00:00"]
    assert notes == ["变量 “t”：这种文件没有时刻类型，按文本写。"]


def test_measures_and_too_large_numbers_are_told(tmp_path: Path) -> None:
    _, notes = write_dta(table([(Variable("a", measure="scale"), ["1"])]), tmp_path / "a.dta")
    assert notes == ["Stata 没有测量尺度，只记在编码本里。"]
    with pytest.raises(ResponseError, match=r"“9e307”"):
        write_dta(table([(Variable("a"), ["9e307", "1e300"])]), tmp_path / "b.dta")


def test_formats_are_stata_own_and_tell_the_kind(tmp_path: Path) -> None:
    made = table([
        (Variable("a", format="F5.1"), ["1.5"]), (Variable("b", format="%10.0g"), ["1"]),
        (Variable("c", format="%td"), ["1"]), (Variable("d", kind="date", format="%tm"), ["2020-01-01"]),
        (Variable("e", kind="datetime", format="DATETIME20"), ["2020-01-01 01:02:03"]),
    ])  # fmt: skip
    columns, _ = write_dta(made, tmp_path / "a.dta")
    assert [column.format for column in columns] == ["%5.1f", "%10.0g", "", "%tdCCYY-NN-DD", "%tc"]
    assert str(pd.read_stata(tmp_path / "a.dta")["e"][0]) == "2020-01-01 01:02:03"
