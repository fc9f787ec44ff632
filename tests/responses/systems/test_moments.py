import pandas as pd
import pytest

from pipeline.responses.systems.moments import in_iso


def read(*cells: str) -> list[str]:
    return list(in_iso(pd.Series(cells, dtype="str")))


def test_one_day_above_twelve_tells_where_the_month_stands():
    assert read("5/10/18 4:01", "5/16/18 23:59") == ["2018-05-10 04:01:00", "2018-05-16 23:59:00"]
    assert read("05.10.2018", "16.10.2018") == ["2018-10-05", "2018-10-16"]


def test_days_that_could_be_months_stay_as_they_are():
    assert read("5/10/18 4:01", "6/11/18 4:01") == ["5/10/18 4:01", "6/11/18 4:01"]
    assert read("5/16/18 4:01", "16/5/18 4:01") == ["5/16/18 4:01", "16/5/18 4:01"]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("Dec 11, 2018, 1:15:25 AM", "2018-12-11 01:15:25"),
        ("Dec 11, 2018, 12:15:25\u202fPM", "2018-12-11 12:15:25"),
        ("Dec 11, 2018, 12:15:25 AM", "2018-12-11 00:15:25"),
        ("Dec 23, 2018", "2018-12-23"),
        ("2016/12/17 14:22:55", "2016-12-17 14:22:55"),
    ],
)
def test_a_month_by_name_and_a_year_in_front_leave_no_doubt(given: str, iso: str):
    assert read(given) == [iso]


def test_what_is_no_time_stays():
    assert read("5/16/18 4:01", "5/17/18 4:01", "2/30/18", "x") == [
        "2018-05-16 04:01:00", "2018-05-17 04:01:00", "2/30/18", "x",
    ]  # fmt: skip
    assert read("Foo 99, 2018") == ["Foo 99, 2018"]
    assert read("2018-05-10 04:01:00", "") == ["2018-05-10 04:01:00", ""]
