"""A group of an XLSForm that is shown as one table, as a matrix."""

from collections.abc import Sequence
from typing import Any

from pipeline.importers.xlsform_choices import own_words
from pipeline.importers.xlsform_limits import limits_of
from pipeline.importers.xlsform_questions import common_of, offered_to
from pipeline.importers.xlsform_reading import Reading
from pipeline.importers.xlsform_tree import Node
from pipeline.intake.definitions.xlsform import Row
from pipeline.questionnaire.blocks import Block, Item, Matrix, questions_of_block
from pipeline.questionnaire.expressions import Condition


def table_of(
    row: Row, rows: Sequence[Node], outer: Condition | None, reading: Reading
) -> Block | None:
    """Return the matrix of a group whose rows share a list; `row` is the group or its head."""
    first = rows[0].row
    offered = offered_to(first, reading)
    if offered is None:
        reading.mended(row, f"列表 {first.list or '（未写）'} 没有选项，整个表没有带过来。")
        return None
    said = own_words(row.columns)
    cells = "multiple_choice" if first.type == "select_multiple" else "single_choice"
    if cells == "single_choice" and said.get("cells") == "scale":
        cells = "scale"
    limits = limits_of(first.columns.get("constraint", ""), whole=False)
    route = reading.route(row, outer)
    common = {key: one for key, one in common_of(row, reading).items()
              if key in ("name", "text", "hint", "image", "interviewer")}  # fmt: skip
    common["text"] = common["text"] if row.labels else reading.languages.text({}, row.name)
    required = [reading.required(node.row) for node in rows]
    if len(set(required)) > 1:
        reading.mended(row, "表中各行有的必答、有的选答，一律作选答。")
    alone = {offered.codes.get(word) for word in limits.alone}
    choices = tuple(
        one.model_copy(update={"exclusive": True})
        if one.code in alone and one.missing is None
        else one
        for one in offered.choices
    )
    made: dict[str, Any] = {
        "type": "matrix", "cells": cells, "choices": choices, "show_if": route, **common,
        "required": "soft" if said.get("soft") == "yes" else all(required),
        "battery": said.get("battery", "") if cells == "scale" else "",
        "item_order": "random" if said.get("items") == "random" else "",
        "order": "random" if "randomize=true" in first.columns.get("parameters", "") else "",
        "items": [],
    }  # fmt: skip
    if cells == "multiple_choice":
        made |= {"min_choices": limits.least, "max_choices": limits.most}
    for node in rows:
        made["items"].append(_item(node.row, cells, reading))
        so_far = Matrix.model_validate(made)
        reading.asked |= {one.name: one for one in questions_of_block(so_far)}
    return Matrix.model_validate(made)


def _item(row: Row, cells: str, reading: Reading) -> Item:
    common, said = common_of(row, reading), own_words(row.columns)
    if row.hints:
        reading.left(row, "表中各行的提示（hint）没有带过来。")
    return Item(
        name=common["name"],
        text=common["text"],
        column=common["column"],
        show_if=reading.route(row),
        sensitive=common["sensitive"],
        reverse=cells == "scale" and said.get("reverse") == "yes",
    )
