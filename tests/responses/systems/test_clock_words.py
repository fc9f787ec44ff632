"""Times with 上午 and 下午, with a zone, and which columns hold times."""

import pandas as pd
import pytest

from pipeline.responses.systems.clock_words import are_moments, iso_moments


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2024/3/2 下午 2:22:55 GMT+8", "2024-03-02 14:22:55+08:00"),
        ("2024/3/2 2:22:55 上午", "2024-03-02 02:22:55"),
        ("2024年3月2日 14:22", "2024-03-02 14:22:00"),
        ("2024-03-02 14:22:55", "2024-03-02 14:22:55"),
        ("2024/2/31 14:22:55", "2024/2/31 14:22:55"),
        ("谢谢", "谢谢"),
    ],
)
def test_times_with_words(cell: str, iso: str) -> None:
    assert iso_moments(pd.Series([cell], dtype="str")).tolist() == [iso]


def test_columns_of_times() -> None:
    assert are_moments(pd.Series(["5/10/18 4:01", "", "NA"], dtype="str"))
    assert not are_moments(pd.Series(["12", "5-6"], dtype="str"))
    assert not are_moments(pd.Series(["", "NA"], dtype="str"))
