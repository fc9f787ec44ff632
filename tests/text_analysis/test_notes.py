from pathlib import Path

import pytest
from docx import Document

from pipeline.errors import SurveyError
from pipeline.questionnaire.programme import FrameDomain
from pipeline.text_analysis.notes import KEYS, Note, read_notes

VALUES = ("I01", "2026-09-08", "jia", "rural", "减负", "座谈")
HEAD = "---\n" + "".join(f"{k}: {v}\n" for k, v in zip(KEYS, VALUES, strict=True)) + "---\n"


def write(folder: Path, text: str, name: str = "a.md") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def word(folder: Path, *lines: str, name: str = "a.docx", values: tuple[str, ...] = ()) -> Path:
    """Write a Word note: a head table if there are `values`, then paragraphs; # begins a heading."""
    made = Document()
    if values:
        table = made.add_table(3, 4)
        for place, (key, value) in enumerate(zip(KEYS, values, strict=True)):
            table.cell(place // 2, 2 * (place % 2)).text = key
            table.cell(place // 2, 2 * (place % 2) + 1).text = value
    for line in lines:
        if line.startswith("#"):
            made.add_paragraph(line[1:], style="Heading 1")
        else:
            made.add_paragraph(line)
    made.save(folder / name)
    return folder


def said(note: Note) -> list[tuple[int, str, str]]:
    return [(p.number, p.role, p.text) for p in note.passages]


def test_a_note_is_read_passage_by_passage(tmp_path: Path) -> None:
    (note,) = read_notes(
        write(tmp_path, HEAD + "\n# 标题\n村干部：填表太多，\n还要拍照。\n\n村民代表:他说：好\n")
    )
    assert (note.interview, note.county, note.setting) == ("I01", "jia", "rural")
    assert note.date.isoformat() == "2026-09-08"
    assert said(note) == [(1, "村干部", "填表太多，还要拍照。"), (2, "村民代表", "他说：好")]


LINES = tuple(f"{k}：{v}" for k, v in zip(KEYS, VALUES, strict=True))


def test_a_word_note_is_the_same_note(tmp_path: Path) -> None:
    spoken = ("#发言", "村干部：填表太多，还要拍照。", "村民代表:他说：好")
    for kind in ("md", "lines", "table"):
        (tmp_path / kind).mkdir()
    (plain,) = read_notes(
        write(tmp_path / "md", HEAD + "\n村干部：填表太多，还要拍照。\n\n村民代表:他说：好\n")
    )
    assert read_notes(word(tmp_path / "lines", "#记录", *LINES, "", *spoken)) == (plain,)
    assert read_notes(word(tmp_path / "table", *spoken, values=VALUES)) == (plain,)


def test_a_line_break_within_a_paragraph_begins_a_passage(tmp_path: Path) -> None:
    (note,) = read_notes(word(tmp_path, "村干部：甲\n村民：乙", values=VALUES))
    assert said(note) == [(1, "村干部", "甲"), (2, "村民", "乙")]


def test_faults_of_word_notes_name_file_and_paragraph(tmp_path: Path) -> None:
    values = (*VALUES[:1], "九月", *VALUES[2:4], "", VALUES[5])
    word(tmp_path, "没有身份的一段", "王书记：好", values=values, name="a.docx")
    word(tmp_path, *LINES[:5], "记录人：某某", "村民：好", name="b.docx")
    word(tmp_path, "村民：好", values=VALUES, name="c.docx")
    write(tmp_path, HEAD + "村民：好\n", "d.md")
    (tmp_path / "~$a.docx").write_bytes(b"lock")
    with pytest.raises(SurveyError) as told:
        read_notes(tmp_path)
    message = str(told.value)
    for part in (
        "a.docx: 4 处有误", "table 1, row 1", "'九月'", "table 1, row 3", "topic 是空的",
        "第 1 段 (paragraph 1)", "第 2 段 (paragraph 2)", "里有姓名",
        "b.docx: 3 处有误", "paragraph 6", "'记录人'", "paragraph 7", "缺少 method",
        "d.md: 1 处有误", "c.docx 里已经用了",
    ):  # fmt: skip
        assert part in message, part
    assert "c.docx: " not in message
    assert "~$" not in message


def test_a_table_among_the_passages_is_refused(tmp_path: Path) -> None:
    word(tmp_path, "村民：好", values=VALUES)
    made = Document(str(tmp_path / "a.docx"))
    made.add_table(1, 1).cell(0, 0).text = "村民：在表里说的"
    made.save(tmp_path / "a.docx")
    with pytest.raises(SurveyError, match="第 2 个表"):
        read_notes(tmp_path)


def test_no_notes_are_in_order(tmp_path: Path) -> None:
    (tmp_path / "signoff.csv").write_text("interview\n", encoding="utf-8")
    assert read_notes(tmp_path) == ()


def test_faults_of_all_notes_are_said_together_with_their_lines(tmp_path: Path) -> None:
    broken = HEAD.replace("2026-09-08", "九月八日").replace("county: jia", "place: 甲县")
    write(tmp_path, broken + "没有身份的一段\n\n王书记：好\n\n村民：\n")
    write(tmp_path, "村民：没有文件头\n", "b.md")
    write(tmp_path, HEAD + "村民：好\n", "c.md")
    write(tmp_path, HEAD + "村民：好\n", "d.md")
    write(tmp_path, HEAD.replace("I01", "I05") + "\n", "e.md")
    (tmp_path / "f.md").write_bytes((HEAD + "村民：好\n").encode("gb18030"))
    with pytest.raises(SurveyError) as told:
        read_notes(tmp_path)
    message = str(told.value)
    for part in (
        "a.md: 6 处有误", "line 3", "'九月八日'", "line 4", "'place'", "缺少 county", "line 9", "line 11",
        "里有姓名", "line 13", "没有说话内容", "b.md: 1 处有误", "文件头", "d.md: 1 处有误", "c.md 里已经用了",
        "e.md: 1 处有误", "没有一段发言", "f.md: 1 处有误", "UTF-8",
    ):  # fmt: skip
        assert part in message, part
    assert "c.md: " not in message


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="找不到文件夹"):
        read_notes(tmp_path / "absent")


@pytest.mark.parametrize(
    "role",
    ["张伟", "王建国", "李卫民", "刘春生", "欧阳明", "高峰", "张某某", "老张", "王党员", "张班长", "李家属",
     "张工", "村民（张伟）"],
)  # fmt: skip
def test_a_name_for_a_role_is_refused(tmp_path: Path, role: str) -> None:
    write(tmp_path, f"{HEAD}{role}：好\n")
    with pytest.raises(SurveyError, match=r"a\.md(.|\n)*line 9\): 发言人身份里有姓名") as told:
        read_notes(tmp_path)
    assert role not in str(told.value)


@pytest.mark.parametrize(
    "role",
    ["管理员", "施工员", "林业工", "安置户", "管护员", "成员", "武警", "林长", "林场长", "高中生", "康复师",
     "党员", "居民", "支书", "老师", "老人", "高龄老人家属", "社区（居民）"],
)  # fmt: skip
def test_a_role_that_begins_like_a_name_is_none(tmp_path: Path, role: str) -> None:
    (note,) = read_notes(write(tmp_path, f"{HEAD}{role}：好\n"))
    assert note.passages[0].role == role


NAME = {"zh": "名", "en": "name"}
DOMAINS = tuple(
    FrameDomain.model_validate(
        {"column": column, "name": NAME, "levels": [{"code": c, "name": NAME} for c in codes]}
    )
    for column, codes in (("county", ("jia", "yi")), ("setting", ("rural",)), ("topic", ("x",)))
)


def test_county_and_setting_are_those_of_the_programme(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "村民：好\n")
    assert len(read_notes(tmp_path, DOMAINS)) == 1
    write(tmp_path, HEAD.replace("jia", "甲县").replace("rural", "urban") + "村民：好\n")
    word(tmp_path, "村民：好", values=("I02", VALUES[1], "ding", *VALUES[3:]))
    assert len(read_notes(tmp_path, DOMAINS[2:])) == 2
    with pytest.raises(SurveyError) as told:
        read_notes(tmp_path, DOMAINS)
    message = str(told.value)
    for part in (
        "a.md: 2 处有误", "(line 4): county 写的是 '甲县'", "可用：jia、yi。", "(line 5): setting", "可用：rural。",
        "a.docx: 1 处有误", "row 2): county 写的是 'ding'",
    ):  # fmt: skip
        assert part in message, part
