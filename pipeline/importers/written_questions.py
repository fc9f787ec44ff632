"""A written question as a block: which type it is, its choices and their codes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.i18n import Text
from pipeline.importers.building import Building, choice_block, cleaned
from pipeline.importers.degrees import direction_of
from pipeline.importers.offered import Names, Offered, choices_from, excluding
from pipeline.importers.written_lines import Asked, Said, Table
from pipeline.importers.written_notes import Notes, goal_of, taken, without_skips
from pipeline.importers.written_options import BLANK, split, with_words
from pipeline.importers.written_tables import Grid, fields_of, grid_of
from pipeline.questionnaire.blocks import Item, Matrix, Note
from pipeline.questionnaire.questions import (
    Choice,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Ranking,
    Scale,
)

_UNITS = (
    "周岁|岁|万元|千元|百元|亿元|元|口人|人次|人|个月|月|年|天|日|小时|分钟|公里|千米|米|平方米|平方公里"
    "|亩|公顷|公斤|千克|吨|户|名|位|个|家|件|次|间|套|辆|台|头|只|条|项|分|%|％|斤|里"
)
_AMOUNT = re.compile(rf"[_＿]{{2,}}\s*[(（]?\s*({_UNITS})(?![\u4e00-\u9fff]*[_＿]{{2,}}月)")
_DAY = re.compile(r"[_＿]{2,}\s*年\s*[_＿]{2,}\s*月\s*[_＿]{2,}\s*日")
_UNIT_AT_END = re.compile(rf"[(（]\s*(?:单位[:：])?\s*({_UNITS})\s*[)）]\s*[:：]?\s*$")
_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a written question, for those that route by it.

    Attributes
    ----------
    names : of its blocks
    marks : mark (A, 1) or wording of a choice -> code
    goals : code of a choice -> number of the question that it leads to, "" the end
    """

    number: str
    names: tuple[str, ...]
    notes: Notes
    many: bool = False
    marks: Mapping[str, int] = field(default_factory=dict)
    goals: Mapping[int, str] = field(default_factory=dict)


