"""A csv is read cell for cell, and what is wrong with it is said with its place."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.delimited import read_csv


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_cells_are_text_and_keep_their_line(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "\ufeffKEY,q1\r\nx,01\r\n\r\n,\r\ny,\r\n"))
    assert table.cells.to_dict("index") == {2: {"KEY": "x", "q1": "01"}, 5: {"KEY": "y", "q1": ""}}
    assert len(table.sha256) == 64


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, 'KEY,q5\nx,"一行\n二行，""好"""\n'))
    assert table.cells["q5"].tolist() == ['一行\n二行，"好"']


def test_a_header_may_repeat(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "KEY,备注,备注\nx,1,2\n"))
    assert table.headers == ["KEY", "备注", "备注"]
    assert table.cells["备注"].to_numpy().tolist() == [["1", "2"]]


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ("KEY,q1\nx,是\n", "gb18030", "第 2 行不是 UTF-8"),
        ("", "utf-8", "文件是空的"),
        ("KEY,q1\nx,1\ny,1,2\n", "utf-8", "line 3"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(
    tmp_path: Path, content: str, encoding: str, said: str
) -> None:
    path = write(tmp_path, content, encoding)
    with pytest.raises(ResponseError) as refused:
        read_csv(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
