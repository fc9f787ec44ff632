"""How a sample was drawn and calibrated: what a standard error has to know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pipeline.design.steps import CalibrationStep
from pipeline.design.variance_rules import Pps, Replicates
from pipeline.errors import DesignError

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
FpcMeaning = Literal["population_size", "sampling_fraction"]
ColumnOrCrossed = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """Which columns say how a respondent came to be in the sample.

    Attributes
    ----------
    weight : column of analysis weights; None where `probability` or `fpc` say it
    probability : column of inclusion probabilities; with `pps` it may stand beside a weight
    strata, clusters, fpc : one entry per stage, first stage first; a tuple of columns is crossed.
        Without `clusters` every row is its own PSU.
    fpc_meaning : whether `fpc` columns hold population sizes or sampling fractions
    nest : cluster names are reused across strata and are read within the stratum
    lonely_psu : what a stratum with a single PSU adds to a variance; ``fail`` refuses, ``remove``
        and ``certainty`` add nothing, ``adjust`` takes its distance from the overall value (never
        too small), ``average`` the mean of the other strata
    lonely_psu_in_domains : ``adjust`` and ``average`` also for a stratum of several PSUs of which
        only one has rows in the domain
    pps : how unequal probabilities without replacement enter the variance
    replicates : replicate weights that carry the variance in place of strata and clusters
    calibration : the steps that made the weights, in order; their residuals carry the variance
    silent_units : rows of weight 0 are sampled units that did not respond: they count as PSUs in
        the degrees of freedom. False: only rows with a weight count there, as in R
    probability_sample : False for open links without a draw: no margin of error is ever shown
    """

    weight: str | None = None
    probability: str | None = None
    strata: tuple[ColumnOrCrossed, ...] = ()
    clusters: tuple[ColumnOrCrossed, ...] = ()
    fpc: tuple[str, ...] = ()
    fpc_meaning: FpcMeaning = "population_size"
    nest: bool = False
    lonely_psu: LonelyPsu = "fail"
    lonely_psu_in_domains: bool = False
    pps: Pps | None = None
    replicates: Replicates | None = None
    calibration: Sequence[CalibrationStep] = ()
    probability_sample: bool = True
    silent_units: bool = True

    def __post_init__(self) -> None:
        for name in ("strata", "clusters", "fpc", "calibration"):
            given = getattr(self, name)
            if isinstance(given, str):
                raise DesignError(
                    f"SurveyDesign.{name}: 每一级抽样占一项，应写成 ({given!r},)。"
                    f"(one entry per stage; write ({given!r},))"
                )
            object.__setattr__(self, name, tuple(given))
        if self.weight is not None and self.probability is not None and self.pps is None:
            raise DesignError(
                f"SurveyDesign: 权数列 {self.weight!r} 与入样概率列 "
                f"{self.probability!r} 只能给一个。(give either weight or probability)"
            )
        if self.lonely_psu not in get_args(LonelyPsu):
            raise DesignError(
                f"SurveyDesign.lonely_psu: {self.lonely_psu!r} 不是规则，可用 "
                f"{', '.join(get_args(LonelyPsu))}。(not a rule; use one of these)"
            )
        if self.fpc_meaning not in get_args(FpcMeaning):
            raise DesignError(
                f"SurveyDesign.fpc_meaning: {self.fpc_meaning!r} 不可用，应为 "
                f"{' 或 '.join(get_args(FpcMeaning))}。(use one of these)"
            )
        if self.pps is not None and self.probability is None:
            raise DesignError(
                "SurveyDesign.pps: 需要入样概率列 probability。(probabilities are needed)"
            )

    def with_weight(self, column: str) -> "SurveyDesign":
        """Return the same design with another column of analysis weights."""
        return replace(self, weight=column, probability=self.probability if self.pps else None)

    @property
    def weight_columns(self) -> tuple[str, ...]:
        """The columns of weights: the analysis weight, and those of the calibration steps."""
        steps = [column for step in self.calibration for column in (step.before, step.after)]
        return tuple(dict.fromkeys(c for c in (self.weight, *steps) if c is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the rows that the design reads, each once, in order."""
        named: list[str] = [c for c in (self.weight, self.probability) if c is not None]
        for entry in (*self.strata, *self.clusters, *self.fpc):
            named.extend([entry] if isinstance(entry, str) else entry)
        if self.replicates is not None:
            named.extend(self.replicates.columns)
            named.extend([self.replicates.unit] if self.replicates.unit else [])
        for step in self.calibration:
            named.extend(c for c in (step.before, step.after) if c is not None)
            named.extend(step.columns)
        return tuple(dict.fromkeys(named))
