import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.intake.definitions.codebook import header_roles, options_written, read_codebook


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("1=男;2=女", {"1": "男", "2": "女"}),
        ("1 男|2 女", {"1": "男", "2": "女"}),
        ("1=男,2=女", {"1": "男", "2": "女"}),
        ("1：男，2：女", {"1": "男", "2": "女"}),
        ("1.是 2.否", {"1": "是", "2": "否"}),
        ("1、满意；2、不满意；9、不知道", {"1": "满意", "2": "不满意", "9": "不知道"}),
        ("A.甲 B.乙", {"A": "甲", "B": "乙"}),
        ("1=1-5年;2=5年以上", {"1": "1-5年", "2": "5年以上"}),
        ("1. 25-34 2. 35-44", {"1": "25-34", "2": "35-44"}),
        ("1=是，有；2=否，没有", {"1": "是，有", "2": "否，没有"}),
        ("-1=拒答;1=是", {"-1": "拒答", "1": "是"}),
        ("18-24岁;25-34岁;35岁以上", {one: one for one in ("18-24岁", "25-34岁", "35岁以上")}),
        ("1 次;2 次;3 次以上", {one: one for one in ("1 次", "2 次", "3 次以上")}),
        ("是,否", {"是": "是", "否": "否"}),
        ("1=选中", {"1": "选中"}),
        ("0-100", {}),
        ("数字", {}),
        ("", {}),
    ],
)
def test_options_are_read_from_one_cell(written, codes):
    assert {one.cell: one.label for one in options_written(written)} == codes


WORDS = st.text(st.sampled_from("甲乙丙丁好坏山水"), min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=2, max_size=6, unique=True), st.sampled_from(["=", ":", "：", "、", ". ", " "]),
       st.sampled_from([";", "；", "|", "\n"]))  # fmt: skip
@settings(max_examples=50)
def test_what_an_office_writes_is_read_back(labels, joint, separator):
    written = separator.join(f"{code}{joint}{label}" for code, label in enumerate(labels, start=1))
    assert [one.label for one in options_written(written)] == labels


def book(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "codebook.csv"
    path.write_bytes(text.encode(encoding))
    return read_codebook(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_an_office_is_read(tmp_path, encoding):
    definition = book(
        tmp_path,
        "变量名,题目,选项,题型\nq1,您的性别是什么？,1=男;2=女,单选\nq2,您今年的年龄是多少岁？,,数字\n"
        "q3,您参加过哪些活动？,1=唱歌;2=跳舞,多选题\nq4,请写下您的意见和建议,文本,\n",
        encoding,
    )
    assert [(one.name, one.kind, len(one.options)) for one in definition.questions] == [
        ("q1", "single_choice", 2), ("q2", "number", 0), ("q3", "multiple_choice", 2), ("q4", "open_ended", 0),
    ]  # fmt: skip


def test_values_may_have_rows_of_their_own(tmp_path):
    definition = book(
        tmp_path, "variable,label,value,value label\nsex,Sex?,1,Male\n,,2,Female\nage,Age?,,\n"
    )
    sex, age = definition.questions
    assert [(one.cell, one.label) for one in sex.options] == [("1", "Male"), ("2", "Female")]
    assert (age.text, age.options) == ("Age?", ())


def test_declared_missing_codes_are_marked(tmp_path):
    (one,) = book(tmp_path, "变量,标签,编码,缺失值\nq,满意吗,1=是;2=否;9=其他情况,9\n").questions
    assert [option.missing for option in one.options] == [None, None, "no_answer"]


def test_options_that_make_no_sense_are_told(tmp_path):
    assert (
        "1 个变量的选项看不懂，没有用：q。"
        in book(tmp_path, "变量名,题目,选项\nq,题,见附表\n").lost[0]
    )


@pytest.mark.parametrize(
    ("headers", "is_codebook"),
    [
        (["变量名", "题目", "选项"], True),
        (["variable", "label"], True),
        (["name", "label"], False),
        (["name", "label", "values"], True),
        (["<title>", "<question>", "<random number>"], True),
        (["序号", "提交答卷时间", "1、您的性别"], False),
        (["id", "text"], False),
    ],
)
def test_answers_are_not_taken_for_a_codebook(headers, is_codebook):
    assert bool(header_roles(headers)) is is_codebook


def test_a_table_of_answers_is_refused(tmp_path):
    with pytest.raises(ResponseError, match="找不到变量名和题目两列"):
        book(tmp_path, "a,b\n1,2\n")
