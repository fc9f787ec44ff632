import pytest

from pipeline.errors import ResponseError
from pipeline.intake.definitions.question_list import (
    is_dictionary,
    is_numbered,
    read_question_list,
)

NUMBERED = """第一部分

1、您的性别【单选题】
A. 男
B. 女

2、您参加过哪些活动？（多选题）
○ 唱歌
○ 跳舞
○ 都没有

3、您的年龄是
数字

第二部分
4、您同意吗
是/否
"""
DICTIONARY = """# Survey Data Dictionary

### Are you a developer?

- **Variable**: `IsDev`
- **Type**: Boolean
- **Options**: Yes (1), No (0)

### Which events have you attended?

- **Type**: Categorical
- **Options**:
    - hackathons (`EventHack`)
    - meetups (`EventMeet`)

### How old are you?

- **Variable**: `Age`
- **Type**: Numeric
- **Options**: User input

### Start Date and Submit Date

- **Variable**: `Start` and `End`
"""


def read(tmp_path, text, name):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_question_list(tmp_path / name)


def test_numbered_questions_are_read(tmp_path):
    one, two, three, four = read(tmp_path, NUMBERED, "q.txt").questions
    assert (one.text, one.kind, [o.label for o in one.options]) == (
        "您的性别",
        "single_choice",
        ["男", "女"],
    )
    assert one.wordings["女"] == ("2", "B")
    assert (two.kind, len(two.options)) == ("multiple_choice", 3)
    assert (three.kind, three.options) == ("number", ())
    assert four.wordings == {"1": ("Y", "Yes", "是", "TRUE"), "0": ("N", "No", "否", "FALSE")}


def test_a_data_dictionary_is_read(tmp_path):
    definition = read(tmp_path, DICTIONARY, "d.md")
    dev, events, age = definition.questions
    assert definition.title == "Survey Data Dictionary"
    assert [(o.cell, o.label) for o in dev.options] == [("1", "Yes"), ("0", "No")]
    assert events.ticks == ({"hackathons": "EventHack", "meetups": "EventMeet"},)
    assert (age.name, age.kind, age.options) == ("Age", "number", ())


@pytest.mark.parametrize(
    "text",
    ["", "1.5\n2.5\n3.5\n", "1. a,b,c,d,e\n2. a,b,c,d,e\n3. a,b,c,d,e\n", "1\t甲\n2\t乙\n3\t丙\n",
     "7. one\n3. two\n9. three\n", "只是几句话。\n没有题目。\n"],
)  # fmt: skip
def test_other_texts_are_no_list(tmp_path, text):
    assert not is_numbered(text)
    assert not is_dictionary(text)
    with pytest.raises(ResponseError):
        read(tmp_path, text, "q.txt")


@pytest.mark.shared
def test_the_list_of_a_published_survey_is_read(shared):
    """48 questions are numbered in the file, in two parts."""
    definition = read_question_list(shared / "samples/microdata/pairs/newcoder2016_questions.txt")
    assert len(definition.questions) == 48
    assert len(definition.questions[7].options) == 10
