"""One module per export layout: where the answers stand in a delivered table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.responses.table import RawTable


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a delivered table holds what.

    Attributes
    ----------
    name : of the layout
    key : header of the column that tells responses apart
    fields : field -> header, of those among submitted, start, end, seconds, mode, language,
        questionnaire_version, site, person that the table has
    questions : question name -> header of the column with its answer
    splits : question name -> choice code -> header of the 0/1 column of that choice
    constants : field -> what holds of every response of this layout, for fields without a column
    """

    name: str
    key: str
    fields: Mapping[str, str]
    questions: Mapping[str, str]
    splits: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """Return, for each column of the decoded responses, the raw header it is read from."""
        located = {"respondent": self.key, **self.fields, **self.questions}
        for question, choices in self.splits.items():
            located |= {f"{question}__{code}": header for code, header in choices.items()}
        return located


@dataclass(frozen=True, slots=True)
class Spoken:
    """A table whose answers stand under the names by which the questionnaire knows them.

    Attributes
    ----------
    typed : one row per text typed beside a choice (其他): key, question, text; None where the
        layout keeps such texts in a question of their own
    """

    table: RawTable
    typed: pd.DataFrame | None = None
