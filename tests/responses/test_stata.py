"""Stata files keep extended missing values, labels, dates and long texts."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, MissingRange
from pipeline.responses.moments import Clock, Months
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.spss import read_sav
from pipeline.responses.stata import clock_of, read_dta
from pipeline.responses.table import RawTable


def about(table: RawTable) -> Dictionary:
    assert table.dictionary is not None
    return table.dictionary


def test_extended_missing_values_stay_and_are_declared(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    frame = pd.DataFrame({"x": [1.0, "a", None, 2.5], "i": [1, 2, "z", 4]}, dtype=object)
    pyreadstat.write_dta(
        frame, path, version=15, missing_user_values={"x": ["a", "b"], "i": ["z"]},
        variable_value_labels={"x": {1: "一", "a": "拒答", "b": "不知道"}}, column_labels=["标签", "i"],
    )  # fmt: skip
    table = read_dta(path)
    assert table.cells.to_numpy().tolist() == [["1", "1"], [".a", "2"], ["", ".z"], ["2.5", "4"]]
    x, i = about(table).variables
    assert x.label == "标签"
    assert x.values == {"1": "一", ".a": "拒答", ".b": "不知道"}
    assert x.missing == (MissingRange(".a", ".a"), MissingRange(".b", ".b"))  # .b does not occur
    assert i.is_missing(".z")


def test_dates_long_texts_and_floats(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    moment = pd.Timestamp("2020-01-01 10:00:00.123")
    frame = pd.DataFrame(
        {"t": [moment, pd.NaT], "d": [pd.Timestamp("1950-05-05"), pd.NaT], "m": [pd.Timestamp("1959-12-01"), pd.NaT],
         "l": ["长" * 3000, ""], "f": pd.Series([0.1, 2], dtype="float32")}
    )  # fmt: skip
    frame.to_stata(
        path, convert_dates={"t": "tc", "d": "td", "m": "tm"}, write_index=False, version=118,
        convert_strl=["l"], data_label="数据",
    )  # fmt: skip
    table = read_dta(path)
    assert table.cells.to_numpy().tolist() == [
        [
            "2020-01-01 10:00:00.123",
            "1950-05-05",
            "1959-12-01",
            "长" * 3000,
            "0.10000000149011612",
        ],
        ["", "", "", "", "2"],
    ]
    assert [one.kind for one in about(table).variables] == [
        "datetime",
        "date",
        "date",
        "text",
        "number",
    ]
    assert about(table).title == "数据"


def test_formats_that_count_time() -> None:
    assert clock_of("%tdCCYY-NN-DD") == clock_of("%d") == clock_of("%-td")
    assert isinstance(clock_of("%tCHH:MM"), Clock)
    assert clock_of("%tq") == Months(3)
    assert [clock_of(one) for one in ("%9.0g", "%tw", "%ty", "%20s", "%12.0gc", "")] == [None] * 6


def test_chinese_of_an_old_stata_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"  # format 117 does not say in which encoding its texts are
    frame = pd.DataFrame({"s": ["ZZZZ"], "n": [1]})
    frame.to_stata(path, version=117, write_index=False, value_labels={"n": {1: "YYYY"}})
    content = path.read_bytes().replace(b"ZZZZ", "中文".encode("gbk"))
    path.write_bytes(content.replace(b"YYYY", "男女".encode("gbk")))
    table = read_dta(path)
    assert table.cells["s"].tolist() == ["中文"]
    assert about(table).variable("n").values == {"1": "男女"}
    assert about(table).encoding == "GB18030"
    assert "男女" in about(table).notes[0]


def test_western_labels_stay_western(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    pd.DataFrame({"n": [1]}).to_stata(
        path, version=117, write_index=False, variable_labels={"n": "être âgé"}
    )
    assert about(read_dta(path)).variable("n").label == "être âgé"
    assert about(read_dta(path)).notes == ()


def test_what_is_no_dta_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    path.write_bytes(b"")
    with pytest.raises(ResponseError, match="读不出 Stata 数据"):
        read_dta(path)


@pytest.mark.shared
def test_one_survey_as_sav_dta_and_xlsx(shared: Path) -> None:
    folder = shared / "samples/microdata/sav"
    stata, spss = (
        read_dta(folder / "zh_pku_spss_final.dta"),
        read_sav(folder / "zh_pku_spss_final_gbk.sav"),
    )
    sheet = read_spreadsheet(folder / "zh_pku_spss_final.xlsx")
    assert stata.cells.shape == (189, 6)
    assert stata.cells.to_numpy().tolist() == spss.cells.to_numpy().tolist()
    assert [one.values for one in about(stata).variables] == [
        one.values for one in about(spss).variables
    ]
    assert sheet.cells.to_numpy().tolist() == stata.cells.to_numpy().tolist()  # it holds the codes


@pytest.mark.shared
def test_the_election_study_of_2020(shared: Path) -> None:
    table = read_dta(shared / "samples/microdata/dta/anes_2020_stata_example.dta")
    assert table.cells.shape == (7453, 44)
    assert table.cells["V200010b"].iloc[0] == "1.0057374744401728"  # a weight, to its last digit
    assert about(table).variable("V201006").values["-9"] == "-9. Refused"
    assert about(table).variable("V201006").missing == ()  # labelled, not declared
