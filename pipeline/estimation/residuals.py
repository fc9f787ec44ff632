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

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.totals.kernel import OUTSIDE, CellTotals, SumTotals, cell_totals, sum_totals
from pipeline.totals.units import Floats, Integers

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
