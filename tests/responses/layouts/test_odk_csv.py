"""Where the answers stand in exports of ODK Central, KoBo and R's copy of them."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.layouts.odk_csv import locate

FILE = Path("export.csv")


@pytest.mark.parametrize(
    "headers",
    [
        ["KEY", "g1-q1", "g1-q2", "g2-q3", "g2-q3/a", "g2-q3/none", "q4", "q5"],
        ["_uuid", "g1/q1", "g1/q2", "g2/q3", "g2/q3/a", "g2/q3/none", "q4", "q5"],
        ["X_uuid", "q1", "q2", "q3", "q3.a", "q3.none", "q4", "q5"],
    ],
)
def test_groups_and_split_columns_are_found(
    headers: list[str], questionnaire: Questionnaire
) -> None:
    layout = locate(FILE, headers, questionnaire)
    assert layout.key == headers[0]
    assert [layout.questions[f"q{n}"] for n in range(1, 6)] == [
        headers[n] for n in (1, 2, 3, 6, 7)
    ]
    assert layout.splits == {"q3": {1: headers[4], 4: headers[5]}}
    assert layout.headers()["q3__4"] == headers[5]


def test_the_suffix_of_another_question_is_no_match(questionnaire: Questionnaire) -> None:
    headers = ["KEY", "q1", "q2", "q3", "q4", "q5", "xq5", "q5_other"]
    assert locate(FILE, headers, questionnaire).questions["q5"] == "q5"


def test_all_absent_columns_are_told_with_near_names(questionnaire: Questionnaire) -> None:
    with pytest.raises(ResponseError) as refused:
        locate(FILE, ["KEY", "q1", "q2x", "q3", "q4"], questionnaire)
    said = str(refused.value)
    assert "2 处有误" in said
    assert "'q2'" in said
    assert "q2x" in said
    assert "'q5'" in said


def test_a_table_without_a_key_is_no_odk_export(questionnaire: Questionnaire) -> None:
    with pytest.raises(ResponseError, match="KEY"):
        locate(FILE, ["序号", "1、性别"], questionnaire)