class Writer:
    """Adds the blocks of written questions in order."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self.names = Names()
        self.written: list[Written] = []
        self.unsaid: list[str] = []

    def add(self, one: Asked | Said | Table) -> None:
        """Add the blocks of a question, a text or a table."""
        match one:
            case Said(text=text):
                name = self.names.new(f"note{self.names.given + 1}")
                self.building.add(Note(type="note", name=name, text=Text(zh=cleaned(text))))
            case Table():
                self._table(Asked("", ""), one)
            case Asked():
                self._question(one)

    def _question(self, asked: Asked) -> None:
        if asked.tables:
            read = [self._table(asked, table) for table in asked.tables]
            if not any(read):
                self._open(asked, 0)
            return
        if len(asked.header) > 1 and asked.rows:
            count = len(asked.header)
            grid = Grid(tuple(asked.header), (None,) * count, tuple(asked.rows))
            self._matrix(asked, grid)
        elif asked.options:
            self._choice(asked)
        else:
            self._filled_in(asked)
        if asked.rows and not asked.header:
            shown = "、".join(asked.rows[:5])
            self.building.left(self.written[-1].names[0], f"矩阵的行没有表头，没有读出：{shown}。")

    def _common(self, asked: Asked, wanted: str = "") -> dict[str, object]:
        name = self.names.new(wanted or _name_of(asked.number))
        stem = without_skips(BLANK.sub("____", cleaned(asked.stem)).strip(), asked.notes)
        if asked.options or asked.tables or asked.rows:
            stem = re.sub(r"\s*[(（]\s*(?:____)?\s*[)）]|_{2,}", "", stem).strip()
        if not asked.options:
            stem = re.sub(r"[\s:：]*_{2,}\s*[。.]?$", "", stem)
        text = stem.rstrip("：: ") or f"第 {asked.number} 题"
        return {"name": name, "text": Text(zh=text), "required": asked.notes.required}

    def _choice(self, asked: Asked) -> None:
        notes, common = asked.notes, self._common(asked)
        name = str(common["name"])
        self._tell(name, asked)
        labels = [_bare(label, notes) for _, label in asked.options]
        many = notes.many and notes.kind != "ranking"
        offered = [
            _offered(str(at), label, many=many) for at, (label, _) in enumerate(labels, start=1)
        ]
        choices = choices_from(self.building, name, offered, least=0)
        direction = direction_of(choices)
        if notes.kind == "ranking" and len(choices) > 1:
            made = {"type": "ranking", **common, "choices": choices, "places": notes.most}
            self.building.add(Ranking.model_validate(made))
        elif many or len(choices) < 2:
            limits = {"min_choices": notes.least, "max_choices": notes.most} if many else {}
            self.building.add(choice_block(self.building, common | limits, choices, many=many))
        elif direction is not None and notes.kind in ("", "single", "scale"):
            choices = self._rising(name, choices, rising=direction)
            made = {"type": "scale", **common, "choices": choices}
            self.building.add(Scale.model_validate(made))
        else:
            if not notes.kind:
                self.unsaid.append(asked.number)
            self.building.add(choice_block(self.building, common, choices, many=False))
        kept = isinstance(self.building.pages[-1].blocks[-1], MultipleChoice)
        goals = {
            choice.code: goal
            for choice, (_, goal) in zip(choices, labels, strict=False)
            if goal is not None
        }
        self.written.append(
            Written(asked.number, (name,), notes, kept, _marks(asked, choices), goals)
        )

    def _rising(
        self, name: str, choices: tuple[Choice, ...], *, rising: bool
    ) -> tuple[Choice, ...]:
        """Return the choices in their order, with codes that rise with the wording."""
        self.building.mended(name, "猜测：选项有程度顺序，当作量表，编码随程度由低到高。")
        points = [choice for choice in choices if choice.missing is None]
        codes = list(range(1, len(points) + 1))
        coded = dict(zip([c.code for c in points], codes if rising else codes[::-1], strict=True))
        behind = len(points) + 1
        made = []
        for choice in choices:
            if choice.missing is None:
                made.append(choice.model_copy(update={"code": coded[choice.code]}))
            else:
                made.append(choice.model_copy(update={"code": behind}))
                behind += 1
        return tuple(made)

    def _filled_in(self, asked: Asked) -> None:
        """Add a question that is answered in a blank: a number, a day, or words."""
        stem = cleaned(asked.stem)
        amounts = list(_AMOUNT.finditer(stem))
        blanks = BLANK.findall(stem)
        if _DAY.search(stem):
            common = self._common(asked)
            text = Text(zh=_DAY.sub("", stem).strip("：: ") or stem)
            self.building.add(Moment.model_validate({"type": "date", **common, "text": text}))
            self._note(asked, common)
        elif len(amounts) > 1 and len(amounts) == len(blanks):
            self._amounts(asked, stem, amounts)
        elif amounts and len(blanks) == 1:
            common = self._common(asked)
            self._number(asked, common, stem, amounts[0])
        elif (unit := _UNIT_AT_END.search(stem)) and asked.notes.kind in ("", "blank"):
            common = self._common(asked)
            text = Text(zh=stem[: unit.start()].strip("：: ") or stem)
            made = {"unit": Text(zh=unit[1]), "text": text, "decimals": _decimals(unit[1])}
            self.building.add(Number.model_validate({"type": "number", **common, **made}))
            self.building.mended(str(common["name"]), f"猜测：单位是“{unit[1]}”，当作数字题。")
            self._note(asked, common)
        else:
            self._open(asked, len(blanks))

    def _open(self, asked: Asked, blanks: int) -> None:
        common = self._common(asked)
        name = str(common["name"])
        if blanks > 1:
            self.building.mended(name, f"有 {blanks} 个空，先作一道开放题。")
        elif asked.notes.kind in ("single", "scale", "ranking", "matrix") or asked.notes.many:
            self.building.left(name, "注明是选择题，却没有读出选项，先作开放题。")
        longest = {"max_length": _LONG} if asked.notes.kind == "open" or not blanks else {}
        self.building.add(OpenEnded.model_validate({"type": "open_ended", **common, **longest}))
        self._note(asked, common)

    def _number(
        self, asked: Asked, common: dict[str, object], stem: str, amount: re.Match[str]
    ) -> None:
        before, after = stem[: amount.start()].strip("：: "), stem[amount.end() :].strip("。.：: ")
        text = before if before and not after.strip("）) ") else BLANK.sub("____", stem)
        unit = amount[1].replace("％", "%")
        made = {"text": Text(zh=text or stem), "unit": Text(zh=unit), "decimals": _decimals(unit)}
        self.building.add(Number.model_validate({"type": "number", **common, **made}))
        self.building.mended(str(common["name"]), f"猜测：空格后是“{unit}”，当作数字题。")
        self._note(asked, common)

    def _amounts(self, asked: Asked, stem: str, amounts: Sequence[re.Match[str]]) -> None:
        """Add one number for each blank; its text is what stands before it."""
        names: list[str] = []
        head, colon, _ = stem[: amounts[0].start()].rpartition("：")
        begin = len(head) + len(colon)
        for at, amount in enumerate(amounts, start=1):
            label = stem[begin : amount.start()].strip("，,；;、：: 。")
            begin = amount.end()
            common = self._common(asked, f"{_name_of(asked.number)}_{at}")
            words = "：".join(filter(None, (head.strip(), label))) or f"第 {asked.number} 题"
            unit = {"unit": Text(zh=amount[1]), "decimals": _decimals(amount[1])}
            made = {"type": "number", **common, "text": Text(zh=words), **unit}
            self.building.add(Number.model_validate(made))
            names.append(str(common["name"]))
        self.building.mended(
            names[0], f"第 {asked.number} 题有 {len(names)} 个空，拆成 {len(names)} 道数字题。"
        )
        self.written.append(Written(asked.number, tuple(names), asked.notes))

    def _table(self, asked: Asked, table: Table) -> bool:
        """Add what a table asks; tell whether it could be read."""
        if grid := grid_of(table):
            self._matrix(asked, grid)
            return True
        fields = list(fields_of(table))
        if not fields:
            shown = (
                " | ".join(" ".join(cell.split()) for cell in table.rows[0]) if table.rows else ""
            )
            place = f"第 {asked.number} 题的" if asked.number else ""
            self.building.left("", f"{place}一个表格没有读出（第一行：{shown[:80]}）。")
            return False
        names: list[str] = []
        for label, answer in fields:
            inner = Asked(f"{asked.number}_{len(names) + 1}" if asked.number else "", "")
            text = taken(label, inner.notes)
            parted = split(taken(answer, inner.notes))
            if parted:
                inner.stem, inner.options, inner.style = text, list(parted.options), parted.style
            else:
                inner.stem = f"{text}：{answer}" if answer else f"{text}：____"
            self._question(inner)
            names += self.written[-1].names
        self.building.mended(names[0], f"表格里有 {len(fields)} 个栏目，各作一道题。")
        if asked.number:
            self.written.append(Written(asked.number, tuple(names), asked.notes))
        return True

    def _matrix(self, asked: Asked, grid: Grid) -> None:
        common = self._common(asked)
        name = str(common["name"])
        offered = [Offered(str(at), Text(zh=label)) for at, label in enumerate(grid.choices, 1)]
        choices = choices_from(self.building, name, offered, least=0)
        direction = direction_of(choices)
        points = [code for code in grid.codes if code is not None]
        kind = "multiple_choice" if asked.notes.many else "single_choice"
        if len(set(points)) == len(choices) and min(points) >= 0:
            coded = zip(choices, points, strict=True)
            choices = tuple(choice.model_copy(update={"code": code}) for choice, code in coded)
            kind = kind if asked.notes.many else "scale"
        elif direction is not None and not asked.notes.many:
            choices, kind = self._rising(name, choices, rising=direction), "scale"
        if not asked.stem:
            common["text"] = Text(zh="请在每一行选择")
        items = tuple(
            Item(name=self.names.new(f"{name}_{at}"), text=Text(zh=_row_text(row)))
            for at, row in enumerate(grid.rows, start=1)
        )
        made = {"type": "matrix", **common, "cells": kind, "choices": choices, "items": items}
        self.building.add(Matrix.model_validate(made))
        self.written.append(Written(asked.number, (name,), asked.notes))

    def _tell(self, name: str, asked: Asked) -> None:
        if asked.style == "unmarked":
            self.building.mended(name, "猜测：选项前没有标号，一行当作一个选项。")
        if asked.style == "words":
            self.building.mended(name, "猜测：一行里的几个词当作选项。")

    def _note(self, asked: Asked, common: Mapping[str, object]) -> None:
        self.written.append(Written(asked.number, (str(common["name"]),), asked.notes))


def _name_of(number: str) -> str:
    head, _, sub = number.partition("_")
    number = f"q{int(head):02}" if head.isdecimal() else ""
    return f"{number}_{sub}" if number and sub else number


def _row_text(row: str) -> str:
    return re.sub(r"^[(（]?\d{1,2}[)）.、．]\s*", "", cleaned(row)) or row


def _offered(value: str, label: str, *, many: bool) -> Offered:
    text, asks = with_words(cleaned(label))
    return Offered(value, Text(zh=text or value), many and excluding(text), asks)


def _bare(label: str, notes: Notes) -> tuple[str, str | None]:
    """Return a choice without instructions and skip, and the number that the skip leads to."""
    bare, goal = goal_of(label)
    return taken(bare, notes) or bare, goal


def _marks(asked: Asked, choices: Sequence[Choice]) -> dict[str, int]:
    """Return the letters, numbers and wordings by which a skip may name a choice."""
    made: dict[str, int] = {}
    for (place, _), choice in zip(asked.options, choices, strict=False):
        if 0 < place <= 26:
            made[chr(ord("A") + place - 1)] = choice.code
        made[str(place)] = choice.code
        made[choice.text.zh] = choice.code
    return made


def _decimals(unit: str) -> int:
    return (
        0 if re.fullmatch("周岁|岁|口人|人次|人|户|名|位|个|家|件|次|个月|天|年|月", unit) else 2
    )
