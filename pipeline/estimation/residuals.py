"""What calibration takes away from a variance: scores become residuals on its variables.

Each step that made the weights takes its projection out of the scores, in the order of the steps.
After poststratification a row's score loses the mean of its category, taken with the weights
before the step. After raking the category means are taken out margin by margin, ten times over,
rows counting alike: what R's survey package does. Where margins nearly say the same, ten rounds
stop short of the full projection, and the standard error is a little larger. After calibration by
a distance it is the regression on the variables, weighted with the weights before. Trimming takes
nothing out. All of it needs sums by category or variable only, and adds. A row whose category in
a margin is not known stays out of that margin's projection.

Source: Deville & Särndal (1992), JASA 87, 376-382; Valliant (1993), JASA 88, 89-96.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.design import (
    INTERCEPT,
    Calibrate,
    CalibrationStep,
    Poststratify,
    Rake,
    SurveyDesign,
    Trim,
)
from pipeline.errors import DesignError
from pipeline.estimation.items import encoded, level_text
from pipeline.totals.kernel import OUTSIDE, CellTotals, SumTotals, cell_totals, sum_totals
from pipeline.totals.units import Floats, Integers, VarianceUnits

ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Margin:
    """The categories of one calibration variable: a code per row, `OUTSIDE` where not known."""

    code: Integers
    width: int

    def cells(
        self, pull: Floats, group: Integers, groups: int, code: Integers, codes: int
    ) -> CellTotals:
        """Add up a coded column by category instead of by unit."""
        known = np.where(self.code >= 0, group, OUTSIDE)
        at = np.maximum(self.code, 0)
        return cell_totals(at, self.width, pull, known, groups, code, codes)

    def sums(self, pull: Floats, group: Integers, groups: int, value: Floats) -> SumTotals:
        """Add up a numeric column by category instead of by unit."""
        known = np.where(self.code >= 0, group, OUTSIDE)
        at = np.maximum(self.code, 0)
        return sum_totals(at, self.width, pull, known, groups, value)

    def matrix(self) -> Floats:
        """Return the indicators, (rows, categories)."""
        indicators: Floats = (self.code[:, None] == np.arange(self.width)).astype(np.float64)
        return indicators


@dataclass(frozen=True, slots=True)
class Covariates:
    """The variables of a calibration by a distance, (rows, variables)."""

    values: Floats

    @property
    def width(self) -> int:
        """How many variables there are."""
        return int(self.values.shape[1])

    def cells(
        self, pull: Floats, group: Integers, groups: int, code: Integers, codes: int
    ) -> CellTotals:
        """Add up a coded column, each row counted with each variable, instead of by unit."""
        one = np.zeros_like(group)
        parts = [cell_totals(one, 1, pull * x, group, groups, code, codes) for x in self.values.T]
        return CellTotals(
            np.concatenate([part.by_unit for part in parts]),
            parts[0].squared_weight,
            parts[0].rows,
        )

    def sums(self, pull: Floats, group: Integers, groups: int, value: Floats) -> SumTotals:
        """Add up a numeric column, each row counted with each variable, instead of by unit."""
        one = np.zeros_like(group)
        parts = [sum_totals(one, 1, pull * x, group, groups, value) for x in self.values.T]
        return SumTotals(
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.value for part in parts]),
            parts[0].square, parts[0].squared_weight, parts[0].rows,
        )  # fmt: skip

    def matrix(self) -> Floats:
        """Return the variables."""
        return self.values


@dataclass(frozen=True, slots=True)
class Projection:
    """One step of calibration.

    Attributes
    ----------
    blocks : its variables
    pull, after : of each row the weight in the projection, and the weight that the step made
    reach : `pull` x final weight / `after`: what a row's unweighted score counts in the projection
    counts : (units, columns of all blocks) sum of `after` x variable
    normal : (columns, columns) sum of `pull` x variable x variable
    earlier : of each step before, (columns, its columns): what its projection changed here
    """

    blocks: tuple[Margin | Covariates, ...]
    pull: Floats
    after: Floats
    reach: Floats
    counts: Floats
    normal: Floats
    earlier: tuple[Floats, ...]

    @property
    def width(self) -> int:
        """Columns of all blocks."""
        return sum(block.width for block in self.blocks)

    def solve(self, target: Floats) -> Floats:
        """Return the coefficients of the projection from sums of `pull` x variable x score."""
        if isinstance(self.blocks[0], Covariates):
            scale = np.sqrt(np.maximum(np.diag(self.normal), np.finfo(float).tiny))
            inverse = np.linalg.pinv(self.normal / np.outer(scale, scale), 1e-12, hermitian=True)
            solved: Floats = (inverse @ (target / scale[:, None])) / scale[:, None]
            return solved
        coefficients = np.zeros_like(target)
        start = np.cumsum([0, *(block.width for block in self.blocks)])
        slices = [slice(a, b) for a, b in pairwise(start)]
        pull = np.maximum(np.diag(self.normal), np.finfo(float).tiny)[:, None]
        for _ in range(ROUNDS if len(slices) > 1 else 1):
            for block in slices:
                left = target[block] - self.normal[block] @ coefficients
                coefficients[block] += left / pull[block]
        return coefficients


@dataclass(frozen=True, slots=True)
class Calibration:
    """All steps' projections, which make residuals of scores."""

    steps: tuple[Projection, ...]

    def residual(self, scores: Floats, by_variable: Floats) -> Floats:
        """Take the projections out of unit scores.

        Parameters
        ----------
        scores : (units, columns) score totals
        by_variable : (columns of all steps' blocks, columns) sums of `reach` x variable x the
            row's unweighted score
        """
        solved: list[Floats] = []
        at = 0
        for step in self.steps:
            target = by_variable[at : at + step.width]
            for cross, coefficients in zip(step.earlier, solved, strict=True):
                target = target - cross @ coefficients
            solved.append(step.solve(target))
            scores = scores - step.counts @ solved[-1]
            at += step.width
        return scores

    def residual_rows(self, scores: Floats) -> Floats:
        """Take the projections out of weighted scores of rows, (rows, columns)."""
        for step in self.steps:
            variables = np.concatenate([block.matrix() for block in step.blocks], axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                own = np.where(step.after[:, None] != 0, scores / step.after[:, None], 0.0)
            solved = step.solve(variables.T @ (own * step.pull[:, None]))
            scores = scores - (variables @ solved) * step.after[:, None]
        return scores

    def cells(self, group: Integers, groups: int, code: Integers, codes: int) -> Floats:
        """Return `by_variable` sums of a coded column: (columns of all blocks, groups, codes)."""
        return np.concatenate(
            [b.cells(s.reach, group, groups, code, codes).by_unit for s, b in self._blocks()]
        )

    def sums(self, group: Integers, groups: int, value: Floats) -> tuple[Floats, Floats]:
        """Return `by_variable` sums of ones and of a numeric column, each (columns, groups)."""
        parts = [b.sums(s.reach, group, groups, value) for s, b in self._blocks()]
        return (
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.value for part in parts]),
        )

    def _blocks(self) -> list[tuple[Projection, Margin | Covariates]]:
        return [(step, block) for step in self.steps for block in step.blocks]


