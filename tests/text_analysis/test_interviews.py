from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.text_analysis.coding import Codeframe
from pipeline.text_analysis.interviews import COLUMNS, coded_passages, read_notes

HEAD = "---\ninterview: I01\ndate: 2026-09-08\ncounty: jia\nsetting: rural\ntopic: 减负\nmethod: 座谈\n---\n"
FRAME = Codeframe.model_validate(
    {
        "themes": [
            {"code": "paperwork", "name": {"zh": "填表"}, "problem": "A1.4", "include": ["填表"],
             "contradicts": ["少了"]},
            {"code": "roads", "name": {"zh": "修路"}, "include": ["路"]},
        ]
    }
)  # fmt: skip


def write(folder: Path, text: str, name: str = "a.md") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_note_is_read_passage_by_passage(tmp_path):
    (note,) = read_notes(
        write(tmp_path, HEAD + "\n# 标题\n村干部：填表太多，\n还要拍照。\n\n村民代表:他说：好\n")
    )
    assert (note.interview, note.county, note.setting) == ("I01", "jia", "rural")
    assert note.date.isoformat() == "2026-09-08"
    assert [(p.number, p.role, p.text) for p in note.passages] == [
        (1, "村干部", "填表太多，还要拍照。"),
        (2, "村民代表", "他说：好"),
    ]


def test_passages_are_masked_and_coded(tmp_path):
    notes = read_notes(
        write(
            tmp_path,
            HEAD + "访谈员：填表多吗？\n\n村干部：填表找王书记，电话13800138000，路也坏。\n\n"
            "村民：填表少了。\n\n村民：没有。\n",
        )
    )
    table = coded_passages(notes, FRAME)
    assert list(table.columns) == list(COLUMNS)
    rows = [
        tuple(row) for row in table[["passage", "theme", "problem", "stance", "rule"]].to_numpy()
    ]
    assert rows == [
        (1, "", "", "", ""),
        (2, "paperwork", "A1.4", "supports", "include:填表"),
        (2, "roads", "", "", "include:路"),
        (3, "paperwork", "A1.4", "contradicts", "include:填表"),
        (4, "", "", "", ""),
    ]
    assert table["text"][1] == "填表找〔姓名〕书记，电话〔电话〕，路也坏。"


def test_no_notes_give_an_empty_table(tmp_path):
    (tmp_path / "signoff.csv").write_text("interview\n", encoding="utf-8")
    table = coded_passages(read_notes(tmp_path), FRAME)
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
    assert table.dtypes.astype(str).to_dict() == {
        name: "Int64" if name == "passage" else "str" for name in COLUMNS
    }


def test_faults_of_all_notes_are_said_together_with_their_lines(tmp_path):
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


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SurveyError, match="找不到文件夹"):
        read_notes(tmp_path / "absent")
