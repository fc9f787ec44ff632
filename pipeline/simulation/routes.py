"""How likely a question is asked, by site and group, when its route reads other answers.

Answers to different questions are independent for persons of the same site and group (truths
whose persons' moods would bind them are refused), so the answers that a route reads are gone
through one after the other, each asked or not by the ones before it.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.questionnaire.expressions import Selected, parts_of, questions_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Question
from pipeline.questionnaire.routing import holds
from pipeline.simulation.laws import CountLaw, Law, TickLaw
from pipeline.simulation.streams import Floats

Answers = dict[str, float | None]


def sources(question: Question, questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Return the questions whose answers decide whether a question is asked, in order."""
    found: set[str] = set()
    open_ends = [question]
    while open_ends:
        route = open_ends.pop().show_if
        new = set() if route is None else set(questions_of(route)) - found
        found |= new
        open_ends += [questionnaire.question(name) for name in new]
    return tuple(one for one in questionnaire.questions if one.name in found)


def ticks_read(question: Question, questionnaire: Questionnaire) -> dict[str, tuple[int, ...]]:
    """Return the choices of multiple choices that decide whether a question is asked."""
    read: dict[str, set[int]] = {}
    for one in (*sources(question, questionnaire), question):
        for part in () if one.show_if is None else parts_of(one.show_if):
            if isinstance(part, Selected):
                read.setdefault(part.question, set()).add(part.code)
    return {name: tuple(sorted(codes)) for name, codes in read.items()}


def chance_asked(
    question: Question, questionnaire: Questionnaire, laws: Mapping[str, Law]
) -> Floats:
    """Return the probability that a question is asked: site x group, or 1 x 1 if always.

    A source that was answered without substance (don't know, refused, blank) counts as the route
    counts it.
    """
    if question.show_if is None:
        return np.ones((1, 1))
    ticks = ticks_read(question, questionnaire)
    given: list[Answers] = [{}]
    chance = [np.ones((1, 1))]
    for source in sources(question, questionnaire):
        asked = [True] * len(given)
        if source.show_if is not None:
            asked = holds(source.show_if, _rows(given)).tolist()
        grown: list[tuple[Answers, Floats]] = []
        for before, so_far, is_asked in zip(given, chance, asked, strict=True):
            for answer, share in _outcomes(source, laws[source.name], ticks, is_asked):
                grown.append((before | answer, so_far * share))
        given, chance = [one for one, _ in grown], [one for _, one in grown]
    shown = holds(question.show_if, _rows(given)).tolist()
    total = np.zeros((1, 1))
    for share, is_shown in zip(chance, shown, strict=True):
        total = total + share if is_shown else total
    return total


def _outcomes(
    source: Question, law: Law, ticks: Mapping[str, tuple[int, ...]], asked: bool
) -> Iterator[tuple[Answers, Floats]]:
    """Yield what can be read of an answer, each with its probability by site and group."""
    name, sure = source.name, np.ones((1, 1))
    if isinstance(law, CountLaw):
        raise ValueError(f"the simulation does not follow routes on the number {name}")
    if isinstance(law, TickLaw):
        code = ticks[name][0]
        name = f"{name}__{code}"
        ticked = law.chances[..., [*law.codes, law.none].index(code)]
        answers = {1.0: ticked, 0.0: 1 - ticked}
    else:
        answers = {float(code): law.chances[..., at] for at, code in enumerate(law.codes)}
    if not asked:
        yield {name: None}, sure
        return
    yield {name: None}, sure * law.missing
    for value, share in answers.items():
        yield {name: value}, share * (1 - law.missing)


def _rows(given: list[Answers]) -> pd.DataFrame:
    return pd.DataFrame(given).astype("Float64")
