"""Import a SurveyJS survey (JSON): pages, panels, questions, their conditions and languages.

Source: SurveyJS 2.5 "Survey JSON schema". The JSON of our own web form is read as well: its panels
of rows become matrices again, its entries rosters.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ResponseError
from pipeline.i18n import Text
from pipeline.importers.building import Building
from pipeline.importers.conditions import Target, condition_of, term_of
from pipeline.importers.imported import Imported
from pipeline.importers.offered import Names
from pipeline.importers.raw_expressions import UnsayableError
from pipeline.importers.surveyjs_parts import Element, elements_of, listed, local, mapping
from pipeline.importers.surveyjs_questions import Maker, Ours
from pipeline.intake.definitions.contents import text_of
from pipeline.questionnaire.blocks import Block
from pipeline.questionnaire.expressions import Condition, all_of
from pipeline.questionnaire.questions import Calculated

DEEPEST = 12
_TOLD = {
    "enableIf": "可填条件（enableIf）", "requiredIf": "必答条件（requiredIf）",
    "choicesVisibleIf": "选项的显示条件", "rowsVisibleIf": "行的显示条件",
    "choicesEnableIf": "选项的可选条件", "setValueIf": "自动填值",
    "setValueExpression": "自动填值",
    "defaultValue": "默认值", "defaultValueExpression": "默认值",
    "choicesFromQuestion": "由别的题带来的选项",
}  # fmt: skip
_OF_SURVEY = {
    "triggers": "触发器（triggers）", "timeLimit": "限时", "quizMode": "测验设置",
    "navigateToUrlOnCondition": "按条件跳转的网址", "completedHtmlOnCondition": "按条件的结束语",
}  # fmt: skip


def is_surveyjs(text: str) -> bool:
    """Tell whether a text begins like a SurveyJS survey."""
    return text.lstrip("\ufeff \r\n\t").startswith("{") and (
        '"pages"' in text or '"elements"' in text or '"questions"' in text
    )


def read(path: Path, survey: str) -> Imported:
    """Import a survey.

    Raises
    ------
    ResponseError, QuestionnaireError
        It is no JSON, no survey, or holds no question.
    """
    try:
        held = json.loads(text_of(path))
    except (ValueError, RecursionError) as fault:
        raise ResponseError(
            f"{path}: 不是完整的 JSON（{str(fault)[:200]}）。请重新导出。"
            "(not a complete JSON; export it again)"
        ) from None
    if not isinstance(held, dict) or not (held.get("pages") or elements_of(held)):
        raise ResponseError(
            f"{path}: 没有 pages 或 elements，不是 SurveyJS 的问卷。请核对文件。(not SurveyJS)"
        )
    return _Reader(path, survey, held).imported()


class _Reader:
    """Goes through the pages in order; knows by then what earlier names lead to."""

    def __init__(self, path: Path, survey: str, held: Mapping[str, Any]) -> None:
        self.held = held
        self.language = str(held.get("locale") or "")
        self.building = Building(path, survey)
        self.targets: dict[str, Target] = {}
        self.maker = Maker(self.building, Names(), self.targets, self.language)
        self.waiting = [mapping(one) for one in listed(held.get("calculatedValues"))]

    def imported(self) -> Imported:
        title = local(self.held.get("title"), self.language)
        if title.zh:
            self.building.title = title
        said = local(self.held.get("description"), self.language)
        if said.zh:
            self.building.introduction = said
        pages = [mapping(one) for one in listed(self.held.get("pages"))] or [dict(self.held)]
        for number, page in enumerate(pages, start=1):
            heading = local(page.get("title"), self.language)
            if not heading.zh:
                heading = Text(zh=f"第 {number} 页", en=f"Page {number}")
            where = f"第 {number} 页"
            shown_if = self._route("", page, where) if "pages" in self.held else None
            self.building.page(heading, shown_if)
            self._elements(elements_of(page), heading, shown_if, 0)
        self._work_out(force=True)
        for key, what in _OF_SURVEY.items():
            if self.held.get(key):
                self.building.left("", f"{what}。")
        return self.building.finished()

    def _elements(
        self, elements: Sequence[Element], heading: Text, shown_if: Condition | None, depth: int
    ) -> None:
        if depth > DEEPEST:
            self.building.left("", f"面板套得超过 {DEEPEST} 层，里面的题没有带过来。")
            return
        for element in elements:
            if element.kind == "panel" and element.ours not in Ours.BLOCKS:
                title = local(element.held.get("title"), self.language)
                inner = all_of(shown_if, self._route("", element.held, f"面板 {element.name}"))
                title = title if title.zh else heading
                self.building.page(title, inner)
                self._elements(elements_of(element.held), title, inner, depth + 1)
                self.building.page(heading, shown_if)
            else:
                self._element(element)
            self._work_out(force=False)

    def _element(self, element: Element) -> None:
        if element.ours == "words" and self.maker.specified(element):
            return
        blocks = self.maker.blocks(element, self._resolve)
        route = self._route(blocks[0].name, element.held, "显示条件") if blocks else None
        for block in blocks:
            routed: Block = block.model_copy(update={"show_if": all_of(block.show_if, route)})
            self.building.add(routed)
        for key, what in _TOLD.items():
            if (
                element.held.get(key) not in (None, "", [])
                and blocks
                and not element.ours_sets(key)
            ):
                self.building.left(blocks[0].name, f"{what}。")

    def _route(self, name: str, held: Mapping[str, Any], what: str) -> Condition | None:
        written = held.get("visibleIf")
        if held.get("visible") is False and not written:
            self.building.left(name, f"{what}：原来是隐藏的，这里会显示。")
        if not isinstance(written, str) or not written.strip():
            return None
        try:
            return condition_of(written, self._resolve)
        except UnsayableError as fault:
            self.building.left(name, f"{what} {written[:200]}（{fault}）。")
            return None

    def _resolve(self, name: str) -> Target:
        if name in self.targets:
            return self.targets[name]
        if name.endswith(".length") and (found := self.targets.get(name[:-7])):
            if found.kind == "many":
                return Target(found.question, "count")
        raise UnsayableError(f"前面没有题目 {name}")

    def _work_out(self, *, force: bool) -> None:
        """Add the values that are worked out, as soon as all they read has been asked."""
        for one in list(self.waiting):
            name, written = str(one.get("name") or ""), str(one.get("expression") or "")
            try:
                value = term_of(written, self._resolve)
            except UnsayableError as fault:
                if force:
                    self.building.left("", f"计算值 {name}：{written[:200]}（{fault}）。")
                continue
            self.waiting.remove(one)
            own = self.maker.names.new(name)
            text = Text(zh=f"计算值 {name}")
            made = Calculated(type="calculated", name=own, text=text, value=value, decimals=2)
            self.building.add(made)
            self.targets[name] = Target(own, "number")
