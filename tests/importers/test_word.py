"""Word questionnaires: numbered lists, underlined blanks, tables."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.errors import SurveyError
from pipeline.importers.word import read
from pipeline.questionnaire.blocks import Matrix
from pipeline.questionnaire.questions import MultipleChoice, Number, Scale, SingleChoice
from tests.importers.laws import written_and_read


def numbered(paragraph: object, number: int) -> None:
    """Put a paragraph into the list `number` of the default template (1 counts 1. 2. 3.)."""
    properties = paragraph._p.get_or_add_pPr()  # type: ignore[attr-defined]
    held = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", "0"), ("w:numId", str(number))):
        one = OxmlElement(tag)
        one.set(qn("w:val"), value)
        held.append(one)
    properties.append(held)


def saved(document: object, tmp_path: Path) -> Path:
    path = tmp_path / "q.docx"
    document.save(str(path))  # type: ignore[attr-defined]
    return path


def filled(document: object, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))  # type: ignore[attr-defined]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(at, column).text = cell


def test_paragraphs_blanks_and_tables(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("单位职工问卷")
    document.add_paragraph("您好，请如实填写。")
    blank = document.add_paragraph("1. 您的年龄：")
    blank.add_run("      ").underline = True
    blank.add_run("岁")
    document.add_paragraph("2. 您的性别：□男 □女")
    document.add_paragraph("3. 您对下列工作的评价")
    filled(
        document,
        [["项目", "很满意", "一般", "不满意"], ["考勤", "□", "□", "□"], ["食堂", "□", "□", "□"]],
    )
    document.add_paragraph("4. 请打分")
    filled(
        document,
        [
            ["序号", "项目", "好", "中", "差"],
            ["1", "路", "3", "2", "1"],
            ["2", "水", "3", "2", "1"],
        ],
    )
    document.add_paragraph("5. 您的情况")
    filled(document, [["学历", "①初中 ②高中", "工龄", "____年"]])
    filled(document, [["完全", "不是", "表格"], ["随便", "写些", "什么"]])
    imported = read(saved(document, tmp_path), "trial")
    written_and_read(imported, tmp_path)
    kinds = [(block.name, type(block)) for block in imported.questionnaire.blocks]
    assert kinds[:4] == [("q01", Number), ("q02", SingleChoice), ("q03", Matrix), ("q04", Matrix)]
    assert [kind for _, kind in kinds[4:]] == [SingleChoice, Number]
    three, four = imported.questionnaire.blocks[2:4]
    assert isinstance(three, Matrix)
    assert (three.cells, [c.code for c in three.choices]) == ("scale", [3, 2, 1])
    assert isinstance(four, Matrix)
    assert [(c.text.zh, c.code) for c in four.choices] == [("好", 3), ("中", 2), ("差", 1)]
    assert [item.text.zh for item in four.items] == ["路", "水"]
    assert imported.questionnaire.title.zh == "单位职工问卷"
    assert any("表格没有读出" in one for one in imported.lost)


def test_questions_laid_out_in_a_table(tmp_path: Path) -> None:
    document = Document()
    filled(
        document,
        [
            ["题号", "题目", "选项"],
            ["1", "您的性别", "A.男 B.女"],
            ["2", "您关心什么（多选）", "A.路 B.水 C.电"],
            ["3", "您满意吗", "A.满意 B.一般 C.不满意"],
        ],
    )
    blocks = read(saved(document, tmp_path), "trial").questionnaire.blocks
    assert [type(block) for block in blocks] == [SingleChoice, MultipleChoice, Scale]


def test_numbers_that_word_sets_count(tmp_path: Path) -> None:
    document = Document()
    for text in ("您的性别：□男 □女", "您的意见？", "您去过吗：□去过 □没有"):
        document.add_paragraph(text, style="List Number")
    questionnaire = read(saved(document, tmp_path), "trial").questionnaire
    assert [block.name for block in questionnaire.blocks] == ["q01", "q02", "q03"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old doc"])
def test_what_is_no_document_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(SurveyError, match="docx"):
        read(path, "trial")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (65 * 2**20))
    path = tmp_path / "a.docx"
    path.write_bytes(held.getvalue())
    with pytest.raises(SurveyError, match="MB"):
        read(path, "trial")
