"""The answers that a question can have, so far as conditions tell them apart.

Exact for codes, ticks and bounded numbers; for dates by the days that conditions name.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pandas as pd

from pipeline.questionnaire.expressions import (
    Arithmetic,
    Compare,
    Constant,
    Count,
    Node,
    Selected,
    nodes_of,
    questions_of,
)
from pipeline.questionnaire.questions import (
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
)

MOST_TICKED = 12
MOST_NUMBERS = 500


class TooManyError(Exception):
    """There are more combinations than are gone through."""


def possible(question: Question, read: list[Node]) -> pd.DataFrame:
    """Return the answers a question can have, as columns of decoded answers."""
    if isinstance(question, MultipleChoice):
        return _ticks(question, read)
    choices = question.choices if isinstance(question, ChoiceQuestion) else getattr(
        question, "missing_codes", ())  # fmt: skip
    answered = question.required is True and not any(choice.missing for choice in choices)
    given: list[float | str | None]
    match question:
        case Ranking() | OpenEnded():
            raise TooManyError
        case Number():
            given = list(_numbers(question, read))
        case Moment():
            given = list(_moments(question, read))
        case ChoiceQuestion():
            given = [float(choice.code) for choice in question.substantive]
        case _:
            raise TooManyError
    kept = given if answered else [*given, None]
    kind = "str" if isinstance(question, Moment) else "Float64"
    return pd.DataFrame({question.name: pd.Series(kept, dtype=kind)})


def _ticks(question: MultipleChoice, read: list[Node]) -> pd.DataFrame:
    nodes = [one for node in read for one in nodes_of(node)]
    codes = [choice.code for choice in question.substantive]
    counted = any(isinstance(one, Count) and one.question == question.name for one in nodes)
    if not counted:
        named = {n.code for n in nodes if isinstance(n, Selected) and n.question == question.name}
        codes = [c for c in codes if c in named] + [c for c in codes if c not in named][:1]
    if len(codes) > MOST_TICKED:
        raise TooManyError
    alone = {choice.code for choice in question.choices if choice.exclusive}
    most = question.max_choices or len(codes)
    made = [
        ticks
        for ticks in product((0.0, 1.0), repeat=len(codes))
        if sum(ticks) <= most
        and not (
            sum(ticks) > 1 and any(t and c in alone for t, c in zip(ticks, codes, strict=True))
        )
    ]
    columns = [f"{question.name}__{code}" for code in codes]
    return pd.DataFrame(made, columns=columns, dtype="Float64")


def _numbers(question: Number, read: list[Node]) -> Iterator[float]:
    """Yield every number of a small range, or the numbers at which a comparison can turn."""
    step = 10.0**-question.decimals
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and (high - low) / step <= MOST_NUMBERS:
        for at in range(round((high - low) / step) + 1):
            yield round(low + at * step, question.decimals)
        return
    nodes = [one for node in read for one in nodes_of(node)]
    summed = any(
        isinstance(n, Arithmetic) and question.name in set(questions_of(n)) for n in nodes
    )
    if summed or _held_against_answers(question.name, nodes):
        raise TooManyError
    turns = {
        one.value for one in nodes if isinstance(one, Constant) and not isinstance(one.value, str)
    }
    turns |= {value for one in nodes for value in getattr(one, "values", ())}
    turns |= {bound for bound in (low, high) if bound is not None} | {0}
    for turn in sorted({t + off for t in turns for off in (-step, 0, step)}):
        if (low is None or turn >= low) and (high is None or turn <= high):
            yield float(turn)


def _moments(question: Moment, read: list[Node]) -> Iterator[str]:
    """Yield the days at which a comparison can turn."""
    nodes = [one for node in read for one in nodes_of(node)]
    if question.type != "date" or _held_against_answers(question.name, nodes):
        raise TooManyError
    named = {one.value for one in nodes if isinstance(one, Constant)}
    named |= {bound for bound in (question.earliest, question.latest) if bound}
    days = {day for one in named if isinstance(one, str) for day in _around(one)}
    for text in sorted(days or {"2026-01-01"}):
        if (question.earliest or text) <= text <= (question.latest or text):
            yield text


def _held_against_answers(question: str, nodes: list[Node]) -> bool:
    """Tell whether an answer is compared with another one, and not only with constants."""
    return any(
        isinstance(one, Compare)
        and not isinstance(one.left, Constant)
        and not isinstance(one.right, Constant)
        and question in set(questions_of(one))
        for one in nodes
    )


def _around(text: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(text)
        for off in (-1, 0, 1):
            yield (day + timedelta(days=off)).isoformat()
    except (ValueError, OverflowError):
        return
