"""What stands where in a banner table, before it becomes a workbook, a page or a printout."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

import pandas as pd

from pipeline.documents import numbers
from pipeline.estimation.comparison import MINIMUM_SIDE
from pipeline.estimation.domains import ALL
from pipeline.i18n import Language, word
from pipeline.reporting.absent import Absent
from pipeline.reporting.banner_about import DOUBTFUL, About, Met, notes
from pipeline.reporting.labels import Labels, said
from pipeline.reporting.printed import Grid

Form = Literal["percent", "points", "mean", "count", "text"]
Kind = Literal["base", "effective", "answer", "set", "net", "mean"]
WITHHELD = "*"
Row = Mapping[Hashable, Any]
LARGE = 100
"""From here on a mean has no decimals."""
ALMOST = 0.0025


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column."""

    domain: str
    level: str
    banner: str
    name: str
    letter: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: the number and how it is written."""

    form: Form
    text: str
    value: float | None = None
    letters: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a question."""

    kind: Kind
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One question: what was asked, and its lines."""

    question: str
    wording: str
    lines: tuple[Line, ...]

    @property
    def base(self) -> Cell:
        """Respondents of the whole survey."""
        return self.lines[0].cells[0]


@dataclass(frozen=True, slots=True)
class Layout:
    """A banner table in one language, ready to be drawn."""

    title: str
    subtitle: str
    columns: tuple[Head, ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    language: Language
    dated: date

    @property
    def banners(self) -> tuple[tuple[str, int], ...]:
        """The banners' names with their numbers of columns."""
        return tuple(
            (heads[0].banner, len(heads))
            for heads in (list(part) for _, part in groupby(self.columns, lambda one: one.domain))
        )

    def grids(self) -> list[Grid]:
        """Return the table as grids of text, one a question."""
        names = [f"{one.name} ({one.letter})" if one.letter else one.name for one in self.columns]
        return [
            Grid(
                f"{block.question}  {block.wording}", ("", *names),
                tuple(
                    (line.name, *(_printed(cell) for cell in line.cells)) for line in block.lines
                ),
            )
            for block in self.blocks
        ]  # fmt: skip


def laid_out(
    exact: pd.DataFrame,
    shown: pd.DataFrame,
    labels: Labels,
    about: About,
    language: Language,
    released: bool,
    left_out: tuple[str, ...] = (),
    absent: tuple[Absent, ...] = (),
) -> Layout:
    """Return the layout of a table.

    Parameters
    ----------
    exact : all cells; they say which columns and lines there are, and what kind each line is
    shown : the cells that are shown; one that is not among them is withheld
    released : whether `shown` is what may leave the machine
    left_out : crossed banners that may not
    absent : what nobody answered
    """
    exact = exact[~exact["domain"].isin(left_out)]
    heads = tuple(_heads(exact, labels, language, about))
    keys = ["question", "code", "estimand", "domain", "domain_value"]
    cells: dict[tuple[str, ...], Row] = {
        tuple(str(row[key]) for key in keys): row for row in shown.to_dict("records")
    }
    known = set(
        exact[["question", "domain", "domain_value"]]
        .astype(str)
        .itertuples(index=False, name=None)
    )
    blocks = tuple(
        _block(str(question), part, heads, cells, known, labels, language, about)
        for question, part in exact.groupby("question", sort=False)
    )
    parts = [word("report.simulated", language)] if about.simulated else []
    parts += [said(about.subset, language)] if said(about.subset, language) else []
    if not released:
        parts.append(word("banner.unpublished", language))
    what = "what" if about.weighted else "what_unweighted"
    return Layout(
        said(about.title, language) or word("banner.title", language),
        word("banner.gap", language).join([word(f"banner.{what}", language), *parts]),
        heads, blocks,
        tuple(notes(about, _met(blocks, left_out, absent), labels, language, released)), language,
        about.dated,
    )  # fmt: skip


def _heads(
    exact: pd.DataFrame, labels: Labels, language: Language, about: About
) -> Iterator[Head]:
    yield Head(ALL, ALL, "", word("banner.all", language), "")
    for domain, part in exact.groupby("domain", sort=False):
        if domain == ALL:
            continue
        letters = dict(zip(part["domain_value"].astype(str), part["letter"], strict=True))
        for level in labels.in_order(str(domain), letters):
            yield Head(
                str(domain), level, labels.name(str(domain), language),
                labels.code(str(domain), level, language),
                letters[level] if about.probability_sample else "",
            )  # fmt: skip


