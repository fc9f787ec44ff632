"""Numbers of findings stay with the question of a survey, whatever later waves add or drop."""

from pipeline.findings.numbering import finding_numbers, latest_books
from pipeline.questionnaire.codebook import Codebook
from tests.disclosure.made import codebook, survey

ORDER = ("2026-baseline", "2026-followup", "2027-third")


def book(name: str, wave: int, *questions: str, problem: str = "A1.4") -> Codebook:
    """A survey whose `questions` measure one problem."""
    plain = survey(name)
    first = plain.sections[0].questions[0]
    assert first.measure is not None
    measure = first.measure.model_copy(update={"problem": problem})
    asked = [first.model_copy(update={"name": q, "measure": measure}) for q in questions]
    section = plain.sections[0].model_copy(update={"questions": tuple(asked)})
    return codebook(plain.model_copy(update={"sections": (section,)}), ORDER[wave])


def numbers(*books: Codebook) -> dict[tuple[str, str], str]:
    return {key[1:]: id_ for key, id_ in finding_numbers(books, ORDER).items()}


def test_by_survey_then_question_whatever_the_order_given() -> None:
    books = [book("residents", 0, "q1", "q2"), book("cadres", 0, "q5")]
    expected = {("cadres", "q5"): "F-A1.4-01", ("residents", "q1"): "F-A1.4-02",
                ("residents", "q2"): "F-A1.4-03"}  # fmt: skip
    assert numbers(*books) == numbers(*books[::-1]) == expected


def test_a_later_wave_moves_no_number() -> None:
    first = [book("residents", 0, "q1", "q2"), book("cadres", 0, "q5")]
    later = [book("residents", 1, "q2"), book("cadres", 1, "q4", "q5"), book("units", 1, "q9")]
    found = numbers(*first, *later)
    assert {key: found[key] for key in numbers(*first)} == numbers(*first)
    assert found["cadres", "q4"] == "F-A1.4-04"
    assert found["units", "q9"] == "F-A1.4-05"


def test_each_problem_counts_for_itself() -> None:
    found = numbers(book("cadres", 0, "q1"), book("residents", 0, "q1", problem="A2.1"))
    assert found == {("cadres", "q1"): "F-A1.4-01", ("residents", "q1"): "F-A2.1-01"}


def test_the_latest_wave_of_each_survey() -> None:
    books = [book("units", 0, "q1"), book("cadres", 1, "q1"), book("cadres", 0, "q1")]
    found = [(one.survey, one.wave) for one in latest_books(books, ORDER)]
    assert found == [("cadres", ORDER[1]), ("units", ORDER[0])]
