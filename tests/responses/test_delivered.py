"""Files are read as the source says: encoding, sheet, syntax, key of a join, system."""

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import ResponseError
from pipeline.responses.delivered import (
    Placed,
    placed_in,
    read_delivered,
    read_file,
    read_together,
)
from pipeline.responses.source import File, Source, Stands

ANY = {"q": Stands(column="x")}


def test_the_encoding_and_the_sheet_of_the_source_count(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("性別,x\n男,1\n".encode("big5"))
    book = openpyxl.Workbook()
    book.active.append(["x"])
    second = book.create_sheet("答卷")
    for row in (["x", "性別"], [1, "男"]):
        second.append(row)
    book.save(tmp_path / "b.xlsx")
    for file in (File(name="a.csv", encoding="big5"), File(name="b.xlsx", sheet="答卷")):
        (placed,) = placed_in(tmp_path, [file])
        table = read_file(placed)
        assert table.cells["性別"].tolist() == ["男"]
        assert table.cells["x"].tolist() == ["1"]


SYNTAX = "DATA LIST /sex 1 age 2-3.\nVALUE LABELS sex 1 '男' 2 '女'.\n"


def test_a_syntax_says_what_stands_where_and_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "read.sps").write_text(SYNTAX, encoding="utf-8")
    (tmp_path / "a.dat").write_text("134\n256\n", encoding="ascii")
    (tmp_path / "a.csv").write_text("sex,age\n1,34\n", encoding="ascii")
    fixed, named = (
        read_file(one)
        for one in placed_in(
            tmp_path,
            [File(name="a.dat", syntax="read.sps"), File(name="a.csv", syntax="read.sps")],
        )
    )
    assert fixed.cells.to_numpy().tolist() == [["1", "34"], ["2", "56"]]
    for table in (fixed, named):
        assert table.dictionary is not None
        assert table.dictionary.variable("sex").values == {"1": "男", "2": "女"}


def test_files_are_joined_in_their_order_and_tidied_by_their_system(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,x,x\n1,a,b\n2,c,d\n", encoding="ascii")
    (tmp_path / "b.csv").write_text("id,y\n2,z\n", encoding="ascii")
    source = Source(
        layout="plain", files=(File(name="a.csv"), File(name="b.csv")), on=("id",), questions=ANY
    )
    table, found = read_delivered(tmp_path, source)
    assert found.system.name == "plain"
    assert table.headers == ["id", "x", "x (2)", "y"]
    assert table.cells.to_numpy().tolist() == [["1", "a", "b", ""], ["2", "c", "d", "z"]]
    assert table.cells.index.tolist() == [2, 3]


def test_what_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=r"a\.csv: 找不到文件"):
        read_file(Placed(File(name="a.csv"), tmp_path / "a.csv"))
    (tmp_path / "a.csv").write_text("id,x\n", encoding="ascii")
    with pytest.raises(ResponseError, match="0 份答卷"):
        read_together(placed_in(tmp_path, [File(name="a.csv")]), [])
    (tmp_path / "a.csv").write_text("id,x\n1,2\n", encoding="ascii")
    source = Source(layout="nobody", files=(File(name="a.csv"),), questions=ANY)
    with pytest.raises(ResponseError, match="没有叫 'nobody' 的系统"):
        read_delivered(tmp_path, source)