def calibration_of(
    rows: pd.DataFrame, design: SurveyDesign, units: VarianceUnits
) -> Calibration | None:
    """Return the projections of a calibrated design, or None."""
    steps: list[Projection] = []
    for step in design.calibration:
        if not isinstance(step, Trim):
            steps.append(_projection(rows, step, units, steps))
    return Calibration(tuple(steps)) if steps else None


def _projection(
    rows: pd.DataFrame, step: CalibrationStep, units: VarianceUnits, before: Sequence[Projection]
) -> Projection:
    after = units.weight if step.after is None else _weights(rows, step.after)
    earlier_weight = after if step.before is None else _weights(rows, step.before)
    blocks: tuple[Margin | Covariates, ...]
    match step:
        case Rake():
            pull = (after > 0).astype(np.float64)
            blocks = tuple(_margin(rows[name], after) for name in step.margins)
        case Poststratify():
            pull = earlier_weight
            blocks = (_margin(rows[step.variable], after),)
        case Calibrate():
            values = _variables(rows, step)
            pull = earlier_weight
            if step.equal_within_stage is not None:
                first = units.stages[0].cluster_of(units.unit)
                size = np.bincount(first)
                pull = (np.bincount(first, pull) / size)[first]
                values = np.stack(
                    [(np.bincount(first, x) / size)[first] for x in values.T], axis=1
                )
            blocks = (Covariates(values),)
        case _:
            raise TypeError(type(step).__name__)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(after != 0, pull * (units.weight / after), 0.0)
    everyone = np.zeros(len(rows), dtype=np.int64)
    return Projection(
        blocks, pull, after, reach,
        counts=_by_unit(blocks, after, units),
        normal=_cross(blocks, blocks, pull, everyone),
        earlier=tuple(
            _cross(blocks, other.blocks, _ratio(pull * other.after, after), everyone)
            for other in before
        ),
    )  # fmt: skip


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.zeros_like(above), where=below != 0)
    return ratio


