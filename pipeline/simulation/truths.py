"""What is planted: the shares, differences and faults that a simulated survey is made to hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self, assert_never

from pydantic import Field, model_validator

from pipeline.errors import Fault, QuestionnaireError, gathered
from pipeline.questionnaire.model import (
    MultipleChoice,
    Number,
    OpenEnded,
    Questionnaire,
    Scale,
    SingleChoice,
)
from pipeline.questionnaire.parts import Part
from pipeline.questionnaire.read import read_definition
from pipeline.sampling.draw import Size

Share = Annotated[float, Field(ge=0, le=1)]
Shifts = Mapping[str, Mapping[str | int, float]]
"""Frame column or attribute question -> its value -> shift in standard deviations."""


class FrameTruth(Part):
    """The fictitious frame: sites per county by setting, and how large and needy they are."""

    sites: Mapping[str, int]
    county_size: Mapping[str, float]
    persons: Mapping[str, tuple[int, int]]
    need: tuple[float, float]


class Missing(Part):
    """How often an answer has no substance."""

    dont_know: Share = 0
    refused: Share = 0
    blank: Share = 0


class Composition(Missing):
    """How the people divide on an attribute, overall and where a setting differs."""

    shares: Mapping[int, Share]
    by_setting: Mapping[str, Mapping[int, Share]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_are_whole(self) -> Self:
        for one in (self.shares, *self.by_setting.values()):
            _whole(one.values())
        return self


class DrawTruth(Part):
    """How the sample is drawn."""

    sites_per_stratum: Mapping[str, int]
    persons_per_site: int
    size: Size = "persons"
    nonces: Mapping[str, str]


class ResponseTruth(Part):
    """Who answers: the rate of an average person and the groups' shifts on the logit scale."""

    rate: Share
    shifts: Shifts = Field(default_factory=dict)
    partial: Share = 0
    otherwise: Mapping[str, Share]


class OrderedTruth(Missing):
    """A scale or single choice: shares of its codes among those asked, and what moves them.

    `site_sd` is the spread of sites and `person` the pull of a person's general mood on the hidden
    scale, on which a person's own spread is 1; the intra-class correlation is
    site_sd^2 / (1 + site_sd^2).
    """

    shares: Mapping[int, Share]
    site_sd: float = 0
    person: Annotated[float, Field(gt=-1, lt=1)] = 0
    shifts: Shifts = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_are_whole(self) -> Self:
        _whole(self.shares.values())
        return self


class CountTruth(Missing):
    """A count: its mean, and the spread of sites and persons on the log scale."""

    mean: float
    site_sd: float = 0
    person_sd: float = 0
    shifts: Shifts = Field(default_factory=dict)


class MultipleTruth(Missing):
    """A multiple choice: how often each choice is ticked; `none` is ticked where no other is."""

    shares: Mapping[int, Share]
    shifts: Mapping[int, Shifts] = Field(default_factory=dict)
    none: int
    site_sd: float = 0


class ThemeTruth(Part):
    """A theme of open answers: how common it is, by county, and in which words."""

    theme: str
    weight: float
    county: Mapping[str, float] = Field(default_factory=dict)
    sentences: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


class OpenTruth(Part):
    """An open question: how many answer, how many say nothing, and the themes of the others."""

    answered: Share
    nothing: Share
    second_theme: Share
    nothing_words: tuple[str, ...]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    joint: tuple[str, ...]
    themes: tuple[ThemeTruth, ...]


class InterviewTruth(Part):
    """How long interviews take (median seconds, log spread) and how many are in English."""

    seconds: int
    spread: float
    english: Share = 0


class Dirt(Part):
    """How many of each fault are planted in the example's size of about 600 responses."""

    duplicates: int = 0
    speeders: int = 0
    out_of_range: tuple[int, ...] = ()
    contradictions: int = 0
    straight_liners: int = 0
    full_width: int = 0
    phones: int = 0
    exclusive_broken: int = 0
    mistyped_person: int = 0


class Truths(Part):
    """Everything that a simulated survey is made from, besides its questionnaire and a seed."""

    frame: FrameTruth
    people: Mapping[str, Composition]
    margins: tuple[str, ...] = ()
    """Attributes whose population counts are known from outside, as a census knows sex and age."""
    draw: DrawTruth
    response: ResponseTruth
    ordered: Mapping[str, OrderedTruth]
    counts: Mapping[str, CountTruth] = Field(default_factory=dict)
    multiple: Mapping[str, MultipleTruth] = Field(default_factory=dict)
    open: Mapping[str, OpenTruth] = Field(default_factory=dict)
    interview: InterviewTruth
    dirt: Dirt = Dirt()


def read_truths(path: Path, questionnaire: Questionnaire) -> Truths:
    """Read planted truths and hold them against the questionnaire they are for.

    Raises
    ------
    QuestionnaireError
        The file is wrong by itself (with lines), or a question has no truth of its kind, or the
        shares are not those of its codes: all together.
    """
    truths = read_definition(path, Truths)
    if faults := list(_misfits(truths, questionnaire)):
        raise QuestionnaireError(gathered(path, faults))
    return truths


def _misfits(truths: Truths, questionnaire: Questionnaire) -> Iterator[Fault]:
    planted: Collection[str]
    for question in questionnaire.questions:
        match question:
            case SingleChoice() | Scale():
                planted = {**truths.ordered, **truths.people}
            case MultipleChoice():
                planted = truths.multiple
            case Number():
                planted = truths.counts
            case OpenEnded():
                planted = truths.open
            case _:
                assert_never(question)
        if question.name not in planted:
            yield Fault(question.name, "没有真值 (no truth).", "请补上。(add it)")
        elif isinstance(question, SingleChoice | Scale):
            wanted = sorted(choice.code for choice in question.substantive)
            of_people = truths.people.get(question.name)
            given = sorted((of_people or truths.ordered[question.name]).shares)
            if given != wanted:
                yield Fault(
                    question.name,
                    f"比例给了选项 {given}，问卷有 {wanted} (shares and codes differ).",
                    "请逐项给出。(give every code its share)",
                )


def _whole(shares: Iterable[float]) -> None:
    total = sum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"the shares add up to {total:.4f}, not 1")
