"""The empty labelled SPSS file: every column with its words, codes and missing codes."""

from pathlib import Path

import pyreadstat
import pytest

from pipeline.exports.empty import empty_sav
from pipeline.questionnaire.codebook import columns
from pipeline.questionnaire.questions import MultipleChoice, Scale, SingleChoice
from pipeline.questionnaire.read import read_questionnaire


@pytest.mark.parametrize(
    "definition",
    ["tests/forms/every_type.yaml", "questionnaires/residents/questionnaire.yaml"],
)
def test_every_column_stands_there_with_its_labels(
    definition: str, root: Path, tmp_path: Path
) -> None:
    questionnaire = read_questionnaire(root / definition)
    path = tmp_path / "empty.sav"
    path.write_bytes(empty_sav(questionnaire))
    frame, about = pyreadstat.read_sav(str(path), user_missing=True)
    assert len(frame) == 0
    assert list(frame.columns) == ["respondent", *(c.name for c in columns(questionnaire))]
    labels = dict(zip(about.column_names, about.column_labels, strict=True))
    held = 0
    for column in columns(questionnaire):
        assert labels[column.name]
        question = column.question
        if isinstance(question, SingleChoice | Scale):
            values = about.variable_value_labels[column.name]
            for choice in question.choices:
                assert choice.text.zh.startswith(values[float(choice.code)].removesuffix("…"))
            codes = {float(c.code) for c in question.choices if c.missing}
            declared = about.missing_ranges[column.name]
            assert all(any(d["lo"] <= c <= d["hi"] for d in declared) for c in codes)
            held += 1
        if isinstance(question, MultipleChoice):
            assert about.variable_value_labels[column.name][1.0] == "选中"
    assert held > 3


def test_the_same_questionnaire_gives_the_same_bytes(root: Path) -> None:
    questionnaire = read_questionnaire(root / "tests/forms/every_type.yaml")
    assert empty_sav(questionnaire) == empty_sav(questionnaire)
