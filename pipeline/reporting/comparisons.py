"""Differences between waves, and crosstabs, as readable tables; see `results`."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.estimation.domains import ALL, By
from pipeline.estimation.hypotheses.crosstabs import Crosstab
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.items import Item, encoded
from pipeline.estimation.presentation import STATEMENT_N, presentable
from pipeline.estimation.waves import compare
from pipeline.i18n import word
from pipeline.reporting.absent import Absent, absences, absent_of, both
from pipeline.reporting.banner_about import DOUBTFUL
from pipeline.reporting.labels import Labels
from pipeline.reporting.opened import Opened
from pipeline.reporting.printed import Grid, Printed
from pipeline.reporting.questions import reworded
from pipeline.reporting.results import TOP_LEFT, number, p_said, p_value
from pipeline.totals.coding import level_text

Row = Mapping[Hashable, Any]


@dataclass(frozen=True, repr=False)
class DifferencesTable(Printed):
    """Differences between two waves, after minus before, in the columns of `waves.compare`."""

    labels: Labels
    before: str
    after: str
    probability_sample: bool = True
    reworded: tuple[str, ...] = ()
    """Questions whose wording is not the same in both waves."""
    absent: tuple[Absent, ...] = ()
    """What was asked for and nobody answered in one of the waves."""

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        return [
            self._grid(str(question), str(domain), part)
            for (question, domain), part in self.frame.groupby(["question", "domain"], sort=False)
        ]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = list(absences(self.absent, self.labels, self.language))
        said.append(
            word("printed.change_note", self.language, before=self.before, after=self.after)
        )
        if self.reworded:
            said.append(word("printed.reworded", self.language, names=", ".join(self.reworded)))
        errors = "change_errors" if self.probability_sample else "no_margin"
        said.append(word(f"printed.{errors}", self.language))
        if _few(self.frame).any():
            said.append(word("printed.marked", self.language))
        return [*said, word("printed.unpublished", self.language)]

    def _grid(self, question: str, domain: str, part: pd.DataFrame) -> Grid:
        level = f"{float(part['level'].iloc[0]):.0%}"
        names = ["difference", "standard_error", "interval", "p", "n_waves", "remark"]
        if not self.probability_sample:
            names = ["difference", "n_waves", "remark"]
        if not _few(part).any():
            names.remove("remark")
        head = [word(f"printed.{name}", self.language, level=level) for name in names]
        rows: list[tuple[str, ...]] = []
        items = part.drop_duplicates(["code", "estimand"]).to_dict("records")
        for item in items:
            same = part[(part["code"] == item["code"]) & (part["estimand"] == item["estimand"])]
            found = {str(row["domain_value"]): row for row in same.to_dict("records")}
            said, several = self._item(question, item), domain != ALL and len(items) > 1
            if several:
                rows.append((said,))
            for value in self.labels.in_order(domain, found):
                name = said if domain == ALL else self.labels.code(domain, value, self.language)
                row = found[value]
                figures = _changes(row, word("printed.n_below_30", self.language))
                rows.append(("  " * several + name, *self._sides(row),
                             *(figures[each] for each in names)))  # fmt: skip
        caption = f"{question}  {self.labels.name(question, self.language)}"
        if domain != ALL:
            group = self.labels.name(domain, self.language)
            caption += "\n" + word("printed.by", self.language, group=group)
            if len(items) == 1:
                gap = word("printed.gap", self.language)
                caption += gap + self._item(question, items[0])
        return Grid(caption, (TOP_LEFT, self.before, self.after, *head), tuple(rows))

    def _sides(self, row: Row) -> tuple[str, str]:
        one, two = (number(row[f"value_{side}"], row["estimand"]) for side in ("before", "after"))
        return one, two

    def _item(self, question: str, row: Row) -> str:
        code = str(row["code"])
        if row["estimand"] == "proportion":
            return self.labels.code(question, code, self.language)
        return word("printed.net" if code == "net" else "printed.mean", self.language)


@dataclass(frozen=True, repr=False)
class CrosstabTable(Printed):
    """A crosstab as shares of each column with standard errors, and the test of independence."""

    labels: Labels
    crosstab: Crosstab
    test: Test | None
    probability_sample: bool = True
    absent: tuple[Absent, ...] = ()
    """Answers that nobody in the table gave."""

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
        base = {b: int(counts[b].sum()) for b in across}
        rows.append(("n", *(f"{base[b]:,}" for b in across)))
        if self._few:
            few = word("printed.n_below_30", language)
            marks = [few if base[b] < STATEMENT_N else "" for b in across]
            rows.append((word("printed.remark", language), *marks))
        names = tuple(self.labels.code(of.b, b, language) for b in across)
        caption = word(
            "printed.crosstab", language, a=f"{of.a}  {self.labels.name(of.a, language)}",
            b=self.labels.name(of.b, language),
        )  # fmt: skip
        return [Grid(caption, (TOP_LEFT, *names), tuple(rows))]

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        said = list(absences(self.absent, self.labels, self.language))
        if self._few:
            said.append(word("printed.marked", self.language))
        if (self.frame["why_not"] != "").any():
            said.append(word("printed.doubtful", self.language, mark=DOUBTFUL, n=STATEMENT_N))
        if not self.probability_sample:
            said.append(word("printed.no_margin", self.language))
        else:
            said.append(word("printed.share_and_error", self.language))
        if self.test is not None:
            df = ", ".join(f"{one:.1f}" for one in self.test.df)
            said.append(
                word("printed.independence", self.language, df=df,
                     statistic=f"{self.test.statistic:.2f}", p=p_said(self.test.p_value))
            )  # fmt: skip
        return [*said, word("printed.unpublished", self.language)]

    @property
    def _few(self) -> bool:
        return bool((self.crosstab.n_cells.sum() < STATEMENT_N).any())

    def _cell(self, row: Row) -> str:
        mark = DOUBTFUL if row["why_not"] else ""
        if not self.probability_sample:
            return f"{row['value']:.1%}{mark}"
        return f"{row['value']:.1%} ({row['standard_error']:.1%}){mark}"


def compared(
    before: Opened,
    after: Opened,
    items: Sequence[Item],
    by: By,
    inside: tuple[pd.Series | None, pd.Series | None],
    level: float,
) -> DifferencesTable:
    """Return the change of `items` between two waves, as it prints.

    Raises
    ------
    ResponseError
        A question has other codes in the two waves; nobody answered in both.
    """
    questions = list(dict.fromkeys(item.question for item in items))
    forms = before.questionnaire, after.questionnaire
    reread = tuple(name for name in questions if reworded(name, *forms))
    found = compare(
        before.rows, after.rows, items, design=(before.design, after.design), by=by, where=inside,
        level=level,
    )  # fmt: skip
    if found.empty:
        raise ResponseError(
            "所问的题目没有在两期都有人回答。(no question was answered in both waves)"
        )
    groups = both(before._peopled(by, inside[0]), after._peopled(by, inside[1]))
    probability = before.design.probability_sample and after.design.probability_sample
    return DifferencesTable(
        found, after.language, after._labels(by), before.wave, after.wave, probability, reread,
        absent_of(found, questions, groups),
    )  # fmt: skip


def unused(found: Crosstab, rows: pd.DataFrame) -> tuple[Absent, ...]:
    """Return the levels of the two columns that nobody in the table has."""
    return tuple(
        Absent("", column, missing)
        for column, here in ((found.a, found.counts.index), (found.b, found.counts.columns))
        if (missing := tuple(
            text for level in encoded(rows[column])[1]
            if (text := level_text(level)) not in set(map(str, here))
        ))
    )  # fmt: skip


def judged(found: Crosstab, *, probability_sample: bool) -> pd.DataFrame:
    """Return the figures of a crosstab with `presentable` and `why_not` of its column shares."""
    named = found.table.assign(question=found.a)
    shares = named["estimand"] == "column_share"
    of_shares = presentable(
        named[shares].assign(estimand="proportion"), {}, probability_sample=probability_sample
    )
    why = of_shares["why_not"].reindex(named.index).fillna("")
    return found.table.assign(presentable=why == "", why_not=why.astype("str"))


def _few(differences: pd.DataFrame) -> pd.Series:
    """Tell which differences rest on too few respondents in a wave."""
    fewest: pd.Series = differences[["n_before", "n_after"]].min(axis=1)
    return fewest < STATEMENT_N


def _changes(row: Row, few: str) -> dict[str, str]:
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
        "remark": few if min(row["n_before"], row["n_after"]) < STATEMENT_N else "",
    }
