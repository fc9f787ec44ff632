"""What is true of the answers to each kind of question, as a file of truths plants it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.questionnaire.parts import Part

Share = Annotated[float, Field(ge=0, le=1)]
Shifts = Mapping[str, Mapping[str | int, float]]
"""Frame column or attribute question -> its value -> shift in standard deviations."""


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


class OrderedTruth(Missing):
    """A scale or single choice: shares of its codes among those asked, and what moves them.

    `site_sd` is the spread of sites and `person` the pull of a person's general mood on the hidden
    scale, on which a person's own spread is 1; the intra-class correlation is
    site_sd^2 / (1 + site_sd^2).
    """

    shares: Mapping[int, Share]
    site_sd: Annotated[float, Field(ge=0)] = 0
    person: Annotated[float, Field(gt=-1, lt=1)] = 0
    shifts: Shifts = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_are_whole(self) -> Self:
        _whole(self.shares.values())
        return self


class CountTruth(Missing):
    """A count: its mean at an average site, and the spread of sites and persons on the log scale.

    The true mean of a group follows from these, the shifts and the question's maximum.
    """

    mean: Annotated[float, Field(gt=0)]
    site_sd: Annotated[float, Field(ge=0)] = 0
    person_sd: Annotated[float, Field(ge=0)] = 0
    shifts: Shifts = Field(default_factory=dict)


class MultipleTruth(Missing):
    """A multiple choice: how often each choice is ticked; `none` is ticked where no other is.

    The shares are those of an average group at an average site before the limit on the number of
    choices; the true share of a group follows from these, the shifts and the limit.
    """

    shares: Mapping[int, Annotated[float, Field(gt=0, lt=1)]]
    shifts: Mapping[int, Shifts] = Field(default_factory=dict)
    none: int
    site_sd: Annotated[float, Field(ge=0)] = 0


class ThemeTruth(Part):
    """A theme of open answers: how common it is, by county, and in which words."""

    theme: str
    weight: float
    county: Mapping[str, float] = Field(default_factory=dict)
    sentences: Annotated[tuple[str, ...], Field(min_length=1)]
    words: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class OpenTruth(Part):
    """An open question: how many answer, how many say nothing, and the themes of the others."""

    answered: Share
    nothing: Share
    second_theme: Share
    nothing_words: Annotated[tuple[str, ...], Field(min_length=1)]
    openings: Annotated[tuple[str, ...], Field(min_length=1)]
    closings: Annotated[tuple[str, ...], Field(min_length=1)]
    joint: Annotated[tuple[str, ...], Field(min_length=1)]
    themes: Annotated[tuple[ThemeTruth, ...], Field(min_length=1)]


def _whole(shares: Iterable[float]) -> None:
    total = sum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"the shares add up to {total:.4f}, not 1")
