"""The skips of a written questionnaire as conditions of the questions that are skipped.

"选 B 的跳至第 5 题" in question 3 hides question 4 from those who chose B; "第 3 题选 A 的回答"
shows a question to those who chose A. What leads backwards or to nowhere is told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.i18n import Text
from pipeline.importers.building import Building
from pipeline.importers.simplified import any_part
from pipeline.importers.written_notes import Skip
from pipeline.importers.written_questions import Written
from pipeline.questionnaire.expressions import Compare, Condition, Not, Selected, all_of, compared
from pipeline.questionnaire.model import ScreenOut

ENDED = Text(zh="问卷到此结束，感谢您的参与。", en="The questionnaire ends here. Thank you.")


def route(building: Building, written: Sequence[Written]) -> None:
    """Set the conditions of the blocks; tell what could not be read."""
    _Router(building, written).run()


@dataclass(slots=True)
class _Router:
    building: Building
    written: Sequence[Written]
    conditions: dict[str, list[Condition]] = field(default_factory=dict)

    def run(self) -> None:
        for at, one in enumerate(self.written):
            self._skips(at, one)
            self._shown(at, one)
            for unread in one.notes.unread:
                self.building.left(one.names[0], f"说明“{unread}”没有读懂。")
        for page in self.building.pages:
            page.blocks = [
                block.model_copy(
                    update={
                        "show_if": all_of(block.show_if, *_needed(self.conditions[block.name]))
                    }
                )
                if block.name in self.conditions
                else block
                for block in page.blocks
            ]

    def _skips(self, at: int, one: Written) -> None:
        by_goal: dict[str, list[int]] = {}
        for code, goal in one.goals.items():
            by_goal.setdefault(goal, []).append(code)
        for goal, codes in by_goal.items():
            self._skip(at, _chosen(one, codes), goal)
        said: Condition | None = None
        for skip in one.notes.skips:
            if skip.otherwise and said is not None:
                self._skip(at, Not(said), skip.goal)
                continue
            codes = _codes(skip.what, one.marks)
            if not codes:
                self._unread(one, skip)
                continue
            said = _chosen(one, codes)
            self._skip(at, said, skip.goal)

    def _unread(self, one: Written, skip: Skip) -> None:
        goal = f"跳至第 {skip.goal} 题" if skip.goal else "结束"
        self.building.left(one.names[0], f"“选 {skip.what or '其他'} {goal}”：没有这样的选项。")

    def _skip(self, at: int, chosen: Condition, goal: str) -> None:
        one = self.written[at]
        if not goal:
            name = f"end_{one.names[0]}"
            made = ScreenOut(name=name, when=chosen, message=ENDED)
            if all(other.name != name for other in self.building.screen_outs):
                self.building.screen_outs.append(made)
                self.building.mended(
                    one.names[0], "选了写明“结束”的选项，问卷到此结束（screen_outs）。"
                )
            return
        goals = [place for place, other in enumerate(self.written) if _same(other.number, goal)]
        if len(goals) != 1 or goals[0] <= at:
            self.building.left(one.names[0], f"跳至第 {goal} 题：后面没有唯一的第 {goal} 题。")
            return
        for other in self.written[at + 1 : goals[0]]:
            for name in other.names:
                if Not(chosen) not in self.conditions.setdefault(name, []):
                    self.conditions[name].append(Not(chosen))

    def _shown(self, at: int, one: Written) -> None:
        for number, what in one.notes.when:
            before = self.written[:at]
            found = [other for other in before if _same(other.number, number)] if number else []
            source = (
                found[0] if len(found) == 1 else (before[-1] if before and not number else None)
            )
            codes = _codes(what, source.marks) if source else []
            if source is None or not codes:
                self.building.left(
                    one.names[0], f"“第 {number or '上一'} 题选 {what} 的回答”没有读懂。"
                )
                continue
            for name in one.names:
                self.conditions.setdefault(name, []).append(_chosen(source, codes))


def _needed(conditions: Sequence[Condition]) -> list[Condition]:
    """Return conditions without those that follow from another: who chose 1 did not choose 2."""
    fixed = {one.left for one in conditions if isinstance(one, Compare) and one.operator == "="}
    return [
        one
        for one in dict.fromkeys(conditions)
        if not (
            isinstance(one, Not)
            and isinstance(one.part, Compare)
            and one.part.left in fixed
            and one.part.operator == "="
        )
    ]


def _same(number: str, goal: str) -> bool:
    return number == goal or (number.isdecimal() and goal.isdecimal() and int(number) == int(goal))


def _chosen(one: Written, codes: Sequence[int]) -> Condition:
    name = one.names[0]
    return any_part(
        tuple(Selected(name, code) if one.many else compared(name, "=", code) for code in codes)
    )


def _codes(what: str, marks: Mapping[str, int]) -> list[int]:
    """Return the codes of the choices that a skip names; none where one is not known."""
    whole = _bare(what)
    if whole in marks:
        return [marks[whole]]
    words = [_bare(one) for one in re.split(r"[、,，/或和及与\s]+", what) if _bare(one)]
    if len(words) == 1 and re.fullmatch(r"[A-Z]{2,}", words[0]):
        words = list(words[0])
    if not words or any(word not in marks for word in words):
        return []
    return list(dict.fromkeys(marks[word] for word in words))


def _bare(word: str) -> str:
    return re.sub(r"^选?项?|(?:选?项|的|者)$", "", word.strip(" “”\"'‘’「」『』.、")).strip()
