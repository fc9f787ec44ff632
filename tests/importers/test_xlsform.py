"""XLSForms, ours and others': what is read, what is mended, and what is told."""

import random
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.forms.xlsform import workbook
from pipeline.importers.imported import Imported
from pipeline.importers.xlsform import read
from pipeline.questionnaire.blocks import Agreement, Matrix, Note, Roster
from pipeline.questionnaire.expressions import (
    And,
    Answer,
    Compare,
    Constant,
    Count,
    Selected,
    compared,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    SingleChoice,
)
from pipeline.questionnaire.read import read_questionnaire

Sheet = Sequence[Sequence[str]]
EVERY_TYPE = Path(__file__).resolve().parents[1] / "forms" / "every_type.yaml"
YES_NO = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def imported(folder: Path, survey: Sheet, choices: Sheet = YES_NO) -> Imported:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in survey:
        book["survey"].append(row)
    page = book.create_sheet("choices")
    for row in choices:
        page.append(row)
    book.save(folder / "form.xlsx")
    return read(folder / "form.xlsx", "form")


def block(made: Imported, name: str):
    return next(one for one in made.questionnaire.blocks if one.name == name)


def test_rows_become_questions(tmp_path: Path):
    made = imported(tmp_path, [
        ["type", "name", "label", "required", "relevant", "constraint", "calculation"],
        ["select_one yn", "Q1", "Are you in the house?", "yes"],
        ["integer", "age", "How old are you?", "", "${Q1} = 'yes'", ". >= 18 and . < 100"],
        ["date", "day", "When?", "", "", ". >= date('2020-01-31')"],
        ["text", "why", "Why is it so?", "", "", "string-length(.) <= 40"],
        ["calculate", "twice", "", "", "", "", "${age} * 2"],
        ["note", "thanks", "Thank you"],
    ])  # fmt: skip
    first, age, day, why, twice, thanks = made.questionnaire.blocks
    assert (first.name, first.column, first.required) == ("q1", "Q1", True)
    assert [(one.code, one.name) for one in first.choices] == [(1, "yes"), (2, "no")]
    assert isinstance(age, Number)
    assert (age.minimum, age.maximum, age.show_if) == (18, 99, compared("q1", "=", 1))
    assert isinstance(day, Moment)
    assert day.earliest == "2020-01-31"
    assert isinstance(why, OpenEnded)
    assert why.max_length == 40
    assert isinstance(twice, Calculated)
    assert isinstance(thanks, Note)
    assert made.questionnaire.languages == ("en",)
    assert "当作 en" in made.repairs[0]


def test_groups_become_sections_and_nested_ones_keep_their_conditions(tmp_path: Path):
    made = imported(tmp_path, [
        ["type", "name", "label::English (en)", "label::Français", "relevant"],
        ["select_one yn", "a", "A?", "A ?"],
        ["begin group", "g", "Group", "Groupe", "${a} = 'yes'"],
        ["select_one yn", "b", "B?", "B ?"],
        ["begin group", "inner", "Inner", "Dedans", "${b} = 'no'"],
        ["integer", "c", "C?", "C ?", "${a} = 'no'"],
        ["end group", ""], ["end group", ""],
    ])  # fmt: skip
    assert [one.title("fr") for one in made.questionnaire.sections] == ["Questions", "Groupe"]
    assert made.questionnaire.sections[1].show_if == compared("a", "=", 1)
    assert block(made, "inner").text("fr") == "Dedans"
    assert block(made, "c").show_if == And((compared("b", "=", 2), compared("a", "=", 2)))
    assert made.questionnaire.languages == ("en", "fr")


def test_a_table_is_a_matrix(tmp_path: Path):
    made = imported(tmp_path, [
        ["type", "name", "label", "appearance"],
        ["begin group", "t", "Do you have", "table-list"],
        ["select_one yn", "t1", "a house"], ["select_one yn", "t2", "a car"],
        ["end group", ""],
        ["begin group", "u", "Others", "field-list"],
        ["select_one yn", "head", "Do you like", "label"],
        ["select_one yn", "u1", "tea", "list-nolabel"], ["select_one yn", "u2", "milk", "list-nolabel"],
        ["end group", ""],
    ])  # fmt: skip
    first, second = (one for one in made.questionnaire.blocks if isinstance(one, Matrix))
    assert (first.name, [item.name for item in first.items]) == ("t", ["t1", "t2"])
    assert (second.name, [item.name for item in second.items]) == ("head", ["u1", "u2"])


