"""Workbooks are read as what they show, by a second reader where the first one fails."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import spreadsheet
from pipeline.responses.layouts.recognise import locate
from pipeline.responses.read import read_export
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.table import RawTable
from tests.responses.made import workbook

ROWS = [
    [None, None, None, None],
    ["序号", "1、几次？ ", None, "备注"],
    [1, 12.0, "x", None],
    [None, None, None, None],
    [2, 0.5, None, datetime(2026, 9, 3, 14, 22, 55)],
    [3, True, "跳过", date(2026, 9, 3)],
    [None, "", None, None],
]
SHOWN = {
    3: {"序号": "1", "1、几次？": "12", "": "x", "备注": ""},
    5: {"序号": "2", "1、几次？": "0.5", "": "", "备注": "2026-09-03 14:22:55"},
}


def shown(table: RawTable) -> dict[object, object]:
    return dict(table.cells.loc[[3, 5]].to_dict("index"))


def test_cells_are_text_and_rows_keep_their_number(tmp_path: Path) -> None:
    table = read_spreadsheet(workbook(tmp_path, ROWS))
    assert shown(table) == SHOWN
    assert table.cells.index.tolist() == [3, 5, 6]
    assert table.cells.loc[6, "1、几次？"] == "TRUE"
    assert str(table.cells.loc[6, "备注"]).startswith("2026-09-03")


def test_blank_columns_and_rows_at_the_end_are_left_out(tmp_path: Path) -> None:
    rows = [["KEY", "q1", None], ["x", "1", " "], [None, "", " "]]
    table = read_spreadsheet(workbook(tmp_path, rows))
    assert table.headers == ["KEY", "q1"]
    assert len(table.cells) == 1


def test_what_the_first_reader_cannot_open_the_second_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, ROWS)
    first = read_spreadsheet(path)

    def fails(_: bytes) -> spreadsheet.Opened:
        raise TypeError("style_id")

    monkeypatch.setattr(spreadsheet, "_by_calamine", fails)
    second = read_spreadsheet(path)
    assert shown(second) == SHOWN
    assert second.sha256 == first.sha256
    assert second.sheets == first.sheets == ("Sheet",)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_text("KEY,q1\n", encoding="utf-8")
    with pytest.raises(ResponseError, match="打不开") as refused:
        read_spreadsheet(path)
    assert "calamine" in str(refused.value)
    assert "openpyxl" in str(refused.value)


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match="是空的"):
        read_spreadsheet(workbook(tmp_path, [[None]]))


@pytest.mark.parametrize("first", [[], [["说明"], ["答卷见下一表"]], [["序号", "1、几次？"]]])
def test_a_wrong_first_sheet_is_named_with_the_others(
    tmp_path: Path, questionnaire: Questionnaire, first: list[list[str]]
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    for row in first:
        book.active.append(row)
    book.create_sheet("答卷").append(["序号", "1、几次？"])
    book.create_sheet("统计")
    book.save(tmp_path / "export.xlsx")
    with pytest.raises(ResponseError) as refused:
        locate(read_export(tmp_path), questionnaire)
    said = str(refused.value)
    assert "只读第一个工作表 “说明”；没有读 “答卷”、“统计”" in said


def test_a_real_export_of_the_older_format(shared: Path) -> None:
    folder = shared / "samples/forms/export_wjx"
    (path,) = folder.glob("*_0.xls")
    table = read_spreadsheet(path)
    assert table.cells.shape == (800, 14)
    assert table.cells.loc[2].iloc[[0, 6, 11]].tolist() == ["1", "1部", "运动┋影视┋购物"]
