"""How one wave's delivered files are read: `source.yaml` beside them, made by ``diaoyan new``.

Surveys whose questionnaire was written first need none: their layout is recognised. Here the file
came first, so it is written down where each question's answer stands in it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import ResponseError
from pipeline.questionnaire.parts import Name, Part
from pipeline.questionnaire.read import read_definition

SOURCE = "source.yaml"
FIELDS = ("submitted", "start", "end", "seconds", "mode", "language")
"""Facts about the interview that may be read from a column."""


class File(Part):
    """One delivered file; what the reader could not be sure of is written down.

    `syntax` is the SPSS syntax beside it that says what stands where, or what it means.
    """

    name: str
    encoding: str = ""
    sheet: str = ""
    syntax: str = ""


class Stands(Part):
    """Where the answer to one question stands; exactly one of the four.

    Attributes
    ----------
    column : header of its one column
    ticks : choice code -> header of that choice's column; `ticked` and `unticked` are the contents
        that mean chosen and not chosen. Without `ticked`, whatever is not unticked means chosen.
        `missing`: contents of these columns that say why there is no answer -> choice code
    slots : headers of columns of which each holds one chosen option; `values` says which
    joined : header of the column with all chosen options between `separator`; `values` likewise
    """

    column: str = ""
    ticks: Mapping[int, str] = Field(default_factory=dict)
    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()
    missing: Mapping[str, int] = Field(default_factory=dict)
    slots: tuple[str, ...] = ()
    joined: str = ""
    separator: str = ""
    values: Mapping[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Self:
        places = [bool(one) for one in (self.column, self.ticks, self.slots, self.joined)]
        if sum(places) != 1:
            raise ValueError("write exactly one of column, ticks, slots, joined")
        if self.joined and not self.separator:
            raise ValueError("joined needs a separator")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns in which the answer stands."""
        alone = tuple(one for one in (self.column, self.joined) if one)
        return alone or self.slots or tuple(self.ticks.values())


class Source(Part):
    """What `source.yaml` says.

    Attributes
    ----------
    layout : name of the system that made the files (`pipeline.responses.systems`)
    files : in the order in which they are joined
    on : columns by which they are joined
    key : header of the column that tells responses apart; '' counts them by their row
    fields : field of the interview -> header
    questions : question name -> where its answer stands
    """

    layout: str
    files: Annotated[tuple[File, ...], Field(min_length=1)]
    on: tuple[str, ...] = ()
    key: str = ""
    fields: Mapping[Literal["submitted", "start", "end", "seconds", "mode", "language"], str] = (
        Field(default_factory=dict)
    )
    questions: Mapping[Name, Stands]
    design: DeclaredDesign = DeclaredDesign()

    @property
    def headers(self) -> frozenset[str]:
        """All columns that are read."""
        named = {self.key, *self.on, *self.fields.values(), *self.design.columns}
        asked = {header for stands in self.questions.values() for header in stands.headers}
        return frozenset((named | asked) - {""})

    @model_validator(mode="after")
    def _files_can_be_joined(self) -> Self:
        if len(self.files) > 1 and not self.on:
            raise ValueError("several files need `on`: the columns by which they are joined")
        return self


def read_source(folder: Path) -> Source | None:
    """Read how a run's files are to be read; None where the folder has no such description.

    Raises
    ------
    ResponseError
        It is no YAML, or says what cannot be: all faults, each with its line.
    """
    path = folder / SOURCE
    return read_definition(path, Source, ResponseError) if path.is_file() else None
