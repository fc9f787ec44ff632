"""Workbooks are read as what they show, by a second reader where the first one fails."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import workbook as opening
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


def notes(table: RawTable) -> str:
    assert table.dictionary is not None
    return "\n".join(table.dictionary.notes)


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

    def fails(*_: object) -> tuple[opening.Sheet, ...]:
        raise TypeError("style_id")

    monkeypatch.setattr(opening, "_by_calamine", fails)
    second = read_spreadsheet(path)
    assert shown(second) == SHOWN
    assert second.sha256 == first.sha256
    assert second.sheets == first.sheets == ("Sheet",)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "no workbook")
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
    assert "“说明”" in said
    assert "“答卷”" in said
    assert "“统计”" in said


Sheets = dict[str, Sequence[Sequence[object]]]


def book_of(folder: Path, sheets: Sheets, merged: Sequence[str] = (), hidden: str = "") -> Path:
    """Write a workbook; `merged` are ranges of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    path = folder / "export.xlsx"
    book.save(path)
    return path


DATA = [["KEY", "q1"], ["x", 1], ["y", 2]]


def test_the_first_sheet_with_data_is_read_and_the_others_named(tmp_path: Path) -> None:
    sheets: Sheets = {
        "封面": [["某市调查"], ["二〇二六年"]], "旧": [["a", "b"], [1, 2]], "答卷": DATA,
        "答卷2": [["KEY", "q1"], ["z", 3]],
    }  # fmt: skip
    path = book_of(tmp_path, sheets, hidden="旧")
    table = read_spreadsheet(path)
    assert table.cells.index.tolist() == [2, 3]
    assert table.sheets == ("答卷", "封面", "旧", "答卷2")
    assert "没有读 “封面”（1 行）、“旧”（1 行，隐藏）、“答卷2”（1 行）" in notes(table)
    assert read_spreadsheet(path, sheet=" 答卷2 ").cells["KEY"].tolist() == ["z"]
    with pytest.raises(ResponseError, match=r"没有工作表“答卷3”.*是不是“答卷"):
        read_spreadsheet(path, sheet="答卷3")


def test_titles_are_no_header_and_merged_lines_become_one(tmp_path: Path) -> None:
    rows = [
        ["某市调查", None, None, None, None],
        [None],
        ["序号", "满意度", None, "开始", "备注"],
        [None, "态度 ", "时限", None, None],
        [1, 5, 4, date(2026, 9, 1), "一样"],
        [2, 4, 3, date(2026, 9, 2), None],
        ["合计"],
        ["注：9=拒答"],
    ]
    merged = ("A1:E1", "A3:A4", "B3:C3", "D3:D4", "E3:E4", "E5:E6")
    table = read_spreadsheet(book_of(tmp_path, {"数据": rows}, merged))
    assert table.headers == ["序号", "满意度 / 态度", "满意度 / 时限", "开始", "备注"]
    assert table.cells.loc[5].tolist() == ["1", "5", "4", "2026-09-01", "一样"]
    assert table.cells.loc[6, "备注"] == "一样"
    assert table.cells.index.tolist() == [5, 6]
    for said in ("某市调查", "第 3–4 行", "第 5–6 行", "只有“合计”", "注：9=拒答"):
        assert said in notes(table)


def test_a_header_merged_over_two_columns_of_numbers_is_one_line(tmp_path: Path) -> None:
    rows = [["序号", "身高体重", None], [1, 170, 60], [2, 165, 55]]
    table = read_spreadsheet(book_of(tmp_path, {"数据": rows}, ["B1:C1"]))
    assert table.headers == ["序号", "身高体重", ""]
    assert len(table.cells) == 2


