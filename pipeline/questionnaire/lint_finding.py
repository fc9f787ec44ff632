"""A finding of ``diaoyan check``, and what its rules share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Block, Matrix, Roster
from pipeline.questionnaire.cross_checks import placed_blocks
from pipeline.questionnaire.misfits import Place
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, ChoiceQuestion, Question

_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found at one place.

    Attributes
    ----------
    rule : name by which it can be silenced
    place : keys and positions from the top of the definition
    found, remedy : Chinese sentences, with a few English words
    severity : an error ends the check with exit code 1 and cannot be silenced
    """

    rule: str
    place: Place
    found: str
    remedy: str
    severity: Literal["warning", "error"] = "warning"


@dataclass(frozen=True, slots=True)
class Worded:
    """A wording that a respondent answers: of a question, or of a row of a matrix.

    Attributes
    ----------
    text : its own words; ``stem`` what a matrix says above them, or empty
    choices : what it can be answered with; none for numbers and words
    """

    block: Block | Question
    place: Place
    name: str
    text: Text
    stem: Text
    choices: tuple[Choice, ...]
    scale: bool
    sensitive: bool


_NO_TEXT = Text(zh="")


def worded(questionnaire: Questionnaire) -> Iterator[Worded]:
    """Yield everything that is asked, with the place where its words stand."""
    for block, place in placed_blocks(questionnaire):
        if isinstance(block, Matrix):
            for at, item in enumerate(block.items):
                yield Worded(
                    block, (*place, "items", at), item.name, item.text, block.text,
                    block.choices, block.cells == "scale", item.sensitive,
                )  # fmt: skip
        elif isinstance(block, Roster):
            for at, question in enumerate(block.questions):
                yield _of_question(question, (*place, "questions", at))
        else:
            yield _of_question(block, place)


def _of_question(block: Block, place: Place) -> Worded:
    choices = block.choices if isinstance(block, ChoiceQuestion) else ()
    return Worded(
        block, place, block.name, block.text, _NO_TEXT, choices,
        getattr(block, "type", "") == "scale", getattr(block, "sensitive", False),
    )  # fmt: skip


def choice_blocks(
    questionnaire: Questionnaire,
) -> Iterator[tuple[ChoiceQuestion | Matrix, Place]]:
    """Yield each block with choices, those in rosters too; a matrix once."""
    for block, place in placed_blocks(questionnaire):
        if isinstance(block, ChoiceQuestion | Matrix):
            yield block, place
        elif isinstance(block, Roster):
            for at, question in enumerate(block.questions):
                if isinstance(question, ChoiceQuestion):
                    yield question, (*place, "questions", at)


def plain(text: str) -> str:
    """Return a wording without what stands in brackets: examples and instructions."""
    return _ASIDE.sub("", text)


def legible(text: Text) -> str:
    """Return the words that rules on wording can read: Chinese, or else English, or else none."""
    return text.zh if "zh" in text.languages else text.en


def substantive(choices: tuple[Choice, ...]) -> list[Choice]:
    """Return the choices that are an answer."""
    return [choice for choice in choices if choice.missing is None]
