"""Make replicate weights from a design: jackknife, balanced half samples, bootstraps.

Multipliers are kept once per sampled cluster, never per row: hundreds of replicates of a large
survey stay small. Of a linear statistic the jackknife, and with two PSUs per stratum the balanced
half samples, give the linearised variance exactly, fpc of the first stage included; bootstraps
give it on average. `count` and `seed` belong to the bootstraps.

Source: Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 3-5; Judkins (1990),
Journal of Official Statistics 6, 223-239 (Fay); Rao & Wu (1988), JASA 83, 231-241; Preston (2009),
Survey Methodology 35, 227-234.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from pipeline.design import (
    Calibrate,
    CalibrationStep,
    Poststratify,
    Rake,
    Replicates,
    SurveyDesign,
    Trim,
)
from pipeline.errors import DesignError
from pipeline.totals.units import VarianceUnits, units_of
from pipeline.weighting.base import added, base_weight, refuse_reading
from pipeline.weighting.calibration import poststratify, rake
from pipeline.weighting.generalised import calibrate
from pipeline.weighting.recalibration import MOST
from pipeline.weighting.resampling import Multipliers, half_samples, jackknife, preston, rao_wu
from pipeline.weighting.trimming import trim

Method = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap", "mrbbootstrap"]
BOOTSTRAPS = ("bootstrap", "subbootstrap", "mrbbootstrap")
COUNT = 500
"""Replicates of a bootstrap, unless said otherwise."""


def make_replicates(
    frame: pd.DataFrame,
    design: SurveyDesign,
    *,
    method: Method,
    count: int | None = None,
    seed: int | None = None,
    fay_rho: float | None = None,
    mse: bool = False,
    into_unit: str = "replicate_unit",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Give a design replicate weights in place of its strata and clusters.

    Parameters
    ----------
    frame : DataFrame, one row per response or silent sampled unit
    method : ``JK1`` drops one PSU at a time, without strata; ``JKn`` within strata; ``BRR`` takes
        one of the two PSUs of each stratum; ``Fay`` weights the two by 2 - rho and rho;
        ``bootstrap`` draws one PSU less than a stratum has, with replacement, scaled for the fpc
        of the first stage (Rao & Wu); ``subbootstrap`` the same without fpc; ``mrbbootstrap``
        half of the clusters at every stage, without replacement, scaled for all fpcs (Preston)
    count, seed : of a bootstrap; without a seed it would not be the same twice
    fay_rho : of ``Fay``, from 0 to below 1
    mse : squared distances are taken from the full sample's estimate, not from the replicates'
        mean
    into_unit : column of the sampled cluster whose multipliers a row has: 0, 1, ...

    Returns
    -------
    frame with the column `into_unit`, and the design with `replicates`. The steps of a calibrated
    design are taken again for every replicate.

    Raises
    ------
    DesignError
        Strata that the method cannot serve, fpcs of several stages where it knows but one,
        options that are not its own, a PPS design that is drawn without replacement by another
        rule than Brewer's, too many multipliers, a stratum with one PSU under ``fail``.
    CalibrationError
        A replicate that cannot be calibrated again.
    """
    _refuse_options(design, method, count, seed, fay_rho)
    refuse_reading(design, into_unit)
    steps, drawn = design.calibration, replace(design, calibration=())
    if steps:
        drawn = drawn.with_weight(_before(steps[0]))
    units = units_of(frame, drawn if method == "mrbbootstrap" else _first_stage(drawn))
    made = _multipliers(units, method, count or COUNT, seed, fay_rho or 0.0)
    replicates = Replicates(
        scale=made.scale, rscales=made.rscales, mse=mse, combined=False,
        unit=into_unit, factors=made.factors,
    )  # fmt: skip
    frame = added(frame, {into_unit: units.unit.astype(np.int32)})
    if drawn.weight is None and drawn.probability is None:
        name = f"{into_unit}_weight"
        refuse_reading(drawn, name)
        frame = added(frame, {name: base_weight(frame, drawn)})
        drawn = drawn.with_weight(name)
    probability = None if drawn.weight else drawn.probability
    drawn = replace(drawn, replicates=replicates, pps=None, probability=probability)
    for step in steps:
        frame, drawn = _again(frame, drawn, step, design)
    return frame, drawn


