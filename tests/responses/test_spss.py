"""SPSS files keep their codes, declared missing ones too, and say all they know of them."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, MissingRange, ResponseSet
from pipeline.responses.spss import read_sav
from pipeline.responses.spss_header import case_weight
from pipeline.responses.table import RawTable
from tests.responses.made import labelled_file

NAN = float("nan")


def dictionary(table: RawTable) -> Dictionary:
    assert table.dictionary is not None
    return table.dictionary


def test_codes_are_digits_and_missing_codes_stay(tmp_path: Path) -> None:
    path = labelled_file(
        tmp_path,
        {"id": ["U1", "U2", "U3"], "q1": [1.0, 9.0, NAN], "seconds": [300.5, 60.0, 61.0]},
        labels={"q1": {1: "是", 9: "不愿回答"}},
        missing={"q1": [9]},
        texts={"q1": "题目 q1"},
    )
    table = read_sav(path)
    assert table.cells.to_numpy().tolist() == [
        ["U1", "1", "300.5"], ["U2", "9", "60"], ["U3", "", "61"],
    ]  # fmt: skip
    assert table.cells.index.tolist() == [1, 2, 3]  # as SPSS numbers the cases
    assert table.labels is not None
    assert table.labels.values == {"q1": {"1": "是", "9": "不愿回答"}}
    assert table.labels.variables["q1"] == "题目 q1"
    assert dictionary(table).variable("q1").missing == (MissingRange("9", "9"),)
    assert [one.kind for one in dictionary(table).variables] == ["text", "number", "number"]


def test_no_digit_of_a_number_is_lost(tmp_path: Path) -> None:
    numbers = [0.1 + 0.2, 1 / 3, 1234567890123456.0, 1e300, -0.0, 5e-324]
    table = read_sav(labelled_file(tmp_path, {"w": numbers}))
    assert table.cells["w"].tolist()[0] == "0.30000000000000004"  # not 0.3
    assert [float(cell) for cell in table.cells["w"]] == numbers


def test_texts_ranges_and_moments_are_declared(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    frame = pd.DataFrame(
        {
            "s": ["a", "zz"], "n": [9.0, 1.0],
            "t": [pd.Timestamp("2020-01-01 10:00:00.5"), pd.NaT],
            "d": pd.Series([pd.Timestamp("1776-07-04"), pd.NaT], dtype="datetime64[s]").dt.date,
            "f": [26 * 3600.0, 1.25],
        }
    )  # fmt: skip
    pyreadstat.write_sav(
        frame, path, file_label="标题", variable_measure={"n": "ordinal"},
        missing_ranges={"s": ["zz"], "n": [{"lo": 8, "hi": 9}]},
        variable_format={"f": "TIME11.2"}, variable_value_labels={"s": {"a": "甲"}},
    )  # fmt: skip
    table = read_sav(path)
    assert table.cells.to_numpy().tolist() == [
        ["a", "9", "2020-01-01 10:00:00.500", "1776-07-04", "26:00:00"],
        ["zz", "1", "", "", "00:00:01.250"],
    ]
    about = dictionary(table)
    assert [one.kind for one in about.variables] == ["text", "number", "datetime", "date", "time"]
    assert about.variable("s").is_missing("zz")
    assert about.variable("s").values == {"a": "甲"}
    assert about.variable("n").missing == (MissingRange("8", "9"),)
    assert about.variable("n").measure == "ordinal"
    assert about.title == "标题"


def in_bytes_of(path: Path, latin: str, chinese: str, encoding: str) -> Path:
    """Put other bytes where a placeholder of the same length stands."""
    content = path.read_bytes()
    raw = chinese.encode(encoding)
    assert len(raw) == len(latin)
    assert latin.encode() in content
    path.write_bytes(content.replace(latin.encode(), raw))
    return path


def test_a_header_that_does_not_name_the_encoding_is_told(tmp_path: Path) -> None:
    path = labelled_file(
        tmp_path, {"q1": [1.0]}, labels={"q1": {1: "ABCDEFGH"}}, texts={"q1": "abcdefgh"}
    )
    in_bytes_of(path, "ABCDEFGH", "不愿回答", "gbk")
    in_bytes_of(path, "abcdefgh", "您的性别", "gbk")
    table = read_sav(path)  # its header says UTF-8
    assert dictionary(table).variable("q1").label == "您的性别"
    assert dictionary(table).encoding == "GB18030"
    (note,) = dictionary(table).notes
    assert "您的性别；不愿回答" in note
    # Latin-1 reads every byte without an error.
    path.write_bytes(path.read_bytes().replace(b"UTF-8", b"CP819"))
    assert dictionary(read_sav(path)).variable("q1").values == {"1": "不愿回答"}
    assert "照它读出来是乱码（Äú" in dictionary(read_sav(path)).notes[0]


def test_a_name_of_a_variable_decides_as_well(tmp_path: Path) -> None:
    path = labelled_file(tmp_path, {"ABCDEFGH": [1.0]})
    table = read_sav(in_bytes_of(path, "ABCDEFGH", "回答内容", "gbk"))
    assert table.headers == ["回答内容"]


def test_texts_in_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = labelled_file(tmp_path, {"q1": [1.0]}, texts={"q1": "abcd"})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"abcd", b"\xff\x81\xff\x8d"))
    with pytest.raises(ResponseError, match="看不出是哪种编码"):
        read_sav(path)


def test_a_file_that_is_no_sav_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.sav"
    path.write_bytes(b"KEY,q1\n")
    with pytest.raises(ResponseError, match="读不出 SPSS 数据"):
        read_sav(path)
    whole = labelled_file(tmp_path, {"q1": [1.5] * 50}).read_bytes()
    path.write_bytes(whole[:-40])
    with pytest.raises(ResponseError, match="读不出 SPSS 数据"):
        read_sav(path)
    with pytest.raises(ResponseError, match="打不开"):
        read_sav(tmp_path / "absent.sav")


def test_a_damaged_header_tells_no_weight(tmp_path: Path) -> None:
    content = bytearray(labelled_file(tmp_path, {"w": [1.0], "x": [1.0]}).read_bytes())
    assert case_weight(bytes(content), ["w", "x"], "UTF-8") == ""
    content[76] = 2
    assert case_weight(bytes(content), ["w", "x"], "UTF-8") == "x"
    for length in range(0, 300, 7):
        assert case_weight(bytes(content[:length]), ["w", "x"], "UTF-8") in ("", "x")


@pytest.mark.shared
def test_real_files_keep_what_they_declare(shared: Path) -> None:
    folder = shared / "samples/microdata/sav"
    declared = read_sav(folder / "foreign_electric.sav")
    assert (declared.cells["DAYOFWK"] == "9").sum() > 0  # 9 is declared missing
    assert dictionary(declared).variable("DAYOFWK").is_missing("9")
    chinese = read_sav(folder / "zh_pku_spss_final_gbk.sav")  # its header says GBK
    assert dictionary(chinese).encoding == "GBK"
    assert dictionary(chinese).notes == ()
    assert dictionary(chinese).variable("SMOKE").values == {"0": "不吸烟", "1": "吸烟"}


@pytest.mark.shared
def test_real_sets_ranges_and_weights(shared: Path) -> None:
    folder = shared / "samples/microdata/sav"
    mixed = read_sav(folder / "pyreadstat_mrs_alltypes.sav")
    assert mixed.cells["y"].iloc[3] == "1776-07-04"
    assert dictionary(mixed).sets == (
        ResponseSet("categorical_array", "", ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3"), None),
        ResponseSet("mymrset", "My multiple response set", ("bool1", "bool2", "bool3"), "1"),
    )
    assert dictionary(mixed).variable("z").missing == (
        MissingRange("-999", "0"), MissingRange("999", "999"),
    )  # fmt: skip
    ranges = dictionary(read_sav(folder / "jamovi_multi_missing.sav")).variable("int_col_2")
    assert ranges.missing == (MissingRange("-inf", "-99"),)
    assert ranges.is_missing("-5000")
    # Of its three rival weights, Afrobarometer itself declares the one within the country.
    barometer = read_sav(folder / "afrobarometer_tunisia_r5_en.sav")
    assert barometer.cells.shape == (1200, 300)
    assert dictionary(barometer).weight == "withinwt"
