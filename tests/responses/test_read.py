"""A delivered table is read cell for cell, and what is wrong with it is said with its place."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.read import correct, find_export, read_table, without


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_cells_are_text_and_keep_their_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "﻿KEY,q1\r\nx,01\r\n\r\ny,\r\n")
    table = read_table(path)
    assert table.cells.to_dict("index") == {2: {"KEY": "x", "q1": "01"}, 4: {"KEY": "y", "q1": ""}}
    assert len(table.sha256) == 64


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a.csv", 'KEY,q5\nx,"一行\n二行，""好"""\n'))
    assert table.cells["q5"].tolist() == ['一行\n二行，"好"']


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ("KEY,q1\nx,是\n", "gb18030", "第 2 行不是 UTF-8"),
        ("", "utf-8", "文件是空的"),
        ("KEY,q1,q1\nx,1,2\n", "utf-8", "出现 2 次"),
        ("KEY,q1\nx,1\ny,1,2\n", "utf-8", "line 3"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(
    tmp_path: Path, content: str, encoding: str, said: str
) -> None:
    path = write(tmp_path, "a.csv", content, encoding)
    with pytest.raises(ResponseError) as refused:
        read_table(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_the_export_is_the_one_csv_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="找不到文件夹"):
        find_export(tmp_path / "absent")
    write(tmp_path, "dispositions.csv", "person,disposition\n")
    with pytest.raises(ResponseError, match="没有答卷文件"):
        find_export(tmp_path)
    export = write(tmp_path, "export.csv", "KEY\n")
    assert find_export(tmp_path) == export
    write(tmp_path, "second.csv", "KEY\n")
    with pytest.raises(ResponseError, match=r"export\.csv、second\.csv"):
        find_export(tmp_path)


def test_a_signed_correction_changes_one_cell_and_not_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "KEY,q4\nx,300\ny,2\n")
    before = path.read_bytes()
    signed = write(
        tmp_path, "corrections.csv", "key,column,old,new,reason,who\nx,q4,300,3,电话核实,调研组\n"
    )
    corrected = correct(read_table(path), signed, "KEY")
    assert corrected.cells["q4"].tolist() == ["3", "2"]
    assert path.read_bytes() == before


def test_corrections_that_do_not_fit_are_told_all_together(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "KEY,q4\nx,300\n")
    signed = write(
        tmp_path,
        "corrections.csv",
        "key,column,old,new,reason,who\nx,q4,30,3,核实,调研组\nz,q4,1,2,核实,调研组\n"
        "x,q9,1,2,核实,调研组\nx,q4,300,3,,调研组\n",
    )
    with pytest.raises(ResponseError) as refused:
        correct(read_table(path), signed, "KEY")
    said = str(refused.value)
    assert [f"line {n}" in said for n in (2, 3, 4, 5)] == [True] * 4


def test_columns_left_out_are_gone(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a.csv", "KEY,phone,q1\nx,13800000000,1\n"))
    assert list(without(table, ["phone"]).cells) == ["KEY", "q1"]
