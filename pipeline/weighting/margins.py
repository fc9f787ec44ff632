"""Population counts known from outside the survey, as the margins file gives them.

The file has the columns ``variable,category,population``: a column of the sample table
(``county``, or a question with its codes), one of its values, and how many people of the
population have it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.weighting.levels import coded

HEADER = ("variable", "category", "population")
TOTALS_AGREE = 1e-6
"""Largest relative difference between the totals of two margins."""


@dataclass(frozen=True, slots=True)
class MarginCell:
    """One count, and the line of the file where it stands."""

    variable: str
    category: str
    population: float
    line: int


@dataclass(frozen=True, slots=True)
class Margins:
    """The counts of a margins file, in its order; without cells nothing is to be calibrated."""

    source: str
    cells: tuple[MarginCell, ...]

    @property
    def counts(self) -> dict[str, dict[str, float]]:
        """The counts: variable -> category -> people."""
        counts: dict[str, dict[str, float]] = {}
        for cell in self.cells:
            counts.setdefault(cell.variable, {})[cell.category] = cell.population
        return counts


def margins_of(counts: Mapping[str, Mapping[str, float]], source: str = "margins") -> Margins:
    """Return margins given as variable -> category -> people."""
    cells = [(v, _category(c), float(n)) for v, of in counts.items() for c, n in of.items()]
    return Margins(source, tuple(MarginCell(*cell, line=k + 2) for k, cell in enumerate(cells)))


def _category(given: object) -> str:
    """Return a category as the rows' are written: truth values as 1 and 0, 3.0 as 3."""
    if isinstance(given, bool | np.bool_):
        return str(int(given))
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given)


def read_margins(path: Path) -> Margins:
    """Read a margins file.

    Raises
    ------
    CalibrationError
        File missing or not UTF-8, another header, counts that are no numbers above 0, a category
        given twice, totals that differ between variables: all together, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CalibrationError(
            f"{path}: 找不到文件。没有总体数时请放一个只有表头的文件：{','.join(HEADER)}。"
            "(not found; without counts put a file that has the header only)"
        ) from None
    except UnicodeDecodeError:
        raise CalibrationError(
            f"{path}: 不是 UTF-8 编码。请另存为 CSV UTF-8。(not UTF-8; save it as CSV UTF-8)"
        ) from None
    lines = list(csv.reader(io.StringIO(text)))
    head = tuple(cell.strip() for cell in lines[0]) if lines else ()
    if head != HEADER:
        raise CalibrationError(
            gathered(path, [Fault("第 1 行 (line 1)", f"表头是 {','.join(head) or '（空）'}。",
                                  f"应为 {','.join(HEADER)}。(this header is needed)")])
        )  # fmt: skip
    cells: list[MarginCell] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        cell, fault = _cell(line, number, {(c.variable, c.category): c.line for c in cells})
        faults.extend([fault] if fault else [])
        cells.extend([cell] if cell else [])
    margins = Margins(str(path), tuple(cells))
    if faults := faults or list(_unequal_totals(margins)):
        raise CalibrationError(gathered(path, faults))
    return margins


def _cell(
    line: list[str], number: int, before: Mapping[tuple[str, str], int]
) -> tuple[MarginCell | None, Fault | None]:
    place = f"第 {number} 行 (line {number})"
    given = [part.strip() for part in line]
    if len(given) != len(HEADER) or not given[0] or not given[1]:
        return None, Fault(
            place, f"应有三格，读到 {given}。", "请补全。(three filled cells are needed)"
        )
    variable, category, count = given
    try:
        population = float(count)
    except ValueError:
        population = np.nan
    if not (np.isfinite(population) and population > 0):
        return None, Fault(
            place, f"{variable}={category} 的总体数是 {count!r}。",
            "请填大于0的数，不带逗号；没有人的类别请删去。"
            "(a number above 0 without commas is needed)",
        )  # fmt: skip
    if (variable, category) in before:
        return None, Fault(
            place, f"{variable}={category} 在第 {before[variable, category]} 行已有。",
            "请删去一行。(given twice; delete one)",
        )  # fmt: skip
    return MarginCell(variable, category, population, number), None


def refuse_misfits(margins: Margins, rows: pd.DataFrame | None = None) -> None:
    """Raise a `CalibrationError` that lists all reasons why `rows` cannot meet `margins`.

    Without rows only the margins themselves are looked at. A category of no people needs no
    respondent.
    """
    faults = [*_unequal_totals(margins), *(() if rows is None else _misfits(margins, rows))]
    if faults:
        raise CalibrationError(gathered(margins.source, faults))


def _unequal_totals(margins: Margins) -> Iterator[Fault]:
    totals = {variable: sum(of.values()) for variable, of in margins.counts.items()}
    for variable, total in list(totals.items())[1:]:
        first, expected = next(iter(totals.items()))
        if abs(total - expected) > TOTALS_AGREE * expected:
            line = next(c.line for c in margins.cells if c.variable == variable)
            yield Fault(
                f"第 {line} 行 (line {line}), {variable}",
                f"各类合计 {total:,.0f}，而 {first} 合计 {expected:,.0f}。",
                "请统一口径，使各变量合计相同。(totals differ between variables; make them equal)",
            )


def _misfits(margins: Margins, rows: pd.DataFrame) -> Iterator[Fault]:
    for variable, counts in margins.counts.items():
        lines = {c.category: c.line for c in margins.cells if c.variable == variable}
        first = min(lines.values())
        if variable not in rows:
            yield Fault(
                f"第 {first} 行 (line {first})", f"数据表没有列 {variable}。",
                "请改用样本表中的列名或题号。(no such column in the sample table)",
            )  # fmt: skip
            continue
        answered = category_text(rows[variable]).dropna()
        for category, population in counts.items():
            if population > 0 and not (answered == category).any():
                line = lines[category]
                yield Fault(
                    f"第 {line} 行 (line {line}), {variable}={category}",
                    f"没有一名受访者属于此类，而总体有 {population:,.0f} 人。",
                    "请与相近类别合并，或删去此变量。"
                    "(no respondent; merge it or drop the variable)",
                )
        for category in sorted(set(answered) - set(counts)):
            yield Fault(
                f"第 {first} 行 (line {first}), {variable}",
                f"{int((answered == category).sum())} 名受访者的类别 {category!r} 没有总体数。",
                "请加一行，或改正类别名称。(add its count or correct the category's name)",
            )


def category_text(column: pd.Series) -> pd.Series:
    """Return the categories as text, as the margins file writes them (codes as whole numbers).

    Missing stays missing, and so does an empty text.
    """
    of = coded(column)
    texts = np.array(of.texts, dtype=object)
    return pd.Series(texts[of.code], index=column.index, name=column.name, dtype="str")
