"""One element of a SurveyJS survey as blocks of ours."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pipeline.i18n import Text
from pipeline.importers.building import Building, choice_block, column_of
from pipeline.importers.conditions import Target, condition_of, term_of
from pipeline.importers.offered import Names, Offered, choices_from, target_of
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.importers.surveyjs_matrices import columns_of, matrix_of, panel_of_rows
from pipeline.importers.surveyjs_parts import (
    Element,
    further,
    listed,
    local,
    mapping,
    number,
    offered_of,
    value_of,
    whole,
)
from pipeline.importers.surveyjs_rosters import panel_of_entries, roster_of
from pipeline.questionnaire.blocks import Agreement, Block, Note, joined
from pipeline.questionnaire.expressions import Constant
from pipeline.questionnaire.questions import (
    Calculated,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
)

Resolve = Callable[[str], Target]
Common = dict[str, object]
MOST_POINTS = 101
MOST_ENTRIES = 50
DEFAULT_ENTRIES = 10
_MOMENTS = {"date": "date", "datetime-local": "datetime", "datetime": "datetime", "time": "time"}
_UNCARRIED = {"file": "文件上传题", "signaturepad": "签名题", "image": "图片", "empty": "空元素"}


class Ours:
    """What our own web form calls the panels that are one block of the questionnaire."""

    BLOCKS: ClassVar[frozenset[str]] = frozenset({"matrix", "roster"})


@dataclass(slots=True)
class Maker:
    """Makes blocks, and notes in `targets` what names of the survey lead to."""

    building: Building
    names: Names
    targets: dict[str, Target]
    language: str

    def blocks(self, element: Element, resolve: Resolve) -> list[Block]:
        """Return the blocks of an element; none where nothing of ours holds it."""
        kind = element.kind
        if element.ours == "instead":
            return []
        if kind in _UNCARRIED:
            self.building.left("", f"{element.name}：{_UNCARRIED[kind]}没有对应的题型。")
            return []
        name = self.names.new(element.name)
        common = self._common(name, element)
        match kind:
            case "panel" if element.ours == "matrix":
                return panel_of_rows(self, name, element, common, resolve)
            case "panel":
                return panel_of_entries(self, name, element, common, resolve)
            case "radiogroup" | "dropdown" | "buttongroup" | "imagepicker" | "checkbox" | "tagbox":
                many = kind in ("checkbox", "tagbox") or bool(element.held.get("multiSelect"))
                return [self._choice(name, element, common, many=many)]
            case "ranking":
                return [self._ranking(name, element, common)]
            case "rating":
                return [self._rating(name, element, common)]
            case "boolean":
                return [self._boolean(name, element, common)]
            case "matrix":
                return matrix_of(self, name, element, common)
            case "matrixdropdown":
                return columns_of(self, name, element, common)
            case "matrixdynamic" | "paneldynamic":
                return roster_of(self, name, element, common, resolve)
            case "multipletext":
                return self._several(element, common)
            case "html":
                return [self._note(name, element)]
            case "expression":
                return self._calculated(name, element, common, resolve)
            case "text" | "comment":
                return [self._typed(name, element, common)]
        self.building.left(
            "", f"{element.name}：题型“{kind[:30]}”没有对应的题型，整题没有带过来。"
        )
        return []

    def specified(self, element: Element) -> bool:
        """Take a line of our own form for "other, please specify" back into its choice."""
        question, _, code = element.name.removesuffix("_text").rpartition("_")
        for page in self.building.pages:
            for at, block in enumerate(page.blocks):
                if isinstance(block, ChoiceQuestion) and block.name == question:
                    choices = tuple(
                        choice.model_copy(update={"specify": True})
                        if str(choice.code) == code
                        else choice
                        for choice in block.choices
                    )
                    page.blocks[at] = block.model_copy(update={"choices": choices})
                    return True
        return False

    def _common(self, name: str, element: Element) -> Common:
        held = element.held
        return {
            "name": name,
            "text": local(held.get("title"), self.language, element.name or name),
            "hint": Text(zh="") if element.ours else local(held.get("description"), self.language),
            "column": column_of(name, element.name),
            "required": held.get("isRequired") is True,
        }

    def _offered(self, element: Element, *, many: bool) -> list[Offered]:
        held = element.held
        if held.get("choicesByUrl"):
            self.building.left(element.name, "选项来自网址（choicesByUrl）。")
        if held.get("choicesFromQuestion"):
            self.building.left(element.name, "选项来自别的题（choicesFromQuestion）。")
        listed = held.get("choices")
        low, high = whole(held.get("choicesMin")), whole(held.get("choicesMax"))
        if not listed and low is not None and high is not None and high - low < MOST_POINTS:
            listed = list(range(low, high + 1))
        return [
            *offered_of(listed, self.language, many=many),
            *further(held, self.language, many=many),
        ]

    def _choice(self, name: str, element: Element, common: Common, *, many: bool) -> Block:
        least = 0 if many else -(10**9)
        offered = self._offered(element, many=many)
        choices = choices_from(self.building, name, offered, least=least)
        held = element.held
        shuffled = held.get("choicesOrder") == "random" or bool(held.get("shuffled"))
        common = common | {"order": "random" if shuffled else ""}
        if many and held.get("places") and len(choices) > 1:
            made = {"type": "ranking", **common, "choices": choices, "places": held["places"]}
            self.targets[element.name] = Target(name, "rank")
            return Ranking.model_validate(made)
        if element.ours == "agreement":
            return self._agreement(name, element, choices)
        block: Block
        if not many and "points" in held and element.ours != "row" and len(choices) > 1:
            block = Scale.model_validate({"type": "scale", **common, "choices": choices})
        else:
            limits = _limits(element) if many else {}
            block = choice_block(self.building, common | limits, choices, many=many)
        if isinstance(block, ChoiceQuestion):
            kept = isinstance(block, MultipleChoice)
            self.targets[element.name] = target_of(name, block.choices, many=kept)
        return block

    def _agreement(self, name: str, element: Element, choices: Sequence[Choice]) -> Block:
        agree, decline, *_ = (*choices, *choices)
        self.targets[element.name] = Target(name, "one", {"1": 1, "2": 2})
        text = local(element.held.get("title"), self.language, name)
        return Agreement(
            type="consent", name=name, text=text, agree=agree.text, decline=decline.text
        )

    def _ranking(self, name: str, element: Element, common: Common) -> Block:
        choices = choices_from(self.building, name, self._offered(element, many=False), least=0)
        self.targets[element.name] = Target(name, "rank")
        if len(choices) < 2:
            return choice_block(self.building, common, choices, many=False)
        places = whole(element.held.get("maxSelectedChoices")) or None
        made = {"type": "ranking", **common, "choices": choices, "places": places}
        return Ranking.model_validate(made)

    def _rating(self, name: str, element: Element, common: Common) -> Block:
        held = element.held
        offered = offered_of(held.get("rateValues"), self.language)
        if not offered:
            low = int(number(held.get("rateMin")) or 1) if held.get("rateMin") != 0 else 0
            count = whole(held.get("rateCount"), 5) or 5
            high = number(held.get("rateMax"))
            last = int(high) if high is not None and high > low else low + count - 1
            points = range(low, min(last, low + MOST_POINTS - 1) + 1)
            ends = {
                points[0]: local(held.get("minRateDescription"), self.language),
                points[-1]: local(held.get("maxRateDescription"), self.language),
            }
            offered = [Offered(str(at), _point(at, ends.get(at))) for at in points]
        choices = choices_from(self.building, name, offered)
        self.targets[element.name] = target_of(name, choices, many=False)
        if len(choices) < 2:
            return choice_block(self.building, common, choices, many=False)
        return Scale.model_validate({"type": "scale", **common, "choices": choices})

    def _boolean(self, name: str, element: Element, common: Common) -> Block:
        held = element.held
        yes = value_of(held.get("valueTrue", True)) or "true"
        no = value_of(held.get("valueFalse", False)) or "false"
        offered = [
            Offered(yes, local(held.get("labelTrue"), self.language, "是")),
            Offered(no, local(held.get("labelFalse"), self.language, "否")),
        ]
        choices = choices_from(self.building, name, offered)
        self.targets[element.name] = target_of(name, choices, many=False)
        return choice_block(self.building, common, choices, many=False)

    def routed(self, name: str, block: Block, element: Element, resolve: Resolve) -> Block:
        """Return a part of the block `name` with the condition on which it is shown."""
        written = element.held.get("visibleIf")
        if not isinstance(written, str) or not written.strip():
            return block
        try:
            return block.model_copy(update={"show_if": condition_of(written, resolve)})
        except UnsayableError as fault:
            self.building.left(name, f"{element.name} 的显示条件 {written[:200]}（{fault}）。")
            return block

    def _several(self, element: Element, common: Common) -> list[Block]:
        blocks: list[Block] = []
        text = common["text"]
        assert isinstance(text, Text)
        for one in listed(element.held.get("items")):
            field = Element(dict(mapping(one)) | {"type": "text"})
            own = self.names.new(f"{element.name}_{field.name}")
            title = local(field.held.get("title"), self.language, field.name)
            column = column_of(own, f"{element.name}.{field.name}")
            made = common | {"name": own, "text": joined(text, title), "column": column}
            inner = Element(dict(field.held) | {"name": f"{element.name}.{field.name}"})
            blocks.append(self._typed(own, inner, made))
        return blocks

    def _note(self, name: str, element: Element) -> Block:
        text = local(element.held.get("html"), self.language, "（说明）")
        return Note(type="note", name=name, text=text)

    def _calculated(
        self, name: str, element: Element, common: Common, resolve: Resolve
    ) -> list[Block]:
        written = str(element.held.get("expression") or "")
        try:
            value = term_of(written, resolve)
        except UnsayableError as fault:
            self.building.left("", f"{element.name}：算式 {written[:200]}（{fault}）。")
            return []
        if isinstance(value, Constant):
            return []
        self.targets[element.name] = Target(name, "number")
        made = {key: given for key, given in common.items() if key != "required"}
        block = {"type": "calculated", **made, "value": value, "decimals": 2}
        return [Calculated.model_validate(block)]

    def _typed(self, name: str, element: Element, common: Common) -> Block:
        held = element.held
        kind = str(held.get("inputType") or "text")
        if element.kind == "text" and kind in ("number", "range"):
            return self._number(name, element, common)
        if element.kind == "text" and kind in _MOMENTS:
            self.targets[element.name] = Target(name, "moment")
            return Moment.model_validate({"type": _MOMENTS[kind], **common})
        if kind not in ("text", "email", "tel", "url"):
            self.building.mended(name, f"原来填的是 {kind[:20]}，先作开放题。")
        self.targets[element.name] = Target(name, "words")
        longest = whole(held.get("maxLength")) or 500
        return OpenEnded.model_validate({"type": "open_ended", **common, "max_length": longest})

    def _number(self, name: str, element: Element, common: Common) -> Block:
        held = element.held
        low, high = number(held.get("min")), number(held.get("max"))
        for check in listed(held.get("validators")):
            if mapping(check).get("type") == "numeric":
                low = number(mapping(check).get("minValue")) if low is None else low
                high = number(mapping(check).get("maxValue")) if high is None else high
        decimals = _decimals(held)
        self.targets[element.name] = Target(name, "number")
        made = {"minimum": low, "maximum": high, "decimals": decimals}
        unit = {"unit": local(held.get("unit"), self.language)}
        return Number.model_validate({"type": "number", **common, **made, **unit})


def _point(at: int, words: Text | None) -> Text:
    if words is None or not words.zh:
        return Text(zh=str(at))
    return Text.model_validate({one: f"{at} {words(one)}" for one in words.languages})


def _limits(element: Element) -> dict[str, object]:
    held = element.held
    low, high = whole(held.get("minSelectedChoices")), whole(held.get("maxSelectedChoices"))
    for check in listed(held.get("validators")):
        about: Mapping[str, object] = mapping(check)
        if about.get("type") == "answercount":
            low, high = whole(about.get("minCount"), low), whole(about.get("maxCount"), high)
    return {"min_choices": low or 0, "max_choices": high or None}


def _decimals(held: Mapping[str, object]) -> int:
    """Return the decimals that the step allows, or the pattern by which our own form checks."""
    for check in listed(held.get("validators")):
        pattern = str(mapping(check).get("regex") or "")
        if pattern == r"^-?\d+$":
            return 0
        if found := re.fullmatch(r"\^-\?\\d\+\(\\\.\\d\{1,(\d)\}\)\?\$", pattern):
            return int(found[1])
    step = number(held.get("step"))
    return 2 if step is None else len(f"{step:.6f}".rstrip("0").partition(".")[2])
