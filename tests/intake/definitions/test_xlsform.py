"""Reference: the XLSForm specification (xlsform.org) and the form of cleaningtools (MIT)."""

import openpyxl
import pytest

from pipeline.errors import ResponseError
from pipeline.intake.definitions.xlsform import Form, Row, read_pair, read_workbook
from pipeline.intake.definitions.xlsform_questions import definition_of

SURVEY = [
    ["type", "name", "label::English (en)", "label::中文 (zh)", "constraint", "relevant", "appearance"],
    ["start", "start", "", "", "", "", ""],
    ["begin group", "hh", "Household", "住户", "", "", ""],
    ["integer", "age", "How old are you?", "您的年龄？", ". >= 18 and .<120", "", ""],
    ["select one from sex or_other", "sex", "Sex", "性别", "", "", ""],
    ["end group", "", "", "", "", "", ""],
    ["begin_repeat", "child", "Child", "孩子", "", "", ""],
    ["text", "child_name", "Name", "姓名", "", "${age} > 20", ""],
    ["end_repeat", "", "", "", "", "", ""],
    ["select_multiple water", "source", "Water", "水源", "", "", ""],
    ["rank water", "order", "Order", "排序", "", "", ""],
    ["decimal", "litres", "Litres", "升", ". < 5 or . = 999", "", ""],
]  # fmt: skip
CHOICES = [
    ["list name", "value", "label::English (en)", "label::中文 (zh)"],
    ["sex", "m", "Male", "男"],
    ["sex", "f", "Female", "女"],
    ["sex", "f", "Again", "再一次"],
    ["", "", "", ""],
    ["water", 1, "Well <b>deep</b>", "井"],
    ["water", 2.0, "Tap &amp; pipe", "自来水"],
]


@pytest.fixture
def form(tmp_path) -> Form:
    book = openpyxl.Workbook()
    for title, rows in (
        ("survey", SURVEY),
        ("choices", CHOICES),
        ("settings", [["form_title"], ["水"]]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "form.xlsx")
    return read_workbook(tmp_path / "form.xlsx")


def row(form: Form, name: str) -> Row:
    return next(one for one in form.rows if one.name == name)


def test_rows_keep_type_list_labels_and_groups(form):
    sex = row(form, "sex")
    assert (sex.type, sex.list, sex.other, sex.groups, sex.line) == (
        "select_one",
        "sex",
        True,
        ("hh",),
        5,
    )
    assert sex.labels == {"English (en)": "Sex", "中文 (zh)": "性别"}
    assert row(form, "child_name").repeats == ("child",)
    assert form.languages == ("English (en)", "中文 (zh)")
    assert [one.name for one in form.lists["water"]] == ["1", "2"]


def test_questions_are_taken_in_chinese_with_the_english_beside(form):
    age, sex, _, source, litres = definition_of(form).questions
    assert (age.text, age.english, age.minimum, age.maximum) == (
        "您的年龄？",
        "How old are you?",
        18,
        119,
    )
    assert age.columns == ("hh/age", "hh-age", "hh.age")
    assert [(one.cell, one.label) for one in sex.options] == [
        ("m", "男"),
        ("f", "女"),
        ("other", "其他"),
    ]
    assert source.wordings == {"1": ("井", "Well deep"), "2": ("自来水", "Tap & pipe")}
    assert source.ticks[:2] == (
        {"1": "source/1", "2": "source/2"},
        {"1": "source.1", "2": "source.2"},
    )
    assert (litres.minimum, litres.maximum) == (None, None)


def test_what_is_lost_is_told_once_with_counts(form):
    lost = "\n".join(definition_of(form).lost)
    for told in (
        "1 个选项在同一列表中重名",
        "1 行有显示条件",
        "1 行有取值限制",
        "1 个重复组（child）",
        "1 道排序题（order）",
    ):
        assert told in lost


def test_the_two_sheets_may_be_csv_files(tmp_path):
    (tmp_path / "s.csv").write_text("type,name,label\nselect_one yn,q,Q?\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("list_name,name,label\nyn,1,Yes\nyn,0,No\n", encoding="utf-8")
    (one,) = definition_of(read_pair(tmp_path / "s.csv", tmp_path / "c.csv")).questions
    assert (one.name, one.kind, len(one.options)) == ("q", "single_choice", 2)


def test_a_workbook_without_type_and_name_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["a", "b"])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(ResponseError, match="没有 type 和 name 列"):
        read_workbook(tmp_path / "x.xlsx")


@pytest.mark.shared
def test_forms_in_use_are_read_whole(shared):
    """The numbers of questions are those that a person counts on the sheet survey."""
    forms = shared / "samples/forms"
    for file, rows, asked in (
        ("xlsform/unhcr-americas_XlsFormUtil__KoBoXLSFormExamples.xlsx", 30, 1),
        ("xlsform_nonconverting/hotosm_fmtm__highways.xls", 26, 20),
        ("xlsform_fixture/XLSForm_pyxform__tutorial.xls", 11, 10),
    ):
        form = read_workbook(forms / file)
        assert (len(form.rows), len(definition_of(form).questions)) == (rows, asked), file


@pytest.mark.shared
def test_limits_are_those_of_the_form(shared):
    pair = shared / "samples/microdata/pairs/xlsform_iraq"
    form = read_pair(pair / "cleaningtools_survey.csv", pair / "cleaningtools_choices.csv")
    found = {one.name: (one.minimum, one.maximum) for one in definition_of(form).questions}
    assert found["age_respondent_r"] == (18, 119)
    assert found["num_hh_member"] == (1, 49)
