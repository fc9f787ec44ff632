"""A labelled SPSS file: codes, 0/1 variables, and labels that must be the questionnaire's."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.decode import decode
from pipeline.responses.layouts.recognise import locate
from pipeline.responses.layouts.sav import _same
from pipeline.responses.read import read_table
from tests.responses.made import labelled_file

NAN = float("nan")
COLUMNS = {
    "id": ["U1", "U2", "U3"], "person": ["s1-1", "s2-1", "s3-1"], "site": ["s1", "s2", "s3"],
    "submitted": ["2026-09-03T14:22:55+08:00"] * 3, "seconds": [300.5, 200.0, 100.0],
    "mode": ["cati"] * 3, "language": ["zh"] * 3, "version": [""] * 3,
    "q1": [1.0, 2.0, 9.0], "q2": [4.0, NAN, NAN],
    "q3_a": [1.0, 0.0, NAN], "q3_b": [0.0, 0.0, NAN], "q3_c": [1.0, 0.0, NAN], "q3_none": [0.0, 0.0, NAN],
    "q4": [5.0, 300.0, NAN], "q5": ["路远", "", "无"],
}  # fmt: skip
LABELS = {
    "q1": {1: "是", 2: "否", 9: "不愿回答"},
    "q2": {**{n: f"第{n}级" for n in range(1, 6)}, 8: "说不清"},
    "q3_a": {0: "未选", 1: "选中"},
}


TEXTS = {
    "q1": "参加过吗？", "q2": "2、满意 吗?（必答）", "q4": "几次？", "q5": "为什么？",
    "q3_a": "哪些？：甲", "q3_b": "哪些？-乙", "q3_c": "3、哪些？（丙）", "q3_none": "哪些？",
}  # fmt: skip


def refusal(path: Path, questionnaire: Questionnaire) -> str:
    with pytest.raises(ResponseError) as refused:
        locate(read_table(path), questionnaire)
    return str(refused.value)


def test_codes_and_ticks_are_decoded(tmp_path: Path, questionnaire: Questionnaire) -> None:
    table = read_table(labelled_file(tmp_path, COLUMNS, LABELS, {"q1": [9], "q2": [8]}, TEXTS))
    layout = locate(table, questionnaire)
    assert layout.name == "sav"
    assert layout.splits["q3"] == {1: "q3_a", 2: "q3_b", 3: "q3_c", 4: "q3_none"}
    found = decode(table, layout, questionnaire)
    rows = found.responses
    assert rows["respondent"].tolist() == ["U1", "U2", "U3"]
    assert rows["raw_row"].tolist() == [1, 2, 3]
    assert rows["seconds"].tolist() == [300.5, 200, 100]
    assert rows["q1"].tolist()[:2] == [1, 2]
    assert rows["q1__missing"].tolist() == ["", "", "refused"]
    assert rows["q2__missing"].tolist() == ["", "not_asked", "not_asked"]
    assert rows[["q3__1", "q3__2", "q3__3", "q3__4"]].iloc[:2].to_numpy().tolist() == [
        [1, 0, 1, 0], [0, 0, 0, 0],
    ]  # fmt: skip
    assert rows["q3__missing"].tolist() == ["", "", "no_answer"]
    assert rows["q4"].tolist()[:2] == [5, 300]
    assert found.verbatims["text"].tolist() == ["路远", "无"]


def test_every_label_that_says_otherwise_is_told(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    labels = LABELS | {"q1": {1: "有", 2: "否"}, "q2": {1: "第1级", 7: "第7级"}}
    said = refusal(labelled_file(tmp_path, COLUMNS, labels, None, TEXTS), questionnaire)
    assert "2 处有误" in said
    assert "q1, 值 (value) 1: 标签是 '有'，问卷中是 '是'" in said
    assert "q2, 值 (value) 7: 标签是 '第7级'，问卷中没有这个编码" in said


def test_coded_variables_without_value_labels_are_told_together(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    said = refusal(labelled_file(tmp_path, COLUMNS, None, None, TEXTS), questionnaire)
    assert "1 处有误" in said
    assert "2 个选择题变量没有值标签，数据中只有数字：q1（1、2、9）、q2（4）" in said
    assert "连同值标签重新导出" in said
    one = {name: words for name, words in LABELS.items() if name != "q2"}
    said = refusal(labelled_file(tmp_path, COLUMNS, one, None, TEXTS), questionnaire)
    assert "1 个选择题变量没有值标签，数据中只有数字：q2（4）" in said


def test_choices_written_as_words_need_no_value_labels(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    words = COLUMNS | {"q1": ["yes", "no", "refused"]}
    labels = {name: of for name, of in LABELS.items() if name != "q1"}
    table = read_table(labelled_file(tmp_path, words, labels, None, TEXTS))
    rows = decode(table, locate(table, questionnaire), questionnaire).responses
    assert rows["q1"].tolist()[:2] == [1, 2]


def test_every_variable_label_that_asks_otherwise_is_told(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    texts = TEXTS | {"q1": "来过吗？", "q3_b": "哪些？：丙", "q3_c": "丙"}
    del texts["q4"]
    said = refusal(labelled_file(tmp_path, COLUMNS, LABELS, None, texts), questionnaire)
    assert "4 处有误" in said
    assert "q1: 变量标签是 '来过吗？'，问卷中是 '参加过吗？'" in said
    assert "q3_b: 变量标签是 '哪些？：丙'，问卷中是 '哪些？：乙'" in said
    assert "q3_c: 变量标签是 '丙'" in said
    assert "q4: 变量标签是 ''" in said


def test_a_file_without_variable_labels_is_one_fault(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    said = refusal(labelled_file(tmp_path, COLUMNS, LABELS), questionnaire)
    assert "1 处有误" in said
    assert "8 个题目变量都没有变量标签" in said


def test_every_absent_variable_is_told(tmp_path: Path, questionnaire: Questionnaire) -> None:
    columns = {name: cells for name, cells in COLUMNS.items() if name not in ("q2", "q3_b")}
    table = read_table(labelled_file(tmp_path, columns))
    with pytest.raises(ResponseError) as refused:
        locate(table, questionnaire)
    assert "'q2'" in str(refused.value)
    assert "'q3_b'" in str(refused.value)
    with pytest.raises(ResponseError, match="没有编号变量"):
        locate(read_table(labelled_file(tmp_path, {"q1": [1.0]})), questionnaire)


def test_a_label_cut_by_the_format_is_the_same() -> None:
    text = "过去六个月里为同一件事情" * 6
    assert _same(text.encode()[:120].decode(errors="ignore"), text)
    assert not _same(text[:20], text)
    assert _same("１、很 好", "1、很好")
