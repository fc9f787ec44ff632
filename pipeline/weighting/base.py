"""The weights that a weighting step starts from, and how a step is put on record.

The base weight of a sampled unit is one over its probability of selection; with population sizes
per stage that is the product over stages of population size over sample size.

Source: Horvitz & Thompson (1952), JASA 47, 663-685; Valliant, Dever & Kreuter (2018), Practical
Tools for Designing and Weighting Survey Samples, 2nd ed., ch. 13.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.design import Calibrate, Poststratify, Rake, SurveyDesign, Trim
from pipeline.errors import CalibrationError, DesignError
from pipeline.totals.units import Floats, units_of

Step = TypeVar("Step", Rake, Poststratify, Calibrate, Trim)


def base_weight(frame: pd.DataFrame, design: SurveyDesign) -> Floats:
    """Return the weight that the design gives to each row, without looking at strata or clusters.

    A sampled unit that did not respond may have weight 0. Without weight, probability and fpc
    every row counts as 1.

    Raises
    ------
    DesignError
        No rows, no such column, weights that are negative or missing, probabilities not above 0,
        no row with a weight above 0.
    """
    if frame.empty:
        raise DesignError("样本是空表，无法加权。(the sample has no rows)")
    column = design.weight or design.probability
    if column is None:
        return units_of(frame, replace(design, lonely_psu="remove", replicates=None)).weight
    if column not in frame:
        raise DesignError(
            f"抽样设计: 数据表没有列 {column}。请补上权数列或改正设计。"
            "(no such column; add the weights or correct the design)"
        )
    given = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    signed = any(
        isinstance(step, Calibrate) and step.distance == "linear" for step in design.calibration
    )  # GREG without bounds may have made weights below 0
    least, most = float(given.min()), float(given.max())  # NaN wherever there is one
    if (
        not (-np.inf < least and most < np.inf)
        or (least < 0 and not signed)
        or (least == 0 and design.weight is None)
    ):
        wrong = ~np.isfinite(given) | ((given < 0) if design.weight else (given <= 0))
        raise DesignError(
            f"列 {column}: {int(wrong.sum())} 行的权数或入样概率不可用（第一处在第 "
            f"{int(np.argmax(wrong)) + 1} 行）。请核对抽样单元表。"
            "(weights must be numbers of 0 or more, "
            "probabilities above 0; check the sampled units)"
        )
    if most <= 0:
        raise DesignError(
            f"列 {column}: 所有行的权数都是 0，无法加权。请核对。(all weights are 0; check them)"
        )
    return given if design.weight else 1 / given


def base_weights(
    frame: pd.DataFrame, design: SurveyDesign, *, into: str = "base_weight"
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Write base weights from selection: 1 / probability, or population over sample size.

    Parameters
    ----------
    frame : DataFrame, one row per sampled unit
    design : says the column of inclusion probabilities, or an `fpc` for every stage of selection;
        its own weight, if any, is not used
    into : the column of the base weights

    Returns
    -------
    frame with the column `into` (people or other units of the population), and the design that
    weights by it

    Raises
    ------
    DesignError
        Neither probabilities nor fpc, or what `units_of` refuses.
    """
    if design.probability is None and not design.fpc:
        raise DesignError(
            "基础权数: 设计中既无入样概率 probability，也无各级总体数 fpc，无从计算。请补其一。"
            "(neither probabilities nor fpc say how units were selected; give one)"
        )
    drawn = replace(design, weight=None, calibration=(), replicates=None, lonely_psu="remove")
    refuse_reading(drawn, into)
    weight = base_weight(frame, drawn)
    made = replace(drawn.with_weight(into), lonely_psu=design.lonely_psu)
    return added(frame, {into: weight}), made


def refuse_reading(design: SurveyDesign, into: str) -> None:
    """Refuse to write weights into a column that the design still has to read."""
    if into in design.columns:
        raise CalibrationError(
            f"into={into!r}: 抽样设计还要读这一列（原权数、层、群或校准变量），不能覆盖。"
            "请换一个列名。(the design still reads this column; choose another name)"
        )


def recorded(
    frame: pd.DataFrame, design: SurveyDesign, base: Floats, weight: Floats, into: str, step: Step
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Return the frame with the new weights and the design that remembers the step.

    A design without a column of weights gets its base weights in ``{into}_before``.
    """
    frame, before = with_column(frame, design, base, into)
    made = replace(step, before=before, after=into)
    calibrated = replace(design.with_weight(into), calibration=(*design.calibration, made))
    return added(frame, {into: weight}), calibrated


def with_column(
    frame: pd.DataFrame, design: SurveyDesign, base: Floats, into: str
) -> tuple[pd.DataFrame, str]:
    """Return the frame with a column of the design's weights, and the column's name."""
    if design.weight is not None:
        return frame, design.weight
    before = f"{into}_before"
    refuse_reading(design, before)
    return added(frame, {before: base}), before


def added(frame: pd.DataFrame, columns: Mapping[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """Return the frame with columns added or written over, all at once."""
    over = {name: column for name, column in columns.items() if name in frame}
    new = {name: column for name, column in columns.items() if name not in frame}
    frame = frame.assign(**over) if over else frame
    return pd.concat([frame, pd.DataFrame(new, index=frame.index, copy=False)], axis=1)
