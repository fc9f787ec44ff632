"""A text file is read cell for cell, and what is wrong with it is said with its place."""

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.responses.delimited import read_csv
from pipeline.responses.table import RawTable


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def notes(table: RawTable) -> str:
    assert table.dictionary is not None
    return "\n".join(table.dictionary.notes)


def test_cells_are_text_and_keep_their_line(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "\ufeffKEY,q1\r\nx,01\r\n\r\n,\r\ny,\r\n"))
    assert table.cells.to_dict("index") == {2: {"KEY": "x", "q1": "01"}, 5: {"KEY": "y", "q1": ""}}
    assert len(table.sha256) == 64
    assert notes(table) == ""


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, 'KEY,q5\nx,"一行\n二行，""好"""\ny,\u2028\x85z\n'))
    assert table.cells["q5"].tolist() == ['一行\n二行，"好"', "\u2028\x85z"]
    assert table.cells.index.tolist() == [2, 4]  # as an editor numbers them


def test_a_header_may_repeat_or_be_empty(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "\n,备注,备注\nx,1,2\n"))
    assert table.headers == ["", "备注", "备注"]
    assert table.cells["备注"].to_numpy().tolist() == [["1", "2"]]
    assert table.cells.index.tolist() == [3]


@pytest.mark.parametrize(
    ("separator", "name", "said"),
    [(",", "a.csv", ""), (";", "a.csv", "分号"), ("\t", "a.csv", "制表符"), ("|", "a.csv", "竖线"),
     ("\t", "a.txt", ""), ("\t", "a.tsv", ""), (",", "a.txt", "逗号")],
)  # fmt: skip
def test_the_separator_is_told_by_the_rows(
    tmp_path: Path, separator: str, name: str, said: str
) -> None:
    rows = [["KEY", "哪些，可多选", "q2"], ["x", "甲; 乙, 丙", "1"], ["y", "甲|乙", "2,5"]]
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows(rows)
    table = read_csv(write(tmp_path, made.getvalue(), name=name))
    assert [table.headers, *table.cells.to_numpy().tolist()] == rows
    assert said in notes(table)
    assert bool(said) == bool(notes(table))


def test_the_separator_may_be_named_in_the_file(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "sep=;\r\na;b\r\n1,5;2\r\n"))
    assert table.cells.to_dict("index") == {3: {"a": "1,5", "b": "2"}}


def test_blank_columns_at_the_end_are_left_out(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "KEY,q1,,\nx,1,,\ny,2,,,,\n"))
    assert table.headers == ["KEY", "q1"]
    assert table.cells["q1"].tolist() == ["1", "2"]


def test_rows_that_end_early_are_filled_up_and_told(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "KEY,q1,q2\nx,1,2\ny\nz,1,2\nw,2"))
    assert table.cells.loc[3].tolist() == ["y", "", ""]
    assert "2 行比表头短（第 3、5 行）" in notes(table)
    assert "第 5 行）没有写完" in notes(table)


def test_what_stands_below_the_table_is_no_response(tmp_path: Path) -> None:
    table = read_csv(write(tmp_path, "KEY,q1,q2\n注,1,2\nx,1,2\n合计,,\n注：88=拒答,,\n"))
    assert table.cells.index.tolist() == [2, 3]
    assert "第 5 行在表的下面，只有“注：88=拒答”" in notes(table)


