"""The codebook: columns, codes and labels of decoded responses."""

from pathlib import Path

import pytest

from pipeline.questionnaire.codebook import (
    Codebook,
    RawFile,
    columns,
    label_of,
    missing_codes,
    missing_column,
    read_codebook,
    write_codebook,
)
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import version_hash


def test_columns_follow_the_questionnaire(questionnaire: Questionnaire) -> None:
    found = [(column.name, column.code) for column in columns(questionnaire)]
    assert found == [
        ("q1", None),
        ("q2", None),
        ("q3__1", 1),
        ("q3__2", 2),
        ("q3__3", 3),
        ("q3__4", 4),
        ("q4", None),
        ("q5", None),
    ]
    assert missing_column(questionnaire.question("q3")) == "q3__missing"


def test_missing_codes_are_those_of_choices_only(questionnaire: Questionnaire) -> None:
    kinds = {q.name: missing_codes(q) for q in questionnaire.questions}
    assert kinds == {
        "q1": {9: "refused"},
        "q2": {8: "dont_know"},
        "q3": {},
        "q4": {},
        "q5": {},
    }


def test_labels_are_found_by_code(questionnaire: Questionnaire) -> None:
    assert label_of(questionnaire.question("q1"), 2).zh == "否"
    for name, code in (("q1", 3), ("q4", 1), ("q5", 1)):
        with pytest.raises(KeyError, match=f"{name}={code}"):
            label_of(questionnaire.question(name), code)


def test_a_codebook_is_read_back_as_written(tmp_path: Path, questionnaire: Questionnaire) -> None:
    current = version_hash(questionnaire)
    codebook = Codebook(
        survey="small",
        wave="w",
        current=current,
        versions={current: questionnaire},
        raw=RawFile(path="x.csv", sha256="0" * 64, layout="odk_csv", rows=3, columns={"q1": "Q"}),
        dropped_contacts=("手机号",),
    )
    path = tmp_path / "deep" / "codebook.json"
    write_codebook(codebook, path)
    again = read_codebook(path)
    assert again == codebook
    assert again.questionnaire.question("q2").show_if == questionnaire.question("q2").show_if
    assert version_hash(again.questionnaire) == current
    before = path.read_bytes()
    write_codebook(again, path)
    assert path.read_bytes() == before
    assert b"\r" not in before
    assert "手机号" in before.decode()
