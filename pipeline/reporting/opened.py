"""A survey with its meaning at hand: rows, design, questionnaire; what `Survey` asks it with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import refuse_bad_level
from pipeline.estimation.domains import ALL, By
from pipeline.estimation.items import Item
from pipeline.i18n import Language, Text, word
from pipeline.questionnaire.filters import Filter
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.names import unknown
from pipeline.questionnaire.programme import Programme
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import known_language
from pipeline.reporting.questions import (
    Figure,
    Questions,
    asked,
    domain,
    groups,
    require_column,
)

if TYPE_CHECKING:
    from pipeline.reporting.absent import Peopled
    from pipeline.reporting.results import EstimatesTable

Constant = bool | int | float | str
New = pd.Series | Constant | Callable[[pd.DataFrame], object]


@dataclass(frozen=True, repr=False)
class Opened:
    """One survey in one wave; see `Survey`."""

    rows: pd.DataFrame
    design: SurveyDesign
    questionnaire: Questionnaire
    programme: Programme | None = None
    wave: str = ""
    language: Language = "zh"

    def __post_init__(self) -> None:
        known_language(self.language)

    @cached_property
    def labels(self) -> Labels:
        """What questions, answers and groups are called; truth values are yes and no."""
        known = Labels.of(self.questionnaire, self.programme)
        answers = {
            code: Text(zh=word(f"printed.{name}", "zh"), en=word(f"printed.{name}", "en"))
            for code, name in (("1", "yes"), ("0", "no"))
        }
        truths = {str(c): answers for c in self.rows if pd.api.types.is_bool_dtype(self.rows[c])}
        return replace(known, codes={**truths, **known.codes})

    def assign(self, **columns: New) -> Self:
        """Return the survey with more columns.

        Each is a Series on `rows`, a constant, or a function of the rows that returns such.

        >>> survey.assign(old=lambda rows: rows["q17"] >= 3).proportions("q01", by="old")

        Raises
        ------
        ResponseError
            A column on other rows, or a function that asks for a column that is not there.
        """
        rows = self.rows
        for name, new in columns.items():
            rows = rows.assign(**{name: _made(name, new, rows)})
        return replace(self, rows=rows)

    def __repr__(self) -> str:
        weight, form = self.design.weight, self.questionnaire
        n = len(self.rows) if weight is None else int((self.rows[weight] > 0).sum())
        return f"{form.survey} {self.wave}: {form.title(self.language)}, n = {n:,}"

    def _read(
        self,
        questions: Questions,
        figure: Figure,
        by: By,
        where: Filter | None,
        level: float,
    ) -> tuple[list[Item], By, pd.Series | None]:
        """Return what is asked for, the banners, and who is in the domain."""
        refuse_bad_level(level)
        return self._asked(questions, figure), self._groups(by), self._domain(where)

    def _asked(self, questions: Questions, figure: Figure) -> list[Item]:
        return asked(questions, figure, self.questionnaire, self.rows)

    def _domain(self, where: Filter | None) -> pd.Series | None:
        return domain(where, self.rows, self.design.weight)

    def _groups(self, by: By) -> By:
        return groups(by, self.questionnaire, self.rows)

    def _column(self, name: str) -> str:
        require_column(name, self.questionnaire, self.rows)
        return name

    def _labels(self, by: By) -> Labels:
        """Return the labels with the crossed banners of `by`."""
        return self.labels.across(self.rows, [by] if isinstance(by, str) else by or [ALL])

    def _peopled(self, by: By, inside: pd.Series | None) -> "list[Peopled]":
        from pipeline.reporting.absent import peopled

        return peopled(self.rows, self.design, by, inside)

    def _told(
        self, found: pd.DataFrame, items: list[Item], by: By, inside: pd.Series | None
    ) -> "EstimatesTable":
        """Return estimates as they print, with what nobody answered."""
        from pipeline.reporting.absent import absent_of
        from pipeline.reporting.results import told

        absent = absent_of(found, [item.question for item in items], self._peopled(by, inside))
        return told(
            found, self.design, self.questionnaire, self._labels(by), self.language, absent
        )


def _made(name: str, new: New, rows: pd.DataFrame) -> pd.Series:
    try:
        made = new(rows) if callable(new) else new
    except KeyError as error:
        missing = str(error.args[0]) if error.args else ""
        raise unknown(missing, map(str, rows.columns), "列 (column)") from error
    if isinstance(made, Constant | np.generic):
        return pd.Series(made, index=rows.index)
    if isinstance(made, np.ndarray | list) and len(made) == len(rows):
        return pd.Series(made, index=rows.index)
    if not isinstance(made, pd.Series) or not made.index.equals(rows.index):
        raise ResponseError(
            f"{name}: 新列的行与数据不一致；请由 survey.rows 算出，或给一个常数。"
            "(the new column is not on the rows of this survey; make it of survey.rows, or give a "
            "constant)"
        )
    return made
