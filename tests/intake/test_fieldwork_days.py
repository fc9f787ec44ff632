"""The first and last day of the answers, where ISO times tell them."""

from datetime import date

import pytest

from pipeline.intake.fieldwork_days import fieldwork_days
from pipeline.responses.described import Aside
from tests.intake.tables import table_of

MAY, JUNE = date(2018, 5, 10), date(2018, 6, 2)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2018-06-02", "2018-05-10 23:59:59", ""], (MAY, JUNE)),
        (["2018-05-10T04:01:00+08:00", "2018-06-02T23:59Z", "NULL"], (MAY, JUNE)),
        (["2018-05-10 00:30:00 +0800"], (MAY, MAY)),
        (
            ["2018-05-10", "0001-01-01", "9999-12-31T23:59:59-14:00", "2018-06-02", "2018-06-01"],
            (MAY, JUNE),
        ),
        (["5/10/18 4:01", "6/2/18 4:01"], None),
        (["2018-05-10", "gestern", "12.3.2018"], None),
        (["", "NA"], None),
        (["99999999999-01-01", "12345678901234567890", "-1", "1e5"], None),
    ],
)
def test_days_are_those_of_the_clock_that_was_read(
    cells: list[str], days: tuple[date, date] | None
) -> None:
    asides = (Aside("t", "submitted", "时间。"),)
    assert fieldwork_days(table_of({"t": cells}), asides) == days


def test_the_time_of_submission_counts_first() -> None:
    table = table_of({"a": ["2018-05-10"], "b": ["2018-06-02"], "c": ["x"]})
    start, end, unread = (
        Aside("a", "start", ""),
        Aside("b", "end", ""),
        Aside("c", "submitted", ""),
    )
    assert fieldwork_days(table, (start, end, unread)) == (JUNE, JUNE)
    assert fieldwork_days(table, (Aside("a", "date", ""),)) is None
