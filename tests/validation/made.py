"""Decoded responses to the small questionnaire, made for a test."""

import pandas as pd

from pipeline.questionnaire.codebook import columns, missing_column
from pipeline.questionnaire.model import Questionnaire

BROKEN = [
    ({"respondent": "r1"}, "duplicate_key", ""),
    ({"person": "p1"}, "duplicate_person", ""),
    ({"undecoded": "q1=7x"}, "undecoded", ""),
    ({"undesigned": "w=-2"}, "undesigned", ""),
    ({"q1": 2}, "answered_unasked", "q2"),
    ({"q3__2": 1, "q3__3": 1}, "too_many_choices", "q3"),
    ({"q3__4": 1}, "beside_exclusive", "q3"),
    ({"q4": 32.0}, "out_of_range", "q4"),
    ({"q4": -1.0}, "out_of_range", "q4"),
]
"""A change to a sound response, and the hard rule and question that it breaks."""


def responses(questionnaire: Questionnaire, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return sound responses, but for what each row says."""
    sound = {
        "person": pd.NA, "site": pd.NA, "submitted": "2026-09-08", "seconds": 300.0, "undecoded": "", "undesigned": "", "conflicting": "",
        "q1": 1, "q2": 3, "q3__1": 1, "q3__2": 0, "q3__3": 0, "q3__4": 0, "q4": 5.0,
        **{missing_column(question): "" for question in questionnaire.questions},
    }  # fmt: skip
    made = [
        {"respondent": f"r{n}", "raw_row": n + 2, **sound, **row} for n, row in enumerate(rows)
    ]
    frame = pd.DataFrame(made)
    answers = [column.name for column in columns(questionnaire) if column.name in frame]
    return frame.astype(dict.fromkeys(answers, "Float64") | {"seconds": "Float64"})


def verbatims(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Return open answers: respondent, question, text."""
    return pd.DataFrame(rows, columns=["respondent", "question", "text"], dtype="str")


NO_VERBATIMS = verbatims([])
