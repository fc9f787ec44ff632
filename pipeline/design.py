"""How a sample was drawn and calibrated: what a standard error has to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
ColumnOrCrossed = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rake:
    """The weights were raked to these margins: variable -> category -> population count."""

    margins: Mapping[str, Mapping[str, float]]
    tolerance: float = 1e-6
    max_iterations: int = 100


@dataclass(frozen=True, slots=True)
class Poststratify:
    """The weights were adjusted once to the counts of one variable's categories."""

    variable: str
    totals: Mapping[str, float]


CalibrationStep = Rake | Poststratify


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """Which columns say how a respondent came to be in the sample.

    Attributes
    ----------
    weight : column of analysis weights; None where `probability` or `fpc` say it
    probability : column of inclusion probabilities
    strata, clusters, fpc : one entry per stage, first stage first; a tuple of columns is crossed
    fpc_meaning : whether `fpc` columns hold population sizes or sampling fractions
    nest : cluster names are reused across strata and are read within the stratum
    lonely_psu : what a stratum with a single PSU adds to a variance; ``fail`` refuses
    calibration : the steps that made the weights, in order; their residuals carry the variance
    probability_sample : False for open links without a draw: no margin of error is ever shown
    """

    weight: str | None = None
    probability: str | None = None
    strata: tuple[ColumnOrCrossed, ...] = ()
    clusters: tuple[ColumnOrCrossed, ...] = ()
    fpc: tuple[str, ...] = ()
    fpc_meaning: Literal["population_size", "sampling_fraction"] = "population_size"
    nest: bool = False
    lonely_psu: LonelyPsu = "fail"
    calibration: Sequence[CalibrationStep] = ()
    probability_sample: bool = True
