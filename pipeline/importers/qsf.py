"""Import a Qualtrics survey file (.qsf): questions, blocks, forced answers, display logic.

Records are read by ``intake.definitions.qsf``. Skips and branches of the flow are told, for they
say where to go next and not who is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.importers.building import Building, choice_block, column_of, worded
from pipeline.importers.conditions import Target
from pipeline.importers.degrees import guess_said, is_scale
from pipeline.importers.imported import Imported
from pipeline.importers.offered import Names, Offered, choices_from, excluding
from pipeline.importers.qsf_logic import display_logic
from pipeline.importers.qsf_texts import (
    limits,
    number,
    part_texts,
    question_texts,
    required,
    shuffled,
)
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.intake.definitions.qsf import flows_of, loops_of, read_survey
from pipeline.intake.definitions.qsf_matrix import rows_of, side_by_side
from pipeline.intake.definitions.qsf_parts import (
    Asked,
    answers_of,
    choices_of,
    codes_of,
    mapping,
)
from pipeline.questionnaire.blocks import Item, Matrix, Note, joined
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.questions import (
    Choice,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
)

_MANY = ("MAVR", "MAHR", "MACOL", "MSB")
_NOT_ASKED = {"Timing": "计时", "Meta": "浏览器信息", "Captcha": "验证码"}
_TOLD = {
    "SkipLogic": "跳转（SkipLogic）", "InPageDisplayLogic": "同页显示逻辑", "QuestionJS": "脚本",
    "DynamicChoices": "由前面的答案带来的选项（carry forward）",
}  # fmt: skip


def read(path: Path, survey: str) -> Imported:
    """Import a survey.

    Raises
    ------
    ResponseError, QuestionnaireError
        It is damaged, or holds no question.
    """
    found = read_survey(path)
    reader = _Reader(path, survey)
    if found.title:
        reader.building.title = worded({found.language: found.title}, found.title)
    block: str | None = None
    for asked in found.asked:
        if asked.block != block:
            block = asked.block
            reader.building.page(worded({asked.language: block}, "问卷"))
        reader.add(asked)
    if flows := flows_of(found):
        reader.building.left("", f"流程中的{'、'.join(flows)}。")
    if loops := loops_of(found):
        reader.building.left("", f"{loops} 个题块循环出现（Loop & Merge），这里只问一次。")
    if found.trashed:
        reader.building.left("", f"{found.trashed} 道题在回收站里。")
    return reader.building.finished()


class _Reader:
    """Goes through the questions in order; knows by then what earlier names lead to."""

    def __init__(self, path: Path, survey: str) -> None:
        self.building = Building(path, survey)
        self.names = Names()
        self.targets: dict[str, Target] = {}

    def add(self, asked: Asked) -> None:
        """Add what one question of the file asks."""
        if asked.kind[0] in _NOT_ASKED:
            self.building.left("", f"{asked.tag}：{_NOT_ASKED[asked.kind[0]]}，不是题目。")
            return
        name = self.names.new(asked.tag)
        common = self._common(name, asked)
        match asked.kind:
            case "MC" | "NPS", selector, _:
                self._choice(name, asked, common, many=selector in _MANY)
            case "TE", "FORM", _:
                self._several(name, asked, common)
            case "TE", _, _:
                self._text(name, asked, common)
            case (("Slider" | "CS"), _, _):
                self._several(name, asked, common)
            case "RO", _, _:
                self._ranking(name, asked, common)
            case "Matrix", selector, sub:
                self._matrix(name, asked, common, selector, sub)
            case "SBS", _, _:
                self.building.mended(name, "并排矩阵题，拆成几道矩阵题。")
                for part in side_by_side(asked):
                    place = self.names.new(part.tag)
                    given = self._common(place, part) | {"show_if": common["show_if"]}
                    self._matrix(place, part, given, part.kind[1], part.kind[2])
            case "DB", _, _:
                made = {key: common[key] for key in ("name", "text", "show_if")}
                self.building.add(Note.model_validate({"type": "note", **made}))
            case kind, _, _:
                self.building.left("", f"{asked.tag}：{kind} 题没有对应的题型，整题没有带过来。")
        for key, what in _TOLD.items():
            if asked.payload.get(key):
                self.building.left(name, f"{what}。")

    def _common(self, name: str, asked: Asked) -> dict[str, object]:
        return {
            "name": name,
            "text": worded(question_texts(asked), asked.tag),
            "column": column_of(name, asked.tag),
            "required": required(asked),
            "show_if": self._route(name, asked),
        }

    def _route(self, name: str, asked: Asked) -> Condition | None:
        logic = asked.payload.get("DisplayLogic")
        if not logic:
            return None
        try:
            return display_logic(logic, self.targets)
        except UnsayableError as fault:
            self.building.left(name, f"显示逻辑（{fault}）。")
            return None

    def _offered(self, asked: Asked, part: str, labels: Mapping[str, str]) -> list[Offered]:
        codes = codes_of(asked, tuple(labels))
        held = mapping(asked.payload.get(part))
        several = asked.kind[1] in _MANY
        return [
            Offered(
                codes[key],
                worded(part_texts(asked, part, key, label), codes[key]),
                exclusive=several
                and (mapping(held.get(key)).get("ExclusiveAnswer") is True or excluding(label)),
                specify=bool(mapping(held.get(key)).get("TextEntry")),
            )
            for key, label in labels.items()
        ]

    def _choices(
        self, name: str, asked: Asked, part: str, labels: Mapping[str, str], *, least: int
    ) -> tuple[tuple[Choice, ...], dict[str, int]]:
        """Return the choices, and Qualtrics' own key -> code."""
        choices = choices_from(
            self.building, name, self._offered(asked, part, labels), least=least
        )
        codes = {choice.exported_as: choice.code for choice in choices}
        values = codes_of(asked, tuple(labels))
        return choices, {key: codes[value] for key, value in values.items() if value in codes}

    def _choice(self, name: str, asked: Asked, common: dict[str, object], *, many: bool) -> None:
        least = 0 if many else -(10**9)
        choices, codes = self._choices(name, asked, "Choices", choices_of(asked), least=least)
        missing = frozenset(choice.code for choice in choices if choice.missing)
        order = {"order": "random" if shuffled(asked) else ""}
        if many:
            block = choice_block(self.building, common | order | limits(asked), choices, many=True)
            kept = isinstance(block, MultipleChoice)
            self.targets[asked.id] = Target(name, "many" if kept else "one", codes, missing)
        elif asked.kind[0] == "NPS" and len(choices) > 1:
            block = Scale.model_validate({"type": "scale", **common, "choices": choices})
            self.targets[asked.id] = Target(name, "one", codes, missing)
        else:
            block = choice_block(self.building, common | order, choices, many=False)
            self.targets[asked.id] = Target(name, "one", codes, missing)
        self.building.add(block)

    def _text(self, name: str, asked: Asked, common: dict[str, object]) -> None:
        if asked.validation.get("ContentType") == "ValidNumber":
            limits = mapping(asked.validation.get("ValidNumber"))
            low, high = number(limits.get("Min")), number(limits.get("Max"))
            places = number(limits.get("NumDecimals")) or 0
            made = {"minimum": low, "maximum": high, "decimals": int(min(places, 6))}
            self.building.add(Number.model_validate({"type": "number", **common, **made}))
            self.targets[asked.id] = Target(name, "number")
            return
        self.building.add(OpenEnded.model_validate({"type": "open_ended", **common}))
        self.targets[asked.id] = Target(name, "words")

    def _several(self, name: str, asked: Asked, common: dict[str, object]) -> None:
        """Add one question for each field of a form or each handle of a slider."""
        limits = mapping(asked.payload.get("Configuration"))
        low, high = (number(limits.get(key)) for key in ("CSSliderMin", "CSSliderMax"))
        rows = rows_of(asked)
        if not rows:
            self.building.left(name, "没有填空的项目，整题没有带过来。")
        for key, tag, label in rows:
            own = self.names.new(f"{asked.tag}_{tag or key}")
            part = worded(part_texts(asked, "Choices", key, label), own)
            text = joined(worded(question_texts(asked)), part)
            column = column_of(own, f"{asked.tag}_{tag or key}")
            shared = common | {"name": own, "text": text, "column": column}
            if asked.kind[0] == "TE":
                self.building.add(OpenEnded.model_validate({"type": "open_ended", **shared}))
            else:
                bounds = {"minimum": low, "maximum": high} if asked.kind[0] == "Slider" else {}
                self.building.add(Number.model_validate({"type": "number", **shared, **bounds}))
                self.targets[f"{asked.id}/{key}"] = Target(own, "number")
        if asked.kind[0] == "CS":
            self.building.left(name, "各项合计为定值的核对。")

    def _ranking(self, name: str, asked: Asked, common: dict[str, object]) -> None:
        choices, _ = self._choices(name, asked, "Choices", choices_of(asked), least=0)
        if len(choices) < 2:
            self.building.add(choice_block(self.building, common, choices, many=False))
            return
        made = {"type": "ranking", **common, "choices": choices}
        self.building.add(Ranking.model_validate(made))

    def _matrix(
        self, name: str, asked: Asked, common: dict[str, object], selector: str, sub: str
    ) -> None:
        answers = answers_of(asked)
        if selector in ("TE", "CS"):
            self._cells(name, asked, common, answers, selector)
            return
        if selector in ("RO", "MaxDiff"):
            self.building.left(name, "矩阵排序题没有对应的题型，整题没有带过来。")
            return
        many = sub in ("MultipleAnswer", "MA")
        least = 0 if many else -(10**9)
        choices, codes = self._choices(name, asked, "Answers", answers, least=least)
        choices = tuple(choice.model_copy(update={"specify": False}) for choice in choices)
        rows = rows_of(asked)
        if len(choices) < 2 or not rows:
            self.building.left(name, "矩阵题没有行，或没有两个以上的选项，整题没有带过来。")
            return
        kind = "multiple_choice" if many else "single_choice"
        if not many and is_scale(choices):
            kind = "scale"
            self.building.mended(name, guess_said(choices))
        items = tuple(self._items(asked, rows))
        missing = frozenset(choice.code for choice in choices if choice.missing)
        for (key, _, _), item in zip(rows, items, strict=True):
            target = Target(item.name, "many" if many else "one", codes, missing)
            self.targets[f"{asked.id}/{key}"] = target
        made = {key: given for key, given in common.items() if key != "column"}
        order = {"item_order": "random" if shuffled(asked) else ""}
        block = {"type": "matrix", **made, **order, "cells": kind, "choices": choices}
        self.building.add(Matrix.model_validate({**block, "items": items}))

    def _items(self, asked: Asked, rows: Sequence[tuple[str, str, str]]) -> Iterator[Item]:
        held = mapping(asked.payload.get("Choices"))
        for key, tag, label in rows:
            column = f"{asked.tag}_{tag or key}"
            own = self.names.new(column)
            text = worded(part_texts(asked, "Choices", key, label), own)
            if mapping(held.get(key)).get("TextEntry"):
                self.building.left(own, f"“{text.zh}”一行旁填写的文字。")
            yield Item(name=own, text=text, column=column_of(own, column))

    def _cells(
        self, name: str, asked: Asked, common: dict[str, object], answers: Mapping[str, str],
        selector: str,
    ) -> None:  # fmt: skip
        """Add one question for each cell of a matrix that is filled in."""
        rows = rows_of(asked)
        self.building.mended(name, f"表格题，拆成 {len(rows) * len(answers)} 道小题。")
        for key, tag, label in rows:
            for answer, wording in answers.items():
                column = f"{asked.tag}_{tag or key}_{answer}"
                own = self.names.new(column)
                row = worded({asked.language: label}, own)
                cell = joined(row, worded({asked.language: wording}, answer))
                text = joined(worded(question_texts(asked)), cell)
                made = {"name": own, "text": text, "column": column_of(own, column)}
                kind = "number" if selector == "CS" else "open_ended"
                block = {"type": kind, **common, **made}
                model = Number if selector == "CS" else OpenEnded
                self.building.add(model.model_validate(block))
