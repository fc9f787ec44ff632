"""The response file that a form hands back: one header row, one row of answers.

It has the layout of an ODK Central export (docs.getodk.org, "Central submissions: CSV"), so one
reader serves both. UTF-8 with a byte-order mark, RFC 4180. What was not answered or not asked is
empty. The columns of an answer are called by its `exported_as`:

- choice, scale, consent: the word of the choice; number and calculated value: the number, or the
  word of the missing code; day and time: ISO text; open question and "please specify": the text;
- multiple choice: one column of space-separated words in the order of the definition, and one 1/0
  column ``column/word`` per choice;
- ranking: the words in order of rank, separated by spaces; or the one word of a don't-know;
- roster: ``NAME_count`` and the columns ``NAME_1_q``, ``NAME_2_q``, ... of its entries;
- choices in random order: ``column_order``, the words in the order shown (each row of a matrix has
  its own); rows of a matrix in random order: ``NAME_order``, the names of the rows;
- where the survey can end early: ``screened_out``, the name of the screen-out, or of the consent
  that was declined, before ``KEY``.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal, assert_never

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.blocks import Agreement, Block, Matrix, questions_of_block
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Ranking,
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
SCREENED_OUT = "screened_out"
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the file: which question (or matrix) fills it, and how."""

    column: str
    question: str
    kind: Literal["choice", "choices", "tick", "ranks", "number", "text", "order", "items"]
    code: int | None = None
    """The choice that a 1/0 column stands for."""


def cells(questionnaire: Questionnaire) -> tuple[Cell, ...]:
    """Return the columns of the answers, in questionnaire order.

    Raises
    ------
    QuestionnaireError
        Two columns of the file would have the same name.
    """
    listed = tuple(cell for block in questionnaire.blocks for cell in _cells_of_block(block))
    names = [*BEFORE, *(cell.column for cell in listed), *after(questionnaire)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise QuestionnaireError(
            f"问卷 {questionnaire.survey}: 答卷文件中列名重复：{', '.join(twice)}。"
            "请改动题目的 column 或选项的 name。(columns of the response file share a name)"
        )
    return listed


def after(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns behind the answers."""
    ends_early = questionnaire.screen_outs or any(
        isinstance(block, Agreement) for block in questionnaire.blocks
    )
    return (SCREENED_OUT, *AFTER) if ends_early else AFTER


def header(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the header row of the response file."""
    return (*BEFORE, *(cell.column for cell in cells(questionnaire)), *after(questionnaire))


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


def _cells_of_block(block: Block) -> Iterator[Cell]:
    for question in questions_of_block(block):
        yield from _cells(question)
        if isinstance(question, ChoiceQuestion) and question.order == "random":
            yield Cell(f"{question.exported_as}_order", question.name, "order")
    if isinstance(block, Matrix) and block.item_order == "random":
        yield Cell(f"{block.name}_order", block.name, "items")


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
        case Ranking():
            return (Cell(column, name, "ranks"),)
        case Number() | Calculated():
            return (Cell(column, name, "number"),)
        case Moment() | OpenEnded():
            return (Cell(column, name, "text"),)
    assert_never(question)