def _block(
    question: str,
    part: pd.DataFrame,
    heads: tuple[Head, ...],
    cells: Mapping[tuple[str, ...], Row],
    known: set[tuple[str, ...]],
    labels: Labels,
    language: Language,
    about: About,
) -> Block:
    lines: list[Line] = []
    items = part.drop_duplicates(["code", "estimand"])
    kinds: dict[tuple[str, str], Kind] = {
        (str(item["code"]), str(item["estimand"])): item["line"]
        for item in items.to_dict("records")
    }

    def found(head: Head, code: str, estimand: str) -> Row | None:
        return cells.get((question, code, estimand, head.domain, head.level))

    def nobody(head: Head) -> bool:
        return (question, head.domain, head.level) not in known

    bases: list[Cell] = []
    effective: list[Cell] = []
    for head in heads:
        rows = [row for row in (found(head, *key) for key in kinds) if row is not None]
        if nobody(head):
            bases.append(Cell("count", "0", 0.0))
            effective.append(Cell("text", ""))
        elif not rows:
            bases.append(Cell("text", WITHHELD))
            effective.append(Cell("text", WITHHELD))
        else:
            n, kish = float(rows[0]["n"]), float(rows[0]["base_effective_n"])
            bases.append(Cell("count", numbers.count(n), n, weak=n < MINIMUM_SIDE))
            effective.append(Cell("count", numbers.count(kish), kish, weak=kish < MINIMUM_SIDE))
    lines.append(Line("base", word("banner.base", language), tuple(bases)))
    if about.probability_sample:
        lines.append(Line("effective", word("banner.effective", language), tuple(effective)))
    for (code, estimand), kind in kinds.items():
        row = tuple(
            Cell("text", "") if nobody(head) else _cell(found(head, code, estimand), kind)
            for head in heads
        )
        lines.append(Line(kind, _line_name(question, code, kind, labels, language), row))
    return Block(question, labels.name(question, language), tuple(lines))


def _line_name(question: str, code: str, kind: Kind, labels: Labels, language: Language) -> str:
    match kind:
        case "net" | "mean":
            unit = labels.unit(question, language)
            name = word(f"banner.{kind}", language)
            return f"{name}{word('printed.in_unit', language, unit=unit)}" if unit else name
        case "set":
            return word("banner.set", language, names=labels.code(question, code, language))
        case _:
            return labels.code(question, code, language)


def _cell(row: Row | None, kind: Kind) -> Cell:
    if row is None:
        return Cell("text", WITHHELD)
    value, weak = row["value"], not row["presentable"]
    letters = str(row["higher_than"])
    joined = letters.replace(" ", "," if any(len(one) > 1 for one in letters.split()) else "")
    if pd.isna(value):  # an extreme share of a sensitive question: only its bound is told
        end = row["high"] if row["low"] == 0 else row["low"]
        return Cell("text", ("≤" if row["low"] == 0 else "≥") + numbers.percent(float(end)))
    value = float(value)
    form, text = _written(value, kind)
    return Cell(form, text, round(value * 100, 9) if kind == "net" else value, joined, weak)


def shown_value(value: float, kind: Kind) -> float:
    """Return a figure as exactly as it is shown, NaN where it is missing.

    What is shown as "<1%" is a quarter of a point, whatever it was; ">99%" is as much below 1.
    """
    if pd.isna(value):
        return float("nan")
    form, text = _written(float(value), kind)
    if text[0] in "<>":
        return ALMOST if text[0] == "<" else 1 - ALMOST
    figure = float(text.replace(numbers.MINUS, "-").replace(",", "").rstrip("%"))
    return figure if form == "mean" else figure / 100


def _written(value: float, kind: Kind) -> tuple[Form, str]:
    match kind:
        case "net":
            return "points", numbers.points(value)
        case "mean":
            large = abs(value) >= LARGE
            return "mean", numbers.count(value) if large else numbers.factor(value)
        case _:
            return "percent", numbers.percent(value)


def _printed(cell: Cell) -> str:
    text = cell.text.replace(numbers.MINUS, "-")
    parts = [text + (DOUBTFUL if cell.weak and cell.form != "count" else ""), cell.letters]
    return " ".join(part for part in parts if part)


def _met(blocks: tuple[Block, ...], left_out: tuple[str, ...], absent: tuple[Absent, ...]) -> Met:
    """Return what occurs in a table that a reader must be told of."""
    lines = [line for block in blocks for line in block.lines]
    cells = [cell for line in lines for cell in line.cells]
    return Met(
        net=any(line.kind == "net" for line in lines),
        weak=any(cell.weak for cell in cells),
        withheld=any(cell.text == WITHHELD for cell in cells),
        bounds=any(cell.text[:1] in ("≤", "≥") for cell in cells),
        left_out=left_out,
        absent=absent,
    )
