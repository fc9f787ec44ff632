"""What stands in a section besides plain questions, and the questions that each stands for.

Forms show blocks; the tables, estimates and findings know questions only. `questions_of_block`
leads from the one to the other: a row of a matrix becomes a scale or choice question, a roster the
questions of its first, second, ... entry, "other, please specify" an open question of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, model_validator

from pipeline.i18n import Text
from pipeline.questionnaire.expressions import (
    Condition,
    Selected,
    all_of,
    compared,
)
from pipeline.questionnaire.misfits import refuse
from pipeline.questionnaire.own_misfits import wrong_entries, wrong_rows
from pipeline.questionnaire.parts import Measure, Name, Part
from pipeline.questionnaire.questions import (
    Asked,
    Calculated,
    Check,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    OpenEnded,
    Order,
    Question,
    Ranking,
    Route,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.renaming import renamed, renamed_term

SPECIFY_LENGTH = 100
"""Characters that "other, please specify" takes."""


class Note(Asked):
    """A text between questions; it has no answer."""

    type: Literal["note"]


class Agreement(Asked):
    """Consent to take part: code 1 agrees, code 2 declines, and declining ends the survey."""

    type: Literal["consent"]
    agree: Text = Text(zh="同意，开始作答", en="I agree; begin")
    decline: Text = Text(zh="不同意，结束", en="I do not agree; end here")


class Item(Part):
    """One row of a matrix."""

    name: Name
    text: Text
    column: str = ""
    show_if: Route | None = None
    sensitive: bool = False
    reverse: bool = False
    measure: Measure | None = None
    silence: Mapping[str, str] = {}


class Matrix(Asked):
    """Rows that share a list of choices; each row is a question of the kind `cells`.

    `item_order: random` shuffles the rows, `order: random` the choices of all rows alike.
    """

    type: Literal["matrix"]
    cells: Literal["single_choice", "scale", "multiple_choice"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    battery: str = ""
    required: bool | Literal["soft"] = False
    min_choices: Annotated[int, Field(ge=0)] = 0
    max_choices: int | None = None
    order: Order = ""
    item_order: Order = ""

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that a form shows."""
        return tuple(choice for choice in self.choices if choice.offered)

    @model_validator(mode="after")
    def _rows_are_questions(self) -> Self:
        refuse(wrong_rows(self))
        return self


InRoster = Annotated[
    SingleChoice | Scale | MultipleChoice | Ranking | Number | Calculated | Moment | OpenEnded,
    Field(discriminator="type"),
]


class Roster(Asked):
    """Questions asked once per entry: per member of the household, per visit.

    `entry` names one ("家庭成员"); at most `maximum` are kept. The question ``NAME_count`` says
    how many there are, ``NAME_1_q`` is the answer of the first entry to ``q``.
    """

    type: Literal["roster"]
    entry: Text
    questions: Annotated[tuple[InRoster, ...], Field(min_length=1)]
    minimum: Annotated[int, Field(ge=0)] = 0
    maximum: Annotated[int, Field(ge=1, le=50)] = 10

    @property
    def count(self) -> str:
        """Name of the question that says how many entries there are."""
        return f"{self.name}_count"

    @model_validator(mode="after")
    def _entries_can_be_counted(self) -> Self:
        refuse(wrong_entries(self))
        return self


Block = Annotated[
    SingleChoice
    | Scale
    | MultipleChoice
    | Ranking
    | Number
    | Calculated
    | Moment
    | OpenEnded
    | Note
    | Agreement
    | Matrix
    | Roster,
    Field(discriminator="type"),
]


def questions_of_block(block: Block, shown: Condition | None = None) -> Iterator[Question]:
    """Yield the questions that a block stands for, in order.

    `shown` is the condition of what it stands in (its section); it is added to its own.
    """
    route = all_of(shown, block.show_if)
    match block:
        case Note():
            return
        case Agreement():
            yield _agreement(block, route)
        case Matrix():
            for item in block.items:
                yield _row(block, item, all_of(route, item.show_if))
        case Roster():
            yield from _entries(block, route)
        case (
            SingleChoice()
            | Scale()
            | MultipleChoice()
            | Ranking()
            | Number()
            | Calculated()
            | Moment()
            | OpenEnded()
        ):
            yield from _with_words(block, route)
        case _:
            assert_never(block)


