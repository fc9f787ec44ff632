"""The questionnaire: an ordered set of questions with routing, as a definition file describes it.

Everything that is asked, decoded, checked, estimated and shown is derived from these types.
Answers are whole-number codes; a choice may bear the `name` under which an export knows it.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self, assert_never

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    model_validator,
)

from pipeline.i18n import Text
from pipeline.questionnaire.parts import Battery, Consent, Measure, Name, Part
from pipeline.questionnaire.routing import (
    Compare,
    Condition,
    Empty,
    In,
    Leaf,
    Selected,
    as_yaml,
    parse,
    parts_of,
)

MissingKind = Literal["not_asked", "no_answer", "dont_know", "refused"]
Route = Annotated[
    Condition,
    BeforeValidator(lambda raw: parse(raw) if isinstance(raw, dict) else raw),
    PlainSerializer(as_yaml),
]


class Choice(Part):
    """One answer that can be chosen.

    `missing` says that the answer gives no substance (don't know, refused): it is kept with its
    reason and leaves the base of percentages. A don't-know that is a true answer has none. Data
    that others collected may also have codes for what was not asked or left out; no form of ours
    offers these.
    """

    code: int
    text: Text
    name: str = ""
    missing: MissingKind | None = None
    exclusive: bool = False

    @property
    def exported_as(self) -> str:
        """The word by which exports call this choice."""
        return self.name or str(self.code)

    @property
    def offered(self) -> bool:
        """Whether a respondent can choose it on a form."""
        return self.missing not in ("not_asked", "no_answer")


class QuestionBase(Part):
    """What every question has."""

    name: Name
    text: Text
    hint: Text = Text(zh="")
    column: str = ""
    show_if: Route | None = None
    required: bool = False
    sensitive: bool = False
    domain: bool = False
    measure: Measure | None = None

    @property
    def exported_as(self) -> str:
        """The word by which exports call this question."""
        return self.column or self.name


class ChoiceQuestion(QuestionBase):
    """A question with a list of choices."""

    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]

    @property
    def substantive(self) -> tuple[Choice, ...]:
        """The choices that count as an answer."""
        return tuple(choice for choice in self.choices if choice.missing is None)

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that a form shows."""
        return tuple(choice for choice in self.choices if choice.offered)

    @model_validator(mode="after")
    def _codes_are_told_apart(self) -> Self:
        codes = [choice.code for choice in self.choices]
        if len(set(codes)) < len(codes):
            raise ValueError(f"the choices of {self.name} use a code twice")
        words = [choice.exported_as for choice in self.choices]
        if len(set(words)) < len(words):
            raise ValueError(f"the choices of {self.name} use an export name twice")
        if self.measure is not None and (
            unknown := set(self.measure.unfavourable) - {c.code for c in self.substantive}
        ):
            raise ValueError(
                f"measure.unfavourable of {self.name} names {sorted(unknown)}, "
                f"which are no substantive codes of the question"
            )
        return self


class SingleChoice(ChoiceQuestion):
    """Exactly one of several choices."""

    type: Literal["single_choice"]


class Scale(ChoiceQuestion):
    """One point of an ordered scale; the substantive codes rise with the scale.

    Items of a `battery` are scored together; those that say the opposite are marked `reverse`.
    """

    type: Literal["scale"]
    battery: str = ""
    reverse: bool = False


class MultipleChoice(ChoiceQuestion):
    """Any number of several choices."""

    type: Literal["multiple_choice"]
    max_choices: int | None = None


class Number(QuestionBase):
    """A number within a range, in a unit.

    `missing_codes` are numbers that stand for a missing answer (998: don't know). One that has a
    `name` is written so in the data (拒答, .a) and never as its code.
    """

    type: Literal["number"]
    minimum: float | None = None
    maximum: float | None = None
    unit: Text = Text(zh="")
    decimals: int = 0
    missing_codes: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _missing_codes_say_why(self) -> Self:
        if silent := [c.code for c in self.missing_codes if c.missing is None]:
            raise ValueError(f"missing_codes of {self.name} need `missing`: {silent}")
        return self


class OpenEnded(QuestionBase):
    """An answer in the respondent's own words."""

    type: Literal["open_ended"]
    max_length: int = 500


Question = Annotated[
    SingleChoice | Scale | MultipleChoice | Number | OpenEnded, Field(discriminator="type")
]


class Section(Part):
    """A page of the form: questions that belong together."""

    title: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Questionnaire(Part):
    """A survey's definition: who is asked, what, in which order, on which conditions."""

    survey: Name
    title: Text
    population: Text
    respondents: Text
    minutes: int
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    mode: Text
    commissioned_by: Text
    conducted_by: Text
    simulated: bool
    exclusions: Text = Text(zh="")
    limitation: Text
    introduction: Text
    consent: Consent | None = None
    frame_domains: tuple[Name, ...] = ()
    batteries: tuple[Battery, ...] = ()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order in which they are asked."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, name: str) -> Question:
        """Return the question called `name`; KeyError if there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    @property
    def domains(self) -> tuple[str, ...]:
        """The columns by which results are shown: of the frame first, then of the answers."""
        return self.frame_domains + tuple(q.name for q in self.questions if q.domain)

    def measures(self) -> Iterator[tuple[Question, Measure]]:
        """Yield each question that measures a problem, with its measure."""
        for question in self.questions:
            if question.measure is not None:
                yield question, question.measure

    @model_validator(mode="after")
    def _names_are_told_apart(self) -> Self:
        names = [question.name for question in self.questions]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"question names are used twice: {', '.join(repeated)}")
        return self

    def items_of(self, battery: str) -> tuple[Scale, ...]:
        """Return the scales of a battery in the order in which they are asked."""
        return tuple(q for q in self.questions if isinstance(q, Scale) and q.battery == battery)

    @model_validator(mode="after")
    def _batteries_can_be_scored(self) -> Self:
        named = {battery.name for battery in self.batteries}
        scales = [q for q in self.questions if isinstance(q, Scale) and q.battery]
        if unknown := sorted({q.battery for q in scales} - named):
            raise ValueError(f"batteries are not described: {', '.join(unknown)}")
        for name in sorted(named):
            items = self.items_of(name)
            if len({tuple(c.code for c in item.substantive) for item in items}) != 1:
                raise ValueError(f"the items of battery {name} need one scale of the same codes")
        return self

    @model_validator(mode="after")
    def _measures_have_codes(self) -> Self:
        for question, _ in self.measures():
            if not isinstance(question, ChoiceQuestion):
                raise ValueError(f"{question.name} has a measure, but no choices to count")
        return self

    @model_validator(mode="after")
    def _export_names_are_told_apart(self) -> Self:
        columns = [question.exported_as for question in self.questions]
        if repeated := sorted({name for name in columns if columns.count(name) > 1}):
            raise ValueError(f"columns of the export are used twice: {', '.join(repeated)}")
        return self

    @model_validator(mode="after")
    def _routes_read_earlier_answers(self) -> Self:
        asked: dict[str, Question] = {}
        for question in self.questions:
            if question.show_if is not None:
                for part in parts_of(question.show_if):
                    _refuse_misread(part, asked, f"show_if of {question.name}")
            if question.domain and not isinstance(question, SingleChoice):
                raise ValueError(f"{question.name} is a domain; only a single_choice can be one")
            asked[question.name] = question
        return self


def _refuse_misread(part: Leaf, asked: Mapping[str, Question], where: str) -> None:
    """Refuse a part of a route that reads what the question's answers cannot be."""
    if part.question not in asked:
        raise ValueError(f"{where} reads {part.question}, which is not asked before it")
    question = asked[part.question]
    codes: set[float] | None = None
    if isinstance(question, ChoiceQuestion):
        codes = {choice.code for choice in question.substantive}
    match part:
        case Empty():
            if isinstance(question, OpenEnded):
                raise ValueError(f"{where} reads {question.name}, whose words are kept apart")
            return
        case Selected():
            if not isinstance(question, MultipleChoice):
                raise ValueError(
                    f"{where}: 'selected' needs a multiple_choice, not {question.name}"
                )
            read = {float(part.code)}
        case Compare():
            read = {float(part.value)}
        case In():
            read = {float(value) for value in part.values}
        case _:
            assert_never(part)
    if not isinstance(part, Selected) and isinstance(question, MultipleChoice | OpenEnded):
        raise ValueError(
            f"{where} compares {question.name}, a {question.type}; it has no one value"
        )
    if codes is not None and (unknown := sorted(read - codes)):
        named = ", ".join(f"{code:g}" for code in unknown)
        raise ValueError(
            f"{where} reads {named} of {question.name}, which is no answer code of it"
        )
