"""The Word questionnaire: nothing is missing, nothing breaks apart, the same bytes twice."""

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.errors import SurveyError
from pipeline.forms import paper_docx
from pipeline.forms.guide import guide
from pipeline.forms.paper_tables import _halved
from pipeline.questionnaire.blocks import Matrix, Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.questions import Calculated, ChoiceQuestion
from pipeline.questionnaire.read import read_questionnaire, version_hash

HERE = Path(__file__).parent
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de00"
    "00000c49444154789c636868680000030401814bd3d2100000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def every_type() -> Questionnaire:
    return read_questionnaire(HERE / "every_type.yaml")


@pytest.fixture(scope="module")
def programme(root: Path) -> Programme:
    return read_programme(root / "questionnaires" / "programme.yaml")


@pytest.fixture(scope="module")
def content(every_type: Questionnaire, programme: Programme) -> bytes:
    return paper_docx.document(every_type, programme, images={"job.png": PIXEL})


@pytest.fixture(scope="module")
def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def texts(opened: Any) -> list[str]:
    return [
        "".join(one.text or "" for one in paragraph.iter(qn("w:t"))).replace("\u00a0", " ")
        for paragraph in opened.element.body.iter(qn("w:p"))
    ]


def test_every_wording_choice_and_code_is_there(every_type: Questionnaire, opened: Any) -> None:
    said = texts(opened)
    whole = "\n".join(said)
    for block in every_type.blocks:
        parts = block.questions if isinstance(block, Roster) else ()
        for one in (block, *parts):
            assert isinstance(one, Calculated) or one.text.zh in whole
            if isinstance(one, Matrix):
                assert all(item.text.zh in whole for item in one.items)
                assert all(choice.text.zh in whole for choice in one.offered)
            elif isinstance(one, ChoiceQuestion):
                for choice in one.offered:
                    written = choice.text.zh.split(" ")[0] == str(choice.code)
                    ticked = "" if written else f"□{choice.code}"
                    assert any(choice.text.zh in line for line in said)
                    assert any(ticked in line for line in said), (one.name, choice.code)
    assert "收支差" not in whole.replace("“收支差”", "")


def test_skips_and_notes_are_there(every_type: Questionnaire, opened: Any) -> None:
    said = texts(opened)
    for block in every_type.blocks:
        for route in guide(every_type).after(block.name):
            assert f"→ {route}" in said
    assert guide(every_type).before("wish") in said
    assert "【访问员】不要念选项。" in said
    assert any("（请注明）" in line for line in said)
    footer = opened.sections[0].footer.paragraphs[0]
    assert version_hash(every_type) in footer.text
    fields = [one.get(qn("w:instr")).strip() for one in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_rows_do_not_split_and_heads_repeat(opened: Any) -> None:
    scales, grids = [], []
    for table in opened.tables[2:]:
        rows = [row._tr.trPr for row in table.rows]
        assert all(one is not None and one.find(qn("w:cantSplit")) is not None for one in rows)
        (scales if len(rows) == 1 else grids).append(table)
    assert grids
    assert scales
    for table in grids:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_stem_is_kept_with_what_follows(opened: Any) -> None:
    stems = [
        one for one in opened.paragraphs if one.style.name == "题干" and one.text[:1].isdigit()
    ]
    assert len(stems) == 20
    assert all(one.paragraph_format.keep_with_next for one in stems)
    for table in opened.tables[2:]:
        for row in table.rows[:-1]:
            assert all(p.paragraph_format.keep_with_next for p in row.cells[0].paragraphs)


def test_chinese_is_set_in_chinese_fonts(opened: Any) -> None:
    for name in ("Normal", "Title", "Heading 1", "题干", "提示", "选项", "跳转"):
        fonts = opened.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体", "楷体")
        assert fonts.get(qn("w:asciiTheme")) is None


def test_large_print_is_larger(every_type: Questionnaire, programme: Programme) -> None:
    made = Document(io.BytesIO(paper_docx.document(every_type, programme, large=True)))
    for name in ("Normal", "题干", "提示", "选项", "跳转", "表格文字"):
        assert made.styles[name].font.size.pt >= 18


def test_the_same_bytes_twice(
    every_type: Questionnaire, programme: Programme, content: bytes
) -> None:
    assert content == paper_docx.document(every_type, programme, images={"job.png": PIXEL})


def test_pictures_are_embedded_and_damaged_ones_refused(
    every_type: Questionnaire, programme: Programme, opened: Any
) -> None:
    assert len(opened.inline_shapes) == 1
    with pytest.raises(SurveyError, match=r"job\.png"):
        paper_docx.document(every_type, programme, images={"job.png": PIXEL[:12]})


def test_a_short_label_breaks_in_its_middle_where_it_is_too_wide() -> None:
    assert _halved("不太同意", 3.1) == "不太\n同意"
    assert _halved("非常不同意", 3.1) == "非常\n不同意"
    assert [_halved(label, 3.1) for label in ("说不准", "Disagree")] == ["说不准", "Disagree"]
    assert _halved("非常不同意", 5.2) == "非常不同意"
