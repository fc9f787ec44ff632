from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.documents.docx import Paragraph, Table, read_docx
from pipeline.errors import SurveyError


def test_paragraphs_tables_and_headings_come_in_their_order(tmp_path: Path) -> None:
    made = Document()
    made.add_paragraph("记录", style="Title")
    table = made.add_table(2, 3)
    table.cell(0, 0).text = "甲"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "合并"
    made.add_paragraph("")
    spoken = made.add_paragraph("村干部：")
    spoken.add_run("第一行\n第二行\t完").bold = True
    made.add_paragraph("结束", style="Heading 2")
    made.save(tmp_path / "a.docx")
    assert read_docx(tmp_path / "a.docx") == (
        Paragraph(1, ("记录",), heading=True),
        Table(1, (("甲", "", ""), ("", "合并"))),
        Paragraph(2, (), heading=False),
        Paragraph(3, ("村干部：第一行", "第二行 完"), heading=False),
        Paragraph(4, ("结束",), heading=True),
    )


def test_tab_stops_are_no_tabs_and_content_controls_are_read(tmp_path: Path) -> None:
    made = Document()
    made.add_paragraph("甲：好").paragraph_format.tab_stops.add_tab_stop(914400)
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>乙：在控件里</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    made.element.body.insert(1, parse_xml(control))
    made.save(tmp_path / "a.docx")
    found = [
        block.text for block in read_docx(tmp_path / "a.docx") if isinstance(block, Paragraph)
    ]
    assert found == ["甲：好", "乙：在控件里"]


def test_what_cannot_be_read_for_certain_is_said(tmp_path: Path) -> None:
    made = Document()
    added = f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>新</w:t></w:r></w:ins>'
    made.add_paragraph("村干部：")._p.append(parse_xml(added))
    box = f"<w:txbxContent {nsdecls('w')}><w:p/></w:txbxContent>"
    made.add_paragraph().add_run()._r.append(parse_xml(box))
    made.save(tmp_path / "a.docx")
    with pytest.raises(SurveyError, match=r"(?s)2 处有误.*修订.*文本框"):
        read_docx(tmp_path / "a.docx")
    (tmp_path / "b.docx").write_bytes(b"\xd0\xcf\x11\xe0 an old .doc")
    with pytest.raises(SurveyError, match=r"b\.docx: 不是能读的 Word 文档"):
        read_docx(tmp_path / "b.docx")
