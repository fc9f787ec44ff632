import pytest

from pipeline.intake.missing_codes import likely_codes, missing_options
from pipeline.responses.dictionary import MissingRange
from tests.intake.tables import content_of


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ("1 2 3 4 5 9", "9"),
        ("1 2 7 9", "7 9"),
        ("1 2 3 4 5 88 99", "88 99"),
        ("1 2 3 4 5 6 77 99", "77 99"),
        ("0 1 2 3 4 5 6 7 8 9", ""),
        ("1 2 3 4 6 7", ""),
        ("-9 -8 0 1 2 3", "-9 -8"),
        ("-99 120 4000 35000", "-99"),
        ("-3 -2 1 2 3 4", ""),
        ("-1 0 1", ""),
        ("18 25 40 55 67 71 99", "99"),
        ("18 25 40 55 67 71 77", ""),
        ("60 80 95 98 99 100", ""),
        ("1200 3400 7884 9238 99998 99999", "99998 99999"),
        ("0 1 2 3 4 5 6 7 9", ""),
    ],
)
def test_a_code_is_likely_only_if_it_stands_clear(cells: str, codes: str) -> None:
    content = content_of(cells.split())
    assert set(likely_codes(content, content.counts)) == set(codes.split())


def test_a_declared_code_is_not_guessed_and_a_labelled_one_is() -> None:
    content = content_of(
        ["1", "2", "8", "9"],
        values={"1": "是", "2": "否", "8": "不知道", "9": "拒答"},
        missing=(MissingRange("9", "9"),),
    )
    dont_know, refused = sorted(missing_options(content), key=lambda option: option.cell)
    assert (dont_know.cell, dont_know.missing) == ("8", "dont_know")
    assert "没有声明" in dont_know.guessed
    assert (refused.cell, refused.missing, refused.guessed) == ("9", "refused", "")


def test_an_unlabelled_code_says_that_it_is_guessed() -> None:
    (option,) = missing_options(content_of(["1", "2", "3", "4", "5", "88"]))
    assert option.missing == "dont_know"
    assert "请对照编码本" in option.guessed


def test_seven_days_are_no_refusal() -> None:
    days = content_of(["1", "2", "7"], "days_available")
    assert not likely_codes(days, days.counts)
    measured = content_of(["3.66", "33.7", "88"])
    assert not likely_codes(measured, measured.counts)
