from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.errors import SurveyError
from pipeline.text_analysis.coded_sheets import read_sheets
from pipeline.text_analysis.coding_sheet import write_sheet
from tests.text_analysis.made_interviews import FRAME, units


def filled(folder: Path, cells: dict[str, object], name: str = "coder-1.xlsx") -> Path:
    path = folder / name
    write_sheet(path, units()[1:], FRAME)
    book = load_workbook(path)
    for cell, value in cells.items():
        book["编码"][cell] = value
    book.save(path)
    return path


def test_what_coders_chose_is_read(tmp_path: Path) -> None:
    filled(
        tmp_path,
        {
            "E4": "A1.4 填表", "F4": "印证", "G4": "修路",
            "E5": "A1.4 填表", "F5": "不印证", "E6": "没有主题",
            "I7": "A1.3 活动", "J7": "未表明", "K8": "只有备注", "B4": 2,
        },
    )  # fmt: skip
    filled(tmp_path, {}, "coder-2.xlsx")
    first, second = read_sheets(tmp_path, units(), FRAME)
    assert first.coder == "coder-1"
    assert first.codes == {
        ("I01", 2): {"paperwork": "supports", "roads": ""},
        ("I01", 3): {"paperwork": "contradicts"},
        ("I01", 4): {},
        ("I01", 5): {"activities": ""},
    }  # I01 6 has a note only: not coded yet
    assert (second.coder, second.codes) == ("coder-2", {})


def test_no_sheets_are_in_order(tmp_path: Path) -> None:
    assert read_sheets(tmp_path / "absent", units(), FRAME) == ()
    (tmp_path / "~$coder-1.xlsx").write_bytes(b"lock")
    assert read_sheets(tmp_path, units(), FRAME) == ()


def test_faults_of_all_sheets_are_said_together_with_their_cells(tmp_path: Path) -> None:
    filled(
        tmp_path,
        {
            "E4": "填表太多", "E5": "A1.4 填表", "G5": "A1.4 填表", "F5": "印证", "H5": "印证",
            "E6": "A1.3 活动", "E7": "没有主题", "G7": "修路", "H8": "印证", "F8": "大概",
            "E8": "A1.4 填表",
        },
    )  # fmt: skip
    filled(tmp_path, {"B4": "9", "A5": "I01", "B5": "4", "D7": "别的话"}, "coder-2.xlsx")
    path = filled(tmp_path, {}, "coder-3.xlsx")
    book = load_workbook(path)
    book["编码"].title = "改过的名"
    book.save(path)
    filled(tmp_path, {"E3": "第一主题"}, "coder-4.xlsx")
    (tmp_path / "coder-5.xlsx").write_bytes(b"broken")
    with pytest.raises(SurveyError) as told:
        read_sheets(tmp_path, units(), FRAME)
    message = str(told.value)
    for part in (
        "coder-1.xlsx: 6 处有误", "“编码”表 E4 格 (cell E4): 没有主题“填表太多”",
        "cell G5): 主题“A1.4 填表”选了两次", "cell F6): 主题“A1.3 活动”没有立场",
        "cell E7): “没有主题”和别的主题", "cell F8): 没有立场“大概”", "cell H8): 有立场“印证”，没有主题",
        "coder-2.xlsx: 4 处有误", "cell A4): 访谈记录里没有 I01 第 9 段", "cell A6): 与 “编码”表 A5 格",
        "cell D7): 发言与访谈记录不一致",
        "coder-3.xlsx: 1 处有误", "没有工作表“编码”", "coder-4.xlsx: 1 处有误", "cell A3): 表头",
        "coder-5.xlsx: 1 处有误", "打不开",
    ):  # fmt: skip
        assert part in message, part


@pytest.mark.parametrize("gone", [1, 2])
def test_passages_that_were_deleted_are_counted(tmp_path: Path, gone: int) -> None:
    path = filled(tmp_path, {"E4": "没有主题"})
    book = load_workbook(path)
    book["编码"].delete_rows(5, gone)
    book.save(path)
    (only,) = read_sheets(tmp_path, units(), FRAME)
    assert only.missing == gone


def test_a_sheet_without_half_of_its_passages_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, {})
    book = load_workbook(path)
    book["编码"].delete_rows(5, 3)
    book.save(path)
    filled(tmp_path, {"A2": "别的话"}, "coder-2.xlsx")
    with pytest.raises(SurveyError) as told:
        read_sheets(tmp_path, units(), FRAME)
    message = str(told.value)
    assert "coder-1.xlsx: 1 处有误" in message
    assert "cell A2): 原有 5 段发言，缺了 3 段" in message
    assert "coder-2.xlsx: 1 处有误" in message
    assert "看不出" in message
