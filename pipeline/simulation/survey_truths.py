"""What is planted: the shares, differences and faults that a simulated survey is made to hold."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pipeline.questionnaire.parts import Part
from pipeline.sampling.record import Roll, Size
from pipeline.simulation.answer_truths import (
    Composition,
    CountTruth,
    MultipleTruth,
    OpenTruth,
    OrderedTruth,
    Share,
    Shifts,
)

DeliveryLayout = Literal["odk_csv", "wjx_text", "sav"]
Mode = Literal["capi", "cati", "cawi", "papi"]
MODES: Mapping[DeliveryLayout, Mode] = {"odk_csv": "capi", "wjx_text": "cawi", "sav": "papi"}
BY_WAVE = frozenset(
    {"draw", "response", "ordered", "counts", "multiple", "open", "interview", "dirt"}
)
"""What may differ between waves; people and margins belong to the frame, which is one for all."""


class DrawTruth(Part):
    """How the sample is drawn: sites per county by setting, and the parties' nonces by wave."""

    sites_per_stratum: Mapping[str, Annotated[int, Field(ge=1)]]
    persons_per_site: Annotated[int, Field(ge=1)] = 1
    size: Size = "persons"
    roll: Roll = "persons"
    kept: Share | None = None
    nonces: Mapping[str, Mapping[str, str]]


class ResponseTruth(Part):
    """Who answers: the rate of an average person and the groups' shifts on the logit scale."""

    rate: Annotated[float, Field(gt=0, lt=1)]
    shifts: Shifts = Field(default_factory=dict)
    partial: Share = 0
    otherwise: Mapping[str, Share]


class InterviewTruth(Part):
    """How long interviews take (median seconds, log spread), in which mode, how many in English.

    Without a mode they are held as files of the survey's layout usually are.
    """

    seconds: Annotated[int, Field(ge=30)]
    spread: float
    english: Share = 0
    mode: Mode | None = None


class Dirt(Part):
    """How common each fault of fieldwork is, as a share of the responses."""

    duplicates: Share = 0
    speeders: Share = 0
    straight_liners: Share = 0
    out_of_range: Share = 0
    full_width: Share = 0
    contradictions: Share = 0
    exclusive_broken: Share = 0
    copied_open: Share = 0
    phones: Share = 0
    mistyped_person: Share = 0


class Truths(Part):
    """Everything that a simulated survey is made from, besides its questionnaire and a seed."""

    delivery: DeliveryLayout
    people: Mapping[str, Composition] = Field(default_factory=dict)
    margins: tuple[str, ...] = ()
    """Attributes whose population counts are known from outside, as a census knows sex and age."""
    draw: DrawTruth
    response: ResponseTruth
    site_change: Share = 0
    """The share of the variance of sites that is new in each wave."""
    ordered: Mapping[str, OrderedTruth] = Field(default_factory=dict)
    counts: Mapping[str, CountTruth] = Field(default_factory=dict)
    multiple: Mapping[str, MultipleTruth] = Field(default_factory=dict)
    open: Mapping[str, OpenTruth] = Field(default_factory=dict)
    interview: InterviewTruth
    dirt: Dirt = Dirt()
    waves: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)

    @property
    def mode(self) -> Mode:
        """How the interviews are held."""
        return self.interview.mode or MODES[self.delivery]

    @model_validator(mode="after")
    def _waves_differ_where_they_may(self) -> Self:
        for wave, differs in self.waves.items():
            if wrong := sorted(set(differs) - BY_WAVE):
                raise ValueError(f"waves.{wave} cannot change {', '.join(wrong)}")
        return self
