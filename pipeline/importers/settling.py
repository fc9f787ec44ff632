"""Blocks without what cannot stand: a condition that reads nothing, a column that two have."""

from collections.abc import Iterable
from typing import cast

from pipeline.questionnaire.blocks import Block, InRoster, Matrix, Roster
from pipeline.questionnaire.questions import Calculated, OpenEnded, QuestionBase
from pipeline.questionnaire.type_check import Place


def part_of(place: Place) -> str:
    """Return what stands at a place of a block, in Chinese."""
    return {"checks": "一项核对", "value": "计算公式"}.get(
        next((str(step) for step in place if step in ("checks", "value")), ""), "显示条件"
    )


def without(block: Block, place: Place) -> Block:
    """Return a block without the expression that stands at `place` in it."""
    match block, place:
        case Matrix(), ("items", int(at), *_):
            items = list(block.items)
            items[at] = items[at].model_copy(update={"show_if": None})
            return block.model_copy(update={"items": tuple(items)})
        case Roster(), ("questions", int(at), *rest):
            inside = list(block.questions)
            inside[at] = cast(InRoster, without(inside[at], tuple(rest)))
            return block.model_copy(update={"questions": tuple(inside)})
        case QuestionBase(), ("checks", int(at), *_):
            checks = (*block.checks[:at], *block.checks[at + 1 :])
            return block.model_copy(update={"checks": checks})
        case Calculated(), ("value",):
            return OpenEnded(type="open_ended", name=block.name, text=block.text)
        case QuestionBase(), ("domain",):
            return block.model_copy(update={"domain": False})
    return block.model_copy(update={"show_if": None})


def exported(block: Block) -> Iterable[str]:
    """Return the names of the columns of a block."""
    match block:
        case Matrix():
            return [item.column or item.name for item in block.items]
        case QuestionBase():
            return [block.exported_as]
    return [block.name]


def without_columns(block: Block) -> Block:
    """Return a block whose columns are called by its own names."""
    match block:
        case Matrix():
            items = tuple(item.model_copy(update={"column": ""}) for item in block.items)
            return block.model_copy(update={"items": items})
        case QuestionBase():
            return block.model_copy(update={"column": ""})
    return block
