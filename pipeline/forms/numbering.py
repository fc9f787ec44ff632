"""The numbers by which forms call what they ask."""

from collections.abc import Mapping

from pipeline.questionnaire.blocks import Matrix, Note, Roster
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated


def numbers(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return the number of every block that asks something, and of its parts.

    Blocks count through the whole questionnaire ("7"); a row of a matrix and a question of a
    roster is a part of its block ("7(2)"). Notes and calculated values have none.
    """
    found: dict[str, str] = {}
    number = 0
    for block in questionnaire.blocks:
        if isinstance(block, Note | Calculated):
            continue
        number += 1
        found[block.name] = str(number)
        match block:
            case Matrix():
                parts = [item.name for item in block.items]
            case Roster():
                parts = [q.name for q in block.questions if not isinstance(q, Calculated)]
            case _:
                parts = []
        for part, name in enumerate(parts, start=1):
            found[name] = f"{number}({part})"
    return found
