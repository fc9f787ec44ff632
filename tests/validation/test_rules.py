"""Rules follow from the codebook: what breaks a hard one is set aside, the rest is flagged."""

import pandas as pd
import pytest

from pipeline.questionnaire.model import Questionnaire
from pipeline.validation.checked import checked_columns
from pipeline.validation.quarantine import Split, split
from pipeline.validation.rules import rules_of
from tests.validation.made import BROKEN, NO_VERBATIMS, responses


def parts_of(rows: pd.DataFrame, questionnaire: Questionnaire) -> Split:
    checked = checked_columns(rows, questionnaire, NO_VERBATIMS)
    return split(rows, checked, rules_of(questionnaire), questionnaire)


@pytest.mark.parametrize(("change", "rule", "question"), BROKEN)
def test_each_hard_rule_sets_aside_the_response_that_breaks_it(
    questionnaire: Questionnaire, change: dict[str, object], rule: str, question: str
) -> None:
    rows = responses(questionnaire, [{"person": "p0"}, {"person": "p1"}, change])
    parts = parts_of(rows, questionnaire)
    assert parts.quarantined[["raw_row", "rule", "question"]].to_numpy().tolist() == [
        [4, rule, question]
    ]
    assert parts.valid["raw_row"].tolist() == [2, 3]


def test_quarantine_names_the_value(questionnaire: Questionnaire) -> None:
    rows = responses(questionnaire, [{"q4": 99.0}, {"undecoded": "q1=7x"}, {"q3__4": 1}])
    parts = parts_of(rows, questionnaire)
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
    parts = parts_of(rows, questionnaire)
    assert parts.quarantined.empty
    assert len(parts.valid) == 1


def test_soft_rules_flag_and_keep(questionnaire: Questionnaire) -> None:
    rows = responses(
        questionnaire,
        [{}, {}, {}, {"seconds": 60.0}, {"q1__missing": "no_answer", "q1": pd.NA, "q2": pd.NA, "q2__missing": "not_asked"}],
    )  # fmt: skip
    parts = parts_of(rows, questionnaire)
    assert parts.valid["flag_speeding"].tolist() == [False, False, False, True, False]
    assert parts.valid["flag_required_left_out"].tolist() == [False] * 4 + [True]


def test_the_earliest_of_two_submissions_is_kept_whatever_the_order(
    questionnaire: Questionnaire,
) -> None:
    rows = responses(
        questionnaire,
        [{"person": "p0", "submitted": "2026-09-09"}, {"person": "p0", "submitted": "2026-09-08"}],
    )
    parts = parts_of(rows, questionnaire)
    assert parts.valid["submitted"].tolist() == ["2026-09-08"]
