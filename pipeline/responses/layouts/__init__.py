"""One module per export layout: where the answers stand in a delivered table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a delivered table holds what.

    Attributes
    ----------
    name : of the layout
    key : header of the column that tells responses apart
    fields : field -> header, of those among submitted, start, end, mode, language,
        questionnaire_version, site, person that the table has
    questions : question name -> header of the column with its answer
    splits : question name -> choice code -> header of the 0/1 column of that choice
    """

    name: str
    key: str
    fields: Mapping[str, str]
    questions: Mapping[str, str]
    splits: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """Return, for each column of the decoded responses, the raw header it is read from."""
        located = {"respondent": self.key, **self.fields, **self.questions}
        for question, choices in self.splits.items():
            located |= {f"{question}__{code}": header for code, header in choices.items()}
        return located
