"""The dictionaries of statistical files as questionnaires."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline.importers.dictionary import read
from pipeline.questionnaire.questions import Number, OpenEnded, Scale, SingleChoice
from tests.importers.laws import written_and_read


def test_labels_make_choices_scales_and_missing_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"SEX": [1.0, 2.0], "sat": [5.0, 9.0], "age": [30.0, 998.0], "say": ["好", ""]}
    )
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        frame, path,
        column_labels={"SEX": "性别", "sat": "满意程度", "age": "年龄"},
        variable_value_labels={
            "SEX": {1: "男", 2: "女"},
            "sat": {1: "很不满意", 2: "不太满意", 3: "一般", 4: "比较满意", 5: "很满意", 9: "说不清"},
            "age": {998: "不知道"},
        },
        missing_ranges={"sat": [9], "age": [998]},
    )  # fmt: skip
    imported = read(path, "trial")
    written_and_read(imported, tmp_path)
    sex, sat, age, say = imported.questionnaire.blocks
    assert isinstance(sex, SingleChoice)
    assert (sex.name, sex.column, sex.text.zh) == ("sex", "SEX", "性别")
    assert isinstance(sat, Scale)
    assert [(c.code, c.missing) for c in sat.choices][-2:] == [(5, None), (9, "dont_know")]
    assert isinstance(age, Number)
    assert [(c.code, c.missing) for c in age.missing_codes] == [(998, "dont_know")]
    assert isinstance(say, OpenEnded)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "questions"),
    [("sav/efc_eurofamcare.sav", 26), ("sav/pyreadstat_mrs_alltypes.sav", 8), ("sav/zh_pku_spss_final_gbk.sav", 6)],
)  # fmt: skip
def test_real_files_survive(file: str, questions: int, shared: Path, tmp_path: Path) -> None:
    imported = read(shared / "samples" / "microdata" / file, "trial")
    written_and_read(imported, tmp_path)
    assert len(imported.questionnaire.blocks) == questions
