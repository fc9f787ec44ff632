import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.documents.xlsx import Column, Sheet, coordinate, write_workbook

SHEET = Sheet(
    "表", "题目", "说明", (Column("甲", 8), Column("乙", 30)), [("1", "=1+1"), ("2", "字" * 40)]
)


def test_the_same_sheets_give_the_same_bytes_without_the_clock(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [SHEET], title="题", dated=date(2026, 6, 1))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-06-01T00:00:00Z") == 2


def test_a_sheet_prints_on_a4_landscape_with_its_head_repeated(tmp_path):
    write_workbook(tmp_path / "a.xlsx", [SHEET], title="题", dated=date(2026, 6, 1))
    page = load_workbook(tmp_path / "a.xlsx").active
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "A4"
    assert page["A4"].font.name == "Microsoft YaHei"
    assert page.row_dimensions[5].height > page.row_dimensions[4].height


def test_what_looks_like_a_formula_stays_a_text(tmp_path):
    write_workbook(tmp_path / "a.xlsx", [SHEET], title="题", dated=date(2026, 6, 1))
    cell = load_workbook(tmp_path / "a.xlsx").active[coordinate(0, 1)]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="1 of 2"):
        Sheet("表", "", "", SHEET.columns, [("1",)])
