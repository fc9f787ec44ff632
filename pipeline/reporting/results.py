"""Estimates, differences between waves and crosstabs as readable tables.

They show a researcher's own figures, before the disclosure rules: what may not be stated is
marked, not hidden, and every table says that it is unpublished.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.calibrated import CALIBRATED, without_margin
from pipeline.estimation.domains import ALL
from pipeline.estimation.hypotheses.crosstabs import Crosstab
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.presentation import presentable, ranges_of
from pipeline.i18n import Language, word
from pipeline.questionnaire.model import Questionnaire
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import Grid, Printed

Row = Mapping[Hashable, Any]
TOP_LEFT = ""


@dataclass(frozen=True, repr=False)
class EstimatesTable(Printed):
    """Estimates in the columns of the estimates table, one grid per question and banner."""

    labels: Labels
    probability_sample: bool = True

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        return [
            self._grid(str(question), str(domain), part)
            for (question, domain), part in self.frame.groupby(["question", "domain"], sort=False)
        ]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = []
        if (self.frame["why_not"] != "").any():
            said.append(word("printed.marked", self.language))
        if (self.frame["interval_method"] == CALIBRATED).any():
            said.append(word("printed.fixed_note", self.language))
        if not self.probability_sample:
            said.append(word("printed.no_margin", self.language))
        return [*said, word("printed.unpublished", self.language)]

    def _grid(self, question: str, domain: str, part: pd.DataFrame) -> Grid:
        names = ["value", "standard_error", "interval", "n", "effective_n", "remark"]
        if not self.probability_sample:
            names = ["value", "n", "remark"]
        if (part["why_not"] == "").all() and not (part["interval_method"] == CALIBRATED).any():
            names.remove("remark")
        level = float(part["level"].iloc[0])
        head = [word(f"printed.{name}", self.language, level=f"{level:.0%}") for name in names]
        rows: list[tuple[str, ...]] = []
        items = part.drop_duplicates(["code", "estimand"])
        for item in items.to_dict("records"):
            same = part[(part["code"] == item["code"]) & (part["estimand"] == item["estimand"])]
            found = {str(row["domain_value"]): row for row in same.to_dict("records")}
            said = self._item(question, item)
            if domain != ALL and len(items) > 1:
                rows.append((said,))
            for value in self.labels.in_order(domain, found):
                name = said if domain == ALL else self.labels.code(domain, value, self.language)
                indent = "  " if domain != ALL and len(items) > 1 else ""
                figures = _figures(found[value], self.language)
                rows.append((indent + name, *(figures[each] for each in names)))
        caption = f"{question}  {self.labels.name(question, self.language)}"
        if domain != ALL:
            group = self.labels.name(domain, self.language)
            caption += "\n" + word("printed.by", self.language, group=group)
            if len(items) == 1:
                caption += word("printed.gap", self.language) + self._item(question, items.iloc[0])
        return Grid(caption, (TOP_LEFT, *head), tuple(rows))

    def _item(self, question: str, row: Row | pd.Series) -> str:
        if row["estimand"] == "quantile":
            unit = self.labels.unit(question, self.language)
            said = quantile_name(str(row["code"]), self.language)
            return said + word("printed.in_unit", self.language, unit=unit) if unit else said
        if row["estimand"] in ("mean", "total") and row["code"] in ("", "net"):
            said = word(f"printed.{row['code'] or row['estimand']}", self.language)
            unit = self.labels.unit(question, self.language)
            return said + word("printed.in_unit", self.language, unit=unit) if unit else said
        return self.labels.code(question, str(row["code"]), self.language)


def told(
    found: pd.DataFrame,
    design: SurveyDesign,
    questionnaire: Questionnaire,
    labels: Labels,
    language: Language,
) -> EstimatesTable:
    """Return estimates as they print, judged by the presentation rule.

    Raises
    ------
    ResponseError
        There are none: nobody answered.
    """
    if found.empty:
        raise ResponseError("没有人回答所问的题目。(nobody answered these questions)")
    probability = design.probability_sample
    # A total is held against itself: the range of the answers says nothing of it.
    spans = {} if (found["estimand"] == "total").any() else ranges_of(questionnaire)
    judged = presentable(without_margin(found, design), spans, probability_sample=probability)
    return EstimatesTable(judged, language, labels, probability)


@dataclass(frozen=True, repr=False)
class DifferencesTable(Printed):
    """Differences between two waves, after minus before, in the columns of `waves.compare`."""

    labels: Labels
    before: str
    after: str
    probability_sample: bool = True
    reworded: tuple[str, ...] = ()
    """Questions whose wording is not the same in both waves."""

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        return [
            self._grid(str(question), str(domain), part)
            for (question, domain), part in self.frame.groupby(["question", "domain"], sort=False)
        ]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = [word("printed.change_note", self.language, before=self.before, after=self.after)]
        if self.reworded:
            said.append(word("printed.reworded", self.language, names=", ".join(self.reworded)))
        if not self.probability_sample:
            said.append(word("printed.no_margin", self.language))
        return [*said, word("printed.unpublished", self.language)]

    def _grid(self, question: str, domain: str, part: pd.DataFrame) -> Grid:
        level = f"{float(part['level'].iloc[0]):.0%}"
        names = ["difference", "standard_error", "interval", "p", "n_waves"]
        if not self.probability_sample:
            names = ["difference", "n_waves"]
        head = [word(f"printed.{name}", self.language, level=level) for name in names]
        rows = [
            (self._name(question, domain, row), *self._sides(row),
             *(_changes(row)[name] for name in names))
            for row in part.to_dict("records")
        ]  # fmt: skip
        caption = f"{question}  {self.labels.name(question, self.language)}"
        if domain != ALL:
            group = self.labels.name(domain, self.language)
            caption += "\n" + word("printed.by", self.language, group=group)
        return Grid(caption, (TOP_LEFT, self.before, self.after, *head), tuple(rows))

    def _sides(self, row: Row) -> tuple[str, str]:
        one, two = (_number(row[f"value_{side}"], row["estimand"]) for side in ("before", "after"))
        return one, two

    def _name(self, question: str, domain: str, row: Row) -> str:
        code = str(row["code"])
        item = (
            self.labels.code(question, code, self.language)
            if row["estimand"] == "proportion"
            else word(f"printed.{code or row['estimand']}", self.language)
        )
        if domain == ALL:
            return item
        return f"{self.labels.code(domain, str(row['domain_value']), self.language)}: {item}"


@dataclass(frozen=True, repr=False)
class CrosstabTable(Printed):
    """A crosstab as shares of each column with standard errors, and the test of independence."""

    labels: Labels
    crosstab: Crosstab
    test: Test | None

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        of, language = self.crosstab, self.language
        shares = self.frame[self.frame["estimand"] == "column_share"]
        cells = {(row["a"], row["b"]): row for row in shares.to_dict("records")}
        counts = of.n_cells
        across = self.labels.in_order(of.b, map(str, counts.columns))
        rows = [
            (self.labels.code(of.a, a, language), *(self._cell(cells[a, b]) for b in across))
            for a in self.labels.in_order(of.a, map(str, counts.index))
        ]
        rows.append(("n", *(f"{int(counts[b].sum()):,}" for b in across)))
        names = tuple(self.labels.code(of.b, b, language) for b in across)
        caption = word(
            "printed.crosstab", language, a=f"{of.a}  {self.labels.name(of.a, language)}",
            b=self.labels.name(of.b, language),
        )  # fmt: skip
        return [Grid(caption, (TOP_LEFT, *names), tuple(rows))]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = []
        if self.test is None:
            said.append(word("printed.no_margin", self.language))
        else:
            df = ", ".join(f"{one:.1f}" for one in self.test.df)
            said.append(word("printed.share_and_error", self.language))
            said.append(
                word("printed.independence", self.language, df=df,
                     statistic=f"{self.test.statistic:.2f}", p=p_value(self.test.p_value))
            )  # fmt: skip
        return [*said, word("printed.unpublished", self.language)]

    def _cell(self, row: Row) -> str:
        if self.test is None:
            return f"{row['value']:.1%}"
        return f"{row['value']:.1%} ({row['standard_error']:.1%})"


def quantile_name(code: str, language: Language) -> str:
    """Return what the quantile of a probability is called."""
    if float(code) == 0.5:
        return word("printed.median", language)
    return word("printed.quantile", language, percent=f"{float(code) * 100:g}")


def _figures(row: Row, language: Language) -> dict[str, str]:
    kind = str(row["estimand"])
    low, high = _number(row["low"], kind), _number(row["high"], kind)
    return {
        "value": _number(row["value"], kind),
        "standard_error": _number(row["standard_error"], kind),
        "interval": f"[{low}, {high}]" if low and high else "",
        "n": f"{row['n']:,.0f}",
        "effective_n": _number(row["effective_n"], "total"),
        "remark": " ".join(_remarks(row, language)),
    }


def _remarks(row: Row, language: Language) -> Iterator[str]:
    if row["interval_method"] == CALIBRATED:
        yield word("printed.fixed", language)
    if row["why_not"]:
        yield word(f"printed.{row['why_not']}", language)


def _changes(row: Row) -> dict[str, str]:
    share = row["estimand"] == "proportion"

    def figure(value: float, sign: str = "") -> str:
        if pd.isna(value):
            return ""
        return f"{value * 100:{sign}.1f}" if share else f"{value:{sign},.2f}"

    low, high = figure(row["low"], "+"), figure(row["high"], "+")
    return {
        "difference": figure(row["difference"], "+"),
        "standard_error": figure(row["standard_error"]),
        "interval": f"[{low}, {high}]" if low and high else "",
        "p": p_value(row["p"]),
        "n_waves": f"{row['n_before']:,} / {row['n_after']:,}",
    }


def _number(value: float, estimand: str) -> str:
    if pd.isna(value):
        return ""
    match estimand:
        case "proportion":
            return f"{value:.1%}"
        case "total":
            return f"{value:,.0f}"
        case _:
            return f"{value:,.2f}"


def p_value(p: float) -> str:
    """Return a p-value as tables show it."""
    if pd.isna(p):
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"
