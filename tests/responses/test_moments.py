"""Numbers of statistical programs as dates and times."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.responses.moments import Clock, Months, moment

DAYS = Clock("date", 86_400_000, date(1960, 1, 1))
SECONDS = Clock("datetime", 1000, date(1582, 10, 14))


@given(st.dates())
def test_every_day_is_counted_from_the_start(day: date) -> None:
    assert moment(float((day - date(1960, 1, 1)).days), DAYS) == day.isoformat()


@given(st.datetimes(min_value=datetime(1600, 1, 1), max_value=datetime(2200, 1, 1)))
def test_every_second_is_counted_from_the_start(of: datetime) -> None:
    whole = of.replace(microsecond=0)
    number = (whole - datetime(1582, 10, 14)) / timedelta(seconds=1)
    assert moment(number, SECONDS) == whole.isoformat(sep=" ")


def test_what_is_no_day_is_nothing() -> None:
    assert moment(1e12, DAYS) is None
    assert moment(float("inf"), DAYS) is None
    assert moment(-1e6, DAYS) is None
    assert moment(1.5, Months(1)) is None
    assert moment(-30_000.0, Months(1)) is None
    assert moment(1.5, DAYS) == "1960-01-02 12:00:00"  # a date that holds a time of day
    assert moment(-90.0, Clock("time", 1000, None)) == "-00:01:30"
    assert moment(241.0, Months(3)) == "2020-04-01"
