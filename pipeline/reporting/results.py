"""Estimates as readable tables.

They show a researcher's own figures, before the disclosure rules: what may not be stated is
marked, not hidden, and every table says that it is unpublished.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.calibrated import CALIBRATED, without_margin
from pipeline.estimation.domains import ALL
from pipeline.estimation.presentation import STATEMENT_N, presentable, ranges_of
from pipeline.i18n import Language, word
from pipeline.questionnaire.model import Questionnaire
from pipeline.reporting.absent import Absent, absences
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import Grid, Printed

Row = Mapping[Hashable, Any]
TOP_LEFT = ""


@dataclass(frozen=True, repr=False)
class EstimatesTable(Printed):
    """Estimates in the columns of the estimates table, one grid per question and banner."""

    labels: Labels
    probability_sample: bool = True
    absent: tuple[Absent, ...] = ()
    """What was asked for and nobody answered."""

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        return [
            self._grid(str(question), str(domain), part)
            for (question, domain), part in self.frame.groupby(["question", "domain"], sort=False)
        ]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = list(absences(self.absent, self.labels, self.language))
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
        if row["estimand"] == "ratio":
            below = str(row["code"])
            called = self.labels.name(below, self.language)
            name = below if called == below else f"{below}  {called}"
            return word("printed.over", self.language, name=name)
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
    absent: tuple[Absent, ...] = (),
) -> EstimatesTable:
    """Return estimates as they print, judged by the presentation rule.

    Totals and ratios have no range of answers to be held against: n, and whether there is a
    standard error, alone decide.

    Raises
    ------
    ResponseError
        There are none: nobody answered.
    """
    if found.empty:
        raise ResponseError("没有人回答所问的题目。(nobody answered these questions)")
    probability = design.probability_sample
    bare = without_margin(found, design)
    judged = presentable(bare, ranges_of(questionnaire), probability_sample=probability)
    boundless = judged["estimand"].isin(["total", "ratio"])
    few, fixed = judged["n"] < STATEMENT_N, judged["interval_method"] == CALIBRATED
    unknown = judged["standard_error"].isna() & ~fixed & probability
    why = np.select([few, unknown], ["n_below_30", "no_standard_error"], default="")
    judged["why_not"] = judged["why_not"].mask(boundless, pd.Series(why, judged.index))
    judged["presentable"] = judged["why_not"] == ""
    return EstimatesTable(judged, language, labels, probability, absent)


def quantile_name(code: str, language: Language) -> str:
    """Return what the quantile of a probability is called."""
    if float(code) == 0.5:
        return word("printed.median", language)
    return word("printed.quantile", language, percent=f"{float(code) * 100:g}")


def _figures(row: Row, language: Language) -> dict[str, str]:
    kind = str(row["estimand"])
    low, high = number(row["low"], kind), number(row["high"], kind)
    return {
        "value": number(row["value"], kind),
        "standard_error": number(row["standard_error"], kind),
        "interval": f"[{low}, {high}]" if low and high else "",
        "n": f"{row['n']:,.0f}",
        "effective_n": number(row["effective_n"], "total"),
        "remark": " ".join(_remarks(row, language)),
    }


def _remarks(row: Row, language: Language) -> Iterator[str]:
    if row["interval_method"] == CALIBRATED:
        yield word("printed.fixed", language)
    if row["why_not"]:
        yield word(f"printed.{row['why_not']}", language)


def number(value: float, estimand: str) -> str:
    """Return a figure as tables show it; '' where it is missing."""
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


def p_said(p: float) -> str:
    """Return what stands behind ``p`` in a sentence: ``= 0.012`` or ``< 0.001``."""
    return f"< {p_value(p)[1:]}" if p < 0.001 else f"= {p_value(p)}"