def _by_unit(
    blocks: Sequence[Margin | Covariates], weight: Floats, units: VarianceUnits
) -> Floats:
    parts = []
    for block in blocks:
        if isinstance(block, Margin):
            known = np.where(block.code >= 0, 0, OUTSIDE)
            parts.append(
                cell_totals(units.unit, units.count, weight, known, 1, block.code, block.width)
                .by_unit[:, 0, :]
            )  # fmt: skip
        else:
            columns = [np.bincount(units.unit, weight * x, units.count) for x in block.values.T]
            parts.append(np.stack(columns, axis=1))
    return np.concatenate(parts, axis=1)


def _cross(
    blocks: Sequence[Margin | Covariates],
    others: Sequence[Margin | Covariates],
    weight: Floats,
    everyone: Integers,
) -> Floats:
    lines = []
    for a in blocks:
        line = []
        for b in others:
            if isinstance(b, Margin):
                line.append(a.cells(weight, everyone, 1, b.code, b.width).by_unit[:, 0, :])
            else:
                line.append(
                    np.concatenate(
                        [a.sums(weight, everyone, 1, x).value for x in b.values.T], axis=1
                    )
                )
        lines.append(line)
    return np.block(lines)


def _weights(rows: pd.DataFrame, column: str) -> Floats:
    given: Floats = rows[column].to_numpy(dtype=np.float64)
    return given


def _margin(column: pd.Series, weight: Floats) -> Margin:
    code, levels = encoded(column)
    return Margin(np.where(weight > 0, code, OUTSIDE), max(1, len(levels)))


def _variables(rows: pd.DataFrame, step: Calibrate) -> Floats:
    """Return the variables that the totals were given of, (rows, variables)."""
    columns: list[Floats] = [np.ones(len(rows))] if INTERCEPT in step.totals else []
    for name in step.terms:
        total = step.totals[name]
        if isinstance(total, int | float):
            value = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
            if np.isnan(value).any():
                raise DesignError(
                    f"校准变量 {name}: {int(np.isnan(value).sum())} 行没有数值；请先补全。"
                    "(a calibration variable has missing values; complete it first)"
                )
            columns.append(value)
            continue
        code, levels = encoded(rows[name])
        texts = [level_text(level) for level in levels]
        for category in total:
            place = texts.index(str(category)) if str(category) in texts else -2
            columns.append((code == place).astype(np.float64))
    return np.stack(columns, axis=1)
