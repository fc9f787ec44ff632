"""Text becomes codes, and every missing answer keeps its reason."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.decode import Decoded, decode
from pipeline.responses.layouts.odk_csv import locate
from pipeline.responses.table import RawTable

COLUMNS = ["KEY", "start", "end", "q1", "q2", "q3", "q4", "q5"]


def table(rows: list[dict[str, str]], columns: list[str] = COLUMNS) -> RawTable:
    cells = pd.DataFrame(rows, columns=columns, dtype="str").fillna("")
    cells.index = pd.RangeIndex(2, len(rows) + 2)
    return RawTable(Path("export.csv"), "0" * 64, cells)


def decoded(
    rows: list[dict[str, str]], questionnaire: Questionnaire, columns: list[str] = COLUMNS
) -> Decoded:
    raw = table([{"KEY": f"r{n}", **row} for n, row in enumerate(rows)], columns)
    return decode(raw, locate(raw.path, list(raw.cells), questionnaire), questionnaire)


def test_each_missing_answer_keeps_its_reason(questionnaire: Questionnaire) -> None:
    rows = decoded(
        [
            {"q1": "yes", "q2": "4", "q3": "a c", "q4": "3", "q5": "路远"},
            {"q1": "yes", "q2": "dk", "q3": "none"},
            {"q1": "no"},
            {"q1": "refused", "q3": ""},
        ],
        questionnaire,
    ).responses
    assert rows["q1"].tolist()[:3] == [1, 1, 2]
    assert rows["q1__missing"].tolist() == ["", "", "", "refused"]
    assert rows["q2__missing"].tolist() == ["", "dont_know", "not_asked", "not_asked"]
    assert rows["q2"].isna().tolist() == [False, True, True, True]
    assert rows["q3__missing"].tolist() == ["", "", "no_answer", "no_answer"]
    assert rows[["q3__1", "q3__2", "q3__3", "q3__4"]].iloc[0].tolist() == [1, 0, 1, 0]
    assert rows["q3__4"].iloc[1] == 1
    assert rows["q5__missing"].tolist() == ["", "no_answer", "no_answer", "no_answer"]
    assert "q5" not in rows


def test_an_answer_to_a_question_not_asked_is_kept_for_validation(
    questionnaire: Questionnaire,
) -> None:
    rows = decoded([{"q1": "no", "q2": "5"}, {"q1": "no", "q2": "dk"}], questionnaire).responses
    assert rows["q2__missing"].tolist() == ["", "dont_know"]
    assert rows["q2"].iloc[0] == 5


def test_full_width_and_scientific_numbers_are_numbers(questionnaire: Questionnaire) -> None:
    rows = decoded([{"q4": "１２"}, {"q4": " 5e+00 "}, {"q4": "NA"}], questionnaire).responses
    assert rows["q4"].tolist()[:2] == [12, 5]
    assert rows["q4__missing"].tolist() == ["", "", "no_answer"]


def test_cells_without_a_meaning_are_named(questionnaire: Questionnaire) -> None:
    sound = {"q1": "yes", "q2": "1", "q3": "a", "q4": "1"}
    rows = decoded(
        [{"q1": "maybe", "q4": "很多"}, {"q1": "yes", "q3": "a zz"}, sound, sound, sound],
        questionnaire,
    ).responses
    assert rows["undecoded"].tolist() == ["q1=maybe; q4=很多", "q3=zz", "", "", ""]


def test_the_split_columns_of_a_multiple_choice_count(questionnaire: Questionnaire) -> None:
    columns = [*COLUMNS, "q3/a", "q3/b", "q3/c", "q3/none"]
    split = {"q3/a": "0", "q3/b": "1", "q3/c": "0", "q3/none": "0"}
    rows = decoded(
        [
            {"q3": "a", **split},
            {"q3": "b", **split},
            {"q3": ""},
            {"q3": "", **split, "q3/b": "FALSE"},
        ],
        questionnaire,
        columns,
    ).responses
    assert rows["q3__2"].iloc[:2].tolist() == [1, 1]
    assert rows["conflicting"].tolist() == ["q3", "", "", ""]
    assert rows["q3__missing"].tolist() == ["", "", "no_answer", ""]
    assert rows[["q3__1", "q3__2", "q3__3", "q3__4"]].iloc[3].tolist() == [0, 0, 0, 0]


def test_an_odd_0_1_cell_is_named_and_never_taken_for_another_choice(
    questionnaire: Questionnaire,
) -> None:
    columns = [*COLUMNS, "q3/a", "q3/b", "q3/c", "q3/none"]
    sound = {"q3/a": "1", "q3/b": "0", "q3/c": "0", "q3/none": "0"}
    rows = decoded(
        [sound | {"q3/b": "3"}, sound | {"q3/a": "b c"}, *[sound] * 3], questionnaire, columns
    ).responses
    assert rows["undecoded"].tolist()[:3] == ["q3=b=3", "q3=a=bc", ""]
    assert rows[["q3__1", "q3__2", "q3__3"]].iloc[0].tolist() == [1, 0, 0]


def asking(questionnaire: Questionnaire, name: str, **changes: object) -> Questionnaire:
    raw = questionnaire.model_dump(mode="json")
    for question in raw["sections"][0]["questions"]:
        question.update(changes if question["name"] == name else {})
    return Questionnaire.model_validate(raw)


MISSING_NUMBERS = [
    {"code": 30, "text": {"zh": "不知道"}, "missing": "dont_know"},
    {"code": 2, "name": "拒答", "text": {"zh": "拒答"}, "missing": "refused"},
    {"code": 3, "name": ".a", "text": {"zh": "跳过"}, "missing": "not_asked"},
]


def test_missing_numbers_keep_their_reason_by_code_or_by_name(
    questionnaire: Questionnaire,
) -> None:
    asked = asking(questionnaire, "q4", missing_codes=MISSING_NUMBERS)
    cells = ["30.0", " 拒答", ".a", "2", "3", "", "inf", "nan", "１", "7"]
    rows = decoded([{"q4": cell} for cell in cells], asked).responses
    assert rows["q4__missing"].tolist() == [
        "dont_know", "refused", "not_asked", "", "", "no_answer", "no_answer", "no_answer", "", ""
    ]  # fmt: skip
    assert rows["q4"].dropna().tolist() == [2, 3, 1, 7]  # 2 and 3 are names here, not numbers
    assert rows["undecoded"].tolist()[6:8] == ["q4=inf", "q4=nan"]


def test_names_that_are_numbers_count_and_codes_do_not(questionnaire: Questionnaire) -> None:
    choices = [
        {"code": 1, "name": "2", "text": {"zh": "甲"}},
        {"code": 2, "name": "7", "text": {"zh": "乙"}},
    ]
    asked = asking(questionnaire, "q2", choices=choices, show_if=None)
    rows = decoded([{"q2": cell} for cell in ("2", "7", "1", "")], asked).responses
    assert rows["q2"].tolist()[:2] == [1, 2]
    assert rows["undecoded"].tolist() == ["", "", "q2=1", ""]


def test_the_wrong_column_is_refused(questionnaire: Questionnaire) -> None:
    with pytest.raises(ResponseError) as refused:
        decoded([{"q1": "2026-09-01", "q4": "x"}, {"q1": "2026-09-02", "q4": "7"}], questionnaire)
    assert "'q1'" in str(refused.value)
    assert "yes、no" in str(refused.value)


def test_seconds_are_from_start_to_end(questionnaire: Questionnaire) -> None:
    row = {"start": "2026-09-08T10:00:00.000+08:00", "end": "2026-09-08T02:05:00Z"}
    assert decoded([row], questionnaire).responses["seconds"].tolist() == [300]


def test_open_answers_stand_apart(questionnaire: Questionnaire) -> None:
    verbatims = decoded([{"q5": "路远，费时１天"}, {}, {"q5": "无"}], questionnaire).verbatims
    assert verbatims[["respondent", "question", "text"]].to_numpy().tolist() == [
        ["r0", "q5", "路远，费时１天"],
        ["r2", "q5", "无"],
    ]


@settings(max_examples=12)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "q1": st.sampled_from(["yes", "no", "refused", ""]),
                "q2": st.sampled_from(["1", "2", "3", "4", "5", "dk", ""]),
                "q3": st.lists(st.sampled_from(["a", "b", "c", "none"]), unique=True).map(
                    " ".join
                ),
                "q4": st.sampled_from(["0", "7", "31", ""]),
            }
        ),
        min_size=1,
        max_size=6,
    )
)
def test_an_answer_is_there_or_has_a_reason(
    questionnaire: Questionnaire, rows: list[dict[str, str]]
) -> None:
    frame = decoded(rows, questionnaire).responses
    for name in ("q1", "q2", "q4"):
        assert (frame[name].isna() == (frame[f"{name}__missing"] != "")).all()
    ticks = frame[["q3__1", "q3__2", "q3__3", "q3__4"]]
    assert (ticks.isna().all(axis=1) == (frame["q3__missing"] != "")).all()