def test_a_repeat_is_a_roster(tmp_path: Path):
    made = imported(tmp_path, [
        ["type", "name", "label", "relevant", "constraint", "repeat_count", "calculation"],
        ["integer", "hh_count", "How many?", "", ". <= 4"],
        ["begin repeat", "hh", "Person", "", "", "${hh_count}"],
        ["integer", "age", "Age?"],
        ["select_one yn", "works", "Works?", "${age} >= 16"],
        ["end repeat", ""],
        ["calculate", "first_age", "", "", "", "", "indexed-repeat(${age}, ${hh}, 1)"],
        ["integer", "others", "Others?", "${age} > 3"],
    ])  # fmt: skip
    roster = block(made, "hh")
    assert isinstance(roster, Roster)
    assert (roster.minimum, roster.maximum, roster.text("en")) == (0, 4, "How many?")
    assert roster.questions[1].show_if == compared("age", ">=", 16)
    assert block(made, "first_age").value == Answer("hh_1_age")
    assert block(made, "others").show_if is None
    assert any("第 8 行" in one and "${age} > 3" in one for one in made.lost)


def test_several_choices_have_limits_and_some_stand_alone(tmp_path: Path):
    rule = "count-selected(.) <= 2 and not(selected(., 'no') and count-selected(.) > 1)"
    made = imported(tmp_path, [
        ["type", "name", "label", "constraint", "relevant"],
        ["select_multiple yn", "m", "Which?", rule],
        ["select_multiple yn or_other", "o", "Which?", "", "selected(${m}, 'yes')"],
        ["integer", "n", "N?", ". != 7", "count-selected(${m}) >= 2"],
    ])  # fmt: skip
    several, other, number = made.questionnaire.blocks
    assert isinstance(several, MultipleChoice)
    assert (several.max_choices, [one.exclusive for one in several.choices]) == (2, [False, True])
    assert other.show_if == Selected("m", 1)
    assert (other.choices[-1].name, other.choices[-1].specify) == ("other", True)
    assert number.show_if == Compare(">=", Count("m"), Constant(2))
    assert len(number.checks) == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["geopoint", "g", "Where?"], "位置"),
        (["deviceid", "d", ""], "保护隐私"),
        (["phonenumber", "p", ""], "保护隐私"),
        (["image", "i", "Picture"], "图片"),
        (["calculate", "c", "", "", "now()"], "now()"),
        (["whatever", "w", "W?"], "不认识的题型"),
        (["integer", "n", "N?", "today() > 3"], "一律要问"),
        (["integer", "n", "N?", "${nowhere} = 1"], "nowhere"),
    ],
)
def test_what_has_no_place_is_told_with_its_row(tmp_path: Path, row: list[str], told: str):
    made = imported(tmp_path, [
        ["type", "name", "label", "relevant", "calculation"], ["select_one yn", "a", "A?"], row,
    ])  # fmt: skip
    assert any("第 3 行" in one and told in one for one in made.lost)


def test_faults_are_mended_and_told(tmp_path: Path):
    made = imported(tmp_path, [
        ["type", "name", "label"],
        ["select_one yn", "a", "A?"], ["integer", "a", "Again?"],
        ["select_one yes_no", "b", "B?"], ["select_one nolist", "c", "C?"],
        ["select_one lone", "d", "D?"], ["decimal", "e", "E?"],
        ["begin repeat", "r", "R"], ["text", "t", "T?"], ["end repeat", ""],
    ], [*YES_NO, ["yn", "yes", "Twice"], ["lone", "1", "One"]])  # fmt: skip
    assert [one.name for one in made.questionnaire.blocks] == ["a", "a_2", "b", "c", "d", "e", "r"]
    assert [one.name for one in block(made, "b").choices] == ["yes", "no"]
    assert isinstance(block(made, "c"), OpenEnded)
    assert len(block(made, "d").choices) == 2
    told = "\n".join(made.repairs)
    for said in ("choices 第 4 行", "第 3 行：名称 a", "第 4 行：列表 yes_no", "第 5 行：列表 nolist",
                 "第 6 行：只有一个选项", "第 7 行：小数题", "第 8 行：没有写最多重复几次"):  # fmt: skip
        assert said in told


def test_codes_of_choices(tmp_path: Path):
    listed = [
        ["list_name", "name", "label"],
        ["l", "5", "Five"],
        ["l", "x", "X"],
        ["l", "01", "One"],
        ["l", "-9", "No"],
    ]
    made = imported(tmp_path, [["type", "name", "label"], ["select_one l", "q", "Q?"]], listed)
    (question,) = made.questionnaire.questions
    assert isinstance(question, SingleChoice)
    assert [(one.code, one.exported_as) for one in question.choices] == [
        (5, "5"), (1, "x"), (2, "01"), (3, "-9"),
    ]  # fmt: skip


def test_a_workbook_without_questions_is_refused(tmp_path: Path):
    with pytest.raises(SurveyError, match="没有能带过来的题目"):
        imported(tmp_path, [["type", "name", "label"], ["geopoint", "g", "Where?"]])


