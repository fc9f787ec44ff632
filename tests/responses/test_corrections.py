"""Corrections change single cells, of any kind of file, and only where they meet what they say."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.corrections import correct
from pipeline.responses.read import read_table
from tests.responses.made import labelled_file, workbook

HEADER = "key,column,old,new,reason,who\n"


def signed(folder: Path, rows: str) -> Path:
    path = folder / "corrections.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return path


def table(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_signed_correction_changes_one_cell_and_not_the_file(tmp_path: Path) -> None:
    path = table(tmp_path, "KEY,q4\nx,300\ny,2\n")
    before = path.read_bytes()
    corrections = signed(tmp_path, "x,q4,300,3,电话核实,调研组\n")
    corrected = correct(read_table(path), corrections, "KEY")
    assert corrected.cells["q4"].tolist() == ["3", "2"]
    assert path.read_bytes() == before


def test_without_a_file_of_corrections_nothing_changes(tmp_path: Path) -> None:
    delivered = read_table(table(tmp_path, "KEY,q4\nx,300\n"))
    assert correct(delivered, tmp_path / "corrections.csv", "KEY") is delivered


def test_a_workbook_is_corrected_by_its_own_headers(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["序号", "1、几次？ "], [1, 300], [2, "2"]])
    corrections = signed(tmp_path, "1,1、几次？ ,300,3,电话核实,调研组\n")
    corrected = correct(read_table(path), corrections, "序号")
    assert corrected.cells["1、几次？"].tolist() == ["3", "2"]


def test_a_labelled_file_is_corrected_by_its_variables(tmp_path: Path) -> None:
    path = labelled_file(tmp_path, {"id": ["U1", "U2"], "q4": [300.0, 2.0]})
    corrections = signed(tmp_path, "U1,q4,300,3,电话核实,调研组\n")
    corrected = correct(read_table(path), corrections, "id")
    assert corrected.cells["q4"].tolist() == ["3", "2"]
    assert corrected.labels is not None


def test_corrections_that_do_not_fit_are_told_all_together(tmp_path: Path) -> None:
    delivered = read_table(table(tmp_path, "KEY,q4,twice,twice\nx,300,1,1\n"))
    corrections = signed(
        tmp_path,
        "x,q4,30,3,核实,调研组\nz,q4,1,2,核实,调研组\nx,q9,1,2,核实,调研组\n"
        "x,q4,300,3,,调研组\nx,twice,1,2,核实,调研组\n",
    )
    with pytest.raises(ResponseError) as refused:
        correct(delivered, corrections, "KEY")
    said = str(refused.value)
    assert [f"line {n}" in said for n in (2, 3, 4, 5, 6)] == [True] * 5
    assert "有 2 列叫 'twice'" in said
