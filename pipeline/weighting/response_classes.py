"""Classes of sampled units within which respondents stand for those who did not respond.

Source: Kalton & Flores-Cervantes (2003), Journal of Official Statistics 19(2), 81-97, sec. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.errors import CalibrationError, Fault, gathered
from pipeline.totals.units import Booleans, Floats, Integers
from pipeline.weighting.levels import coded, crossing_of, summed

PLACE = "adjust_for_nonresponse"
MERGED = -2
"""Stands in place of the categories that no longer tell classes apart; -1 is a missing one."""


@dataclass(frozen=True, slots=True)
class Classes:
    """A class for each unit.

    Attributes
    ----------
    of_row : class of each unit, 0 .. len(`names`) - 1
    codes : (columns, classes) the categories that make the classes; empty for other classes
    texts : per column the categories
    """

    of_row: Integers
    names: tuple[str, ...]
    codes: Integers
    columns: tuple[str, ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()

    def factors(self, answered: Booleans, weight: Floats) -> Floats:
        """Return of each unit all weight of its class over that of respondents; else 0."""
        both, replied = self._sums(answered, weight)
        factor = np.divide(both, replied, out=np.zeros_like(both), where=replied > 0)
        of_row: Floats = np.where(answered, factor[self.of_row], 0.0)
        return of_row

    def refuse(self, answered: Booleans, weight: Floats, largest: float | None) -> None:
        """Refuse classes that cannot be adjusted: each named."""
        both, replied = self._sums(answered, weight)
        faults = []
        for place in np.flatnonzero(_wrong(both, replied, largest)):
            if replied[place] > 0:
                found = f"调整系数 {both[place] / replied[place]:.3g} 超过 {largest:g}。"
                said = f"adjustment above {largest:g}"
            else:
                found, said = f"没有一个应答单元，而权数合计 {both[place]:,.6g}。", "no respondent"
            remedy = f"请并入相近的类，或设 collapse=True。({said}; merge it or set collapse=True)"
            faults.append(Fault(self.names[place], found, remedy))
        if faults:
            raise CalibrationError(gathered(PLACE, faults))

    def merged_columns(
        self, answered: Booleans, weight: Floats, largest: float | None
    ) -> "Classes":
        """Merge failing classes with those that share all but their last columns, one by one."""
        both, replied = self._sums(answered, weight)
        place = self.codes.copy()
        for kept in reversed(range(len(self.columns))):
            _, label = np.unique(place, axis=1, return_inverse=True)
            label = label.reshape(-1)
            count = int(label.max()) + 1
            wrong = _wrong(summed(label, both, count), summed(label, replied, count), largest)[
                label
            ]
            failing = {tuple(codes) for codes in place[:kept, wrong].T}
            share = np.array([tuple(codes) in failing for codes in place[:kept].T])
            place[kept:, share] = MERGED
        codes, label = np.unique(place, axis=1, return_inverse=True)
        return replace(
            self, of_row=label.reshape(-1)[self.of_row], codes=codes,
            names=_names(codes, self.columns, self.texts),
        )  # fmt: skip

    def merged_neighbours(
        self, answered: Booleans, weight: Floats, largest: float | None
    ) -> "Classes":
        """Merge each failing class with the one before it (the first with the next)."""
        made = self
        while len(made.names) > 1:
            wrong = np.flatnonzero(_wrong(*made._sums(answered, weight), largest))
            if not len(wrong):
                break
            upper = max(1, int(wrong[0]))
            names = list(made.names)
            names[upper - 1 : upper + 1] = [f"{names[upper - 1]}+{names[upper]}"]
            made = replace(made, of_row=made.of_row - (made.of_row >= upper), names=tuple(names))
        return made

    def _sums(self, answered: Booleans, weight: Floats) -> tuple[Floats, Floats]:
        both = summed(self.of_row, weight, len(self.names))
        return both, summed(self.of_row, weight * answered, len(self.names))


def weighting_classes(frame: pd.DataFrame, columns: Sequence[str]) -> Classes:
    """Return the crossed categories of columns as classes; without columns, one class of all."""
    if missing := [name for name in columns if name not in frame]:
        raise CalibrationError(f"{PLACE}: 数据表没有列 {'、'.join(missing)}。(no such column)")
    if not columns:
        everyone = np.zeros(len(frame), dtype=np.int64)
        return Classes(everyone, ("全体 (all)",), np.zeros((0, 1), dtype=np.int64))
    crossing = crossing_of([coded(frame[name]) for name in columns])
    texts = tuple(tuple(sorted(crossing.occurring(k))) for k in range(len(columns)))
    cells = crossing.cells(texts)
    codes = np.stack(cells.codes)
    return Classes(cells.cell, _names(codes, columns, texts), codes, tuple(columns), texts)


def _names(
    codes: Integers, columns: Sequence[str], texts: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    def name(of_class: Integers) -> str:
        told = [
            f"{column}={of[code] if code >= 0 else '（缺）'}"
            for column, of, code in zip(columns, texts, of_class, strict=True)
            if code != MERGED
        ]
        return ", ".join(told) or "全体 (all)"

    return tuple(name(of_class) for of_class in codes.T)


def _wrong(both: Floats, replied: Floats, largest: float | None) -> Booleans:
    """Whether a class has weight, and no respondents or too few for the largest factor."""
    wrong: Booleans = (both > 0) & ~(replied > 0)
    if largest is not None:
        wrong |= both > largest * replied * (1 + 1e-12)
    return wrong
