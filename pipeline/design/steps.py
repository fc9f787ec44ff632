"""Calibration steps: what was done to the weights, which a standard error has to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import DesignError

Distance = Literal["linear", "raking", "logit"]
INTERCEPT = "(Intercept)"
"""Name of the population size among the totals of a calibration."""


@dataclass(frozen=True, slots=True)
class Rake:
    """The weights were raked to these margins: variable -> category -> population count.

    `tolerance` is the largest relative gap that was allowed between a weighted count and its
    margin. `bounds` limit new over old weight. Of every step, `before` and `after` are the columns
    of the weights that it read and made; None stands for the design's own weight.
    """

    margins: Mapping[str, Mapping[str, float]]
    tolerance: float = 1e-6
    max_iterations: int = 100
    bounds: tuple[float, float] | None = None
    before: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        for variable, totals in self.margins.items():
            _refuse_bad_totals(variable, totals)

    @property
    def columns(self) -> tuple[str, ...]:
        """The calibration variables."""
        return tuple(self.margins)


@dataclass(frozen=True, slots=True)
class Poststratify:
    """The weights were adjusted once to the counts of one variable's categories."""

    variable: str
    totals: Mapping[str, float]
    before: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        _refuse_bad_totals(self.variable, self.totals)

    @property
    def columns(self) -> tuple[str, ...]:
        """The calibration variable."""
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class Calibrate:
    """The weights were calibrated by a distance of Deville & Särndal (1992).

    Attributes
    ----------
    terms : columns of numbers or of categories
    totals : of a column of numbers its total; of categories the count of each, where a category
        left out is what the others leave of the population size; `INTERCEPT` the population size
    distance : ``linear`` (GREG), ``raking`` (multiplicative) or ``logit`` (bounded)
    bounds : smallest and largest ratio of new to old weight
    equal_within_stage : 1: all rows of a first-stage cluster get the same factor
    """

    terms: tuple[str, ...]
    totals: Mapping[str, float | Mapping[str, float]]
    distance: Distance = "linear"
    bounds: tuple[float, float] | None = None
    equal_within_stage: int | None = None
    tolerance: float = 1e-7
    max_iterations: int = 50
    before: str | None = None
    after: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The calibration variables."""
        return tuple(self.terms)


@dataclass(frozen=True, slots=True)
class Trim:
    """Weights beyond a limit were set to it, and the excess was spread over the other rows.

    A variance still takes the residuals of the steps before.
    """

    lower: float | None = None
    upper: float | None = None
    repeat_until_inside: bool = False
    before: str | None = None
    after: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """No variables."""
        return ()


CalibrationStep = Rake | Poststratify | Calibrate | Trim


def _refuse_bad_totals(variable: str, totals: Mapping[str, float]) -> None:
    bad = [f"{category}={count}" for category, count in totals.items() if not 0 <= count < 1e15]
    if bad or not totals:
        raise DesignError(
            f"校准变量 {variable}: 总体数 {'、'.join(bad) or '（空）'} 不可用，须为非负数。"
            "(population counts must be numbers of 0 or more)"
        )
