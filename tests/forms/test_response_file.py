"""The header row that the form writes and `ingest` reads, and the short code of a response."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QuestionnaireError
from pipeline.forms.response_file import RECEIPT_LETTERS, cells, header, receipt_code
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire


@pytest.fixture
def example() -> Questionnaire:
    return read_questionnaire(Path(__file__).parent / "example.yaml")


def test_the_header_is_that_of_an_odk_export(example: Questionnaire) -> None:
    assert ",".join(header(example)) == (
        "SubmissionDate,meta-instanceID,start,end,mode,language,site,person,"
        "a1,useful,a3,b1,b1/road,b1/water,b1/school,b1/none,b1/ref,b2,b3,b4,KEY,FormVersion"
    )


def test_every_type_has_its_columns() -> None:
    every = read_questionnaire(Path(__file__).parent / "every_type.yaml")
    kinds = {cell.column: cell.kind for cell in cells(every)}
    wanted = {
        "consent": "choice", "age": "number", "work_kind": "choice", "work_kind_order": "order",
        "work_kind_97_text": "text", "balance": "number", "v_two": "choice",
        "views_order": "items", "s1_order": "order", "c1/tv": "tick", "priorities": "ranks",
        "moved": "text", "member_count": "number", "member_2_helps/cook": "tick",
        "member_3_relation_7_text": "text", "people": "number",
    }  # fmt: skip
    assert {column: kinds[column] for column in wanted} == wanted
    assert "welcome" not in kinds  # a note has no answer
    assert "views" not in kinds  # its rows have
    assert header(every)[-3:] == ("screened_out", "KEY", "FormVersion")


def test_a_survey_that_cannot_end_early_has_no_column_for_it(example: Questionnaire) -> None:
    assert "screened_out" not in header(example)


def test_a_column_name_used_twice_is_refused(example: Questionnaire) -> None:
    first, second = example.sections
    clashing = tuple(
        question.model_copy(update={"column": "site"}) if question.name == "b2" else question
        for question in second.questions
    )
    sections = (first, second.model_copy(update={"questions": clashing}))
    with pytest.raises(QuestionnaireError, match=r"example.*site"):
        header(example.model_copy(update={"sections": sections}))


def test_a_receipt_code_is_short_and_without_letters_that_look_alike() -> None:
    assert receipt_code("uuid:00000000-0000-4000-8000-000000000000") == "2222-2222"
    assert receipt_code("uuid:ffffffff-ff00-4000-8000-000000000000") == "ZZZZ-ZZZZ"
    assert len(set(RECEIPT_LETTERS)) == 32
    assert not set("01OI") & set(RECEIPT_LETTERS)


@given(st.uuids(version=4), st.uuids(version=4))
def test_codes_differ_where_the_first_forty_bits_do(a: object, b: object) -> None:
    same = str(a).replace("-", "")[:10] == str(b).replace("-", "")[:10]
    assert (receipt_code(f"uuid:{a}") == receipt_code(f"uuid:{b}")) is same
