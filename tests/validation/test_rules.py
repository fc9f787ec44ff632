"""Rules follow from the codebook; masks and Great Expectations count the same."""

import pandas as pd
import pytest

from pipeline.questionnaire.codebook import columns, missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.validation.quarantine import split
from pipeline.validation.rules import checked_columns, rules_of
from pipeline.validation.suite import judge


def responses(questionnaire: Questionnaire, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Sound responses, but for what each row says."""
    sound = {
        "person": pd.NA, "site": pd.NA, "submitted": "2026-09-08", "seconds": 300.0, "undecoded": "", "conflicting": "",
        "q1": 1, "q2": 3, "q3__1": 1, "q3__2": 0, "q3__3": 0, "q3__4": 0, "q4": 5.0,
        **{missing_column(question): "" for question in questionnaire.questions},
    }  # fmt: skip
    made = [
        {"respondent": f"r{n}", "raw_row": n + 2, **sound, **row} for n, row in enumerate(rows)
    ]
    frame = pd.DataFrame(made)
    answers = [column.name for column in columns(questionnaire) if column.name in frame]
    return frame.astype(dict.fromkeys(answers, "Float64") | {"seconds": "Float64"})


BROKEN = [
    ({"respondent": "r1"}, "duplicate_key", ""),
    ({"person": "p1"}, "duplicate_person", ""),
    ({"undecoded": "q1=7x"}, "undecoded", ""),
    ({"q1": 2}, "answered_unasked", "q2"),
    ({"q3__2": 1, "q3__3": 1}, "too_many_choices", "q3"),
    ({"q3__4": 1}, "beside_exclusive", "q3"),
    ({"q4": 32.0}, "out_of_range", "q4"),
    ({"q4": -1.0}, "out_of_range", "q4"),
]


@pytest.mark.parametrize(("change", "rule", "question"), BROKEN)
def test_each_hard_rule_sets_aside_the_response_that_breaks_it(
    questionnaire: Questionnaire, change: dict[str, object], rule: str, question: str
) -> None:
    rows = responses(questionnaire, [{"person": "p0"}, {"person": "p1"}, change])
    parts = split(
        rows, checked_columns(rows, questionnaire), rules_of(questionnaire), questionnaire
    )
    assert parts.quarantined[["raw_row", "rule", "question"]].to_numpy().tolist() == [
        [4, rule, question]
    ]
    assert parts.valid["raw_row"].tolist() == [2, 3]


def test_quarantine_names_the_value(questionnaire: Questionnaire) -> None:
    rows = responses(questionnaire, [{"q4": 99.0}, {"undecoded": "q1=7x"}, {"q3__4": 1}])
    parts = split(
        rows, checked_columns(rows, questionnaire), rules_of(questionnaire), questionnaire
    )
    assert parts.quarantined["value"].tolist() == ["99.0", "q1=7x", "1 4"]
    assert (parts.quarantined["sentence"] != "").all()


def test_missing_answers_break_nothing(questionnaire: Questionnaire) -> None:
    nothing = {
        "q2": pd.NA,
        "q2__missing": "not_asked",
        "q1": 2,
        "q4": pd.NA,
        "q4__missing": "no_answer",
    }
    ticks = {f"q3__{code}": pd.NA for code in (1, 2, 3, 4)} | {"q3__missing": "no_answer"}
    rows = responses(questionnaire, [{**nothing, **ticks}])
    parts = split(
        rows, checked_columns(rows, questionnaire), rules_of(questionnaire), questionnaire
    )
    assert parts.quarantined.empty
    assert len(parts.valid) == 1


def test_soft_rules_flag_and_keep(questionnaire: Questionnaire) -> None:
    rows = responses(
        questionnaire,
        [{}, {}, {}, {"seconds": 60.0}, {"q1__missing": "no_answer", "q1": pd.NA, "q2": pd.NA, "q2__missing": "not_asked"}],
    )  # fmt: skip
    parts = split(
        rows, checked_columns(rows, questionnaire), rules_of(questionnaire), questionnaire
    )
    assert parts.valid["flag_speeding"].tolist() == [False, False, False, True, False]
    assert parts.valid["flag_required_left_out"].tolist() == [False] * 4 + [True]


def test_great_expectations_counts_as_the_masks_do(questionnaire: Questionnaire) -> None:
    changes = [
        {"person": "p0"},
        {"person": "p1"},
        *(change for change, *_ in BROKEN),
        {"seconds": 9.0},
    ]
    rows = responses(questionnaire, changes)
    checked = checked_columns(rows, questionnaire)
    verdicts = judge(checked, rules_of(questionnaire), "small")
    assert [v.unexpected for v in verdicts] == [v.masked for v in verdicts]
    found = {(v.rule, v.question): v.unexpected for v in verdicts}
    assert found["out_of_range", "q4"] == 2
    assert found["answered_unasked", "q2"] == 1
    assert found["speeding", ""] == 1
    parts = split(rows, checked, rules_of(questionnaire), questionnaire)
    assert len(parts.valid) + parts.quarantined["raw_row"].nunique() == len(rows)
    assert sum(v.masked for v in verdicts if v.hard) == len(parts.quarantined)


def test_the_earliest_of_two_submissions_is_kept_whatever_the_order(
    questionnaire: Questionnaire,
) -> None:
    rows = responses(
        questionnaire,
        [{"person": "p0", "submitted": "2026-09-09"}, {"person": "p0", "submitted": "2026-09-08"}],
    )
    parts = split(
        rows, checked_columns(rows, questionnaire), rules_of(questionnaire), questionnaire
    )
    assert parts.valid["submitted"].tolist() == ["2026-09-08"]
