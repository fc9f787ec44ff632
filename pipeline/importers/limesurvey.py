"""Import a LimeSurvey structure (.lss, .lsg, tab-separated .txt) with its routing and languages.

Source: LimeSurvey manual, "Question types" and "Expression Manager". Records are read by
``intake.definitions.limesurvey``; each letter of a type becomes a question here.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.i18n import Text
from pipeline.importers.building import Building, choice_block, cleaned, column_of, worded
from pipeline.importers.conditions import Target, condition_of, term_of
from pipeline.importers.degrees import guess_said, is_scale
from pipeline.importers.imported import Imported
from pipeline.importers.limesurvey_parts import (
    answers_of,
    first_language,
    moment_block,
    number_block,
    order_of,
    other_of,
    stemmed,
    whole,
)
from pipeline.importers.offered import Names, Offered, choices_from, target_of
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.limesurvey import Question, Structure, Sub, read_structure
from pipeline.questionnaire.blocks import Item, Matrix, Note
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.questions import (
    Calculated,
    MultipleChoice,
    OpenEnded,
    Ranking,
    Scale,
)

_SCALES = "5AB"
_REFUSED = {"|": "文件上传题", "I": "语言切换题"}
_SIMPLE = ("", "1", "true")
_LENGTHS = {"S": 500, "T": 2000, "U": 5000}
_UNUSED = {
    "em_validation_q": "自定的核对公式", "array_filter": "行随前面的答案变化（array_filter）",
    "array_filter_exclude": "行随前面的答案变化（array_filter_exclude）",
    "validation": "按正则表达式的核对",
}  # fmt: skip


def read(path: Path, survey: str) -> Imported:
    """Import a survey or a group of it.

    Raises
    ------
    ResponseError, QuestionnaireError
        It is damaged, or holds no question.
    """
    structure = read_structure(path)
    return _Reader(path, survey, structure).imported()


class _Reader:
    """Goes through the questions in order; knows by then what earlier names lead to."""

    def __init__(self, path: Path, survey: str, structure: Structure) -> None:
        self.structure = structure
        self.language = structure.language or _first_language(structure)
        self.building = Building(path, survey)
        self.names = Names()
        self.targets: dict[str, Target] = {}

    def imported(self) -> Imported:
        structure = self.structure
        title = worded(structure.titles or {self.language: structure.title}, structure.title)
        self.building.title = title if title.zh else self.building.title
        if (welcome := worded(structure.welcomes)).zh:
            self.building.introduction = welcome
        group: str | None = None
        for question in structure.questions:
            if question.group != group:
                group = question.group
                heading = worded({self.language: group}, "问卷")
                shown_if = self._route("", structure.routes.get(group, ""), f"“{group}”一节")
                self.building.page(heading, shown_if)
            self._add(question)
        return self.building.finished()

    def _add(self, question: Question) -> None:
        name = self.names.new(question.code)
        common = self._common(name, question)
        rows = [sub for sub in question.subs if sub.axis == 0]
        match question.type:
            case "L" | "!" | "O" | "Y" | "G" | "5":
                self._single(name, question, common)
            case "M" | "P":
                self._multiple(name, question, common, rows)
            case "F" | "H" | "A" | "B" | "C" | "E":
                self._matrix(name, question, common, answers_of(question, self.language, 0), rows)
            case "1":
                self._dual(name, question, common, rows)
            case "K" | "Q":
                self._several(name, question, common, [(row, row.code, {}) for row in rows])
            case ":" | ";":
                self._crossed(name, question, common, rows)
            case "R":
                self._ranking(name, question, common)
            case "N":
                self.number(name, question, common)
            case "S" | "T" | "U":
                self._words(name, question, common)
            case "D":
                self.building.add(moment_block(common, question))
                self.targets[question.code] = Target(name, "moment")
            case "X":
                self._note(name, common)
            case "*":
                self._calculated(name, question, common)
            case kind:
                what = _REFUSED.get(kind, f"题型“{kind}”")
                self.building.left("", f"{question.code}：{what}没有对应的题型，整题没有带过来。")
        for key, what in _UNUSED.items():
            if question.settings.get(key):
                self.building.left(name, f"{what}。")

    def _common(self, name: str, question: Question) -> dict[str, object]:
        hint = shown(question.settings.get("help", ""))
        mandatory = question.settings.get("mandatory", "")
        return {
            "name": name,
            "text": worded(question.texts, question.code),
            "hint": worded({first_language(question, self.language): hint}),
            "column": column_of(name, question.code),
            "required": True if mandatory == "Y" else "soft" if mandatory == "S" else False,
            "show_if": self._route(name, question.settings.get("relevance", ""), "显示条件"),
        }

    def _route(self, name: str, written: str, what: str) -> Condition | None:
        if written.strip() in _SIMPLE:
            return None
        try:
            return condition_of(written, self._resolve)
        except UnsayableError as fault:
            self.building.left(name, f"{what} {cleaned(written)[:200]}（{fault}）。")
            return None

    def _resolve(self, written: str) -> Target:
        bare = re.sub(r"\.(?:NAOK|value|code|shown)$", "", written.strip())
        bare = bare.removeprefix("self.").removeprefix("that.")
        if bare in self.targets:
            return self.targets[bare]
        raise UnsayableError(f"前面没有题目 {bare}")

    def _single(self, name: str, question: Question, common: dict[str, object]) -> None:
        choices = choices_from(self.building, name, answers_of(question, self.language, 0))
        if question.type in _SCALES and len(choices) > 1:
            scale = Scale.model_validate({"type": "scale", **common, "choices": choices})
            self.building.add(scale)
        else:
            order = order_of(question, "random_order") or order_of(question, "answer_order")
            block = choice_block(self.building, common | {"order": order}, choices, many=False)
            self.building.add(block)
        self.targets[question.code] = target_of(name, choices, many=False)
        if question.type == "O":
            self._beside(name, question)

    def _beside(self, name: str, question: Question) -> None:
        beside = self.names.new(f"{name}_comment")
        text = Text(zh=f"{worded(question.texts, name).zh}（备注）")
        self.building.add(OpenEnded(type="open_ended", name=beside, text=text))
        self.building.mended(beside, "原为选项旁的备注栏，改作一道开放题。")

    def _multiple(
        self, name: str, question: Question, common: dict[str, object], rows: Sequence[Sub]
    ) -> None:
        excluding = set(re.split(r"[;,\s]+", question.settings.get("exclude_all_others", "")))
        offered = [
            Offered(row.code, worded(row.texts, row.code), exclusive=row.code in excluding)
            for row in rows
        ]
        if question.settings.get("other") == "Y":
            offered.append(Offered("other", other_of(question, self.language), specify=True))
        choices = choices_from(self.building, name, offered, least=0)
        limits = {
            "min_choices": whole(question.settings.get("min_answers")) or 0,
            "max_choices": whole(question.settings.get("max_answers")),
            "order": order_of(question, "random_order"),
        }
        block = choice_block(self.building, common | limits, choices, many=True)
        self.building.add(block)
        if isinstance(block, MultipleChoice):
            self.targets[question.code] = target_of(name, choices, many=True)
            for choice in block.choices:
                ticked = Target(name, "tick", {"Y": choice.code})
                self.targets[f"{question.code}_{choice.exported_as}"] = ticked
        if question.type == "P":
            self.building.left(name, "每个选项旁的备注栏。")
        for row in rows:
            if row.relevance.strip() not in _SIMPLE:
                self.building.left(name, f"选项 {row.code} 的显示条件 {row.relevance[:200]}。")

    def _matrix(
        self, name: str, question: Question, common: dict[str, object],
        offered: Sequence[Offered], rows: Sequence[Sub], suffix: str = "",
    ) -> None:  # fmt: skip
        choices = choices_from(self.building, name, offered)
        if len(choices) < 2 or not rows:
            self.building.left(name, "矩阵题没有行，或没有两个以上的选项，整题没有带过来。")
            return
        kind = "scale" if question.type in "AB" else "single_choice"
        if question.type in "FH" and is_scale(choices):
            kind = "scale"
            self.building.mended(name, guess_said(choices))
        items = []
        for row in rows:
            item = self.names.new(f"{question.code}_{row.code}{suffix}")
            column = column_of(item, f"{question.code}[{row.code}]{suffix and f'[{suffix[-1]}]'}")
            shown_if = self._route(name, row.relevance, f"行 {row.code} 的显示条件")
            items.append(
                Item(name=item, text=worded(row.texts, row.code), column=column, show_if=shown_if)
            )
            self.targets[f"{question.code}_{row.code}{suffix}"] = target_of(
                item, choices, many=False
            )
        made = {key: value for key, value in common.items() if key != "column"}
        order = {"item_order": order_of(question, "random_order"), "items": tuple(items)}
        block = {"type": "matrix", **made, **order, "cells": kind, "choices": choices}
        self.building.add(Matrix.model_validate(block))

    def _dual(
        self, name: str, question: Question, common: dict[str, object], rows: Sequence[Sub]
    ) -> None:
        second = self.names.new(f"{name}_second")
        for place, axis in ((name, 0), (second, 1)):
            answers = answers_of(question, self.language, axis)
            suffix = f"_{axis}"
            self._matrix(place, question, common | {"name": place}, answers, rows, suffix)
        self.building.mended(name, "双量表矩阵题，拆成两道矩阵题。")

    def _crossed(
        self, name: str, question: Question, common: dict[str, object], rows: Sequence[Sub]
    ) -> None:
        columns = [sub for sub in question.subs if sub.axis == 1]
        cells = [
            (row, f"{row.code}_{column.code}", column.texts) for row in rows for column in columns
        ]
        self.building.mended(name, f"表格题，拆成 {len(cells)} 道小题。")
        self._several(name, question, common, cells)

    def _several(
        self, name: str, question: Question, common: dict[str, object],
        fields: Sequence[tuple[Sub, str, Mapping[str, str]]],
    ) -> None:  # fmt: skip
        """Add one number or open question for each field that is filled in."""
        if not fields:
            self.building.left(name, "没有填空的项目，整题没有带过来。")
        for sub, code, beside in fields:
            own = self.names.new(f"{question.code}_{code}")
            text = stemmed(question.texts, sub.texts, beside, code)
            column = column_of(own, f"{question.code}[{code}]")
            shared = common | {"name": own, "text": text, "column": column}
            if question.type in "K:":
                self.building.add(number_block(shared, question))
                self.targets[f"{question.code}_{code}"] = Target(own, "number")
            else:
                self.building.add(OpenEnded.model_validate({"type": "open_ended", **shared}))

    def _ranking(self, name: str, question: Question, common: dict[str, object]) -> None:
        offered = answers_of(question, self.language, 0) or [
            Offered(sub.code, worded(sub.texts, sub.code)) for sub in question.subs
        ]
        choices = choices_from(self.building, name, offered)
        if len(choices) < 2:
            self.building.add(choice_block(self.building, common, choices, many=False))
            return
        places = whole(question.settings.get("max_answers")) or None
        made = {"type": "ranking", **common, "choices": choices, "places": places}
        self.building.add(Ranking.model_validate(made))
        self.targets[question.code] = Target(name, "rank")

    def number(self, name: str, question: Question, common: dict[str, object]) -> None:
        self.building.add(number_block(common, question))
        self.targets[question.code] = Target(name, "number")

    def _words(self, name: str, question: Question, common: dict[str, object]) -> None:
        if question.settings.get("numbers_only") == "1":
            self.number(name, question, common)
            return
        longest = whole(question.settings.get("maximum_chars")) or _LENGTHS[question.type]
        made = {"type": "open_ended", **common, "max_length": longest}
        self.building.add(OpenEnded.model_validate(made))
        self.targets[question.code] = Target(name, "words")

    def _note(self, name: str, common: dict[str, object]) -> None:
        made = {key: value for key, value in common.items() if key not in ("column", "required")}
        self.building.add(Note.model_validate({"type": "note", **made}))

    def _calculated(self, name: str, question: Question, common: dict[str, object]) -> None:
        written = question.settings.get("equation") or next(iter(question.texts.values()), "")
        bare = written.strip().removeprefix("{").removesuffix("}")
        try:
            value = term_of(bare, self._resolve)
        except UnsayableError as fault:
            self.building.left("", f"{question.code}：公式 {cleaned(written)[:200]}（{fault}）。")
            return
        made = {key: given for key, given in common.items() if key != "required"}
        made["text"] = Text(zh=f"计算值 {question.code}")
        block = {"type": "calculated", **made, "value": value, "decimals": 2}
        self.building.add(Calculated.model_validate(block))
        self.targets[question.code] = Target(name, "number")


def _first_language(structure: Structure) -> str:
    return next((one for question in structure.questions for one in question.texts if one), "")
