"""Cells become the numbers by which SPSS and Stata count, and come back as they were."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.clocks import SPSS_CLOCK, STATA_CLOCK, number_of
from pipeline.responses.moments import moment
from pipeline.responses.spss import clock_of as spss
from pipeline.responses.stata import clock_of as stata


def test_known_moments_have_known_numbers() -> None:
    """Sources: SPSS counts seconds, so 1960-01-01 is 11,903,760,000; Stata's own zero is that day."""
    assert SPSS_CLOCK.number("1960-01-01", "date") == 11_903_760_000
    assert SPSS_CLOCK.number("1960-01-01 00:00:01", "datetime") == 11_903_760_001
    assert SPSS_CLOCK.number("-01:00:00.5", "time") == -3600.5
    assert STATA_CLOCK.number("1960-01-02", "date") == 1
    assert STATA_CLOCK.number("1960-01-01T00:00:01.250", "datetime") == 1250


@given(st.dates(min_value=date(1582, 10, 15)), st.datetimes(min_value=datetime(1583, 1, 1)))
def test_the_reader_finds_the_same_moment(day: date, at: datetime) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    shown = at.isoformat(sep=" ", timespec="milliseconds" if at.microsecond else "seconds")
    for clock, of, formats in (
        (SPSS_CLOCK, spss, ("SDATE10", "YMDHMS23.3")),
        (STATA_CLOCK, stata, ("%td", "%tc")),
    ):
        for cell, kind, display in (
            (str(day), "date", formats[0]),
            (shown, "datetime", formats[1]),
        ):
            number = clock.number(cell, kind)  # type: ignore[arg-type]
            told = of(display)
            assert number is not None
            assert told is not None
            assert moment(number, told) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "2020-02-30",
        "20200101",
        "2020-01-01 25:00:00",
        "1500-01-01",
        "2020-01-01 08:00:00+08:00",
        "x",
        "",
    ],
)
def test_what_is_no_moment_has_no_number(cell: str) -> None:
    assert SPSS_CLOCK.number(cell, "datetime") is None
    assert SPSS_CLOCK.number(cell, "date") is None


def test_stata_has_no_times_of_day() -> None:
    assert STATA_CLOCK.number("08:00:00", "time") is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("007", 7),
        ("-1.5e3", -1500),
        (".5", 0.5),
        ("1_000", None),
        ("１２", None),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_numbers_are_those_in_plain_digits(cell: str, number: float | None) -> None:
    assert number_of(cell) == number
