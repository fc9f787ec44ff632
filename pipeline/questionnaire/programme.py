"""The programme: the whole inquiry, its areas and problem codes, waves and reporting rules."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.errors import Fault, ProgrammeError, QuestionnaireError, gathered
from pipeline.i18n import Text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.parts import Part
from pipeline.questionnaire.read import read_definition


class ProblemCode(Part):
    """One of the problems that the plan names."""

    code: Annotated[str, Field(pattern=r"^A[1-7]\.[1-9]$")]
    name: Text


class Area(Part):
    """One of the seven areas of the plan, with the problems it names."""

    code: Annotated[str, Field(pattern=r"^A[1-7]$")]
    name: Text
    short: Text
    problems: Annotated[tuple[ProblemCode, ...], Field(min_length=1)]


class Level(Part):
    """A value that a frame column can take: a setting of sites, a county."""

    code: str
    name: Text


class FrameDomain(Part):
    """A column of the frame by which results are shown."""

    column: str
    name: Text
    levels: tuple[Level, ...]


class Wave(Part):
    """One round of the inquiry; files that came first may not tell the days of fieldwork."""

    wave: str
    title: Text
    field_start: date | None = None
    field_end: date | None = None
    published: date | None = None
    edition: int = 1

    @model_validator(mode="after")
    def _dates_follow_each_other(self) -> Self:
        if (self.field_start is None) != (self.field_end is None):
            raise ValueError(f"wave {self.wave}: write both field_start and field_end, or neither")
        days = [day for day in (self.field_start, self.field_end, self.published) if day]
        if days != sorted(days):
            raise ValueError(
                f"wave {self.wave}: field_start, field_end and published must follow each other"
            )
        return self

    def days_in_field(self) -> tuple[date, date]:
        """Return the first and last day of fieldwork.

        Raises
        ------
        ProgrammeError
            They are not written down.
        """
        if self.field_start is None or self.field_end is None:
            raise ProgrammeError(
                f"programme.yaml: 轮次 {self.wave} 没有写 field_start 和 field_end。请补上。"
                "(the days of fieldwork are not written down; add them)"
            )
        return self.field_start, self.field_end


class ReportingRules(Part):
    """What may be shown and said; fixed at launch (PRIVACY.md P1-P6, FINDINGS.md 13)."""

    minimum_n: Annotated[int, Field(ge=1)] = 10
    remainder_n: Annotated[int, Field(ge=1)] = 10
    statement_n: Annotated[int, Field(ge=1)] = 30
    quote_n: Annotated[int, Field(ge=1)] = 20
    round_domain_n_to: Annotated[int, Field(ge=1)] = 5
    false_discovery_rate: Annotated[float, Field(gt=0, lt=1)] = 0.05
    smallest_important_difference: Annotated[float, Field(gt=0, lt=1)] = 0.05


ADDRESS = r"^(https://[^\s'\";<>]+|http://(localhost|127\.0\.0\.1)(:\d+)?(/[^\s'\";<>]*)?|)$"
"""Where a form may send answers: encrypted, or to the same machine; '' for nowhere."""


class Programme(Part):
    """The inquiry as a whole.

    `submit_to` is the https address to which web forms send responses; without one they hand the
    respondent a response file.
    """

    title: Text
    place: Text
    simulated: bool
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    frame_domains: tuple[FrameDomain, ...]
    waves: Annotated[tuple[Wave, ...], Field(min_length=1)]
    reporting: ReportingRules
    submit_to: Annotated[str, Field(pattern=ADDRESS)] = ""

    def wave(self, name: str) -> Wave:
        """Return the wave called `name`; KeyError if there is none."""
        for wave in self.waves:
            if wave.wave == name:
                return wave
        raise KeyError(name)

    def area_of(self, problem: str) -> Area:
        """Return the area that a problem code belongs to; KeyError if there is none."""
        for area in self.areas:
            if problem in {one.code for one in area.problems}:
                return area
        raise KeyError(problem)

    def problem(self, code: str) -> ProblemCode:
        """Return the problem called `code`; KeyError if there is none."""
        for one in self.problems():
            if one.code == code:
                return one
        raise KeyError(code)

    def problems(self) -> Iterator[ProblemCode]:
        """Yield all problem codes in the plan's order."""
        for area in self.areas:
            yield from area.problems

    def frame_domain(self, column: str) -> FrameDomain | None:
        """Return how a frame column is called and what its values mean, or None."""
        return next((d for d in self.frame_domains if d.column == column), None)

    def refuse_unknown_wave(self, wave: str, path: Path) -> None:
        """Refuse a wave that the programme (read from `path`) does not have."""
        if wave not in {one.wave for one in self.waves}:
            known = "、".join(one.wave for one in self.waves)
            raise ProgrammeError(
                f"{path}: waves 中没有轮次 {wave!r}，现有 {known}。"
                "请补上这一轮，或改正 params.yaml。"
                "(no such wave in the programme; add it, or correct params.yaml)"
            )

    def refuse_unknown(self, questionnaire: Questionnaire, path: Path) -> None:
        """Refuse a questionnaire that names a problem or frame domain the programme has not.

        Raises
        ------
        QuestionnaireError
            All such names, each with its question.
        """
        known = {one.code for one in self.problems()}
        faults = [
            Fault(
                question.name,
                f"measure.problem {measure.problem} 不在调研方案中。",
                "请改正，或写进 programme.yaml。(the programme has no such problem)",
            )
            for question, measure in questionnaire.measures()
            if measure.problem not in known
        ]
        faults += [
            Fault(
                "frame_domains",
                f"{column} 不在调研方案中。",
                "请改正，或写进 programme.yaml。(the programme has no such frame domain)",
            )
            for column in questionnaire.frame_domains
            if self.frame_domain(column) is None
        ]
        if faults:
            raise QuestionnaireError(gathered(path, faults))

    @model_validator(mode="after")
    def _codes_are_told_apart(self) -> Self:
        codes = [one.code for one in self.problems()]
        if repeated := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"problem codes are used twice: {', '.join(repeated)}")
        for area in self.areas:
            for one in area.problems:
                if not one.code.startswith(f"{area.code}."):
                    raise ValueError(f"problem {one.code} stands under area {area.code}")
        return self


def read_programme(path: Path) -> Programme:
    """Read and check a programme definition."""
    return read_definition(path, Programme, ProgrammeError)