@pytest.mark.parametrize(
    ("body", "cells"),
    [('x,"甲" 乙\n', "甲 乙"), ('x,"甲\ny,乙\n', '"甲'), ('x,甲"乙"\n', '甲"乙"')],
)
def test_loose_quotes_are_read_where_every_row_fits(tmp_path: Path, body: str, cells: str) -> None:
    assert read_csv(write(tmp_path, f"KEY,q1\n{body}")).cells.iloc[0, 1] == cells


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "文件是空的"),
        (",,\n \n", "文件是空的"),
        ("KEY,q1\nx,1\ny,1,2\n", "第 3 行 (line 3): 有 3 格，表头有 2 格"),
        ("a,b\n" + "1,2,3\n" * 50, "还有 30 处"),
        ('KEY,q1\nx,1\ny,"2\nz,3,4\n', "第 3 行起引号不成对"),
        ("KEY,q1,q2\nx,1,一行\n二行,2\ny,1\n断,2\n", "第 4 行 (line 4): 只有 2 格，下一行"),
        ("PK\x03\x04 and so on", "这是 Excel 工作簿"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ResponseError) as refused:
        read_csv(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="打不开"):
        read_csv(tmp_path / "no.csv")


def test_an_encoding_by_evidence_is_noted_and_a_named_one_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "KEY,q1\nx,非常满意\n", "gb18030")
    table = read_csv(path)
    assert table.cells["q1"].tolist() == ["非常满意"]
    assert "按 GB18030 读" in notes(table)
    named = read_csv(path, encoding="gbk")
    assert named.cells.equals(table.cells)
    with pytest.raises(ResponseError, match="不是 utf-8 编码"):
        read_csv(path, encoding="utf-8")


CELL = st.text(st.characters(exclude_characters="\x00\x1a\ufeff", codec="utf-8"), max_size=6)


@settings(max_examples=40)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    made = io.StringIO()
    csv.writer(made).writerows([["KEY", "q1", "q2"], *(["k", *row[1:]] for row in rows)])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    try:
        path.write_bytes(b"\xef\xbb\xbf" + made.getvalue().encode())
        read = read_csv(path).cells.to_numpy().tolist()
    except ResponseError:
        assert any(ord(one) < 32 for row in rows for cell in row for one in cell)
        return
    assert read == [["k", *row[1:]] for row in rows]


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 40))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes, at: int
) -> None:
    content = 'KEY,q1,q2\nx,"一,二",2\ny,3,"4"\n'.encode()
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(content[:at] + damage + content[at + len(damage) // 2 :])
    try:
        table = read_csv(path)
    except ResponseError:
        return
    assert table.cells.index.is_unique


SHAPES = {
    "microdata/csv/apipop.csv": (6194, 37),
    "microdata/csv/masculinity_raw-responses.csv": (1615, 98),
    "microdata/csv/food_world_cup_macroman.csv": (1373, 48),
    "microdata/csv/nhanes2_stata.csv": (10337, 9),
    "microdata/pairs/qualtrics/many_types.csv": (6, 189),  # a blank column at the end is left out
    "microdata/pairs/limesurvey/biodiv_first.csv": (3, 1396),
    "microdata/pairs/limesurvey/biodiv_questions.csv": (169, 12),  # by semicolons
    "microdata/pairs/xlsform_iraq/cleaningtools_choices.csv": (969, 5),  # one row is blank
    "microdata/pairs/xlsform_iraq/cleaningtools_clean_data.csv": (578, 350),
    "microdata/ugly/multi_a_delimited_labels.csv": (120, 2),
    "microdata/ugly/ugly_gb18030.csv": (120, 9),
    "microdata/ugly/ugly_utf16le_tab.txt": (120, 9),
    "microdata/ugly/ugly_utf8_bom.csv": (120, 9),
    "forms/export_odk/verbal-autopsy-software_CrossVA__who151_odk_export.csv": (54, 529),
    "forms/export_redcap/OuhscBbmc_REDCapR__data.csv": (18, 125),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", SHAPES)
def test_real_files_have_the_rows_and_columns_they_should(shared: Path, name: str) -> None:
    assert read_csv(shared / "samples" / name).cells.shape == SHAPES[name]


@pytest.mark.shared
def test_a_file_of_800_000_cells_takes_about_a_second(shared: Path) -> None:
    start = time.process_time()
    table = read_csv(shared / "samples/microdata/pairs/newcoder2016_part1.csv")
    assert table.cells.shape == (15653, 51)
    assert time.process_time() - start < 4  # 0.5 s on an idle machine
