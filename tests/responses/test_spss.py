"""SPSS files keep their codes, declared missing ones too, and their labels."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.spss import read_sav
from tests.responses.made import labelled_file

NAN = float("nan")


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


def test_a_file_that_is_no_sav_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.sav"
    path.write_bytes(b"KEY,q1\n")
    with pytest.raises(ResponseError, match="读不出 SPSS 数据"):
        read_sav(path)


def test_real_files_keep_what_they_declare(shared: Path) -> None:
    folder = shared / "samples/microdata/sav"
    declared = read_sav(folder / "foreign_electric.sav")
    assert (declared.cells["DAYOFWK"] == "9").sum() > 0  # 9 is declared missing
    chinese = read_sav(folder / "zh_pku_spss_final_gbk.sav")  # its header says GBK
    assert chinese.labels is not None
    assert chinese.labels.values["SMOKE"] == {"0": "不吸烟", "1": "吸烟"}
    mixed = read_sav(folder / "pyreadstat_mrs_alltypes.sav")
    assert mixed.cells["y"].iloc[0] == "2000-01-01"