def words_name(question: str, code: int) -> str:
    """Return the name of the open question behind "other, please specify"."""
    return f"{question}_{code}_text"


def entry_name(roster: str, entry: int, question: str) -> str:
    """Return the name of a roster's question in its 1-based `entry`."""
    return f"{roster}_{entry}_{question}"


def _with_words(question: Question, route: Condition | None) -> Iterator[Question]:
    if question.show_if != route:
        question = question.model_copy(update={"show_if": route})
    yield question
    if not isinstance(question, ChoiceQuestion):
        return
    for choice in question.choices:
        if choice.specify:
            many = isinstance(question, MultipleChoice | Ranking)
            chosen: Condition = (
                Selected(question.name, choice.code)
                if many
                else compared(question.name, "=", choice.code)
            )
            yield OpenEnded(
                type="open_ended",
                name=words_name(question.name, choice.code),
                text=joined(question.text, choice.text),
                column=f"{question.exported_as}_{choice.code}_text",
                show_if=chosen,
                sensitive=question.sensitive,
                max_length=SPECIFY_LENGTH,
            )


def _agreement(block: Agreement, route: Condition | None) -> Question:
    choices = (Choice(code=1, text=block.agree), Choice(code=2, text=block.decline))
    return SingleChoice(
        type="single_choice",
        name=block.name,
        text=block.text,
        hint=block.hint,
        show_if=route,
        required=True,
        choices=choices,
    )


def _row(block: Matrix, item: Item, route: Condition | None) -> Question:
    shared = {
        "name": item.name,
        "text": joined(block.text, item.text),
        "hint": block.hint,
        "column": item.column,
        "show_if": route,
        "required": block.required,
        "sensitive": item.sensitive,
        "measure": item.measure,
        "choices": block.choices,
        "order": block.order,
    }
    match block.cells:
        case "single_choice":
            return SingleChoice.model_validate({"type": "single_choice", **shared})
        case "scale":
            scored = {"battery": block.battery, "reverse": item.reverse}
            return Scale.model_validate({"type": "scale", **shared, **scored})
        case "multiple_choice":
            limits = {"min_choices": block.min_choices, "max_choices": block.max_choices}
            return MultipleChoice.model_validate({"type": "multiple_choice", **shared, **limits})
    assert_never(block.cells)


def _entries(block: Roster, route: Condition | None) -> Iterator[Question]:
    yield Number(
        type="number",
        name=block.count,
        text=block.text,
        hint=block.hint,
        show_if=route,
        minimum=block.minimum,
        maximum=block.maximum,
    )
    own = [q.name for question in block.questions for q in _with_words(question, question.show_if)]
    for entry in range(1, block.maximum + 1):
        names = {name: entry_name(block.name, entry, name) for name in own}
        there = compared(block.count, ">=", entry)
        label = Text(zh=f"{block.entry.zh}{entry}", en=f"{block.entry('en')} {entry}")
        for question in block.questions:
            for one in _with_words(question, question.show_if):
                asked = None if one.show_if is None else renamed(one.show_if, names)
                update: dict[str, object] = {
                    "name": names[one.name],
                    "text": joined(label, one.text),
                    "column": entry_name(block.name, entry, one.exported_as),
                    "show_if": all_of(there, asked),
                    "checks": tuple(_renamed_check(check, names) for check in one.checks),
                }
                if isinstance(one, Calculated):
                    update["value"] = renamed_term(one.value, names)
                yield one.model_copy(update=update)


def _renamed_check(check: Check, names: Mapping[str, str]) -> Check:
    return check.model_copy(update={"holds": renamed(check.holds, names)})


def joined(stem: Text, part: Text) -> Text:
    """Return "stem: part" in every language that both are in; of an empty stem, the part alone."""
    languages = [one for one in stem.languages if one in part.languages]
    if not stem.zh:
        return part
    return Text(
        **{
            one: (
                f"{stem(one).rstrip('：:。')}：{part(one)}"
                if one == "zh"
                else f"{stem(one).rstrip(':. ')}: {part(one)}"
            )
            for one in languages or ["zh"]
        }
    )
