"""The codebook: what each column of the decoded responses holds, and why a value may be missing.

One codebook belongs to one survey and wave. It carries the definition of every questionnaire
version met in the wave: later stages know the wording without opening a definition file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from pydantic import BaseModel, ConfigDict

from pipeline.design.declared import DeclaredDesign
from pipeline.i18n import Text
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    ChoiceQuestion,
    MissingKind,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Question,
    Ranking,
    Scale,
    SingleChoice,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the decoded responses."""

    name: str
    question: Question
    code: int | None = None
    """The choice that a 0/1 column of a multiple choice, or a place of a ranking, stands for."""


class RawFile(BaseModel):
    """The export that was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: str
    layout: str
    rows: int
    columns: Mapping[str, str]
    """Column of the decoded responses -> header of the raw file it was read from."""


class Codebook(BaseModel):
    """Meaning of the columns of one wave's responses, by questionnaire version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    survey: str
    wave: str
    current: str
    """Hash of the version that names the columns of the tables."""
    versions: Mapping[str, Questionnaire]
    raw: RawFile
    changed_measures: tuple[str, ...] = ()
    """Questions whose measure differs from the one frozen at launch, or was never frozen."""
    dropped_contacts: tuple[str, ...] = ()
    """Headers of columns that hold contact data and were not read."""
    design: DeclaredDesign | None = None
    """How the sample was drawn as an analyst declared it; None where nobody declared anything."""

    @property
    def questionnaire(self) -> Questionnaire:
        """The current version's definition."""
        return self.versions[self.current]


def columns(questionnaire: Questionnaire) -> Iterator[Column]:
    """Yield the columns of the decoded responses, in questionnaire order."""
    for question in questionnaire.questions:
        yield from columns_of(question)


def columns_of(question: Question) -> Iterator[Column]:
    """Yield the columns that hold the answers to one question."""
    match question:
        case MultipleChoice() | Ranking():
            for choice in question.substantive:
                yield Column(f"{question.name}__{choice.code}", question, choice.code)
        case SingleChoice() | Scale() | Number() | Calculated() | Moment() | OpenEnded():
            yield Column(question.name, question)
        case _:
            assert_never(question)


def missing_column(question: Question) -> str:
    """Return the column that says why an answer to `question` is missing ('' where it is not)."""
    return f"{question.name}__missing"


def missing_codes(question: Question) -> dict[int, MissingKind]:
    """Return the codes of a question that stand for a missing answer."""
    match question:
        case ChoiceQuestion(choices=codes) | Numeric(missing_codes=codes):
            return {code.code: code.missing for code in codes if code.missing is not None}
    return {}


def label_of(question: Question, code: int, /) -> Text:
    """Return the wording of a code of a choice question; KeyError if there is no such code."""
    if isinstance(question, ChoiceQuestion):
        for choice in question.choices:
            if choice.code == code:
                return choice.text
    raise KeyError(f"{question.name}={code}")


def read_codebook(path: Path) -> Codebook:
    """Read a codebook that ingest wrote."""
    return Codebook.model_validate_json(path.read_text(encoding="utf-8"))


def write_codebook(codebook: Codebook, path: Path) -> None:
    """Write a codebook as JSON that is the same, byte for byte, for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(codebook.model_dump_json(indent=1) + "\n", encoding="utf-8")
