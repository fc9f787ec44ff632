from datetime import date

from pipeline.text_analysis.interviews import COLUMNS, calls_by_rule, coded_passages, units_of
from pipeline.text_analysis.notes import Note, Passage
from tests.text_analysis.made_interviews import FRAME

NOTE = Note(
    "I01", date(2026, 9, 8), "jia", "rural", "减负", "座谈",
    (
        Passage(1, "访谈员", "填表多吗？"),
        Passage(2, "村干部", "填表找王书记，电话13800138000，路也坏。"),
        Passage(3, "村民", "填表少了。"),
        Passage(4, "村民", "没有。"),
    ),
)  # fmt: skip


def test_passages_are_masked_and_coded() -> None:
    units = units_of([NOTE])
    calls = calls_by_rule(units, FRAME, FRAME.segmenter())
    assert set(calls) == {("I01", 2), ("I01", 3), ("I01", 4)}  # not what the interviewer asks
    table = coded_passages(units, calls, FRAME)
    assert list(table.columns) == list(COLUMNS)
    columns = ["passage", "theme", "problem", "stance", "rule", "source"]
    assert [tuple(row) for row in table[columns].to_numpy()] == [
        (1, "", "", "", "", ""),
        (2, "paperwork", "A1.4", "supports", "include:填表", "rule"),
        (2, "roads", "", "", "include:路", "rule"),
        (3, "paperwork", "A1.4", "contradicts", "include:填表", "rule"),
        (4, "", "", "", "", ""),
    ]
    assert table["text"][1] == "填表找〔姓名〕书记，电话〔电话〕，路也坏。"
    assert set(table["date"]) == {"2026-09-08"}


def test_no_notes_give_an_empty_table() -> None:
    table = coded_passages((), {}, FRAME)
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == {
        name: "Int64" if name == "passage" else "str" for name in COLUMNS
    }
