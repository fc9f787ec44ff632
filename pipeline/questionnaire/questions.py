"""The questions that have an answer: one class per type, each with the columns it is decoded to.

Answers are whole-number codes; a choice may bear the `name` under which an export knows it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from pipeline.i18n import Text
from pipeline.questionnaire.expressions import (
    Condition,
    Term,
    as_yaml,
    parse,
    parse_term,
    term_as_yaml,
)
from pipeline.questionnaire.misfits import Misfit, refuse
from pipeline.questionnaire.own_misfits import repeated, unknown_unfavourable
from pipeline.questionnaire.parts import Measure, Name, Part

MissingKind = Literal["not_asked", "no_answer", "dont_know", "refused"]
Order = Literal["", "random"]
NOTHING = Text(zh="")
Route = Annotated[
    Condition,
    BeforeValidator(lambda raw: raw if isinstance(raw, Condition) else parse(raw)),
    PlainSerializer(as_yaml),
    WithJsonSchema({"defined": "Condition"}),
]
Value = Annotated[
    Term,
    BeforeValidator(lambda raw: raw if isinstance(raw, Term) else parse_term(raw)),
    PlainSerializer(term_as_yaml),
    WithJsonSchema({"defined": "Term"}),
]


class Choice(Part):
    """One answer that can be chosen.

    `missing` says that the answer gives no substance (don't know, refused): it is kept with its
    reason and leaves the base of percentages. A don't-know that is a true answer has none. Data
    that others collected may also have codes for what was not asked or left out; no form of ours
    offers these. With `specify` the respondent is asked to say what is meant, in own words.
    """

    code: int
    text: Text
    name: str = ""
    missing: MissingKind | None = None
    exclusive: bool = False
    specify: bool = False

    @property
    def exported_as(self) -> str:
        """The word by which exports call this choice."""
        return self.name or str(self.code)

    @property
    def offered(self) -> bool:
        """Whether a respondent can choose it on a form."""
        return self.missing not in ("not_asked", "no_answer")


class Check(Part):
    """What must hold of an answered question; `soft` warns and lets the answer stand."""

    holds: Route
    message: Text
    soft: bool = False


class Asked(Part):
    """What all that stands in a section has.

    `image` is the path of a picture, beside the definition. `interviewer` is a note that the
    respondent is not shown. `silence` names rules of ``diaoyan check`` that do not apply here,
    each with the reason.
    """

    name: Name
    text: Text
    hint: Text = NOTHING
    show_if: Route | None = None
    image: str = ""
    interviewer: Text = NOTHING
    silence: Mapping[str, str] = {}


class QuestionBase(Asked):
    """What every question has. `required: soft` asks once more and then lets it go."""

    column: str = ""
    required: bool | Literal["soft"] = False
    sensitive: bool = False
    domain: bool = False
    measure: Measure | None = None
    checks: tuple[Check, ...] = ()

    @property
    def exported_as(self) -> str:
        """The word by which exports call this question."""
        return self.column or self.name


class ChoiceQuestion(QuestionBase):
    """A question with a list of choices; `order: random` shuffles all but the last ones.

    Choices that give no substance, are exclusive or ask to specify keep their place at the end.
    """

    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    order: Order = ""

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
        refuse(
            [
                *repeated(self.choices, f"the choices of {self.name}"),
                *unknown_unfavourable(self.measure, self.substantive, self.name),
            ]
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
    """Any number of several choices, at least `min_choices` if any, at most `max_choices`."""

    type: Literal["multiple_choice"]
    min_choices: Annotated[int, Field(ge=0)] = 0
    max_choices: int | None = None


class Ranking(ChoiceQuestion):
    """Choices put in order, the first the most important; the first `places` of them, or all.

    Decoded to one column per choice, its place (1, 2, ...), empty where it was not placed.
    """

    type: Literal["ranking"]
    places: Annotated[int, Field(ge=1)] | None = None

    @property
    def depth(self) -> int:
        """How many places there are to fill."""
        return min(self.places or len(self.substantive), len(self.substantive))


class Numeric(QuestionBase):
    """What a number and a calculated value have."""

    minimum: float | None = None
    maximum: float | None = None
    unit: Text = NOTHING
    decimals: int = 0
    missing_codes: tuple[Choice, ...] = ()


class Number(Numeric):
    """A number within a range, in a unit.

    `missing_codes` are numbers that stand for a missing answer (998: don't know). One that has a
    `name` is written so in the data (拒答, .a) and never as its code.
    """

    type: Literal["number"]

    @model_validator(mode="after")
    def _missing_codes_say_why(self) -> Self:
        silent = [at for at, one in enumerate(self.missing_codes) if one.missing is None]
        codes = [self.missing_codes[at].code for at in silent]
        refuse(
            Misfit(
                ("missing_codes", at),
                f"missing_codes of {self.name} need `missing`: {codes}",
                f"编码 {self.missing_codes[at].code} 没有写 missing（为什么没有答案）。",
                "请补上 missing: dont_know 或 refused 等。(add it)",
            )
            for at in silent
        )
        return self


class Calculated(Numeric):
    """A value worked out from earlier answers and not asked; `text` says what it is."""

    type: Literal["calculated"]
    value: Value


class Moment(QuestionBase):
    """A day (2026-03-02), a time of day (08:30) or both (2026-03-02T08:30), as ISO text."""

    type: Literal["date", "time", "datetime"]
    earliest: str = ""
    latest: str = ""

    @model_validator(mode="before")
    @classmethod
    def _bounds_as_text(cls, raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        return raw | {key: _iso(raw[key]) for key in ("earliest", "latest") if key in raw}

    @model_validator(mode="after")
    def _bounds_are_moments(self) -> Self:
        refuse(self._wrong_bounds())
        return self

    def _wrong_bounds(self) -> Iterator[Misfit]:
        example = {"date": "2026-03-02", "time": "08:30", "datetime": "2026-03-02T08:30"}
        for key, bound in (("earliest", self.earliest), ("latest", self.latest)):
            if bound and not is_moment(bound, self.type):
                yield Misfit(
                    (key,),
                    f"{bound!r} of {self.name} is no {self.type} in ISO form",
                    f"{bound!r} 不是 {self.type}。",
                    f'请写成 "{example[self.type]}" 的样子。(write it so)',
                )
                return
        if self.earliest and self.latest and self.earliest > self.latest:
            yield Misfit(("latest",), f"earliest of {self.name} is after latest", "最早晚于最晚。")


class OpenEnded(QuestionBase):
    """An answer in the respondent's own words."""

    type: Literal["open_ended"]
    max_length: int = 500


Question = (
    SingleChoice | Scale | MultipleChoice | Ranking | Number | Calculated | Moment | OpenEnded
)


def is_moment(text: str, kind: Literal["date", "time", "datetime"]) -> bool:
    """Tell whether a text is a day, time or moment as answers are kept."""
    form = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}[kind]
    try:
        return datetime.strptime(text, form).strftime(form) == text
    except ValueError:
        return False


def _iso(raw: object) -> object:
    match raw:
        case datetime():
            return raw.strftime("%Y-%m-%dT%H:%M")
        case date():
            return raw.isoformat()
        case time():
            return raw.strftime("%H:%M")
    return raw
