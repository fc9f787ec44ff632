"""The rows of an XLSForm's sheet survey: sections as groups, and who is asked what in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.forms.xlsform_cells import OWN, Cells, Row, merged, own
from pipeline.forms.xlsform_limits import Limit, limits, of_choices
from pipeline.forms.xlsform_names import header
from pipeline.forms.xlsform_questions import question_cells
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import (
    Agreement,
    Block,
    Item,
    Matrix,
    Note,
    Roster,
    questions_of_block,
    words_name,
)
from pipeline.questionnaire.expressions import (
    Condition,
    Not,
    Selected,
    all_of,
    compared,
    questions_of,
)
from pipeline.questionnaire.model import Questionnaire, ScreenOut, Section
from pipeline.questionnaire.questions import (
    Asked,
    Choice,
    ChoiceQuestion,
    MultipleChoice,
    Question,
    Ranking,
)

SPECIFY = Text(zh="请说明", en="Please specify")
AGREED, DECLINED = 1, 2


@dataclass
class Rows:
    """Makes the rows of one questionnaire.

    Attributes
    ----------
    gates : what must hold for anything further to be asked: consent given, not screened out
    pending : screen-outs of which not every question was asked yet
    """

    questionnaire: Questionnaire
    cells: Cells
    gates: list[Condition] = field(default_factory=list)
    pending: list[ScreenOut] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def survey(self) -> Iterator[Row]:
        """Yield the rows of the sheet survey in order."""
        yield {"type": "start", "name": "start"}
        yield {"type": "end", "name": "end"}
        self.pending += self.questionnaire.screen_outs
        yield from self._beginning()
        for number, section in enumerate(self.questionnaire.sections, start=1):
            yield from self._section(number, section)

    def _beginning(self) -> Iterator[Row]:
        """Yield the introduction and what the respondent is told of the use of the answers."""
        words, languages = self.questionnaire.introduction, self.questionnaire.languages
        if words.zh and set(words.languages) & set(languages):
            said = self.cells.texts("label", words)
            yield {"type": "note", "name": "introduction", **said, **own(type="introduction")}
        if told := self.questionnaire.consent:
            parts = (told.who, told.use, told.not_recorded, told.kept_until, told.withdrawal)
            terms = {one: "\n".join(" ".join(p(one).split()) for p in parts) for one in languages}
            yield {
                "type": "note",
                "name": "privacy",
                **self.cells.texts("label", Text(**terms)),
                **own(type="privacy"),
            }

    def _section(self, number: int, section: Section) -> Iterator[Row]:
        route = all_of(*self.gates, section.show_if)
        yield {
            "type": "begin_group",
            "name": f"section_{number}",
            **self.cells.texts("label", section.title),
            **self._relevant(route),
        }
        known = len(self.gates)
        for block in section.questions:
            gate = all_of(*self.gates[known:], block.show_if)
            yield from self._block(block, gate)
            self.asked |= {question.name for question in questions_of_block(block)}
            if isinstance(block, Agreement):
                self.gates.append(compared(block.name, "=", AGREED))
            yield from self._ended(known)
        yield {"type": "end_group", "name": ""}

    def _ended(self, known: int) -> Iterator[Row]:
        """Yield the farewells of those whom the answers so far screen out."""
        for ended in [one for one in self.pending if set(questions_of(one.when)) <= self.asked]:
            self.pending.remove(ended)
            yield {
                "type": "note",
                "name": self.cells.names.rows[f"screen_out/{ended.name}"],
                **self.cells.texts("label", ended.message),
                **self._relevant(all_of(*self.gates[known:], ended.when)),
                **own(type="screen_out", name=ended.name),
            }
            self.gates.append(Not(ended.when))

    def _block(self, block: Block, route: Condition | None) -> Iterator[Row]:
        match block:
            case Note():
                yield {"type": "note", **self._common(block, route)}
            case Agreement():
                yield self._agreement(block, route)
            case Matrix():
                yield from self._matrix(block, route)
            case Roster():
                yield from self._roster(block, route)
            case _:
                yield from self._question(block, route, None)

    def _common(self, block: Asked, route: Condition | None, roster: Roster | None = None) -> Row:
        """Return the cells that everything asked has."""
        row = self.cells.names.rows[f"{roster.name}/{block.name}" if roster else block.name]
        picture = Text(zh=block.image.rpartition("/")[2])
        named = self._named(row, block.name, getattr(block, "exported_as", block.name))
        return {
            "name": row,
            **self.cells.texts("label", block.text),
            **self.cells.texts("hint", block.hint),
            **self.cells.texts("guidance_hint", block.interviewer),
            **self.cells.texts("media::image", picture),
            **self._relevant(route, roster),
            **named,
        }

    def _named(self, row: str, name: str, column: str) -> Row:
        """Return the names of a question that its row does not bear."""
        kept = "" if column == row else column if column != name else "-"
        return own(name=name if row != name else "", column=kept)

    def _relevant(self, route: Condition | None, roster: Roster | None = None) -> Row:
        return {} if route is None else {"relevant": self.cells.condition(route, roster)}

    def _agreement(self, block: Agreement, route: Condition | None) -> Row:
        choices = (
            Choice(code=AGREED, text=block.agree),
            Choice(code=DECLINED, text=block.decline),
        )
        listed = self.cells.listed(block.name, choices)
        common = self._common(block, route)
        return merged(
            {"type": f"select_one {listed}", "required": "yes"}, common, own(type="consent")
        )

    def _question(
        self, question: Question, route: Condition | None, roster: Roster | None
    ) -> Iterator[Row]:
        common = self._common(question, route, roster)
        yield merged(
            common,
            question_cells(question, self.cells, roster),
            self._limited(self._limits(question, common["name"], roster)),
        )
        if isinstance(question, ChoiceQuestion):
            for choice in question.choices:
                if choice.specify and not (isinstance(question, Ranking) and choice.missing):
                    yield self._words(question, choice, roster)

    def _words(self, question: ChoiceQuestion, choice: Choice, roster: Roster | None) -> Row:
        several = isinstance(question, MultipleChoice | Ranking)
        chosen: Condition = (
            Selected(question.name, choice.code)
            if several
            else compared(question.name, "=", choice.code)
        )
        relevant = self._relevant(chosen, roster)
        if isinstance(question, Ranking) and question.depth < len(question.substantive):
            relevant = {"relevant": _among_first(relevant["relevant"], question.depth)}
        name = words_name(question.name, choice.code)
        place = f"{roster.name}/{name}" if roster else name
        return {
            "type": "text",
            "name": self.cells.names.rows[place],
            **{
                f"label::{header(one)}": f"{choice.text(one)}: {SPECIFY(one)}"
                if one != "zh"
                else f"{choice.text.zh}：{SPECIFY.zh}"
                for one in self.questionnaire.languages
            },
            **relevant,
            **own(type="specify"),
        }

    def _limits(self, question: Question, row: str, roster: Roster | None) -> Sequence[Limit]:
        def compiled(condition: Condition) -> str:
            return self.cells.condition(condition, roster, row)

        return tuple(limits(question, compiled))

    def _limited(self, demanded: Sequence[Limit]) -> Row:
        if not demanded:
            return {}
        checks = sum(limit.authored for limit in demanded)
        return {
            "constraint": " and ".join(limit.xpath for limit in demanded),
            **self.cells.messages([limit.message for limit in demanded]),
            **own(checks=str(checks or "")),
        }

    def _matrix(self, block: Matrix, route: Condition | None) -> Iterator[Row]:
        kind = "select_multiple" if block.cells == "multiple_choice" else "select_one"
        listed = self.cells.listed(block.name, block.offered)
        said = own(
            type="matrix",
            cells=block.cells if block.cells == "scale" else "",
            battery=block.battery,
            soft="yes" if block.required == "soft" else "",
            items=block.item_order,
        )
        # A table whose head and rows were shuffled apart would mislead.
        look = "field-list" if block.order else "table-list"
        yield merged({"type": "begin_group", "appearance": look}, self._common(block, route), said)
        for item in block.items:
            yield merged({"type": f"{kind} {listed}"}, self._item(block, item))
        yield {"type": "end_group", "name": ""}

    def _item(self, block: Matrix, item: Item) -> Row:
        name = self.cells.names.rows[item.name]
        demanded = (
            tuple(of_choices(block.offered, block.min_choices, block.max_choices))
            if block.cells == "multiple_choice"
            else ()
        )
        return {
            "name": name,
            **self.cells.texts("label", item.text),
            **({"required": "yes"} if block.required is True else {}),
            **({"parameters": "randomize=true"} if block.order else {}),
            **self._relevant(item.show_if),
            **self._limited(demanded),
            **merged(
                self._named(name, item.name, item.column or item.name),
                own(
                    reverse="yes" if item.reverse else "",
                    sensitive="yes" if item.sensitive else "",
                ),
            ),
        }

    def _roster(self, block: Roster, route: Condition | None) -> Iterator[Row]:
        common = dict(self._common(block, route))
        row = common["name"]
        fixed = block.minimum == block.maximum
        count = self.cells.names.rows[block.count]
        common.pop(OWN, "")
        yield merged(
            common,
            {"type": "note", "name": f"{row}_about"}
            if fixed
            else {
                "type": "integer",
                "name": count,
                "constraint": f". >= {block.minimum} and . <= {block.maximum}",
            },
            {OWN: "type=roster"},
        )
        yield {
            "type": "begin_repeat",
            "name": row,
            **self.cells.texts("label", block.entry),
            "repeat_count": str(block.maximum) if fixed else f"${{{count}}}",
            **({"relevant": common["relevant"]} if "relevant" in common else {}),
            **own(name=block.name if block.name != row else ""),
        }
        for question in block.questions:
            yield from self._question(question, question.show_if, block)
        yield {"type": "end_repeat", "name": ""}


def _among_first(selected: str, places: int) -> str:
    """Return the XPath that a word is in the first places of a ranking, of that it is selected.

    The widget has all choices put in order; which of them count only their places tell.
    """
    found = re.fullmatch(r"selected\((.+), ('[^']*')\)", selected)
    assert found is not None, selected
    return " or ".join(f"selected-at({found[1]}, {at}) = {found[2]}" for at in range(places))
