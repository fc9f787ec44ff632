"""Value labels: wording, order, and which codes are missing."""

import pytest

from pipeline.responses.dictionary import MissingRange, Variable
from pipeline.responses.systems.label_options import options_of, points_of, shown_labels


def variable(values: dict[str, str], *missing: str) -> Variable:
    return Variable("v", values=values, missing=tuple(MissingRange(m, m) for m in missing))


def kinds(of: Variable, counts: dict[str, int] | None = None) -> dict[str, str | None]:
    return {option.cell: option.missing for option in options_of(of, counts or {})}


def test_codes_before_labels_go_where_all_have_their_own() -> None:
    coded = {"-9": "-9. Refused", "1": "1. Yes", "2": "2.  No, didn't"}
    assert shown_labels(variable(coded)) == {"-9": "Refused", "1": "Yes", "2": "No, didn't"}
    assert shown_labels(variable({"1": "1.男", "2": "2、女"})) == {"1": "男", "2": "女"}
    hours = {"1": "1 hour", "2": "2 hours"}
    assert shown_labels(variable(hours)) == hours
    ranges = {"1": "1-2 times", "3": "3.5 and more"}
    assert shown_labels(variable(ranges)) == ranges
    assert shown_labels(variable({"1": " Ariana", "2": ""})) == {"1": "Ariana", "2": "2"}


def test_labels_that_are_alike_are_told_apart() -> None:
    assert shown_labels(variable({"1": "OTHER", "2": "OTHER"})) == {
        "1": "OTHER（1）",
        "2": "OTHER（2）",
    }


def test_labelled_but_undeclared_codes_are_missing_and_marked_as_guessed() -> None:
    of = variable(
        {"-1": "Missing", "1": "Agree", "2": "Disagree", "9": "Don't know", "998": "Refused"}
    )
    assert kinds(of) == {
        "1": None, "2": None, "-1": "no_answer", "9": "dont_know", "998": "refused",
    }  # fmt: skip
    guessed = {option.cell: option.guessed for option in options_of(of, {})}
    assert "Don't know" in guessed["9"]
    assert guessed["1"] == ""


def test_declared_codes_are_missing_whatever_they_are_called() -> None:
    of = variable({"1": "是", "2": "否", "8": "不知道", "9": "其他"}, "8", "9", "99")
    options = {option.cell: option for option in options_of(of, {"99": 3})}
    assert options["8"].missing == "dont_know"
    assert options["8"].guessed == ""
    assert options["9"].missing == "no_answer"
    assert options["9"].guessed
    assert options["99"].missing == "no_answer"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (
            {"1": "Interviewed", "2": "Not at home", "3": "REFUSED", "4": "Moved", "5": "Other"},
            "3",
        ),
        ({"1": "不满意", "2": "不清楚", "3": "满意"}, "2"),
        ({"1": "Yes", "2": "No", "3": "Not sure"}, "3"),
    ],
)
def test_a_wording_among_the_answers_is_an_answer(values: dict[str, str], code: str) -> None:
    assert kinds(variable(values))[code] is None


def test_doubtful_wordings_count_where_code_and_place_are_usual() -> None:
    assert kinds(variable({"0": "No", "1": "Yes", "9": "Can't determine"}))["9"] == "dont_know"


def test_codes_that_are_letters() -> None:
    of = variable({"Y": "YES", "N": "NO", "X": "Refused"})
    assert kinds(of) == {"Y": None, "N": None, "X": "refused"}


def test_ends_of_a_scale_with_labels() -> None:
    of = variable({"1": "Very poor", "10": "Very good", "99": "DK"})
    asked = [option for option in options_of(of, {}) if not option.missing]
    points = points_of(of, asked, {"2", "3", "5", "9"})
    assert [point.cell for point in points] == [str(n) for n in range(1, 11)]
    assert (points[0].label, points[4].label) == ("Very poor", "5")
    assert points_of(of, asked, {"2", "3", "11"}) == ()
    assert points_of(of, asked, {"2.5", "3"}) == ()
    assert points_of(of, asked, set()) == ()
