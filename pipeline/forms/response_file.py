"""The response file that a form hands back: one header row, one row of answers.

It has the layout of an ODK Central export (docs.getodk.org, "Central submissions: CSV"), so one
reader serves both. UTF-8 with a byte-order mark, RFC 4180. A multiple choice stands as one column
of space-separated words and as one 1/0 column per choice; where the question was not answered or
not asked, all of them are empty.
"""

from dataclasses import asdict, dataclass
from typing import Literal, assert_never

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)

BEFORE = (
    "SubmissionDate",
    "meta-instanceID",
    "start",
    "end",
    "mode",
    "language",
    "site",
    "person",
)
AFTER = ("KEY", "FormVersion")
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the file: which question fills it, and how."""

    column: str
    question: str
    kind: Literal["choice", "choices", "tick", "number", "text"]
    code: int | None = None
    """The choice that a 1/0 column stands for."""


def cells(questionnaire: Questionnaire) -> tuple[Cell, ...]:
    """Return the columns of the answers, in questionnaire order.

    Raises
    ------
    QuestionnaireError
        Two columns of the file would have the same name.
    """
    listed = tuple(cell for question in questionnaire.questions for cell in _cells(question))
    names = [*BEFORE, *(cell.column for cell in listed), *AFTER]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise QuestionnaireError(
            f"问卷 {questionnaire.survey}: 答卷文件中列名重复：{', '.join(twice)}。"
            "请改动题目的 column 或选项的 name。(columns of the response file share a name)"
        )
    return listed


def header(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the header row of the response file."""
    return (*BEFORE, *(cell.column for cell in cells(questionnaire)), *AFTER)


def described(questionnaire: Questionnaire) -> list[dict[str, object]]:
    """Return `cells` for the form's script, as JSON values."""
    return [asdict(cell) for cell in cells(questionnaire)]


def receipt_code(instance: str) -> str:
    """Return the short code that a respondent keeps, such as ``7K4M-Q2RX``, from the file's KEY.

    It is the first 40 bits of the random identity (`uuid:...`): whoever holds the file finds the
    response that a code belongs to, and nobody finds a person.
    """
    bits = int(instance.removeprefix("uuid:").replace("-", "")[:10], 16)
    letters = [RECEIPT_LETTERS[bits >> shift & 31] for shift in range(35, -1, -5)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def _cells(question: Question) -> tuple[Cell, ...]:
    name, column = question.name, question.exported_as
    match question:
        case SingleChoice() | Scale():
            return (Cell(column, name, "choice"),)
        case MultipleChoice():
            ticks = (
                Cell(f"{column}/{choice.exported_as}", name, "tick", choice.code)
                for choice in question.choices
            )
            return (Cell(column, name, "choices"), *ticks)
        case Number():
            return (Cell(column, name, "number"),)
        case OpenEnded():
            return (Cell(column, name, "text"),)
    assert_never(question)
