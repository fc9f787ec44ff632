"""Qualtrics survey files: types, blocks, display logic."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.importers.qsf import read
from pipeline.questionnaire.blocks import Matrix, Note
from pipeline.questionnaire.expressions import And, Not, Selected, compared
from pipeline.questionnaire.questions import (
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    SingleChoice,
)
from tests.importers.laws import written_and_read


def question(number: int, kind: str, selector: str, **more: object) -> dict[str, object]:
    held = {
        "QuestionID": f"QID{number}", "DataExportTag": f"Q{number}", "QuestionType": kind,
        "Selector": selector, "QuestionText": f"<b>题 {number}</b>", **more,
    }  # fmt: skip
    return {"Element": "SQ", "PrimaryAttribute": f"QID{number}", "Payload": held}


def logic(*parts: tuple[str, str, str]) -> dict[str, object]:
    told = {
        str(at): {
            "LogicType": "Question", "LeftOperand": left, "Operator": operator,
            "RightOperand": "18", "Type": "Expression", "Conjuction": word,
        }
        for at, (left, operator, word) in enumerate(parts)
    }  # fmt: skip
    return {"0": {**told, "Type": "If"}, "Type": "BooleanExpression", "inPage": False}


def choices(*labels: str) -> dict[str, object]:
    return {str(at): {"Display": label} for at, label in enumerate(labels, start=1)}


def survey(tmp_path: Path, *elements: dict[str, object]) -> Path:
    listed = [{"Type": "Question", "QuestionID": one["PrimaryAttribute"]} for one in elements]
    block = {
        "Element": "BL",
        "Payload": [{"Type": "Default", "Description": "第一块", "BlockElements": listed}],
    }
    entry = {"SurveyName": "试验", "SurveyLanguage": "ZH-S"}
    path = tmp_path / "s.qsf"
    content = {"SurveyEntry": entry, "SurveyElements": [block, *elements]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_types_and_logic(tmp_path: Path) -> None:
    forced = {"Settings": {"ForceResponse": "ON"}}
    other = {**choices("男", "女"), "3": {"Display": "其他", "TextEntry": "true"}}
    number = {
        "Settings": {
            "ContentType": "ValidNumber",
            "ValidNumber": {"Min": "0", "Max": "120", "NumDecimals": "0"},
        }
    }
    path = survey(
        tmp_path,
        question(1, "MC", "SAVR", Choices=other, Validation=forced, RecodeValues={"1": "5", "2": "6", "3": "7"},
                 Language={"EN": {"QuestionText": "Sex", "Choices": choices("Male", "Female", "Other")}}),
        question(2, "MC", "MAVR", Choices=choices("路", "水", "以上都没有"), DisplayLogic=logic(("q://QID1/SelectableChoice/2", "Selected", ""))),
        question(3, "Matrix", "Likert", SubSelector="SingleAnswer", Choices=choices("态度", "效率"), Answers=choices("很满意", "一般", "很不满意"),
                 DisplayLogic=logic(("q://QID2/SelectableChoice/1", "Selected", ""), ("q://QID1/SelectableChoice/1", "NotSelected", "And"))),
        question(4, "TE", "SL", Validation=number),
        question(5, "TE", "ML", DisplayLogic=logic(("q://QID4/ChoiceTextEntryValue", "GreaterThan", ""))),
        question(6, "RO", "DND", Choices=choices("甲", "乙", "丙")),
        question(7, "DB", "TB"),
        question(8, "Slider", "HBAR", Choices=choices("热"), Configuration={"CSSliderMin": 0, "CSSliderMax": 10}),
        question(9, "TE", "SL", DisplayLogic=logic(("q://QID3/ChoiceDisplayed/1", "Displayed", "")), SkipLogic=[{}]),
        question(10, "Timing", "PageTimer"),
    )  # fmt: skip
    imported = read(path, "trial")
    written_and_read(imported, tmp_path)
    blocks = imported.questionnaire.blocks
    kinds = [
        SingleChoice,
        MultipleChoice,
        Matrix,
        Number,
        OpenEnded,
        Ranking,
        Note,
        Number,
        OpenEnded,
    ]
    assert [type(block) for block in blocks] == kinds
    sex, why, good, age, words = blocks[:5]
    assert isinstance(sex, SingleChoice)
    assert [(c.code, c.text.en, c.specify) for c in sex.choices] == [
        (5, "Male", False),
        (6, "Female", False),
        (7, "Other", True),
    ]
    assert sex.required is True
    assert why.show_if == compared("q1", "=", 6)
    assert isinstance(why, MultipleChoice)
    assert why.choices[2].exclusive
    assert isinstance(good, Matrix)
    assert good.cells == "scale"
    assert good.show_if == And((Selected("q2", 1), Not(compared("q1", "=", 5))))
    assert isinstance(age, Number)
    assert (age.minimum, age.maximum, words.show_if) == (0, 120, compared("q4", ">", 18))
    assert imported.questionnaire.sections[0].title.zh == "第一块"
    assert (
        sum("显示逻辑" in one or "SkipLogic" in one or "计时" in one for one in imported.lost) == 3
    )


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"SurveyElements": 3}', '{"SurveyElements": [{"Element": "SQ", "Payload": {}}]}'],
)
def test_what_is_no_survey_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.qsf"
    path.write_text(text)
    with pytest.raises(SurveyError):
        read(path, "trial")


@pytest.mark.shared
def test_a_real_file_survives(shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "microdata" / "pairs" / "qualtrics"
    imported = read(folder / "many_types.qsf", "trial")
    written_and_read(imported, tmp_path)
    questions = imported.questionnaire.questions
    assert len(questions) == 108
    assert sum(question.show_if is not None for question in questions) > 0
    assert any("回收站" in one for one in imported.lost)
