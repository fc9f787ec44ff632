"""The questionnaire: an ordered set of questions with routing, as a definition file describes it.

Everything that is asked, decoded, checked, estimated and shown is derived from these types. Forms
go by its sections and their `blocks`; tables and estimates go by its `questions`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Block, Roster, questions_of_block
from pipeline.questionnaire.cross_checks import misfits
from pipeline.questionnaire.misfits import refuse
from pipeline.questionnaire.parts import Battery, Consent, Measure, Name, Part
from pipeline.questionnaire.questions import (
    NOTHING,
    Choice,
    Question,
    Route,
    Scale,
)
from pipeline.questionnaire.shorthand import expanded

LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Section(Part):
    """A page of the form: what belongs together, and on which condition it is shown at all."""

    title: Text
    show_if: Route | None = None
    questions: Annotated[tuple[Block, ...], Field(min_length=1)]


class ScreenOut(Part):
    """On which answers the survey ends early, and what the respondent is told then."""

    name: Name
    when: Route
    message: Text


class Quota(Part):
    """How many responses of a kind are wanted; `diaoyan quotas` counts them."""

    name: Name
    title: Text
    when: Route
    limit: Annotated[int, Field(ge=1)]


class Questionnaire(Part):
    """A survey's definition: who is asked, what, in which order, on which conditions.

    `choice_lists` are lists that questions share: a question names one instead of its `choices`.
    """

    survey: Name
    title: Text
    population: Text
    respondents: Text
    minutes: int
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1)] = ("zh", "en")
    mode: Text
    commissioned_by: Text
    conducted_by: Text
    simulated: bool
    exclusions: Text = NOTHING
    limitation: Text
    introduction: Text
    consent: Consent | None = None
    frame_domains: tuple[Name, ...] = ()
    batteries: tuple[Battery, ...] = ()
    choice_lists: Mapping[Name, tuple[Choice, ...]] = {}
    screen_outs: tuple[ScreenOut, ...] = ()
    quotas: tuple[Quota, ...] = ()
    silence: Mapping[str, str] = {}
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _without_shorthand(cls, raw: Any) -> Any:
        return expanded(raw)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the sections show, in order: questions, matrices, rosters, notes."""
        return tuple(block for section in self.sections for block in section.questions)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order in which they are asked, one for each answer there can be."""
        return tuple(
            question
            for section in self.sections
            for block in section.questions
            for question in questions_of_block(block, section.show_if)
        )

    @cached_property
    def _by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in self.questions}

    def question(self, name: str) -> Question:
        """Return the question called `name`; KeyError if there is none."""
        return self._by_name[name]

    @cached_property
    def in_rosters(self) -> frozenset[str]:
        """Names of the questions that are asked once per entry of a roster.

        They are decoded and saved; estimates leave them out, for what they say is about entries
        and not about respondents.
        """
        return frozenset(
            question.name
            for block in self.blocks
            if isinstance(block, Roster)
            for question in questions_of_block(block)
            if question.name != block.count
        )

    @property
    def domains(self) -> tuple[str, ...]:
        """The columns by which results are shown: of the frame first, then of the answers."""
        return self.frame_domains + tuple(q.name for q in self.questions if q.domain)

    def measures(self) -> Iterator[tuple[Question, Measure]]:
        """Yield each question that measures a problem, with its measure."""
        for question in self.questions:
            if question.measure is not None:
                yield question, question.measure

    def items_of(self, battery: str) -> tuple[Scale, ...]:
        """Return the scales of a battery in the order in which they are asked."""
        return tuple(q for q in self.questions if isinstance(q, Scale) and q.battery == battery)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; what is worked out from the sections is worked out anew."""
        made = super().model_copy(update=update, deep=deep)
        for key in ("questions", "_by_name", "in_rosters"):
            made.__dict__.pop(key, None)
        return made

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        refuse(misfits(self))
        return self
