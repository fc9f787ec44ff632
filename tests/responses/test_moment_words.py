"""Days and times in the ways people write them become one ISO text, or are not understood."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.questionnaire.questions import is_moment
from pipeline.responses.moment_words import MomentKind, moment_of


@pytest.mark.parametrize(
    ("words", "kind", "iso"),
    [
        ("2026-03-02", "date", "2026-03-02"),
        ("2026/3/2", "date", "2026-03-02"),
        (" 2026.3.2 ", "date", "2026-03-02"),
        ("2026年3月2日", "date", "2026-03-02"),
        ("2026-03-02 00:00:00", "date", "2026-03-02"),
        ("2026-03-02 08:30:00", "date", None),
        ("2026-02-30", "date", None),
        ("2/3/2026", "date", None),  # which is the month is not known
        ("20260302", "date", None),
        ("08:30", "time", "08:30"),
        ("8:30:00", "time", "08:30"),
        ("08:30:00.000+08:00", "time", "08:30"),
        ("24:00", "time", None),
        ("830", "time", None),
        ("2026-03-02T08:30", "datetime", "2026-03-02T08:30"),
        ("2026-03-02T08:30:59.123+08:00", "datetime", "2026-03-02T08:30"),
        ("2026-03-02T08:30:00Z", "datetime", "2026-03-02T08:30"),
        ("2026/3/2 8:30", "datetime", "2026-03-02T08:30"),
        ("2026年3月2日8:30", "datetime", "2026-03-02T08:30"),
        ("2026-03-02", "datetime", None),
        ("٢٠٢٦-03-02", "date", None),
    ],
)
def test_words_are_read_as_moments(words: str, kind: MomentKind, iso: str | None) -> None:
    assert moment_of(words, kind) == iso


@settings(max_examples=50)
@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.sampled_from(["date", "time", "datetime"]))
def test_iso_text_is_read_as_it_is(moment: datetime, kind: MomentKind) -> None:
    whole = moment.isoformat(timespec="minutes")
    text = {"date": whole[:10], "time": whole[11:], "datetime": whole}[kind]
    assert is_moment(text, kind)
    assert moment_of(text, kind) == text


@settings(max_examples=100)
@given(
    st.text("0123456789-/:. T年月日Z+", max_size=20), st.sampled_from(["date", "time", "datetime"])
)
def test_whatever_is_written_is_a_moment_or_nothing(words: str, kind: MomentKind) -> None:
    found = moment_of(words, kind)
    assert found is None or is_moment(found, kind)
