"""Totals of the population against the rows that have to meet them.

A column of numbers is one variable; of categories each that has a count is one. Terms and totals
that do not fit each other or the rows are gathered and refused together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import INTERCEPT
from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.totals.units import Booleans, Floats
from pipeline.weighting.levels import Cells, Coded, coded, crossing_of, summed
from pipeline.weighting.margins import TOTALS_AGREE

Totals = dict[str, float | Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Population:
    """The variables of a calibration and their totals.

    Attributes
    ----------
    given : the totals, categories as text
    names, totals : of each variable, the population size (if given) first
    numbers : values of the columns of numbers, by name
    categories : the columns of categories, coded
    cells : the crossed categories, where all terms are categories
    """

    given: Totals
    names: tuple[str, ...]
    totals: Floats
    numbers: Mapping[str, Floats]
    categories: Mapping[str, Coded]
    cells: Cells | None
    rows: int

    def by_row(self) -> Floats:
        """Return the variables, (rows, k)."""
        columns: list[Floats] = [np.ones(self.rows)] if INTERCEPT in self.given else []
        for name, total in self.given.items():
            if name in self.numbers:
                columns.append(self.numbers[name])
            elif isinstance(total, Mapping):
                of = self.categories[name]
                codes, places = of.code, {text: code for code, text in enumerate(of.texts)}
                columns.extend(
                    (codes == places.get(category, -1)).astype(np.float64) for category in total
                )
        return np.stack(columns, axis=1)

    def by_cell(self) -> Floats:
        """Return the variables of the cells, (cells, k)."""
        if self.cells is None:
            raise TypeError("not all terms are categories")
        columns: list[Floats] = [np.ones(self.cells.count)] if INTERCEPT in self.given else []
        for code, name in zip(self.cells.codes, self.categories, strict=True):
            total = self.given[name]
            if isinstance(total, Mapping):
                columns.extend((code == place).astype(np.float64) for place in range(len(total)))
        return np.stack(columns, axis=1)


def population_of(
    frame: pd.DataFrame, base: Floats, terms: Sequence[str], totals: Mapping[str, object]
) -> Population:
    """Return the variables and totals of a calibration.

    Raises
    ------
    CalibrationError
        Terms without totals or columns, missing values, categories without respondents, several
        categories left out, totals that contradict each other: all listed.
    """
    names = list(dict.fromkeys(terms))
    given = _as_given(names, totals)
    faults = [*_unmatched(frame, names, totals)]
    if not faults:
        faults = [*_unequal_sizes(given)]
    if faults:
        raise CalibrationError(gathered("calibrate", faults))
    counted = base > 0
    numbers = {name: _numbers(frame[name]) for name in names if not isinstance(given[name], dict)}
    categories = {name: coded(frame[name]) for name in names if isinstance(given[name], dict)}
    faults = [*_gaps(numbers, categories, counted)]
    for name, of in categories.items():
        faults.extend(_misfits(name, of, base, given))
    if faults:
        raise CalibrationError(gathered("calibrate", faults))
    numbers = {name: np.where(counted, value, 0.0) for name, value in numbers.items()}
    cells = None
    if categories and not numbers:
        cells = crossing_of(list(categories.values())).cells(
            [tuple(counts) for counts in given.values() if isinstance(counts, Mapping)]
        )
    flat = [*_flat(given)]
    return Population(
        given, tuple(name for name, _ in flat), np.array([total for _, total in flat]),
        numbers, categories, cells, len(frame),
    )  # fmt: skip


def _as_given(names: Sequence[str], totals: Mapping[str, object]) -> Totals:
    """Return the totals in the order of the terms, the population size first."""
    given: Totals = {}
    for name in (INTERCEPT, *names):
        if name in totals:
            total = totals[name]
            if isinstance(total, Mapping):
                given[name] = {str(c): float(n) for c, n in total.items()}
            else:
                given[name] = float(total)  # type: ignore[arg-type]
    return given


def _flat(given: Totals) -> Iterator[tuple[str, float]]:
    for name, total in given.items():
        if isinstance(total, Mapping):
            yield from ((f"{name}={category}", count) for category, count in total.items())
        else:
            yield name, total


def _unmatched(
    frame: pd.DataFrame, names: Sequence[str], totals: Mapping[str, object]
) -> Iterator[Fault]:
    if not totals:
        yield Fault("totals", "没有给出任何总体数。", "请给出。(no totals are given)")
    for name in names:
        if name not in frame:
            yield Fault(name, "数据表没有此列。", "请改正列名。(no such column)")
        if name not in totals:
            yield Fault(name, "没有总体数。", "请在 totals 中补上。(give its total)")
    for name in totals:
        if name != INTERCEPT and name not in names:
            yield Fault(name, "有总体数，却不在 terms 中。", "请补上或删去。(not among the terms)")


def _unequal_sizes(given: Totals) -> Iterator[Fault]:
    for name, total in _flat(given):
        if not np.isfinite(total):
            yield Fault(name, f"总体数是 {total}。", "请填数值。(a number is needed)")
    for name, of in given.items():
        if isinstance(of, Mapping) and any(count < 0 for count in of.values()):
            yield Fault(name, "有小于 0 的总体数。", "请改正。(counts must be 0 or more)")


def _numbers(column: pd.Series) -> Floats:
    try:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise CalibrationError(
            f"校准变量 {column.name}: 总体数是一个数，而此列不是数值。请改列，或给出各类人数。"
            "(its total is one number, yet the column is not numeric; give counts by category)"
        ) from None


def _gaps(
    numbers: Mapping[str, Floats], categories: Mapping[str, Coded], counted: Booleans
) -> Iterator[Fault]:
    missing = {name: np.isnan(value) for name, value in numbers.items()}
    for name, of in categories.items():
        empty = np.array([text is None for text in of.texts])
        missing[name] = empty[of.code]
    for name, gone in missing.items():
        if count := int((gone & counted).sum()):
            yield Fault(
                name, f"{count} 行没有数据。",
                "请先补全或归入一类。(missing values; complete them or make them a category)",
            )  # fmt: skip


def _misfits(name: str, of: Coded, base: Floats, given: Totals) -> Iterator[Fault]:
    counts = given[name]
    if not isinstance(counts, Mapping):
        return
    held = summed(of.code, base, len(of.texts))
    here = {text: float(w) for text, w in zip(of.texts, held, strict=True) if text and w > 0}
    for category, population in counts.items():
        if population > 0 and category not in here:
            yield Fault(
                f"{name}={category}",
                f"没有一名权数大于0的受访者属于此类，而总体有 {population:,.0f} 人。",
                "请与相近类别合并，或删去此变量。(no respondent; merge it or drop the variable)",
            )
    left_out = sorted(set(here) - set(counts))
    size = _size(given)
    if len(left_out) > 1:
        yield Fault(
            name, f"{'、'.join(left_out)} 都没有总体数。",
            "至多一类可以省略。请补上，或改正类别名称。"
            "(several categories have no count; one at most may be left out)",
        )  # fmt: skip
    if left_out and size is None:
        yield Fault(
            f"{name}={left_out[0]}", "没有总体数，也不知总人数。",
            f"请补上，或给出 {INTERCEPT!r}。(give its count, or the population size)",
        )  # fmt: skip
    total = sum(counts.values())
    if size is not None and (
        total > size * (1 + TOTALS_AGREE) or (not left_out and total < size * (1 - TOTALS_AGREE))
    ):
        yield Fault(
            name, f"各类合计 {total:,.0f}，而总人数 {size:,.0f}。",
            "请统一口径。(its categories do not add up to the population size; make them agree)",
        )  # fmt: skip


def _size(given: Totals) -> float | None:
    """Return the population size, where it is given."""
    size = given.get(INTERCEPT)
    return None if size is None or isinstance(size, Mapping) else size
