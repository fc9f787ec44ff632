"""The lines under one question: its answers in order, and how each is called."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.estimation.items import AT
from pipeline.i18n import Text, word
from pipeline.questionnaire.questions import ChoiceQuestion, Question, Ranking

Total = Callable[[str, str], Mapping[str, Any] | None]
"""Question and code -> the row of the whole survey, None where it was withheld."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a question's results: an answer or a mean, and its row for the whole survey."""

    name: Text | None
    cell: str


def lines_of(question: Question, total: Total) -> Iterator[Answer]:
    """Yield the results of one question for the whole survey: answers, then the mean.

    Of a ranking: who put each choice first, then who placed it at all where not all can be.
    """
    for name, code in _named(question):
        if (row := total(question.name, code)) is not None:
            yield Answer(name, str(row["id"]))


def _named(question: Question) -> Iterator[tuple[Text | None, str]]:
    if isinstance(question, Ranking):
        for last in dict.fromkeys((1, question.depth)):
            for choice in question.substantive:
                yield _ranked(choice.text, last), f"{choice.code}{AT}{last}"
        return
    for choice in question.substantive if isinstance(question, ChoiceQuestion) else ():
        yield choice.text, str(choice.code)
    yield None, ""


def _ranked(choice: Text, last: int) -> Text:
    key = "printed.ranked_first" if last == 1 else "printed.ranked_within"
    return Text(
        zh=word(key, "zh", name=choice.zh, places=last),
        en=word(key, "en", name=choice("en"), places=last),
    )
