import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.responses.typed_numbers import typed_numbers, unit_of


def numbers(*cells: str) -> list[float | None]:
    read = typed_numbers(pd.Series(list(cells), dtype="str"))
    return [None if pd.isna(number) else float(number) for number in read]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (("1", "2.5", "", "NA", "x"), [1, 2.5, None, None, None]),
        (("1,234", "12", "1,234,567.5"), [1234, 12, 1234567.5]),
        (("3,5", "12,25", "7"), [3.5, 12.25, 7]),
        (("3,5", "2.5"), [None, 2.5]),
        (("$1,000", "$25", "$0"), [1000, 25, 0]),
        (("56岁", "７６", "52周岁", "20岁"), [56, 76, 52, 20]),
        (("6 months", "2 years", "1 day"), [None, None, None]),
        (("5", "6", "7", "8元"), [5, 6, 7, None]),
        (("1e400", "1_000", "nan", "inf"), [None, None, None, None]),
    ],
)
def test_numbers_as_people_type_them(cells: tuple[str, ...], wanted: list[float | None]) -> None:
    assert numbers(*cells) == wanted


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20))
def test_a_plain_number_is_itself(values: list[float]) -> None:
    assert numbers(*map(repr, values)) == values


def test_the_unit_behind_most_numbers() -> None:
    assert unit_of(pd.Series(["56岁", "52周岁", "20"], dtype="str")) == "岁"
    assert unit_of(pd.Series(["56", "20"], dtype="str")) == ""
