"""How a sample was drawn and calibrated: what a standard error has to know."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pipeline.errors import DesignError

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
FpcMeaning = Literal["population_size", "sampling_fraction"]
ColumnOrCrossed = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rake:
    """The weights were raked to these margins: variable -> category -> population count.

    `tolerance` is the largest relative gap that was allowed between a weighted count and its
    margin.
    """

    margins: Mapping[str, Mapping[str, float]]
    tolerance: float = 1e-6
    max_iterations: int = 100

    def __post_init__(self) -> None:
        for variable, totals in self.margins.items():
            _refuse_bad_totals(variable, totals)


@dataclass(frozen=True, slots=True)
class Poststratify:
    """The weights were adjusted once to the counts of one variable's categories."""

    variable: str
    totals: Mapping[str, float]

    def __post_init__(self) -> None:
        _refuse_bad_totals(self.variable, self.totals)


CalibrationStep = Rake | Poststratify


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """Which columns say how a respondent came to be in the sample.

    Attributes
    ----------
    weight : column of analysis weights; None where `probability` or `fpc` say it
    probability : column of inclusion probabilities
    strata, clusters, fpc : one entry per stage, first stage first; a tuple of columns is crossed.
        Without `clusters` every row is its own PSU.
    fpc_meaning : whether `fpc` columns hold population sizes or sampling fractions
    nest : cluster names are reused across strata and are read within the stratum
    lonely_psu : what a stratum with a single PSU adds to a variance; ``fail`` refuses, ``remove``
        and ``certainty`` add nothing, ``adjust`` takes its distance from the overall value (never
        too small), ``average`` the mean of the other strata
    lonely_psu_in_domains : ``adjust`` and ``average`` also for a stratum of several PSUs of which
        only one has rows in the domain
    calibration : the step that made the weights; its residuals carry the variance
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
    calibration: Sequence[CalibrationStep] = ()
    probability_sample: bool = True

    def __post_init__(self) -> None:
        for name in ("strata", "clusters", "fpc", "calibration"):
            given = getattr(self, name)
            if isinstance(given, str):
                raise DesignError(
                    f"SurveyDesign.{name}: 每一级抽样占一项，应写成 ({given!r},)。"
                    f"(one entry per stage; write ({given!r},))"
                )
            object.__setattr__(self, name, tuple(given))
        if self.weight is not None and self.probability is not None:
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
        if len(self.calibration) > 1:
            raise DesignError(
                f"SurveyDesign.calibration: 给了 {len(self.calibration)} 步校准，只支持一步；"
                "请合并为一次耙平。(one calibration step; rake to all margins at once)"
            )

    def with_weight(self, column: str) -> "SurveyDesign":
        """Return the same design with another column of analysis weights."""
        return replace(self, weight=column, probability=None)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the rows that the design reads, each once, in order."""
        named: list[str] = [c for c in (self.weight, self.probability) if c is not None]
        for entry in (*self.strata, *self.clusters, *self.fpc):
            named.extend([entry] if isinstance(entry, str) else entry)
        for step in self.calibration:
            named.extend(step.margins if isinstance(step, Rake) else [step.variable])
        return tuple(dict.fromkeys(named))


def _refuse_bad_totals(variable: str, totals: Mapping[str, float]) -> None:
    bad = [f"{category}={count}" for category, count in totals.items() if not 0 <= count < 1e15]
    if bad or not totals:
        raise DesignError(
            f"校准变量 {variable}: 总体数 {'、'.join(bad) or '（空）'} 不可用，须为非负数。"
            "(population counts must be numbers of 0 or more)"
        )


def design_to_json(design: SurveyDesign) -> dict[str, Any]:
    """Return a design as a value that `json` writes and `design_from_json` reads back."""
    written = asdict(design)
    written["calibration"] = [
        {"method": "rake" if isinstance(step, Rake) else "poststratify", **asdict(step)}
        for step in design.calibration
    ]
    return written


def design_from_json(raw: Mapping[str, Any]) -> SurveyDesign:
    """Return the design that `design_to_json` wrote.

    Raises
    ------
    DesignError
        If a key or a calibration method is not known.
    """
    known = {field.name for field in fields(SurveyDesign)}
    if unknown := sorted(set(raw) - known):
        raise DesignError(
            f"抽样设计: 不认识 {'、'.join(unknown)}；请重跑 weight 阶段。"
            "(unknown keys; rerun weight)"
        )
    given = dict(raw)
    for name in ("strata", "clusters"):
        given[name] = tuple(e if isinstance(e, str) else tuple(e) for e in given.get(name, ()))
    given["calibration"] = tuple(_step(step) for step in given.get("calibration", ()))
    return SurveyDesign(**given)


def read_design(path: Path) -> SurveyDesign:
    """Read the design from the JSON that the stage `weight` wrote (its key ``design``)."""
    try:
        return design_from_json(json.loads(path.read_text(encoding="utf-8"))["design"])
    except (KeyError, json.JSONDecodeError):
        raise DesignError(
            f"{path}: 不是 weight 阶段写的设计文件；请重跑 weight。(no design file; rerun weight)"
        ) from None


def _step(raw: Mapping[str, Any]) -> CalibrationStep:
    given = dict(raw)
    match given.pop("method", None):
        case "rake":
            return Rake(**given)
        case "poststratify":
            return Poststratify(**given)
        case method:
            raise DesignError(
                f"抽样设计: 校准方法 {method!r} 不认识，可用 rake、poststratify。(unknown method)"
            )
