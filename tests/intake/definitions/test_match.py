from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake.definitions import Defined, Definition, Extra
from pipeline.intake.definitions.match import matched
from pipeline.intake.definitions.read import read_definitions
from pipeline.questionnaire.questions import MultipleChoice, Number, SingleChoice
from pipeline.questionnaire.read import read_questionnaire
from pipeline.responses.delimited import read_csv
from pipeline.responses.described import Column, Described, Item, Joined, Option, Ticks
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.table import RawTable

SEX = (Option("1", "男"), Option("2", "女"))
WATER = (Option("well", "Well"), Option("tap", "Tap"), Option("dk", "Don't know"))


def table(columns: dict[str, list[str]], labels: dict[str, str] | None = None) -> RawTable:
    cells = pd.DataFrame(columns, dtype="str")
    known = tuple(Variable(name, label) for name, label in (labels or {}).items())
    return RawTable(Path("data.csv"), "", cells, dictionary=Dictionary(known))


def described(questions, columns, labels=None, extras=()) -> Described:
    definition = Definition(
        Path("d.csv"), "题目清单", "水", tuple(questions), ("丢了。",), tuple(extras)
    )
    return matched(definition, table(columns, labels), "plain")


def item(question: Defined, columns, labels=None) -> Item:
    (one,) = described([question], columns, labels).items
    return one


SINGLE = Defined(
    "sex", "性别", "single_choice", SEX, wordings={"1": ("男", "Male"), "2": ("女", "Female")}
)
MULTI = Defined(
    "source", "水源", "multiple_choice", WATER,
    ticks=({one.cell: f"source/{one.cell}" for one in WATER}, {one.cell: f"source.{one.cell}" for one in WATER}),
)  # fmt: skip


def test_codes_are_found_in_cells():
    one = item(SINGLE, {"sex": ["1", "2", "", "NA", "2"]})
    assert (one.where, one.options, one.guessed) == (Column("sex"), SEX, ())


@pytest.mark.parametrize(
    "cells", [["男", "女", "男"], ["Female", "Male", ""], [" female ", "ＭＡＬＥ", ""]]
)
def test_labels_are_found_in_either_language(cells):
    one = item(SINGLE, {"sex": cells})
    assert [option.label for option in one.options] == ["男", "女"]
    assert {option.cell for option in one.options} <= {
        "男",
        "女",
        "Female",
        "Male",
        "female",
        "MALE",
    }
    assert "单元格里是选项文字" in one.guessed[0]


def test_labels_in_several_languages_together_are_all_known():
    one = item(SINGLE, {"sex": ["男", "Female", "Male", "Male"]})
    assert {(option.cell, option.label) for option in one.options} == {
        ("男", "男"), ("Male", "男"), ("Female", "女"),
    }  # fmt: skip


def test_numbers_are_compared_by_value():
    assert [option.cell for option in item(SINGLE, {"sex": ["1.0", "2.0"]}).options] == [
        "1.0",
        "2.0",
    ]


def test_contents_that_the_definition_does_not_know_are_told_with_counts():
    one = item(SINGLE, {"sex": ["1", "2", "2", "7", "7", "x"]})
    assert one.options == SEX
    assert "有 2 种内容（共 3 格）不在定义的选项里：“7” 2 次、“x” 1 次。" in one.guessed


def test_a_column_that_does_not_fit_is_left_to_inference():
    one = item(SINGLE, {"sex": ["a", "b", "c", "1"]})
    assert (one.kind, one.options) == (None, ())
    assert "与这一列对不上：3 格不在其中" in one.guessed[0]


def test_wordings_of_missing_answers_are_marked_as_guessed():
    one = item(Defined("q", "题", "single_choice", WATER), {"q": ["well", "dk"]})
    assert [option.missing for option in one.options] == [None, None, "dont_know"]
    assert "按字面当作不知道" in one.options[2].guessed


def test_ticks_win_over_the_joined_column():
    ticks = {
        "source/well": ["1", "0", ""],
        "source/tap": ["1", "1", ""],
        "source/dk": ["0", "0", ""],
    }
    found = described([MULTI], {"g/source": ["well tap", "tap", ""]} | ticks)
    assert found.items[0].where == Ticks(
        {c: f"source/{c}" for c in ("well", "tap", "dk")}, ("1",), ("0",)
    )
    assert [(aside.header, aside.role) for aside in found.asides] == [("g/source", "derived")]
    assert found.items[0].guessed == ()


def test_rows_in_which_ticks_and_the_joined_column_differ_are_counted():
    ticks = {
        "source/well": ["1", "0", "1"],
        "source/tap": ["1", "1", "0"],
        "source/dk": ["0", "0", "0"],
    }
    one = item(MULTI, {"source": ["tap well", "Well", ""]} | ticks)
    assert one.guessed == ("1 份答卷的 0/1 列与“source”列不一致，用的是 0/1 列。",)


