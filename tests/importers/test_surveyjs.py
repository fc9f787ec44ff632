"""SurveyJS surveys, and the JSON of our own web form."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.forms.surveyjs import survey_json
from pipeline.importers.surveyjs import read
from pipeline.questionnaire.blocks import Matrix, Note, Roster
from pipeline.questionnaire.expressions import And, Not, Selected, compared
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.read import read_questionnaire
from tests.importers.laws import written_and_read

PLAIN = {
    "title": {"default": "Trial", "zh-cn": "试验"},
    "pages": [
        {
            "name": "p1",
            "title": "基本情况",
            "elements": [
                {"type": "radiogroup", "name": "sex", "title": {"default": "Sex", "zh-cn": "性别"}, "isRequired": True,
                 "choices": [{"value": "m", "text": {"default": "Male", "zh-cn": "男"}}, "f"], "hasOther": True},
                {"type": "checkbox", "name": "why", "title": "为什么", "choices": [1, 2, 3], "showNoneItem": True,
                 "maxSelectedChoices": 2, "visibleIf": "{sex} = 'm'"},
                {"type": "rating", "name": "rate", "title": "几分", "rateMin": 0, "rateMax": 10, "maxRateDescription": "最好"},
                {"type": "text", "inputType": "number", "name": "age", "title": "年龄", "min": 16, "max": 99, "step": 1,
                 "visibleIf": "{why} contains 2 and {rate} > 5"},
                {"type": "text", "inputType": "date", "name": "day", "title": "哪天"},
                {"type": "comment", "name": "say", "title": "意见", "maxLength": 200, "visibleIf": "{age} anyof 3 4"},
                {"type": "html", "name": "html", "html": "<p>说明<b>一</b></p>"},
                {"type": "boolean", "name": "ok", "title": "是吗"},
                {"type": "expression", "name": "twice", "title": "两倍", "expression": "{age} * 2"},
            ],
        },
        {
            "name": "p2",
            "visibleIf": "{ok} = true",
            "elements": [
                {"type": "matrix", "name": "mat", "title": "评价", "columns": ["好", "一般", "差"], "rows": [{"value": "r1", "text": "路"}, "水"]},
                {"type": "ranking", "name": "rank", "title": "排序", "choices": ["甲", "乙", "丙"]},
                {"type": "panel", "name": "inner", "title": "里面", "visibleIf": "{mat.r1} = '差'",
                 "elements": [{"type": "dropdown", "name": "dd", "title": "下拉", "choices": ["x", "y"], "choicesByUrl": {"url": "http://x"}}]},
                {"type": "paneldynamic", "name": "home", "title": "家庭成员", "maxPanelCount": 5,
                 "templateElements": [
                     {"type": "text", "inputType": "number", "name": "years", "title": "年龄"},
                     {"type": "radiogroup", "name": "work", "title": "工作", "choices": ["是", "否"], "visibleIf": "{panel.years} >= 16"},
                 ]},
                {"type": "matrixdropdown", "name": "md", "title": "表", "columns": [{"name": "c1", "title": "列一"}, {"name": "c2", "cellType": "text"}],
                 "choices": [1, 2], "rows": ["a", "b"]},
                {"type": "multipletext", "name": "mt", "title": "几项", "items": [{"name": "i1", "inputType": "number"}, {"name": "i2"}]},
                {"type": "signaturepad", "name": "sign"},
            ],
        },
    ],
}  # fmt: skip


def saved(held: object, tmp_path: Path) -> Path:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    return path


def test_types_conditions_and_languages(tmp_path: Path) -> None:
    imported = read(saved(PLAIN, tmp_path), "trial")
    written_and_read(imported, tmp_path)
    questionnaire = imported.questionnaire
    blocks = {block.name: block for block in questionnaire.blocks}
    assert {name: type(block) for name, block in blocks.items()} == {
        "sex": SingleChoice, "why": MultipleChoice, "rate": Scale, "age": Number, "day": Moment,
        "say": OpenEnded, "html": Note, "ok": SingleChoice, "twice": Calculated, "mat": Matrix,
        "rank": Ranking, "dd": SingleChoice, "home": Roster, "md_c1": Matrix, "mt_i1": Number,
        "mt_i2": OpenEnded,
    }  # fmt: skip
    sex, why, home = blocks["sex"], blocks["why"], blocks["home"]
    assert isinstance(sex, SingleChoice)
    assert (sex.text.zh, sex.text.en, sex.required) == ("性别", "Sex", True)
    assert [(c.exported_as, c.specify) for c in sex.choices] == [
        ("m", False),
        ("f", False),
        ("other", True),
    ]
    assert isinstance(why, MultipleChoice)
    assert why.show_if == compared("sex", "=", 1)
    assert (why.max_choices, why.choices[-1].exclusive) == (2, True)
    assert blocks["age"].show_if == And((Selected("why", 2), compared("rate", ">", 5)))
    assert [section.title.zh for section in questionnaire.sections] == [
        "基本情况",
        "第 2 页",
        "里面",
        "第 2 页",
    ]
    assert questionnaire.sections[0].show_if is None
    assert questionnaire.sections[1].show_if == compared("ok", "=", 1)
    assert isinstance(questionnaire.sections[2].show_if, And)
    assert isinstance(home, Roster)
    assert home.maximum == 5
    assert home.questions[1].show_if == compared("years", ">=", 16)
    assert blocks["say"].show_if is None
    for told in ("say：显示条件", "choicesByUrl", "签名题", "列是 text"):
        assert any(told in one for one in imported.lost), told


def test_our_own_form_comes_back(root: Path, tmp_path: Path) -> None:
    asked = read_questionnaire(root / "questionnaires" / "residents" / "questionnaire.yaml")
    back = read(saved(survey_json(asked), tmp_path), "residents").questionnaire
    for own, found in zip(asked.questions, back.questions, strict=True):
        assert (own.name, own.type, own.text, own.show_if) == (
            found.name,
            found.type,
            found.text,
            found.show_if,
        )


def test_our_own_blocks_come_back(tmp_path: Path) -> None:
    texts = {
        key: {"zh": "试"}
        for key in (
            "title",
            "population",
            "respondents",
            "mode",
            "commissioned_by",
            "conducted_by",
            "limitation",
            "introduction",
        )
    }
    two = [{"code": 1, "text": {"zh": "是"}}, {"code": 2, "text": {"zh": "否"}}]
    three = [
        {"code": 3, "text": {"zh": "满意"}},
        {"code": 2, "text": {"zh": "一般"}},
        {"code": 1, "text": {"zh": "不满意"}},
    ]
    blocks = [
        {"name": "agreed", "type": "consent", "text": {"zh": "同意吗"}},
        {"name": "said", "type": "note", "text": {"zh": "说明"}},
        {"name": "q1", "type": "multiple_choice", "text": {"zh": "哪些"}, "choices": [*two, {"code": 3, "text": {"zh": "其他"}, "specify": True}]},
        {"name": "m", "type": "matrix", "cells": "scale", "text": {"zh": "评价"}, "choices": three,
         "items": [{"name": "m1", "text": {"zh": "路"}}, {"name": "m2", "text": {"zh": "水"}, "show_if": {"selected": ["q1", 1]}}]},
        {"name": "r", "type": "ranking", "text": {"zh": "排序"}, "choices": three, "places": 2},
        {"name": "home", "type": "roster", "text": {"zh": "家人"}, "entry": {"zh": "成员"}, "maximum": 3, "questions": [
            {"name": "age", "type": "number", "text": {"zh": "年龄"}},
            {"name": "job", "type": "single_choice", "text": {"zh": "工作"}, "choices": two, "show_if": {">=": ["age", 16]}}]},
        {"name": "day", "type": "date", "text": {"zh": "哪天"}, "show_if": {"not": {"=": ["m1", 1]}}},
    ]  # fmt: skip
    asked = Questionnaire.model_validate(
        {
            "survey": "trial",
            **texts,
            "minutes": 1,
            "languages": ["zh"],
            "simulated": False,
            "sections": [{"title": {"zh": "节"}, "questions": blocks}],
        }
    )
    imported = read(saved(survey_json(asked), tmp_path), "trial")
    written_and_read(imported, tmp_path)
    back = imported.questionnaire
    assert [type(block) for block in back.blocks] == [type(block) for block in asked.blocks]
    for own, found in zip(asked.questions, back.questions, strict=True):
        assert (own.name, own.type, own.text) == (found.name, found.type, found.text)
    shown = {question.name: question.show_if for question in back.questions}
    assert shown["m2"] == Selected("q1", 1)
    assert shown["day"] == Not(compared("m1", "=", 1))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        "{}",
        '{"pages": 3}',
        '{"pages": [{"elements": [{"type": "html"}]}]}',
        "[" * 5000,
    ],
)
def test_what_is_no_survey_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(SurveyError):
        read(path, "trial")
