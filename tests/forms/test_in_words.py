"""Conditions in words, in both languages."""

import pytest

from pipeline.forms.in_words import before, condition_in_words
from pipeline.forms.numbering import numbers
from pipeline.questionnaire.expressions import parse
from pipeline.questionnaire.model import Questionnaire
from tests.forms.made_expressions import definition

ASKED = definition()


@pytest.mark.parametrize(
    ("raw", "zh", "en"),
    [
        ({"=": ["one", 1]}, "第 1 题选“参加过”", "question 1 is “Yes”"),
        ({"in": ["one", [1, 2]]}, "第 1 题选“参加过”或“没有”", "question 1 is “Yes” or “No”"),
        ({"!=": ["two", 1]}, "第 2 题选“村”或“城”", "question 2 is “Village” or “City”"),
        ({">=": ["grade", 1]}, "第 3 题选了“说不清”或“不愿回答”以外的答案",
         "question 3 is answered, but not “Cannot say” or “Refused”"),
        ({"not": {"=": ["one", 1]}}, "第 1 题没有选“参加过”", "question 1 is not “Yes”"),
        ({"selected": ["many", 3]}, "第 4 题选了“上学”", "“School” is ticked in question 4"),
        ({"not": {"selected": ["many", 3]}}, "第 4 题没有选“上学”",
         "“School” is not ticked in question 4"),
        ({">": ["people", 3]}, "第 7 题填写的数大于 3", "the number in question 7 is above 3"),
        ({"<=": [3, "people"]}, "第 7 题填写的数不小于 3",
         "the number in question 7 is at least 3"),
        ({"empty": "born"}, "第 10 题没有回答", "question 10 is not answered"),
        ({"empty": "one"}, "第 1 题没有回答（包括选“记不清”的）",
         "question 1 is not answered (or is “Do not remember”)"),
        ({"<": ["born", "2000-01-01"]}, "第 10 题填写的日期早于 2000-01-01",
         "the date in question 10 is before 2000-01-01"),
        ({">": [{"count": "ticks"}, {"+": ["people", 1]}]},
         "第 5 题选中的项数大于第 7 题填写的数＋1",
         "the number of ticks in question 5 is above the number in question 7 ＋ 1"),
        ({"and": [{"=": ["one", 2]}, {"or": [{"empty": "born"}, {"empty": "moved"}]}]},
         "第 1 题选“没有”，并且（第 10 题没有回答，或者第 11 题没有回答）",
         "question 1 is “No” and (question 10 is not answered or question 11 is not answered)"),
        ({"not": {">": ["people", 3]}}, "并非（第 7 题填写的数大于 3）",
         "it is not so that (the number in question 7 is above 3)"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_people_say_it(raw: dict[str, object], zh: str, en: str) -> None:
    condition = parse(raw)
    assert condition_in_words(condition, ASKED, numbers(ASKED), "zh") == zh
    assert condition_in_words(condition, ASKED, numbers(ASKED), "en") == en


def test_who_is_asked_stands_before_the_question() -> None:
    condition = parse({"=": ["one", 1]})
    assert before(condition, ASKED) == "（第 1 题选“参加过”的人回答）"
    assert before(condition, ASKED, "en") == "(Answer only if question 1 is “Yes”.)"


def test_entries_of_rosters_and_computed_values_have_names() -> None:
    raw = ASKED.model_dump(mode="json", exclude_unset=True)
    age = {"name": "age", "type": "number", "text": {"zh": "年龄"}}
    raw["sections"][0]["questions"] += [
        {"name": "home", "type": "roster", "text": {"zh": "家人"}, "entry": {"zh": "家人"},
         "maximum": 3, "questions": [age]},
        {"name": "total", "type": "calculated", "text": {"zh": "合计"}, "value": {"+": ["people", 1]}},
    ]  # fmt: skip
    asked = Questionnaire.model_validate(raw)

    def said(condition: dict[str, object]) -> str:
        return condition_in_words(parse(condition), asked, numbers(asked), "zh")

    assert said({">": ["home_count", 1]}) == "第 16 题填写的数大于 1"
    assert said({">": ["age", 17]}) == "第 16(1) 题填写的数大于 17"
    assert said({">": ["home_2_age", 17]}) == "第 16(1) 题（第 2 个）填写的数大于 17"
    assert said({">": ["total", 17]}) == "“合计”（即第 7 题填写的数＋1）大于 17"