def test_a_joined_column_that_holds_more_wins_over_ticks():
    found = described(
        [MULTI],
        {
            "source": ["well dk", "tap"],
            "source.well": ["TRUE", "FALSE"],
            "source.tap": ["FALSE", "TRUE"],
        },
    )
    assert found.items[0].where == Joined("source", " ")
    assert {aside.header for aside in found.asides} == {"source.well", "source.tap"}


def test_ticks_of_r_are_truths():
    found = item(MULTI, {f"source.{c}": ["TRUE", "FALSE"] for c in ("well", "tap", "dk")})
    assert found.where == Ticks(
        {c: f"source.{c}" for c in ("well", "tap", "dk")}, ("TRUE",), ("FALSE",)
    )


@pytest.mark.parametrize(
    ("separator", "cells"),
    [(",", ["well,tap", "tap"]), ("┋", ["Well┋Tap", "Tap"]), (";", ["Tap; Well"])],
)
def test_the_separator_of_a_joined_column_is_found(separator, cells):
    assert item(MULTI, {"source": cells}).where == Joined("source", separator)


LIST = Defined(
    "Q8", "哪些活动", None, tuple(Option(one, one) for one in ("唱歌", "跳舞", "Other"))
)


def test_columns_called_like_the_options_of_a_list_are_found_in_a_row():
    columns = {
        "Other": ["x"] * 3,
        "唱歌": ["唱歌", "", ""],
        "跳舞": ["", "跳舞", ""],
        "Other (2)": ["", "yes", "no"],
    }
    one = item(LIST, columns)
    assert one.where == Ticks({"唱歌": "唱歌", "跳舞": "跳舞", "Other": "Other (2)"}, (), ())


def test_a_list_that_leaves_the_kind_open_is_decided_by_the_cells():
    assert item(LIST, {"哪些活动": ["唱歌", "跳舞"]}).kind == "single_choice"
    assert item(LIST, {"哪些活动": ["唱歌;跳舞", "跳舞;Other", "唱歌"]}).where == Joined(
        "哪些活动", ";"
    )


@pytest.mark.parametrize(
    ("question", "header"),
    [
        (Defined("age", "年龄", "number"), "age"),
        (Defined("age", "年龄", "number"), "g/sub/age"),
        (Defined("age", "年龄", "number", path=("hh",), columns=("hh-age",)), "hh-age"),
        (Defined("age", "年龄", "number", path=("hh",)), "v1-hh-age"),
        (Defined("age", "年龄", "number"), "X.U.FEFF.age"),
        (Defined("Q1[SQ001]", "项", None, group="Q1", group_text="题", columns=("Q1_SQ001",)), "Q1.SQ001."),
        (Defined("Q1[SQ001]", "项", None, group="Q1", group_text="题"), "Q1[SQ001]. 题 [项]"),
        (Defined("Q1[SQ001]", "项", None, group="Q1", group_text="题"), "题 [项]"),
        (Defined("Q9", "您今年多大年龄？", "number"), "3、您今年多大年龄？"),
    ],
)  # fmt: skip
def test_questions_are_found_however_exports_name_them(question, header):
    found = described([question], {header: ["1"], "other": ["2"]})
    assert [one.headers for one in found.items] == [(header,)]


def test_an_identifier_in_the_dictionary_names_a_column():
    data = table({"Q1_x": ["1"], "Q1_x (2)": [""]})
    known = (Variable("Q1_x", identifier="QID1-2"), Variable("Q1_x (2)", identifier="QID1-1"))
    data = RawTable(data.path, "", data.cells, dictionary=Dictionary(known))
    question = Defined("Q1", "题", "multiple_choice", SEX, ticks=({"1": "QID1-1", "2": "QID1-2"},))
    definition = Definition(Path("d.qsf"), "Qualtrics", "", (question,))
    (one,) = matched(definition, data, "qualtrics").items
    assert one.where == Ticks({"1": "Q1_x (2)", "2": "Q1_x"}, ("1",), ())


def test_a_text_that_two_columns_bear_is_no_sign():
    asked = Defined("q", "您满意吗", "single_choice", SEX)
    assert (
        described([asked], {"a": ["1"], "b": ["2"]}, {"a": "您满意吗", "b": "您满意吗"}).items
        == ()
    )


def test_questions_without_a_column_and_losses_are_noted():
    asked = [
        Defined("a", "甲", "number"),
        Defined("b", "乙", "number"),
        Defined("c", "丙", "number", repeated=True),
    ]
    found = described(asked, {"a": ["1"]})
    assert "认出 1 道题（定义里有 3 道" in found.notes[0]
    assert "定义里有 1 道题在数据中没有列：b。" in found.notes
    assert "重复组里有 1 道题不在这个文件里：c。" in found.notes
    assert found.notes[-1] == "丢了。"


def test_columns_that_ask_nothing_are_set_aside():
    found = described(
        [], {"hh-start": ["x"]}, extras=[Extra(("hh-start", "start"), "start", "开始。")]
    )
    assert [(aside.header, aside.role) for aside in found.asides] == [("hh-start", "start")]


