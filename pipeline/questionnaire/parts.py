"""What a questionnaire's definition is built of besides its questions."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.i18n import Text

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]


class Part(BaseModel):
    """Common manners: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Standard(Part):
    """What a measured share is held against; without one there is a topic, not a problem."""

    value: Annotated[float, Field(ge=0, le=1)]
    kind: Literal["target", "duty", "peer_median", "expectation"]
    text: Text


class Measure(Part):
    """Which problem code an answer speaks of, and which codes mean that the problem is there.

    `standard` is the largest acceptable share of unfavourable answers. `claim` completes the
    sentence "Of <population>, x % ..." on the page.
    """

    problem: Annotated[str, Field(pattern=r"^A[1-7]\.[1-9]$")]
    unfavourable: Annotated[tuple[int, ...], Field(min_length=1)]
    claim: Text
    standard: Standard | None = None
    decision: Text = Text(zh="")
    manifest_level: Literal["村（社区）", "乡（镇、街道）", "县（市）", "州（市）"] = "村（社区）"
    root_level: Literal["村（社区）", "乡（镇、街道）", "县（市）", "州（市）"] = "县（市）"


class Battery(Part):
    """Scales that measure one thing together, such as the drive of a staff."""

    name: Name
    title: Text


class Consent(Part):
    """What the respondent is told before the first question."""

    who: Text
    use: Text
    not_recorded: Text
    kept_until: Text
    withdrawal: Text