@pytest.mark.parametrize("epoch_1904", [False, True])
@pytest.mark.parametrize("reader", ["_by_calamine", "_by_openpyxl"])
def test_typed_cells_are_written_as_people_see_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch_1904: bool, reader: str
) -> None:
    if reader == "_by_openpyxl":
        monkeypatch.setattr(opening, "_by_calamine", opening._by_openpyxl)
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["day", "moment", "time", "span", "number", "percent", "yes", "error", "mixed"])
    moments = [datetime(2026, 9, 3, 14, 22, 55), datetime(2026, 9, 4)]
    sheet.append(
        [
            date(2026, 9, 3),
            moments[0],
            time(8, 5),
            timedelta(hours=30),
            0.1 + 0.2,
            0.25,
            True,
            "#N/A",
            "x",
        ]
    )
    sheet.append([date(2026, 9, 4), moments[1], None, None, 1e-7, 1, False, "-", 3])
    sheet["H2"].data_type = "e"
    sheet["F2"].number_format = "0%"
    path = tmp_path / "a.xlsx"
    book.save(path)
    table = read_spreadsheet(path)
    assert table.cells.loc[2].tolist() == [
        "2026-09-03", "2026-09-03 14:22:55", "08:05:00", "30:00:00", "0.3", "0.25", "TRUE", "", "x",
    ]  # fmt: skip
    assert table.cells.loc[3].tolist() == [
        "2026-09-04", "2026-09-04 00:00:00", "", "", "1e-07", "1", "FALSE", "-", "3",
    ]  # fmt: skip
    assert "1 格是公式的错误" in notes(table)


def test_days_without_a_date_format_among_dates_are_dates(tmp_path: Path) -> None:
    rows = [
        ["KEY", "日期", "收入"],
        ["x", date(2024, 3, 2), 45353],
        ["y", 45354, 45354],
        ["z", date(2024, 3, 9), 1],
    ]
    table = read_spreadsheet(workbook(tmp_path, rows))
    assert table.cells["日期"].tolist() == ["2024-03-02", "2024-03-03", "2024-03-09"]
    assert table.cells["收入"].tolist() == ["45353", "45354", "1"]
    assert "B 列是日期，其中 1 格只存着天数（如 B3 的 45354）" in notes(table)
    far = [["KEY", "日期"], ["x", date(2024, 3, 2)], ["y", 7]]
    assert read_spreadsheet(workbook(tmp_path, far)).cells["日期"].tolist() == ["2024-03-02", "7"]


def test_long_numbers_that_excel_has_cut_are_told(tmp_path: Path) -> None:
    table = read_spreadsheet(workbook(tmp_path, [["KEY", "号"], ["x", 123456789012345678]]))
    assert "B2 等 1 格是超过 15 位的数" in notes(table)


CODES: Sheets = {
    "答卷": [["序号", "Q1 性别", "Q2"], [1, 1, "a"], [2, 2, "b"]],
    "编码表": [["变量名", "变量标签", "编码", "标签"], ["Q1", "您的性别", 1, "男"], [None, None, 2, "女"], ["Q9", "", 1, "有"]],
}  # fmt: skip


def test_a_code_table_gives_the_labels_of_the_codes(tmp_path: Path) -> None:
    table = read_spreadsheet(book_of(tmp_path, CODES))
    assert table.dictionary is not None
    (known,) = table.dictionary.variables
    assert (known.name, known.label, known.values) == (
        "Q1 性别",
        "您的性别",
        {"1": "男", "2": "女"},
    )
    assert (
        "“编码表”是编码表，1 列的取值标签由它而来。其中 1 个变量在数据里没有对应的列（“Q9”）"
        in notes(table)
    )


def test_a_code_table_may_come_first_and_hold_all_codes_in_one_cell(tmp_path: Path) -> None:
    sheets: Sheets = {"a": [["variable", "values"], ["Q2", "a=甲；b=乙"]], "b": CODES["答卷"]}
    table = read_spreadsheet(book_of(tmp_path, sheets))
    assert table.dictionary is not None
    assert table.sheets == ("b", "a")
    assert table.dictionary.variable("Q2").values == {"a": "甲", "b": "乙"}


