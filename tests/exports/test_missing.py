"""Declared missing codes fit what SPSS and Stata can hold, and never cover an answer."""

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.clocks import SPSS_CLOCK, STATA_CLOCK
from pipeline.exports.limits import Report
from pipeline.exports.missing import fitted, spss_codes, stata_letters
from pipeline.exports.typed import Typed, typed
from pipeline.responses.dictionary import MissingRange, Variable
from tests.exports.made import code

spans = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(0, 5)).map(lambda p: (float(p[0]), float(p[0] + p[1]))),
    max_size=6, unique=True,
)  # fmt: skip


@given(spans, st.frozensets(st.integers(-25, 30).map(float), max_size=6))
def test_what_is_fitted_is_what_spss_holds_and_covers_the_same(
    given_spans: list[tuple[float, float]], numbers: frozenset[float]
) -> None:
    substance = {n for n in numbers if not any(a <= n <= b for a, b in given_spans)}
    made = fitted(given_spans, substance)
    if made is None:
        return
    ranges = sum(low != high for low, high in made)
    assert (ranges == 0 and len(made) <= 3) or (ranges == 1 and len(made) <= 2)
    assert all(any(a <= low and high <= b for a, b in made) for low, high in given_spans)
    assert not any(a <= n <= b for n in substance for a, b in made)


def test_codes_are_covered_by_a_range_where_they_stand_together() -> None:
    four = [(float(c), float(c)) for c in (7, 8, 9, -1)]
    assert fitted(four, {1.0, 2.0}) == [(7.0, 9.0), (-1.0, -1.0)]
    assert fitted(four, {1.0, 7.5}) is None
    lowest = [(-math.inf, -1.0), (9.0, 9.0)]
    assert fitted(lowest, {1.0}) == lowest


def made(variable: Variable, *cells: str) -> Typed:
    return typed(variable, pd.Series(list(cells)), SPSS_CLOCK, native=False, report=Report())


def test_spss_codes_keep_away_from_the_numbers_of_the_variable() -> None:
    letters = Variable("a", missing=code(".a", ".Z", "._", "(跳过)"))
    assert spss_codes(made(letters, "1", ".a", "(跳过)")) == {
        ".a": -101, ".Z": -126, "._": -127, "(跳过)": -128,
    }  # fmt: skip
    assert spss_codes(made(letters, "-110"))[".a"] == -1001
    assert spss_codes(made(Variable("n"), "1")) == {}


def test_one_code_has_one_letter_in_all_variables_where_letters_suffice() -> None:
    report = Report()
    first = made(Variable("a", values={"9": "拒答"}, missing=code("9", "8")), "1", "8")
    second = made(Variable("b", missing=(*code("9"), MissingRange("-inf", "-1"))), "9", "-7", "2")
    third = made(Variable("c", missing=code(".b")), ".b", "9")
    assert stata_letters([first, second, third], report) == [
        {"8": "a", "9": "c"}, {"-7": "d", "9": "c"}, {".b": "b"},
    ]  # fmt: skip
    assert report.notes == ["声明为缺失的代码写成 Stata 的扩展缺失值：8→.a，9→.c，-7→.d。"]


def test_too_many_missing_values_are_a_fault_of_their_variable() -> None:
    report = Report()
    few = made(Variable("few", missing=code("9")), "9")
    many = made(
        Variable("many", missing=(MissingRange("-inf", "-1"),)), *(str(-n) for n in range(1, 28))
    )
    assert stata_letters([few, many], report) == [{"9": "a"}, {}]
    assert "many" in str(report.faults[0])
    assert "27 种" in str(report.faults[0])


def test_a_column_that_holds_something_else_is_text_and_says_so() -> None:
    report = Report()
    cells = pd.Series(["1", "abc", "٣", "nan"], index=[2, 3, 4, 5])
    one = typed(Variable("q"), cells, STATA_CLOCK, native=False, report=report)
    assert one.kind == "text"
    assert "第 3、4、5 行，如 “abc”、“٣”、“nan”" in report.notes[0]