def _multipliers(
    units: VarianceUnits, method: Method, count: int, seed: int | None, rho: float
) -> Multipliers:
    stage = units.stages[0]
    replicates = 2 * len(stage.first_unit) if method in ("JK1", "JKn") else count
    if 8 * units.count * replicates > MOST:
        raise DesignError(
            f"make_replicates: {units.count:,} 个单元 × {replicates:,} 组重复权数超出内存。"
            "请改用较少组数的 bootstrap。(too many multipliers; use a smaller bootstrap)"
        )
    match method:
        case "JK1" | "JKn":
            return jackknife(stage, units.lonely_psu)
        case "BRR" | "Fay":
            return half_samples(stage, rho)
        case "bootstrap" | "subbootstrap":
            return rao_wu(stage, units.lonely_psu, count, seed, fpc=method == "bootstrap")
        case "mrbbootstrap":
            return preston(units, count, seed)


def _first_stage(design: SurveyDesign) -> SurveyDesign:
    return replace(
        design, strata=design.strata[:1], clusters=design.clusters[:1], fpc=design.fpc[:1]
    )


def _before(step: CalibrationStep) -> str:
    if step.before is None:
        raise DesignError(
            "make_replicates: 设计已校准，却没有记下校准前的权数列。请先生成重复权数，再校准。"
            "(the weights before calibration are not known; make replicates first, then calibrate)"
        )
    return step.before


def _again(
    frame: pd.DataFrame, drawn: SurveyDesign, step: CalibrationStep, design: SurveyDesign
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Take a calibration step once more, for the full sample and every replicate."""
    into = step.after or design.weight or "weight"
    match step:
        case Rake():
            return rake(
                frame, drawn, step.margins, into=into, tolerance=step.tolerance,
                max_iterations=step.max_iterations, bounds=step.bounds,
            )  # fmt: skip
        case Poststratify():
            return poststratify(frame, drawn, step.variable, step.totals, into=into)
        case Calibrate():
            return calibrate(
                frame, drawn, terms=step.terms, totals=step.totals, distance=step.distance,
                bounds=step.bounds, equal_within_stage=step.equal_within_stage,
                tolerance=step.tolerance, max_iterations=step.max_iterations, into=into,
            )  # fmt: skip
        case Trim():
            return trim(
                frame, drawn, lower=step.lower, upper=step.upper,
                repeat_until_inside=step.repeat_until_inside, into=into,
            )  # fmt: skip


def _refuse_options(
    design: SurveyDesign, method: str, count: int | None, seed: int | None, rho: float | None
) -> None:
    refused: Sequence[tuple[bool, str]] = [
        (method not in get_args(Method),
         f"方法 {method!r} 不认识，可用 {'、'.join(get_args(Method))}。(unknown method)"),
        (design.replicates is not None,
         "设计已有重复权数。(the design has replicate weights already)"),
        (method == "JK1" and bool(design.strata),
         "JK1 不分层，而设计有层；请用 JKn。(JK1 knows no strata; use JKn)"),
        (method in BOOTSTRAPS and seed is None,
         "bootstrap 需要 seed，否则结果不能重现。(a bootstrap needs a seed)"),
        (method in BOOTSTRAPS and count is not None and count < 2,
         f"count={count}，至少 2。(at least two replicates)"),
        (method not in BOOTSTRAPS and (count is not None or seed is not None),
         f"count 与 seed 只用于 bootstrap；{method} 的组数由设计决定。"
         "(count and seed belong to bootstraps)"),
        ((method == "Fay") != (rho is not None) or (rho is not None and not 0 <= rho < 1),
         f"fay_rho={rho}：只有 Fay 需要，0 至 1（不含 1）。(Fay alone needs it, 0 to below 1)"),
        (len(design.fpc) > 1 and method not in ("subbootstrap", "mrbbootstrap"),
         f"设计有几级总体数 fpc，而 {method} 只能用第一级，方差会偏小。"
         "请用 mrbbootstrap，或只留第一级。"
         "(only the first stage's fpc could be used and variances would be too small; use "
         "mrbbootstrap, or keep the first stage's alone)"),
        (design.pps is not None and not (
            design.pps.method == "brewer" and method in ("JK1", "JKn")),
         "不等概率不放回的设计，只能用 Brewer 近似的 JK1、JKn；或按放回抽样处理（pps=None）。"
         "(of PPS designs without replacement only Brewer's has replicates, JK1 and JKn)"),
    ]  # fmt: skip
    for wrong, said in refused:
        if wrong:
            raise DesignError(f"make_replicates: {said}")