def test_our_own_form_comes_back(tmp_path: Path):
    definition = read_questionnaire(EVERY_TYPE)
    (tmp_path / "form.xlsx").write_bytes(workbook(definition))
    made = read(tmp_path / "form.xlsx", definition.survey)
    assert made.repairs == ()
    assert [one for one in made.lost if "job.png" not in one] == []
    back = made.questionnaire
    assert [one.name for one in back.questions] == [one.name for one in definition.questions]
    assert [one.exported_as for one in back.questions] == [
        one.exported_as for one in definition.questions
    ]
    assert back.screen_outs == definition.screen_outs
    assert back.batteries == definition.batteries
    assert back.introduction == definition.introduction
    assert isinstance(back.blocks[0], Agreement)
    same = {one.name: one for one in definition.blocks}
    changed = [one.name for one in back.blocks if one != same[one.name]]
    # a soft check, a picture that is not beside the form, codes named one by one, a choice that
    # cannot be ranked, a sum of ticks
    assert changed == ["age", "job", "views", "priorities", "wish"]


TEXTS = st.text("甲乙丙丁abc？", min_size=1, max_size=8).map(lambda words: f"题{words}".strip())


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire of a few questions; each may depend on a single choice before it."""
    questions: list[dict[str, object]] = []
    singles: list[str] = []
    for number in range(draw(st.integers(1, 6))):
        name = f"q{number}"
        kind = draw(
            st.sampled_from(
                [
                    "single_choice",
                    "scale",
                    "multiple_choice",
                    "number",
                    "open_ended",
                    "date",
                    "ranking",
                    "note",
                ]
            )
        )
        made: dict[str, object] = {
            "name": name,
            "type": kind,
            "text": {"zh": draw(TEXTS), "en": f"Question {number}"},
        }
        if kind in ("single_choice", "scale", "multiple_choice", "ranking"):
            words = draw(
                st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=5, unique=True)
            )
            made["choices"] = [
                {
                    "code": code,
                    "name": draw(st.sampled_from(["", word])),
                    "text": {"zh": draw(TEXTS), "en": f"Choice {code}"},
                }
                for code, word in enumerate(words, start=draw(st.integers(0, 9)))
            ]
            if kind == "multiple_choice":
                made |= {
                    "min_choices": draw(st.integers(0, 2)),
                    "max_choices": draw(st.none() | st.integers(2, 3)),
                }
                made["choices"][-1]["exclusive"] = draw(st.booleans())
            elif kind != "ranking":
                made["choices"][-1]["missing"] = draw(st.none() | st.just("refused"))
                made["choices"][0]["specify"] = kind == "single_choice" and draw(st.booleans())
        if kind == "number":
            made |= {
                "minimum": draw(st.none() | st.integers(-5, 5)),
                "maximum": draw(st.none() | st.integers(6, 99)),
                "unit": {"zh": draw(st.sampled_from(["", "岁"]))},
            }
        if kind == "open_ended":
            made["max_length"] = draw(st.integers(1, 600))
        if kind != "note":
            made |= {
                "required": draw(st.sampled_from([True, False, "soft"])),
                "column": draw(st.sampled_from(["", f"Col{number}"])),
            }
        if singles and draw(st.booleans()):
            made["show_if"] = (
                {"=": [draw(st.sampled_from(singles)), questions[0]["choices"][0]["code"]]}
                if singles == ["q0"]
                else {"not": {"empty": draw(st.sampled_from(singles))}}
            )
        if kind == "single_choice":
            singles.append(name)
        questions.append(made)
    fill = {"zh": "待填写"}
    return Questionnaire.model_validate({
        "survey": "made", "title": {"zh": "问卷"}, "population": fill, "respondents": fill, "minutes": 1,
        "mode": fill, "commissioned_by": fill, "conducted_by": fill, "simulated": False,
        "limitation": fill, "introduction": fill,
        "sections": [{"title": {"zh": "一", "en": "One"}, "questions": questions}],
    })  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questionnaires())
def test_a_questionnaire_survives_export_and_import(tmp_path: Path, made: Questionnaire):
    if all(isinstance(one, Note) for one in made.blocks):
        return
    (tmp_path / "form.xlsx").write_bytes(workbook(made))
    back = read(tmp_path / "form.xlsx", "made")
    assert (back.repairs, back.lost) == ((), ())
    assert back.questionnaire.sections == made.sections


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_cell_ends_in_a_traceback(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(read_questionnaire(EVERY_TYPE)))
    book = openpyxl.load_workbook(path)
    for _ in range(12):
        page = chance.choice([book["survey"], book["choices"]])
        cell = page.cell(chance.randint(1, page.max_row), chance.randint(1, page.max_column))
        cell.value = chance.choice(
            [
                "",
                "9",
                "${x}",
                "end group",
                "begin repeat",
                "rank",
                "(((",
                "type=matrix",
                "type=scale battery=q",
                ". > 5 and . < 2",
            ]
        )
    book.save(path)
    try:
        made = read(path, "form")
    except SurveyError:
        return
    workbook(made.questionnaire)
