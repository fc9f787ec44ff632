"""The XLSForm: pyxform takes it without a warning, and it says what the definition says."""

import io
from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert

from pipeline.forms.xlsform import workbook
from pipeline.i18n import Text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = [
    ROOT / "tests" / "forms" / "every_type.yaml",
    *sorted((ROOT / "questionnaires").glob("*/questionnaire.yaml")),
]
EVERY_TYPE = DEFINITIONS[0]


def sheet(questionnaire: Questionnaire, name: str) -> list[dict[str, str]]:
    rows = openpyxl.load_workbook(io.BytesIO(workbook(questionnaire)))[name].iter_rows(
        values_only=True
    )
    heads = [str(cell) for cell in next(rows)]
    return [
        {head: str(cell) for head, cell in zip(heads, row, strict=True) if cell} for row in rows
    ]


@pytest.fixture(scope="module")
def every_type() -> Questionnaire:
    return read_questionnaire(EVERY_TYPE)


@pytest.fixture(scope="module")
def survey(every_type: Questionnaire) -> dict[str, dict[str, str]]:
    return {row.get("name", ""): row for row in sheet(every_type, "survey")}


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.parent.name)
def test_pyxform_takes_it_without_a_warning(path: Path):
    content = workbook(read_questionnaire(path))
    assert convert(io.BytesIO(content), file_type=".xlsx").warnings == []


def test_it_is_the_same_bytes_every_time(every_type: Questionnaire):
    assert workbook(every_type) == workbook(every_type)


def test_every_language_has_its_columns(survey):
    assert survey["age"]["label::中文 (zh)"] == "您今年多大？（单位：岁）"
    assert survey["age"]["label::English (en)"] == "How old are you? (unit: years)"
    assert survey["age"]["label::Français (fr)"] == "Quel âge avez-vous ? (unit: ans)"


def test_questions_bear_their_export_names(survey):
    assert survey["work_kind"]["type"] == "select_one job"
    assert survey["work_kind_97_text"]["relevant"] == "${work_kind} = 'other'"


def test_a_refused_consent_ends_the_form(survey):
    assert survey["consent"]["required"] == "yes"
    assert survey["section_3"]["relevant"].startswith("(${consent} = '1' and ")


def test_who_is_screened_out_is_thanked_and_asked_no_more(survey):
    out = survey["minor"]
    assert (out["type"], out["diaoyan"]) == ("note", "type=screen_out name=minor")
    assert survey["sex"]["relevant"] == f"not({out['relevant']})"


def test_an_exclusive_choice_goes_with_no_other(survey):
    assert (
        "not((selected(., 'none') or selected(., 'ref')) and count-selected(.) > 1)"
        in survey["problems"]["constraint"]
    )


def test_numbers_that_stand_for_no_answer_are_allowed_and_told(survey):
    assert survey["age"]["constraint"] == "((. >= 0 and . <= 120) or . = 998 or . = 999)"
    assert survey["age"]["hint::中文 (zh)"] == "说不清请填 998；不愿回答请填 999。"


def test_a_roster_is_counted_before_it(survey):
    assert survey["member_count"]["type"] == "integer"
    assert survey["member"]["repeat_count"] == "${member_count}"
    assert survey["pupil"]["relevant"] == "(${years} != '' and ${years} < 30)"


def test_a_roster_of_a_fixed_length_is_not_counted(every_type: Questionnaire):
    raw = every_type.model_dump(mode="json")
    (roster,) = [one for one in raw["sections"][-1]["questions"] if one["type"] == "roster"]
    roster["minimum"] = roster["maximum"]
    rows = {row.get("name", ""): row for row in sheet(Questionnaire.model_validate(raw), "survey")}
    assert rows["member"]["repeat_count"] == "3"
    assert rows["member_about"]["type"] == "note"


def test_equal_lists_are_written_once(every_type: Questionnaire):
    names = {row["list_name"] for row in sheet(every_type, "choices")}
    assert "mood" in names
    assert "views" not in names


def test_nothing_about_the_device_is_recorded(every_type: Questionnaire):
    types = {row["type"] for row in sheet(every_type, "survey")}
    assert types.isdisjoint({"deviceid", "phonenumber", "username", "simserial", "email"})


def test_texts_that_look_like_formulas_or_references_stay_texts(questionnaire: Questionnaire):
    raw = questionnaire.model_dump(mode="json")
    raw["sections"][0]["questions"][0]["text"] = {"zh": "=1+1 ${q2} ${nowhere}", "en": "b"}
    changed = Questionnaire.model_validate(raw)
    (row,) = [one for one in sheet(changed, "survey") if one.get("name") == "q1"]
    assert row["label::中文 (zh)"] == "=1+1 ${q2} ＄{nowhere}"
    assert convert(io.BytesIO(workbook(changed)), file_type=".xlsx").warnings == []


def test_names_that_no_element_can_have_give_way(questionnaire: Questionnaire):
    raw = questionnaire.model_dump(mode="json")
    first, second = raw["sections"][0]["questions"][:2]
    first["column"], second["column"] = "第 1 题", "Q3"
    first["choices"][0]["name"] = "是 的"
    changed = Questionnaire.model_validate(raw)
    names = [row.get("name") for row in sheet(changed, "survey")]
    assert "q1" in names
    assert names.count("Q3") == 1
    assert "q3_2" in names  # q3 and Q3 would be one to some programs
    assert "c1" in [row["name"] for row in sheet(changed, "choices")]
    assert convert(io.BytesIO(workbook(changed)), file_type=".xlsx").warnings == []


def test_a_language_is_called_by_itself_and_its_tag():
    from pipeline.forms.xlsform_names import header

    assert [header(one) for one in ("zh", "fr", "zh-Hant", "xx")] == [
        "中文 (zh)", "Français (fr)", "中文 zh-Hant (zh)", "xx (xx)",
    ]  # fmt: skip


def test_a_unit_comes_and_goes():
    from pipeline.forms.xlsform_cells import with_unit, without_unit

    said = with_unit(Text(zh="多大", en="Age"), Text(zh="岁", en="years"))
    assert [without_unit(said(one)) for one in ("zh", "en")] == [("多大", "岁"), ("Age", "years")]
    assert without_unit("多大") == ("多大", "")
