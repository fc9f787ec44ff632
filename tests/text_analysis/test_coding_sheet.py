from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.errors import SurveyError
from pipeline.text_analysis.coding import Codeframe
from pipeline.text_analysis.coding_sheet import labels, sampled, write_sheet
from tests.text_analysis.made_interviews import FRAME, unit, units

CODABLE = units()[1:]


def test_a_sheet_shows_words_and_lists_and_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "new" / "coder-1.xlsx"
    write_sheet(path, CODABLE, FRAME)
    book = load_workbook(path)
    assert book.sheetnames == ["说明", "编码", "编码表"]
    page = book["编码"]
    row = [cell.value for cell in page[4]]
    assert row == ["I01", "2", "村干部", "填表太多，路也坏。", *[None] * 7]
    offered = [cell.value for cell in book["编码表"]["A"][3:]]
    assert offered == ["没有主题", "A1.4 填表", "A1.3 活动", "修路"]
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation}
    themes = next(where for where, source in lists.items() if source == "'编码表'!$A$4:$A$7")
    stances = next(where for where, source in lists.items() if source == '"印证,不印证,未表明"')
    assert set(themes.split()) == {"E4:E8", "G4:G8", "I4:I8"}
    assert set(stances.split()) == {"F4:F8", "H4:H8", "J4:J8"}
    everything = " ".join(
        str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line
    )
    assert "include:" not in everything
    assert "重复填报" in everything  # the definition
    assert "paperwork" not in everything


def test_the_same_passages_give_the_same_bytes_and_a_filled_sheet_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "coder-1.xlsx"
    write_sheet(path, CODABLE, FRAME)
    first = path.read_bytes()
    write_sheet(path, CODABLE, FRAME)
    assert path.read_bytes() == first
    book = load_workbook(path)
    book["编码"]["E5"] = "没有主题"
    book.save(path)
    with pytest.raises(SurveyError, match="已经有人填写"):
        write_sheet(path, CODABLE, FRAME)
    path.write_text("别的文件", encoding="utf-8")
    with pytest.raises(SurveyError, match="不像空白的编码表"):
        write_sheet(path, CODABLE, FRAME)
    assert path.read_text(encoding="utf-8") == "别的文件"


def test_all_but_the_interviewer_are_coded_or_a_sample_drawn_by_seed() -> None:
    assert sampled(units()) == CODABLE
    many = [unit(number, "话", interview=f"I{number % 7}") for number in range(1, 301)]
    chosen = sampled(many)
    assert len(chosen) == 200
    assert chosen == tuple(one for one in many if one in chosen)  # in the order of the notes
    assert chosen == sampled(many)
    assert set(one.key for one in sampled(many, seed=2)) != set(one.key for one in chosen)
    assert len(sampled(many, most=3)) == 3


def test_nothing_to_code_and_themes_of_one_name_are_said(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="没有可编码的发言"):
        write_sheet(tmp_path / "coder-1.xlsx", (), FRAME)
    twice = {"name": {"zh": "甲"}, "include": ["甲"]}
    frame = Codeframe.model_validate({"themes": [{**twice, "code": "a"}, {**twice, "code": "b"}]})
    with pytest.raises(SurveyError, match="主题 b 与 a"):
        labels(frame)
