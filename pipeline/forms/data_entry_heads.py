"""What the columns of the data-entry workbook are called: the number on the paper, and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.forms.numbering import numbers
from pipeline.questionnaire.blocks import Block, Matrix, Roster, questions_of_block
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Choice, Question

ENTRY = re.compile(r".*?(：|: )", re.DOTALL)
"""What stands before the words of a roster's question: its entry, in Chinese or not."""


@dataclass(frozen=True, slots=True)
class Head:
    """The number and words of a column; `before` stands before the words of a choice."""

    number: str
    words: str
    before: str

    def of(self, choice: Choice) -> "Head":
        """Return the head of a choice's own column."""
        return Head(self.number, f"{self.before}{choice.text.zh}", "")


def head_of(block: Block, question: Question, number: str) -> Head:
    """Return what tells a column from its neighbours: a matrix's row, a roster's entry."""
    words = question.text.zh
    match block:
        case Matrix():
            row = next(item.text.zh for item in block.items if item.name == question.name)
            return Head(number, row, f"{row}：")
        case Roster() if question.name != block.count:
            entry = ENTRY.match(words)
            return Head(number, words, entry[0] if entry else "")
        case _:
            return Head(number, words, "")


def numbers_of_answers(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return the number under which each question's answer stands on the paper form.

    Every entry of a roster has the numbers of its questions, a line for "other, please specify"
    that of its question, and a calculated value that of what stands before it.
    """
    shown = numbers(questionnaire)
    found: dict[str, str] = {}
    number = ""
    for block in questionnaire.blocks:
        number = shown.get(block.name, number)
        for question in questions_of_block(block):
            own = question.name
            if isinstance(block, Roster):  # "member_2_relation" is the second entry's "relation"
                own = own.removeprefix(f"{block.name}_").partition("_")[2]
            number = shown.get(own, number)
            found[question.name] = number
    return found
