"""Reference: exports of Qualtrics beside their .qsf (QualtricsTools, MIT)."""

import json

import pytest

from pipeline.errors import ResponseError
from pipeline.intake.definitions.qsf import read_qsf


def survey(*payloads, trashed=()):
    elements = [
        {"Element": "SQ", "PrimaryAttribute": one["QuestionID"], "Payload": one}
        for one in payloads
    ]
    blocks = [
        {"Type": "Trash", "BlockElements": [{"Type": "Question", "QuestionID": one} for one in trashed]},
        {"Type": "Default", "Description": "一", "BlockElements": [
            {"Type": "Question", "QuestionID": one["QuestionID"]} for one in reversed(payloads)
            if one["QuestionID"] not in trashed
        ]},
    ]  # fmt: skip
    entry = {"SurveyName": "S", "SurveyLanguage": "EN"}
    return {
        "SurveyEntry": entry,
        "SurveyElements": [*elements, {"Element": "BL", "Payload": blocks}],
    }


def asked(number, kind, selector="", sub="", **more):
    return {
        "QuestionID": f"QID{number}", "DataExportTag": f"Q{number}", "QuestionText": f"<b>Text {number}</b>",
        "QuestionType": kind, "Selector": selector, "SubSelector": sub, **more,
    }  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "s.qsf"
        path.write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )
        return read_qsf(path)

    return reading


THREE = {"1": {"Display": "A"}, "2": {"Display": "B"}, "3": {"Display": "C", "TextEntry": "true"}}


def test_choices_bear_the_codes_that_exports_write(read):
    recoded = asked(
        1, "MC", "SAVR", Choices=THREE, ChoiceOrder=[3, "1", 2], RecodeValues={"1": "10"}
    )
    one = read(survey(recoded)).questions[0]
    assert [(option.cell, option.label) for option in one.options] == [
        ("3", "C"),
        ("10", "A"),
        ("2", "B"),
    ]
    assert (one.text, one.kind, one.path) == ("Text 1", "single_choice", ("一",))


def test_typed_texts_are_questions_beside(read):
    found = read(survey(asked(1, "MC", "MAVR", Choices=THREE, RecodeValues={"3": "-2"}))).questions
    assert [one.name for one in found] == ["Q1", "Q1_3_TEXT", "Q1_TEXT"]
    assert found[1].columns[0] == "Q1_-2_TEXT"
    assert found[1].beside
    assert found[0].ticks[0] == {"1": "Q1_1", "2": "Q1_2", "-2": "Q1_-2"}


def test_rows_of_a_matrix_are_found_under_all_their_names(read):
    rows = {"1": {"Display": "Oranges"}}
    tagged = asked(2, "Matrix", "Likert", "SingleAnswer", Choices=rows, Answers=THREE,
                   ChoiceDataExportTags={"1": "orange-ish"})  # fmt: skip
    (one,) = read(survey(tagged)).questions
    assert {"Q2_orange-ish", "orange-ish", "orange_ish", "Q2_1", "QID2-1", "QID2_1"} <= {
        one.name,
        *one.columns,
    }
    assert (one.group, one.group_text, one.text, one.kind) == ("Q2", "Text 2", "Oranges", None)


def test_several_answers_in_a_row_are_ticks(read):
    many = asked(3, "Matrix", "Likert", "MultipleAnswer", Choices={"1": {"Display": "Kale"}}, Answers=THREE,
                 RecodeValues={"1": "1", "2": "10", "3": "100"}, ChoiceDataExportTags=False)  # fmt: skip
    (one,) = read(survey(many)).questions
    assert one.ticks[0] == {"1": "Q3_1_1", "10": "Q3_1_10", "100": "Q3_1_100"}
    assert {"1": "QID3-1-1", "10": "QID3-1-2", "100": "QID3-1-3"} in one.ticks


def test_order_of_the_blocks_counts_and_the_trash_is_left_out(read):
    definition = read(
        survey(asked(1, "TE", "SL"), asked(2, "TE", "ML"), asked(3, "TE"), trashed=["QID1"])
    )
    assert [one.name for one in definition.questions] == ["Q3", "Q2"]
    assert any("1 道题在回收站里" in told for told in definition.lost)


def test_logic_and_unknown_types_are_lost_with_counts(read):
    lost = read(
        survey(asked(1, "TE", DisplayLogic={"0": {}}), asked(2, "HotSpot"), asked(3, "HotSpot"))
    ).lost
    assert any(told.startswith("1 道题有显示逻辑") for told in lost)
    assert any("2 道热点题没有对应的题型（Q3、Q2）" in told for told in lost)


def test_a_translation_gives_the_chinese_text(read):
    translated = {"ZH-S": {"QuestionText": "题一", "Choices": {"1": {"Display": "甲"}}}}
    one = read(survey(asked(1, "MC", "SAVR", Choices=THREE, Language=translated))).questions[0]
    assert (one.text, one.english, one.options[0].label) == ("题一", "Text 1", "甲")
    assert one.wordings["1"] == ("A", "甲")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"SurveyElements": 3}', '{"SurveyElements": []}', "[" * 10**5]
)
def test_what_is_no_survey_is_refused(read, content):
    with pytest.raises(ResponseError):
        read(content)


@pytest.mark.shared
def test_a_real_survey_has_its_questions(shared):
    definition = read_qsf(shared / "samples/microdata/pairs/qualtrics/many_types.qsf")
    assert len(definition.questions) == 108
    assert "20 道题在回收站里，不会导出，没有列出。" in definition.lost
