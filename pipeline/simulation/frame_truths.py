"""What is true of the programme as a whole: its fictitious frame."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.questionnaire.parts import Part
from pipeline.questionnaire.read import read_definition

Bounds = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]


class FrameTruth(Part):
    """The fictitious frame: sites per county by setting, and how large and needy they are.

    `persons` and `staff` are the smallest and largest site of a setting in a county of size 1.
    """

    sites: Mapping[str, Annotated[int, Field(ge=1)]]
    county_size: Mapping[str, Annotated[float, Field(gt=0)]]
    persons: Mapping[str, Bounds]
    staff: Mapping[str, Bounds] = Field(default_factory=dict)
    need: tuple[float, float]

    @model_validator(mode="after")
    def _settings_have_their_sizes(self) -> Self:
        for name, sizes in (("persons", self.persons), ("staff", self.staff or self.sites)):
            if wrong := sorted(set(sizes) ^ set(self.sites)):
                raise ValueError(f"sites and {name} disagree on the settings {', '.join(wrong)}")
        return self


class ProgrammeTruths(Part):
    """Everything about a simulated programme that does not belong to one survey."""

    frame: FrameTruth


def read_programme_truths(path: Path) -> ProgrammeTruths:
    """Read what is planted in the programme; QuestionnaireError says every fault with its line."""
    return read_definition(path, ProgrammeTruths)
