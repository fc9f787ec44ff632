"""One module per export layout: where the answers stand in a delivered table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.questionnaire.blocks import Agreement, words_name
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import Calculated, ChoiceQuestion
from pipeline.responses.table import RawTable


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a delivered table holds what.

    Attributes
    ----------
    name : of the layout
    key : header of the column that tells responses apart
    fields : field -> header, of those among submitted, start, end, seconds, mode, language,
        questionnaire_version, site, person, screened_out that the table has
    questions : question name -> header of the column with its answer
    splits : question name -> choice code -> header of the 0/1 column of that choice
    constants : field -> what holds of every response of this layout, for fields without a column
    orders : question or matrix name -> header of the column with the order that was shown
    """

    name: str
    key: str
    fields: Mapping[str, str]
    questions: Mapping[str, str]
    splits: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """Return, for each column of the decoded responses, the raw header it is read from."""
        located = {"respondent": self.key, **self.fields, **self.questions}
        for question, choices in self.splits.items():
            located |= {f"{question}__{code}": header for code, header in choices.items()}
        return located | {f"{name}__order": header for name, header in self.orders.items()}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A table whose answers stand under the names by which the questionnaire knows them.

    Attributes
    ----------
    typed : one row per question and text typed beside a choice (其他), index as the table's rows:
        key, question, text. The question is the one that asks to specify, where the choice has
        one. None where the layout keeps such texts in a question of their own
    """

    table: RawTable
    typed: pd.DataFrame | None = None


def dispensable(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the questions that a delivered table may lack a column of.

    These are the texts typed beside a choice, which many systems export only where somebody typed
    something, or in the cell of the choice itself; and calculated values, which can be worked out.
    """
    specified = {
        words_name(question.name, choice.code)
        for question in questionnaire.questions
        if isinstance(question, ChoiceQuestion)
        for choice in question.choices
        if choice.specify
    }
    calculated = {q.name for q in questionnaire.questions if isinstance(q, Calculated)}
    return frozenset(specified | calculated)


def ends_early(questionnaire: Questionnaire) -> bool:
    """Tell whether a response can end before the last question: declined, or screened out."""
    declined = any(isinstance(block, Agreement) for block in questionnaire.blocks)
    return declined or bool(questionnaire.screen_outs)
