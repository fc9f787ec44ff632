"""The matrices of a SurveyJS survey: rows to tick, columns of dropdowns, panels of rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.i18n import Text
from pipeline.importers.building import column_of
from pipeline.importers.conditions import Target
from pipeline.importers.degrees import guess_said, is_scale
from pipeline.importers.offered import Offered, choices_from, target_of
from pipeline.importers.surveyjs_parts import (
    Element,
    elements_of,
    listed,
    local,
    mapping,
    offered_of,
)
from pipeline.questionnaire.blocks import Block, Item, Matrix, joined
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice

if TYPE_CHECKING:
    from pipeline.importers.surveyjs_questions import Maker

Resolve = Callable[[str], Target]
Common = dict[str, object]


def matrix_of(maker: "Maker", name: str, element: Element, common: Common) -> list[Block]:
    """Return a matrix of rows to tick."""
    held = element.held
    offered = offered_of(held.get("columns"), maker.language)
    many = held.get("cellType") == "checkbox"
    required = held.get("isAllRowRequired") is True or held.get("eachRowRequired") is True
    common = common | {"required": required or common["required"]}
    return _rows(maker, name, element, common, offered, many=many)


def columns_of(maker: "Maker", name: str, element: Element, common: Common) -> list[Block]:
    """Return one matrix for each column of a matrix whose cells are dropdowns."""
    held = element.held
    columns = [mapping(one) for one in listed(held.get("columns")) if isinstance(one, dict)]
    blocks: list[Block] = []
    for column in columns:
        kind = str(column.get("cellType") or held.get("cellType") or "dropdown")
        title = local(column.get("title") or column.get("name"), maker.language)
        own = name if len(columns) == 1 else maker.names.new(f"{name}_{column.get('name')}")
        text = common["text"]
        assert isinstance(text, Text)
        made = common | {
            "name": own,
            "text": joined(text, title) if len(columns) > 1 else text,
        }
        if kind not in ("dropdown", "radiogroup", "checkbox", "tagbox"):
            maker.building.left("", f"{element.name} 的“{title.zh}”列是 {kind}，没有带过来。")
            continue
        many = kind in ("checkbox", "tagbox")
        offered = offered_of(
            column.get("choices") or held.get("choices"), maker.language, many=many
        )
        key = str(column.get("name") or "")
        blocks += _rows(maker, own, element, made, offered, many=many, column=key)
    return blocks


def _rows(
    maker: "Maker", name: str, element: Element, common: Common, offered: Sequence[Offered], *,
    many: bool, column: str = "",
) -> list[Block]:  # fmt: skip
    choices = choices_from(maker.building, name, offered, least=0 if many else -(10**9))
    choices = tuple(choice.model_copy(update={"specify": False}) for choice in choices)
    rows = offered_of(element.held.get("rows"), maker.language)
    if len(choices) < 2 or not rows:
        maker.building.left(name, "矩阵题没有行，或没有两个以上的选项，整题没有带过来。")
        return []
    items = []
    for row in rows:
        own = maker.names.new(f"{name}_{row.value}")
        written = ".".join(filter(None, (element.name, row.value, column)))
        items.append(Item(name=own, text=row.text, column=column_of(own, written)))
        maker.targets[written] = target_of(own, choices, many=many)
    kind = "multiple_choice" if many else "single_choice"
    if not many and is_scale(choices):
        kind = "scale"
        maker.building.mended(name, guess_said(choices))
    made = {key: given for key, given in common.items() if key != "column"}
    order = {"item_order": "random" if element.held.get("rowsOrder") == "random" else ""}
    block = {"type": "matrix", **made, **order, "cells": kind, "choices": choices}
    return [Matrix.model_validate({**block, "items": tuple(items)})]


def panel_of_rows(
    maker: "Maker", name: str, element: Element, common: Common, resolve: Resolve
) -> list[Block]:
    """Return the matrix that our own form shows as a panel with a card for each row."""
    rows = elements_of(element.held)
    inner = maker
    cards = [(row, inner.blocks(row, resolve)) for row in rows]
    made = [(row, one[0]) for row, one in cards if one and isinstance(one[0], ChoiceQuestion)]
    if not made:
        return []
    first = made[0][1]
    assert isinstance(first, ChoiceQuestion)
    scaled = (
        "points" in rows[0].held
        and rows[0].held.get("choices")
        and any(mapping(one).get("kind") == "point" for one in rows[0].held["choices"])
    )
    kind = (
        "multiple_choice"
        if isinstance(first, MultipleChoice)
        else ("scale" if scaled and is_scale(first.choices) else "single_choice")
    )
    items = tuple(
        Item(
            name=card.name, text=card.text,
            show_if=maker.routed(name, card, row, resolve).show_if,
        )
        for row, card in made
    )  # fmt: skip
    limits = (
        {"min_choices": first.min_choices, "max_choices": first.max_choices}
        if isinstance(first, MultipleChoice)
        else {}
    )
    required = {"required": all(card.required for _, card in made)}
    given = {key: one for key, one in common.items() if key != "column"} | required | limits
    order = {"item_order": "random" if element.held.get("shuffled") else ""}
    block = {"type": "matrix", **given, **order, "cells": kind, "choices": first.choices}
    return [Matrix.model_validate({**block, "items": items})]