@pytest.mark.shared
@pytest.mark.parametrize("export", ["many_types.csv", "many_types_insights.csv"])
def test_both_exports_of_a_survey_hold_all_its_questions(shared, export):
    """The same 108 questions under legacy and Insights headers; the marginals are alike."""
    from pipeline.responses.systems.qualtrics import SYSTEM

    folder = shared / "samples/microdata/pairs/qualtrics"
    definition = read_definitions([folder / "many_types.qsf"])
    data = SYSTEM.tidied(with_unique_headers(read_csv(folder / export)))
    found = matched(definition, data, "qualtrics")
    assert len(found.items) == 108
    kinds = pd.Series([one.kind for one in found.items]).value_counts(dropna=False).to_dict()
    assert (kinds["multiple_choice"], kinds["open_ended"], kinds["number"]) == (28, 28, 12)
    taste = next(one for one in found.items if one.name == "Q45")
    assert data.cells[taste.where.header].value_counts()["142"] == 2
    assert {option.cell: option.label for option in taste.options}["142"] == "Strawberries"


@pytest.mark.shared
def test_a_form_says_what_a_person_wrote_by_hand(shared, root):
    """tests/end_to_end/iraq was written by hand from the same form: kinds, codes, labels, counts."""
    folder = shared / "samples/microdata/pairs/xlsform_iraq"
    definition = read_definitions(
        [folder / f"cleaningtools_{part}.csv" for part in ("survey", "choices")]
    )
    data = with_unique_headers(read_csv(folder / "cleaningtools_raw_data.csv"))
    items = {one.name: one for one in matched(definition, data, "kobo").items}
    by_hand = read_questionnaire(root / "tests/end_to_end/iraq/questionnaire.yaml")
    compared = 0
    assert not any("不一致" in told for one in items.values() for told in one.guessed)
    for question in by_hand.questions:
        one = items[question.exported_as]
        if isinstance(question, Number):
            assert (one.minimum, one.maximum) == (question.minimum, question.maximum)
        if isinstance(question, SingleChoice | MultipleChoice):
            assert one.kind == question.type
            known = {option.cell: option.label for option in one.options}
            assert known == {choice.name: choice.text.en for choice in question.choices}
            cells = data.cells[question.exported_as]
            words = cells.str.split().explode().value_counts()
            if isinstance(one.where, Ticks):
                counts = {
                    c: int((data.cells[h] == "TRUE").sum()) for c, h in one.where.headers.items()
                }
                assert {c: n for c, n in counts.items() if n} == words.to_dict()
            compared += 1
    assert compared == 14


@pytest.mark.shared
@pytest.mark.parametrize("listed", ["newcoder2016_questions.txt", "newcoder2016_dictionary.md"])
def test_a_list_finds_its_columns_among_repeated_headers(shared, tmp_path, listed):
    """12 resources stand in 12 columns, of which the last is the third that is called Other."""
    folder = shared / "samples/microdata/pairs"
    lines = (folder / "newcoder2016_part1.csv").read_text(encoding="utf-8-sig").splitlines()[:400]
    (tmp_path / "part.csv").write_text("\n".join(lines), encoding="utf-8")
    data = with_unique_headers(read_csv(tmp_path / "part.csv"))
    found = matched(read_definitions([folder / listed]), data, "plain")
    resources = next(one for one in found.items if one.text.startswith("Which learning resources"))
    assert isinstance(resources.where, Ticks)
    assert resources.headers[0] == "EdX"
    assert resources.headers[-1] == "Other (3)"
    assert len(found.items) == 21


@pytest.mark.shared
def test_a_limesurvey_list_names_the_parts_of_its_questions(shared):
    folder = shared / "samples/microdata/pairs/limesurvey"
    definition = read_definitions([folder / "biodiv_questions.csv"])
    found = matched(
        definition, with_unique_headers(read_csv(folder / "biodiv_first.csv")), "limesurvey"
    )
    first = found.items[0]
    assert (first.name, first.text) == ("geochemicalPara[SQ1]", "geochemical parameters")
    assert first.headers[0].startswith("geochemicalPara[SQ1]. What geochemical parameters")
    assert len(found.items) == len(definition.questions) - 3


@pytest.mark.shared
def test_an_error_in_published_data_is_told(shared):
    """In the cleaned data of cleaningtools two answers were changed in the 0/1 columns alone."""
    folder = shared / "samples/microdata/pairs/xlsform_iraq"
    definition = read_definitions(
        [folder / f"cleaningtools_{part}.csv" for part in ("survey", "choices")]
    )
    data = with_unique_headers(read_csv(folder / "cleaningtools_clean_data.csv"))
    told = [
        (one.name, said) for one in matched(definition, data, "kobo").items for said in one.guessed
    ]
    assert ("water_sources", "2 份答卷的 0/1 列与“water_sources”列不一致，用的是 0/1 列。") in told
