"""Banner tables as research houses make them: every question down, every banner across.

A cell is a weighted share, mean or net score; a letter beside it names a column of the same banner
that it is significantly higher than. Under every question stand the respondents (n, unweighted)
and the effective n of each column, (sum of weights)^2 / sum of squared weights (Kish 1965, Survey
Sampling, sec. 11.7).

What is printed in a notebook is exact. What goes into a file has passed the rules of
`pipeline.disclosure`: groups below 10 are withheld, with others where a small group could be had
by taking columns away from the total or from each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.disclosure.publish import publish_estimates
from pipeline.disclosure.rules import require_limits, rounded
from pipeline.disclosure.suppression import Respondents
from pipeline.errors import ResponseError
from pipeline.estimation.calibrated import without_margin
from pipeline.estimation.domains import ALL, By, Where, banners, inside
from pipeline.estimation.hypotheses.letters import Adjust, column_letters, letter
from pipeline.estimation.items import Item, encoded, given, level_text, read_items
from pipeline.estimation.linear import estimates
from pipeline.estimation.presentation import presentable
from pipeline.estimation.sample import sample_of
from pipeline.i18n import Language
from pipeline.questionnaire.programme import ReportingRules
from pipeline.reporting.banner_about import About
from pipeline.reporting.banner_layout import Layout, laid_out
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import Grid, Printed

KEYS = ["question", "domain", "domain_value"]
CELL = ["question", "code", "estimand", "domain", "domain_value"]


@dataclass(frozen=True, repr=False)
class BannerTable(Printed):
    """A banner table: exact in `frame`, and as it may leave the machine in `released`.

    Both have a row per line of the table and column: the columns of the estimates table;
    `base_effective_n`, Kish's for the question's base in that column; `letter` of the column;
    `higher_than`, the letters of the columns it is significantly higher than. In `released`
    withheld cells are gone, and n of columns is rounded to 5.
    """

    released: pd.DataFrame
    labels: Labels
    about: About

    def layout(self, *, released: bool) -> Layout:
        """Return the table as it is shown, exact or as it may leave the machine."""
        shown = self.released if released else self.frame
        return laid_out(self.frame, shown, self.labels, self.about, self.language, released)

    def to_excel(self, path: str | Path) -> Path:
        """Write the released table as a workbook that prints on A4; return its path."""
        from pipeline.reporting.banner_workbook import write_banner_workbook

        return write_banner_workbook(self.layout(released=True), Path(path))

    def to_html(self, path: str | Path) -> Path:
        """Write the released table as a page that needs nothing else; return its path."""
        from pipeline.reporting.banner_page import banner_page

        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        page = banner_page(self.layout(released=True))
        target.write_text(page, encoding="utf-8", newline="\n")
        return target

    def written(self, path: str | Path) -> "BannerTable":
        """Write the table to `path`, whose ending says how: ``.xlsx`` or ``.html``."""
        match Path(path).suffix.lower():
            case ".xlsx":
                self.to_excel(path)
            case ".html":
                self.to_html(path)
            case _:
                raise ResponseError(
                    f"{path}: 交叉表只能写成 .xlsx 或 .html。(write to .xlsx or .html)"
                )
        return self

    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""
        return self.layout(released=False).grids()

    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""
        return self.layout(released=False).notes


def banner_table(
    rows: pd.DataFrame,
    items: Sequence[str | Item],
    banners: By,
    *,
    design: SurveyDesign,
    labels: Labels | None = None,
    where: Where = None,
    level: float = 0.95,
    adjust: Adjust = "bh",
    ranges: Mapping[str, float] | None = None,
    rules: ReportingRules | None = None,
    sensitive: Mapping[str, bool] | None = None,
    about: About | None = None,
    language: Language = "zh",
    path: str | Path | None = None,
) -> BannerTable:
    """Make a banner table.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`; with `where` a domain of them
    items : the lines of the table; the name of a column stands for the shares of its values
    banners : columns of groups, each a block of columns beside the total; a tuple is crossed
    labels : names of questions, answers, banners and levels, and their order
    level, adjust : of the letters; see `pipeline.estimation.hypotheses.letters`
    ranges : question -> largest minus smallest answer, for the rule on imprecise means
    rules, sensitive : what may leave the machine; limits below the house's are refused
    path : also write it there, ``.xlsx`` or ``.html``

    Raises
    ------
    ResponseError
        A column is absent, nobody answered, or another file type.
    DisclosureError
        Laxer rules than respondents were told.
    """
    names, rules = labels or Labels(), rules or ReportingRules()
    require_limits(rules)
    across = [banners] if isinstance(banners, str) else list(banners or ())
    lines = _lines(rows, items)
    by = [ALL, *across]
    found = estimates(
        rows, lines, design=design, by=by, where=where, level=level,
        interval_of_proportions="beta_capped",
    )  # fmt: skip
    if found.empty:
        raise ResponseError("交叉表: 没有人回答所问的题目。(nobody answered these questions)")
    probability = design.probability_sample
    judged = presentable(
        without_margin(found, design), ranges or {}, probability_sample=probability
    )
    bases = _bases(rows, lines, by, design, where)
    exact = judged.merge(bases.effective, on=KEYS, how="left")
    letters = _letters(exact, names)
    higher = (
        _higher(rows, lines, across, letters, design, where, level, adjust) if probability else {}
    )
    exact = exact.assign(
        letter=[letters.get(key, "") for key in _keys(exact, CELL[3:])],
        higher_than=[higher.get(key, "") for key in _keys(exact, CELL)],
    )
    cleared = publish_estimates(exact, rules, sensitive or {}, bases.respondents).rows
    made = BannerTable(
        exact, language, _released(cleared, rules), names,
        (about or About()).of(design, level=level, adjust=adjust, rules=rules),
    )  # fmt: skip
    return made if path is None else made.written(path)


@dataclass(frozen=True, slots=True)
class Bases:
    """Who stands behind each question in each column."""

    effective: pd.DataFrame
    """question, domain, domain_value, base_effective_n"""
    respondents: Respondents


def _lines(rows: pd.DataFrame, items: Sequence[str | Item]) -> list[Item]:
    found: dict[tuple[str, str, str], Item] = {}
    for item in items:
        if isinstance(item, str) and item not in rows:
            raise ResponseError(f"数据表没有列 {item}；请核对题号。(no such column: {item})")
        for line in [item] if isinstance(item, Item) else _shares(rows, item):
            found.setdefault((line.question, line.code, line.estimand), line)
    return list(found.values())


def _shares(rows: pd.DataFrame, name: str) -> list[Item]:
    return [
        Item(name, level_text(value), (name,), (value,), "proportion")
        for value in encoded(rows[name])[1]
    ]


def _bases(
    rows: pd.DataFrame, lines: Sequence[Item], by: By, design: SurveyDesign, where: Where
) -> Bases:
    sample = sample_of(rows, design)
    here, weight = inside(rows, where), sample.weight
    answered: dict[str, np.ndarray] = {}
    for line in lines:
        has = given(read_items(rows, [line])) & here & (weight > 0)
        answered[line.question] = answered.get(line.question, False) | has
    membership, parts = {}, []
    for domain, texts, groups in banners(rows, sample, by, where):
        if domain != ALL:
            of = np.array([*texts, ""], dtype=object)
            membership[domain] = pd.Series(of[groups.code], index=rows.index, dtype="str")
        for question, has in answered.items():
            inner = has & (groups.code >= 0)
            sums = [
                np.bincount(groups.code[inner], weight[inner] ** power, len(texts))
                for power in (1, 2)
            ]
            with np.errstate(divide="ignore", invalid="ignore"):
                kish = sums[0] ** 2 / sums[1]
            parts.append(
                pd.DataFrame(
                    {
                        "question": question, "domain": domain, "domain_value": list(texts),
                        "base_effective_n": kish,
                    }
                )
            )  # fmt: skip
    people = Respondents(
        pd.DataFrame(membership, index=rows.index), pd.DataFrame(answered, index=rows.index)
    )
    return Bases(pd.concat(parts, ignore_index=True), people)


def _letters(exact: pd.DataFrame, labels: Labels) -> dict[tuple[str, ...], str]:
    """Return one letter for each column of the table, running over all banners."""
    columns = [
        (str(domain), level)
        for domain, part in exact.groupby("domain", sort=False)
        if domain != ALL
        for level in labels.in_order(str(domain), part["domain_value"].astype(str))
    ]
    return {column: letter(place) for place, column in enumerate(columns)}


def _higher(
    rows: pd.DataFrame,
    lines: Sequence[Item],
    across: Sequence[str | tuple[str, ...]],
    letters: Mapping[tuple[str, ...], str],
    design: SurveyDesign,
    where: Where,
    level: float,
    adjust: Adjust,
) -> dict[tuple[str, ...], str]:
    """Return of each cell the letters of the columns that it is significantly higher than."""
    if not across:
        return {}
    tests = column_letters(
        rows, lines, across, design=design, where=where, level=level, adjust=adjust
    )
    own = tests.groupby(["domain", "letter"])["domain_value"].first().to_dict()
    estimand = {(line.question, line.code): line.estimand for line in lines}
    found: dict[tuple[str, ...], str] = {}
    for row in tests[tests["higher_than"] != ""].to_dict("records"):
        domain = str(row["domain"])
        if row["question"] in domain.split("*"):
            continue  # a question tested by its own answers says nothing
        below = [letters[domain, str(own[domain, one])] for one in row["higher_than"].split()]
        key = (row["question"], row["code"], estimand[row["question"], row["code"]], domain,
               str(row["domain_value"]))  # fmt: skip
        found[key] = " ".join(sorted(below, key=lambda one: (len(one), one)))
    return found


def _released(cleared: pd.DataFrame, rules: ReportingRules) -> pd.DataFrame:
    """Round the effective n of columns, and take out letters of cells that are not shown."""
    grouped = cleared["domain"] != ALL
    coarse = rounded(cleared["base_effective_n"], rules.round_domain_n_to)
    shown = cleared[cleared["value"].notna()]
    visible = set(_keys(shown, ["question", "code", "letter"]))
    kept = [
        " ".join(one for one in str(higher).split() if (question, code, one) in visible)
        if pd.notna(value)
        else ""
        for question, code, value, higher in zip(
            cleared["question"], cleared["code"], cleared["value"], cleared["higher_than"],
            strict=True,
        )
    ]  # fmt: skip
    return cleared.assign(
        base_effective_n=cleared["base_effective_n"].mask(grouped, coarse), higher_than=kept
    )


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(frame[column].astype(str) for column in columns), strict=True))