PAGE = """<html><head><meta charset="{0}"></head><body><table><tr><td>
<table><tr><th rowspan=2>序号</th><th colspan=2>满意度</th></tr><tr><th>态度</th><th>时限</th></tr>
<tr><td>01</td><td>非常&nbsp;满意</td><td>不太满意</td></tr></table></td></tr></table></body></html>"""
XML = """<?xml version="1.0" encoding="{0}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="数据"><Table><Row><Cell><Data ss:Type="String">序号</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="String">时间</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data ss:Type="Number">1</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">2026-09-03T00:00:00.000</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_a_page_saved_as_xls_is_read_as_its_table(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes(PAGE.format(encoding).encode(encoding))
    table = read_spreadsheet(path)
    assert table.headers == ["序号", "满意度 / 态度", "满意度 / 时限"]
    assert table.cells.to_numpy().tolist() == [["01", "非常 满意", "不太满意"]]
    assert "网页（HTML）" in notes(table)


def test_excel_2003_xml_and_text_saved_as_xls_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(XML.format("utf-8"), encoding="utf-8")
    table = read_spreadsheet(path)
    assert table.cells.to_dict("index") == {4: {"序号": "1", "": "", "时间": "2026-09-03"}}
    path.write_bytes("序号\t性别\n1\t男\n2\t女\n".encode("gbk"))
    table = read_spreadsheet(path)
    assert table.cells["性别"].tolist() == ["男", "女"]
    assert "其实是文本" in notes(table)


def test_a_page_without_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><body>登录已过期</body></html>", encoding="utf-8")
    with pytest.raises(ResponseError, match="没有能读的表格"):
        read_spreadsheet(path)


def altered(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Replace some bytes in a part of a workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as was, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as now:
        for name in was.namelist():
            content = was.read(name)
            assert name != part or old in content
            now.writestr(name, content.replace(old, new) if name == part else content)
    path.write_bytes(made.getvalue())
    return path


def test_a_cell_at_the_far_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = altered(
        workbook(tmp_path, DATA), "xl/worksheets/sheet1.xml", b'r="B3"', b'r="XFD1048576"'
    )
    with pytest.raises(ResponseError, match="1,048,576 行、16,384 列，超过了能读的大小"):
        read_spreadsheet(path)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "UNPACKED", 10_000)
    bomb = b"<sheetData>" + b" " * 20_000
    path = altered(workbook(tmp_path, DATA), "xl/worksheets/sheet1.xml", b"<sheetData>", bomb)
    with pytest.raises(ResponseError, match="解开后有"):
        read_spreadsheet(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "打不开"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        (b"PK\x03\x04 cut off", "压缩包已损坏"),
        (bytes(range(256)), "既不是 Excel 工作簿，也不是文本"),
        (b"", "文件是空的"),
    ],
)
def test_a_damaged_or_locked_workbook_is_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(ResponseError, match=said):
        read_spreadsheet(path)


@pytest.mark.shared
def test_a_real_export_of_the_older_format(shared: Path) -> None:
    folder = shared / "samples/forms/export_wjx"
    (path,) = folder.glob("*_0.xls")
    table = read_spreadsheet(path)
    assert table.cells.shape == (800, 14)
    assert table.cells.loc[2].iloc[[0, 6, 11]].tolist() == ["1", "1部", "运动┋影视┋购物"]


@pytest.mark.shared
def test_a_workbook_that_openpyxl_cannot_open(shared: Path) -> None:
    path = shared / "samples/microdata/sav/zh_pku_spss_final.xlsx"
    table = read_spreadsheet(path)
    assert table.cells.shape == (189, 6)
    assert table.cells.iloc[0].tolist() == ["85", "19", "2", "0", "0", "2523"]


@pytest.mark.shared
def test_a_sheet_with_everything_that_people_do_to_sheets(shared: Path) -> None:
    """The index counts 125 rows: with a second header line, 合计, a note and two blanks."""
    table = read_spreadsheet(shared / "samples/microdata/ugly/ugly_merged_header.xlsx")
    assert table.cells.shape == (120, 10)
    assert table.headers[2:6] == [f"满意度 / {one}" for one in ("态度", "态度", "时限", "环境")]
    assert table.cells.index[[0, -1]].tolist() == [4, 123]
    assert set(table.cells["日期 / 结束"].str.len()) == {len("2024-03-02")}


@pytest.mark.shared
@pytest.mark.parametrize("damage", ["cut", "dimensions"])
def test_a_damaged_xls_ends_in_a_refusal(shared: Path, tmp_path: Path, damage: str) -> None:
    """With these dimensions the reader asks for all memory and ends its whole process."""
    (real,) = (shared / "samples/forms/export_wjx").glob("*_0.xls")
    content = bytearray(real.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    else:
        at = content.index(b"\x00\x02\x0e\x00") + 4
        content[at + 4 : at + 8], content[at + 10 : at + 12] = b"\xff" * 4, b"\xff" * 2
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(ResponseError, match="打不开"):
        read_spreadsheet(path)


def test_a_workbook_that_unpacks_to_far_more_than_a_table_could_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (60 << 20))
    with pytest.raises(ResponseError, match="解开后有 60 MB"):
        read_spreadsheet(path)
