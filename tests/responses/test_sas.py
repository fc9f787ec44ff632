"""SAS transport files and data sets: zeros are zeros, and tagged missing values are kept."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import MissingRange
from pipeline.responses.sas import clock_of, read_sas7bdat, read_xport
from pipeline.responses.table import RawTable

MISSING = b"\x2e" + b"\x00" * 7


def transport(path: Path, frame: pd.DataFrame) -> Path:
    pyreadstat.write_xport(frame, path, file_format_version=5, table_name="T")
    return path


def kinds(table: RawTable) -> list[str]:
    assert table.dictionary is not None
    return [one.kind for one in table.dictionary.variables]


@pytest.mark.parametrize("version", [5, 8])
def test_tagged_missing_values_are_read_from_the_bytes(tmp_path: Path, version: int) -> None:
    path = tmp_path / "a.xpt"
    frame = pd.DataFrame({"s": ["x", "y", "z"], "a": [1.5, None, None], "b": [None, 0.0, 2.0]})
    pyreadstat.write_xport(frame, path, file_format_version=version, table_name="T")
    content = path.read_bytes()
    start = content.rindex(b"HEADER RECORD*******OBS")
    first = content.index(MISSING, start)  # row 1 of b
    second = content.index(MISSING, first + 8)  # row 2 of a
    tagged = bytearray(content)
    tagged[first], tagged[second] = ord("_"), ord("B")
    path.write_bytes(bytes(tagged))
    table = read_xport(path)
    assert table.cells.to_numpy().tolist() == [
        ["x", "1.5", "._"],
        ["y", ".B", "0"],
        ["z", "", "2"],
    ]
    assert table.dictionary is not None
    assert table.dictionary.variable("a").missing == (MissingRange(".B", ".B"),)


def test_what_is_no_transport_file_is_refused(tmp_path: Path) -> None:
    path = transport(tmp_path / "a.xpt", pd.DataFrame({"a": [1.0, 2.0] * 20}))
    content = path.read_bytes()
    for wrong, why in (
        (content[:-7], "不是 80 字节的整数倍"),
        (b"**COMPRESSED** " * 16, "PROC CPORT"),
        (content + content[240:], "有 2 个数据集"),
        (b" " * 800, "读不出 SAS 数据"),
    ):
        path.write_bytes(wrong)
        with pytest.raises(ResponseError, match=why):
            read_xport(path)
    path.write_bytes(b"x" * 3000)
    with pytest.raises(ResponseError, match="读不出 SAS 数据"):
        read_sas7bdat(path)


def test_formats_that_count_time() -> None:
    for display in ("YYMMDD10", "DATE9", "MMDDYY10.", "E8601DA", "MONYY7"):
        assert (of := clock_of(display)) is not None
        assert of.kind == "date"
    assert [getattr(clock_of(one), "kind", None) for one in ("DATETIME20.", "TIME8", "BEST12", "$8", "")] == [
        "datetime", "time", None, None, None,
    ]  # fmt: skip


@pytest.mark.shared
def test_real_fixtures(shared: Path) -> None:
    folder = shared / "samples/microdata/fixtures"
    first = ["a", "1.1", "2018-05-06", "2018-05-06 10:10:10", "1", "1", "10:10:10"]
    for table in (read_sas7bdat(folder / "sample.sas7bdat"), read_xport(folder / "sample.xpt")):
        assert table.cells.iloc[0].tolist() == first
        assert table.cells.iloc[2].tolist()[2:4] == ["1960-01-01", "1960-01-01 00:00:00"]
        assert kinds(table) == ["text", "number", "date", "datetime", "number", "number", "time"]
    dates = read_sas7bdat(folder / "dates.sas7bdat")
    assert dates.cells.shape == (50, 3)
    assert kinds(dates) == ["date", "datetime", "time"]


@pytest.mark.shared
def test_nhanes_has_zeros_where_other_readers_have_tiny_numbers(shared: Path) -> None:
    table = read_xport(shared / "samples/microdata/xpt/DEMO_I.XPT")
    assert table.cells.shape == (9971, 47)
    assert (table.cells["RIDAGEYR"] == "0").sum() > 300  # infants; pandas gives 5.4e-79
    assert not table.cells.map(lambda cell: "e-7" in cell).to_numpy().any()
    assert table.dictionary is not None
    assert table.dictionary.variable("SDMVPSU").label == "Masked variance pseudo-PSU"
    assert len(read_xport(shared / "samples/microdata/xpt/BMX_I.XPT").cells) == 9544
