"""Great Expectations counts as the masks do, and a difference is not passed over."""

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.validation.checked import checked_columns
from pipeline.validation.quarantine import split
from pipeline.validation.rules import rules_of
from pipeline.validation.suite import judged
from tests.validation.made import BROKEN, NO_VERBATIMS, responses


@pytest.fixture(scope="module")
def checked_and_set_aside(questionnaire: Questionnaire) -> tuple[pd.DataFrame, pd.DataFrame]:
    changes = [
        {"person": "p0"},
        {"person": "p1"},
        *(change for change, *_ in BROKEN),
        {"seconds": 9.0},
    ]
    rows = responses(questionnaire, changes)
    checked = checked_columns(rows, questionnaire, NO_VERBATIMS)
    parts = split(rows, checked, rules_of(questionnaire), questionnaire)
    assert len(parts.valid) + parts.quarantined["raw_row"].nunique() == len(rows)
    return checked, parts.quarantined


def test_both_count_the_same(
    questionnaire: Questionnaire, checked_and_set_aside: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    checked, set_aside = checked_and_set_aside
    verdicts = judged(checked, rules_of(questionnaire), set_aside, "small")
    assert [v.unexpected for v in verdicts] == [v.masked for v in verdicts]
    found = {(v.rule, v.question): v.unexpected for v in verdicts}
    assert found["out_of_range", "q4"] == 2
    assert found["answered_unasked", "q2"] == 1
    assert found["speeding", ""] == 1
    assert sum(v.masked for v in verdicts if v.hard) == len(set_aside)


def test_a_difference_is_an_error(
    questionnaire: Questionnaire, checked_and_set_aside: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    checked, set_aside = checked_and_set_aside
    one_less = set_aside[set_aside["rule"] != "beside_exclusive"]
    with pytest.raises(SurveyError, match=r"beside_exclusive q3: 1 / 0"):
        judged(checked, rules_of(questionnaire), one_less, "small")


def test_no_responses_break_no_rule(
    questionnaire: Questionnaire, checked_and_set_aside: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    checked, set_aside = (table.iloc[:0] for table in checked_and_set_aside)
    verdicts = judged(checked, rules_of(questionnaire), set_aside, "small")
    assert {v.unexpected for v in verdicts} == {0}
