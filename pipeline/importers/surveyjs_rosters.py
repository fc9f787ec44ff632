"""What a SurveyJS survey asks repeatedly: dynamic panels and rows, our own panels of entries."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.i18n import Text
from pipeline.importers.conditions import Target
from pipeline.importers.offered import Names
from pipeline.importers.surveyjs_parts import (
    Element,
    elements_of,
    listed,
    local,
    mapping,
    whole,
)
from pipeline.questionnaire.blocks import Block, Roster
from pipeline.questionnaire.questions import QuestionBase

if TYPE_CHECKING:
    from pipeline.importers.surveyjs_questions import Maker

Resolve = Callable[[str], Target]
Common = dict[str, object]
MOST_ENTRIES = 50
DEFAULT_ENTRIES = 10


def roster_of(
    maker: "Maker", name: str, element: Element, common: Common, resolve: Resolve
) -> list[Block]:
    """Return a panel or row that is filled in repeatedly as a roster."""
    held = element.held
    inside = elements_of(held)
    if element.kind == "matrixdynamic":
        columns = [mapping(one) for one in listed(held.get("columns")) if isinstance(one, dict)]
        shared = {"choices": held.get("choices")} if held.get("choices") else {}
        kind = str(held.get("cellType") or "dropdown")
        inside = [
            Element({**shared, **one, "type": one.get("cellType") or kind}) for one in columns
        ]
    word = "Row" if element.kind == "matrixdynamic" else "Panel"
    most = whole(held.get(f"max{word}Count"), DEFAULT_ENTRIES) or DEFAULT_ENTRIES
    least = whole(held.get(f"min{word}Count"), 0) or 0
    if most > MOST_ENTRIES or f"max{word}Count" not in held:
        maker.building.mended(name, f"最多 {min(most, MOST_ENTRIES)} 条；原来没有这样的上限。")
    entry = local(held.get("templateTitle"), maker.language, "第")
    limits = (min(least, most, MOST_ENTRIES), min(most, MOST_ENTRIES))
    return _entries(maker, name, common, inside, entry, limits, resolve)


def panel_of_entries(
    maker: "Maker", name: str, element: Element, common: Common, resolve: Resolve
) -> list[Block]:
    """Return the roster that our own form shows as a panel with a panel for each entry."""
    entries = mapping(element.held.get("entries"))
    first = next((one for one in elements_of(element.held) if one.ours == "entry"), None)
    if first is None:
        return []
    inside = [
        Element(
            dict(one.held)
            | {"name": one.name.removeprefix(f"{first.name}_")}
            | _renamed_route(one.held.get("visibleIf"), f"{first.name}_")
        )
        for one in elements_of(first.held)
    ]
    title = local(first.held.get("title"), maker.language, "第")
    said = {one: title(one).removesuffix("1").strip() for one in title.languages}
    entry = Text.model_validate(said) if said else title
    low, high = whole(entries.get("minimum"), 0) or 0, whole(entries.get("maximum"), 10) or 10
    high = min(high, MOST_ENTRIES)
    return _entries(maker, name, common, inside, entry, (min(low, high), high), resolve)


def _entries(
    maker: "Maker", name: str, common: Common, inside: Sequence[Element], entry: Text,
    limits: tuple[int, int], resolve: Resolve,
) -> list[Block]:  # fmt: skip
    outer, own = dict(maker.targets), Names(set(), 0)
    inner = replace(maker, names=own)
    asked: list[Block] = []
    for element in inside:
        blocks = (
            []
            if element.kind in ("paneldynamic", "matrixdynamic")
            else inner.blocks(element, resolve)
        )
        kept = [one for one in blocks if isinstance(one, QuestionBase)]
        if len(kept) < len(blocks) or not blocks:
            maker.building.left(name, f"其中的 {element.name} 不能每条各问一次。")
        if element.name in maker.targets:
            for prefix in ("panel", "row"):
                maker.targets[f"{prefix}.{element.name}"] = maker.targets[element.name]
        asked += [maker.routed(name, one, element, resolve) for one in kept]
    maker.targets.clear()
    maker.targets.update(outer)
    if not asked:
        maker.building.left(name, "每条里没有能带过来的题，整题没有带过来。")
        return []
    maker.names.taken.add(f"{name}_count")
    made = {key: given for key, given in common.items() if key not in ("column", "required")}
    block = {"type": "roster", **made, "entry": entry, "questions": tuple(asked)}
    bounds = {"minimum": limits[0], "maximum": limits[1]}
    return [Roster.model_validate({**block, **bounds})]


def _renamed_route(written: object, prefix: str) -> dict[str, object]:
    if not isinstance(written, str):
        return {}
    return {"visibleIf": written.replace("{" + prefix, "{")}
