"""Tests of means and the consistency of scales, as readable tables; see `results`."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import Where
from pipeline.estimation.hypotheses.mean_tests import t_test
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates
from pipeline.estimation.presentation import STATEMENT_N
from pipeline.estimation.scales.reliability import Alpha
from pipeline.i18n import Language, word
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import Grid, Printed
from pipeline.reporting.results import number, p_said


@dataclass(frozen=True, repr=False)
class TestTable(Printed):
    """A t test: the means, their difference with its interval, and p; `test` is the test itself.

    `frame` is the test as one row.
    """

    __test__ = False

    labels: Labels
    item: Item
    group: str
    """Column of the two groups, '' where there is one mean only."""
    means: pd.DataFrame
    test: Test
    null_value: float = 0.0
    probability_sample: bool = True

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        test, language = self.test, self.language
        names = ["value", "interval", "n"] if self.probability_sample else ["value", "n"]
        if self._few:
            names.append("remark")
        head = [word(f"printed.{name}", language, level=f"{test.level:.0%}") for name in names]
        rows = [
            self._row(self._named(str(row["domain_value"])), row["value"], (row["low"],
                      row["high"]), int(row["n"]), names)
            for row in self.means.to_dict("records")
        ]  # fmt: skip
        if self.group:
            second, first = (self._named(str(v)) for v in self.means["domain_value"][::-1])
            said = word("printed.second_less_first", language, second=second, first=first)
            ends = (test.low, test.high)
            rows.append(self._row(said, test.estimate, ends, test.n or 0, names))
        question = self.item.question
        caption = f"{question}  {self.labels.name(question, language)}"
        if self.group:
            group = self.labels.name(self.group, language)
            caption += "\n" + word("printed.by", language, group=group)
        return [Grid(caption, ("", *head), tuple(rows))]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        test, said = self.test, []
        if self.probability_sample:
            figures = {"df": f"{test.df[0]:g}", "statistic": f"{test.statistic:.2f}"}
            null, p = f"{self.null_value:g}", p_said(test.p_value)
            said.append(word("printed.t_test", self.language, null=null, p=p, **figures))
        else:
            said.append(word("printed.no_margin", self.language))
        if self._few:
            said.append(word("printed.marked", self.language))
        return [*said, word("printed.unpublished", self.language)]

    @property
    def _few(self) -> bool:
        return bool((self.means["n"] < STATEMENT_N).any())

    def _named(self, level: str) -> str:
        if not self.group:
            return word("printed.mean", self.language)
        return self.labels.code(self.group, level, self.language)

    def _row(
        self,
        name: str,
        value: float | None,
        ends: tuple[float | None, float | None],
        n: int,
        names: Sequence[str],
    ) -> tuple[str, ...]:
        low, high = (number(np.nan if end is None else end, "mean") for end in ends)
        figures = {
            "value": number(np.nan if value is None else value, "mean"),
            "interval": f"[{low}, {high}]" if low and high else "", "n": f"{n:,}",
            "remark": word("printed.n_below_30", self.language) if n < STATEMENT_N else "",
        }  # fmt: skip
        return (name, *(figures[each] for each in names))


def t_test_of(
    rows: pd.DataFrame,
    item: Item,
    group: str | None,
    *,
    design: SurveyDesign,
    null_value: float,
    where: Where,
    level: float,
    labels: Labels,
    language: Language,
) -> TestTable:
    """Return the t test of a mean, or of two groups' difference, with the means; see `t_test`."""
    test = t_test(
        rows, item, group, null_value=null_value, design=design, where=where, level=level
    )
    by = [group] if group else None
    means = estimates(rows, [item], design=design, by=by, where=where, level=level)
    probability = design.probability_sample
    return TestTable(
        test.table(), language, labels, item, group or "", means, test, null_value, probability
    )


@dataclass(frozen=True, repr=False)
class AlphaTable(Printed):
    """Cronbach's alpha of a scale; `frame` has a row per item, `alpha` is all that was found."""

    labels: Labels
    alpha: Alpha
    probability_sample: bool = True

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        of, language = self.alpha, self.language
        names = ["value", "standard_error", "interval", "n"]
        if not self.probability_sample:
            names = ["value", "n"]
        head = [word(f"printed.{name}", language, level=f"{of.level:.0%}") for name in names]
        figures = {
            "value": _places(of.value), "standard_error": _places(of.standard_error),
            "interval": f"[{_places(of.low)}, {_places(of.high)}]", "n": f"{of.n:,}",
        }  # fmt: skip
        first = (word("printed.alpha", language), *(figures[name] for name in names))
        rest = [
            (word(f"printed.{name}", language), _places(value), *[""] * (len(names) - 1))
            for name, value in (
                ("alpha_standardised", of.standardised), ("lambda6", of.lambda6),
                ("mean_correlation", of.mean_correlation),
            )
        ]  # fmt: skip
        columns = ["mean", "standard_deviation", "item_rest", "alpha_without"]
        items = [
            (self._item(row), number(row["mean"], "mean"),
             *(_places(row[each]) for each in columns[1:]), f"{row['n']:,}")
            for row in self.frame.to_dict("records")
        ]  # fmt: skip
        across = (*(word(f"printed.{each}", language) for each in columns), "n")
        return [
            Grid(word("printed.scale", language), ("", *head), (first, *rest)),
            Grid(word("printed.items", language), ("", *across), tuple(items)),
        ]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = [f"! {warning}" for warning in self.alpha.warnings]
        if (self.frame["key"] < 0).any():
            said.append(word("printed.reversed_note", self.language))
        errors = "errors_of_design" if self.probability_sample else "no_margin"
        said.append(word(f"printed.{errors}", self.language))
        return [*said, word("printed.unpublished", self.language)]

    def _item(self, row: Mapping[Hashable, Any]) -> str:
        name = str(row["item"])
        mark = word("printed.reversed", self.language) if row["key"] < 0 else ""
        return f"{name}{mark}  {self.labels.name(name, self.language)}"


def _places(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.3f}"
