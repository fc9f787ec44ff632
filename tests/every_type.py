"""Responses to `forms/every_type.yaml` with known answers, in the file that a form hands back."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.forms.response_file import header
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.read import read_questionnaire
from pipeline.responses.decode import Decoded, decode
from pipeline.responses.layouts.odk_csv import locate
from pipeline.responses.table import RawTable

DEFINITION = Path(__file__).parent / "forms" / "every_type.yaml"
SOUND: Mapping[str, str] = {
    "consent": "1", "age": "40", "sex": "female", "work_kind": "other",
    "work_kind_order": "trade farm school factory other dk", "work_kind_97_text": "修车",
    "income": "12.5", "spending": "10", "balance": "2.5", "satisfied": "7", "mood": "4",
    "v1": "4", "v_two": "2", "v3": "3", "views_order": "v3 v1 v2",
    "s1": "yes", "s1_order": "no yes", "s2": "yes", "s2_order": "no yes",
    "c1": "tv net", "c1/tv": "1", "c1/net": "1", "c1/folk": "0", "c1/none": "0",
    "c2": "folk", "c2/tv": "0", "c2/net": "0", "c2/folk": "1", "c2/none": "0",
    "problems": "road other", "problems/road": "1", "problems/water": "0", "problems/school": "0",
    "problems/clinic": "0", "problems/care": "0", "problems/other": "1", "problems/none": "0",
    "problems/ref": "0", "problems_96_text": "没有路灯",
    "priorities": "water road clinic", "grades": "1 2 3", "wish": "修好路",
    "moved": "2012-05-06", "bus": "20:30", "meeting": "2026-03-02T08:30",
    "member_count": "2", "member_1_relation": "spouse", "member_1_years": "45",
    "member_1_older": "5", "member_1_helps": "cook", "member_1_helps/cook": "1",
    "member_1_helps/field": "0",
    "member_2_relation": "other", "member_2_relation_7_text": "侄子", "member_2_years": "12",
    "member_2_pupil": "yes", "member_2_helps": "", "member_2_older": "-28",
    "member_2_home": "2026-02-01", "people": "3", "last_words": "谢谢",
}  # fmt: skip
"""A response that breaks no rule."""


@cache
def every_type() -> Questionnaire:
    return read_questionnaire(DEFINITION)


def response_table(questionnaire: Questionnaire, rows: Iterable[Mapping[str, str]]) -> RawTable:
    """Return a table with one response per row, the sound one but for what the row says."""
    columns = header(questionnaire)
    filled = [
        {**SOUND, "KEY": f"uuid:{n}", "SubmissionDate": f"2026-09-01T10:{n % 60:02}:00Z", **row}
        for n, row in enumerate(rows)
    ]
    unknown = {name for row in filled for name in row} - set(columns)
    assert not unknown, unknown
    cells = pd.DataFrame(filled, columns=list(columns), dtype="str").fillna("")
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    return RawTable(Path("every_type.csv"), "0" * 64, cells)


def decoded_of(questionnaire: Questionnaire, rows: Iterable[Mapping[str, str]]) -> Decoded:
    raw = response_table(questionnaire, rows)
    return decode(raw, locate(str(raw.path), raw.headers, questionnaire), questionnaire)
