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

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.disclosure.rules import require_limits
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import one_of
from pipeline.estimation.calibrated import without_margin
from pipeline.estimation.domains import ALL, By, Where
from pipeline.estimation.hypotheses.letters import Adjust, column_letters, letter
from pipeline.estimation.items import Item, encoded
from pipeline.estimation.linear import estimates
from pipeline.estimation.presentation import presentable
from pipeline.i18n import Language
from pipeline.questionnaire.programme import ReportingRules
from pipeline.reporting.absent import Absent, absent_of, peopled
from pipeline.reporting.banner_about import About
from pipeline.reporting.banner_bases import bases_of
from pipeline.reporting.banner_layout import Kind, Layout, laid_out
from pipeline.reporting.banner_release import release
from pipeline.reporting.labels import CROSSED, Labels
from pipeline.reporting.printed import Grid, Printed
from pipeline.reporting.questions import is_set
from pipeline.totals.coding import level_text

KEYS = ["question", "domain", "domain_value"]
CELL = ["question", "code", "estimand", "domain", "domain_value"]


@dataclass(frozen=True, repr=False)
class BannerTable(Printed):
    """A banner table: exact in `frame`, and as it may leave the machine in `released`.

    Both have a row per line of the table and column: the columns of the estimates table;
    `base_effective_n`, Kish's for the question's base in that column; `letter` of the column;
    `higher_than`, the letters of the columns it is significantly higher than; `line`, whether it
    is an answer, a set of answers, a net score or a mean. In `released` withheld cells are gone
    (of a crossed banner with such a cell, all), n of columns is rounded to 5, and figures to what
    is shown.
    """

    released: pd.DataFrame
    labels: Labels
    about: About
    left_out: tuple[str, ...] = ()
    """Crossed banners that are not in `released`."""
    absent: tuple[Absent, ...] = ()
    """Questions and groups without anyone."""

    def layout(self, *, released: bool) -> Layout:
        """Return the table as it is shown, exact or as it may leave the machine."""
        shown = self.released if released else self.frame
        return laid_out(
            self.frame, shown, self.labels, self.about, self.language, released,
            self.left_out if released else (), self.absent,
        )  # fmt: skip

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
        match Path(path).suffix.lower() if isinstance(path, str | Path) else "":
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
    rules = rules or ReportingRules()
    require_limits(rules)
    one_of("adjust", adjust, Adjust)
    across = [banners] if isinstance(banners, str) else list(banners or ())
    across = [entry for entry in dict.fromkeys(across) if entry != ALL]
    names = (labels or Labels()).across(rows, across)
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
    bases = bases_of(rows, lines, across, design, where)
    exact = judged.merge(bases.effective, on=KEYS, how="left")
    letters = _letters(exact, names)
    kinds: dict[tuple[str, ...], Kind] = {
        (line.question, line.code, line.estimand): _kind(line) for line in lines
    }
    higher = (
        _higher(rows, lines, across, letters, design, where, level, adjust) if probability else {}
    )
    exact = exact.assign(
        letter=[letters.get(key, "") for key in _keys(exact, CELL[3:])],
        higher_than=[higher.get(key, "") for key in _keys(exact, CELL)],
        line=[kinds[key] for key in _keys(exact, CELL[:3])],
    )
    outside = release(exact, rules, sensitive or {}, bases.people)
    absent = absent_of(exact, [line.question for line in lines],
                       peopled(rows, design, by, where))  # fmt: skip
    made = BannerTable(
        exact, language, outside.rows, names,
        (about or About()).of(design, level=level, adjust=adjust, rules=rules), outside.left_out,
        tuple(one for one in absent if not (one.question and one.domain)),
    )  # fmt: skip
    return made if path is None else made.written(path)


def _kind(line: Item) -> Kind:
    if line.estimand == "mean":
        return "net" if line.code == "net" and line.values else "mean"
    return "set" if is_set(line) else "answer"


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
    parts = {
        CROSSED.join([entry] if isinstance(entry, str) else entry): entry
        if isinstance(entry, tuple)
        else (entry,)
        for entry in across
    }
    own = tests.groupby(["domain", "letter"])["domain_value"].first().to_dict()
    estimand = {(line.question, line.code): line.estimand for line in lines}
    found: dict[tuple[str, ...], str] = {}
    for row in tests[tests["higher_than"] != ""].to_dict("records"):
        domain = str(row["domain"])
        if row["question"] in parts[domain]:
            continue  # a question tested by its own answers says nothing
        below = [letters[domain, str(own[domain, one])] for one in row["higher_than"].split()]
        key = (row["question"], row["code"], estimand[row["question"], row["code"]], domain,
               str(row["domain_value"]))  # fmt: skip
        found[key] = " ".join(sorted(below, key=lambda one: (len(one), one)))
    return found


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(frame[column].astype(str) for column in columns), strict=True))
