"""The numbers of findings: given once, in the order of waves, and never moved."""

from collections.abc import Mapping, Sequence

from pipeline.questionnaire.codebook import Codebook

Key = tuple[str, str, str]
"""Problem, survey, question."""


def finding_numbers(codebooks: Sequence[Codebook], order: Sequence[str]) -> Mapping[Key, str]:
    """Return the id of every question that ever measured a problem, such as ``F-A1.4-01``.

    Counted for each problem in the order of waves, then surveys, then questions. What a later wave
    adds comes after what there was, and what it drops leaves its number empty: the same question
    of the same survey has the same number in every wave.

    Parameters
    ----------
    order : the waves from first to last
    """
    counted: dict[str, int] = {}
    numbers: dict[Key, str] = {}
    for book in sorted(codebooks, key=lambda one: (order.index(one.wave), one.survey)):
        for question, measure in book.questionnaire.measures():
            key = (measure.problem, book.survey, question.name)
            if key not in numbers:
                counted[measure.problem] = counted.get(measure.problem, 0) + 1
                numbers[key] = f"F-{measure.problem}-{counted[measure.problem]:02d}"
    return numbers


def latest_books(codebooks: Sequence[Codebook], order: Sequence[str]) -> tuple[Codebook, ...]:
    """Return the codebook of the latest wave of each survey, by survey."""
    latest = {
        book.survey: book
        for book in sorted(codebooks, key=lambda one: (one.survey, order.index(one.wave)))
    }
    return tuple(latest.values())
