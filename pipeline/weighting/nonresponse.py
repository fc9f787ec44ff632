"""Move the weight of sampled units that did not respond to those that did.

Either within cells (weighting classes), or by the response propensity of a logistic model: in
classes of similar propensity, or divided by it. Units that did not respond stay in the table with
weight 0: they belong to the sample, and their clusters count as PSUs. The adjusted weights are
taken as fixed by standard errors that follow, as is usual; replicates that were made before are
adjusted each on its own, and carry that step too.

Source: Little (1986), Int. Stat. Review 54, 139-157; Kalton & Flores-Cervantes (2003), Journal of
Official Statistics 19(2), 81-97; Valliant, Dever & Kreuter (2018), Practical Tools for Designing
and Weighting Survey Samples, 2nd ed., ch. 13.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import CalibrationError
from pipeline.totals.units import Booleans, Floats
from pipeline.weighting.base import added, base_weight, refuse_reading
from pipeline.weighting.levels import summed
from pipeline.weighting.propensity import own_factors, propensities, propensity_classes
from pipeline.weighting.recalibration import reweighted
from pipeline.weighting.response_classes import PLACE, weighting_classes


def adjust_for_nonresponse(
    frame: pd.DataFrame,
    design: SurveyDesign,
    *,
    responded: str | pd.Series,
    cells: Sequence[str] = (),
    propensity: Sequence[str] = (),
    classes: int | None = 5,
    largest_factor: float | None = None,
    collapse: bool = False,
    into: str = "weight",
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Divide the weight of respondents by the weighted response rate of units like them.

    Parameters
    ----------
    frame : DataFrame, one row per sampled eligible unit, respondents or not
        Holds the design's weight and what is known of both: `cells` or `propensity`.
    responded : column, or a Series in the order of the rows: true (or 1) where the unit responded
    cells : columns whose crossed categories are the weighting classes; a missing value is a
        category of its own; without `cells` and `propensity` all units are one class
    propensity : columns of numbers or categories of a logistic model of response, weighted with
        the design's weights
    classes : how many classes of equal numbers of units are made of the propensities, within
        which the response rate is taken; None divides each weight by its own propensity
    largest_factor : an adjustment above it is refused (or collapsed); None allows any
    collapse : a cell that has no respondent, or needs more than `largest_factor`, is merged with
        all cells that share its other columns, the last of `cells` given up first; a class of
        propensity with its neighbour of lower propensity (the lowest with the next)
    into : the column of the new weights

    Returns
    -------
    frame with the column `into` (0 for units that did not respond; the sum is unchanged, but for
    `classes` None), and the design that weights by it

    Raises
    ------
    CalibrationError
        Cells without respondents or beyond `largest_factor` (each named), unknown response, a
        model that cannot be fitted, or `into` is a column that the design still reads.
    DesignError
        Weights that are negative or missing.
    """
    refuse_reading(design, into)
    if cells and propensity:
        raise CalibrationError(
            f"{PLACE}: cells 与 propensity 只能用一种。(give either cells or propensity)"
        )
    base = base_weight(frame, design)
    answered = _answered(frame, responded)
    if propensity:
        of_row = np.arange(len(frame))

        def factors(weight: Floats) -> Floats:
            rate = propensities(frame, list(propensity), answered, weight)
            if classes is None:
                return own_factors(rate, answered, weight, largest_factor)
            made = propensity_classes(rate, classes, weight > 0)
            if collapse:
                made = made.merged_neighbours(answered, weight, largest_factor)
            made.refuse(answered, weight, largest_factor)
            return made.factors(answered, weight)

        full = factors(base)
    else:
        made = weighting_classes(frame, cells)
        if collapse:
            made = made.merged_columns(answered, base, largest_factor)
        of_row = 2 * made.of_row + answered

        def factors(weight: Floats) -> Floats:
            both = weight.reshape(-1, 2)
            of_class, replied = np.repeat(np.arange(len(both)), 2), np.arange(2 * len(both)) % 2
            crossed = replace(made, of_row=of_class)
            crossed.refuse(replied == 1, weight, largest_factor)
            return crossed.factors(replied == 1, weight)

        full = factors(summed(of_row, base, 2 * len(made.names)))
    if design.replicates is not None:
        return reweighted(frame, design, base, into, of_row, full, factors)
    return added(frame, {into: base * full[of_row]}), design.with_weight(into)


def _answered(frame: pd.DataFrame, responded: str | pd.Series) -> Booleans:
    if isinstance(responded, str) and responded not in frame:
        raise CalibrationError(f"{PLACE}: 数据表没有列 {responded}。(no such column)")
    column = frame[responded] if isinstance(responded, str) else responded
    if len(column) != len(frame) or column.isna().any() or not column.isin([0, 1]).all():
        raise CalibrationError(
            f"{PLACE}: {column.name} 应逐行标明是否应答（真/假或 1/0），不得为空。"
            "(response must be true or false, or 1 or 0, for every row)"
        )
    answered: Booleans = column.to_numpy(dtype=bool)
    if not answered.any():
        raise CalibrationError(f"{PLACE}: 没有一个单元应答。(nobody responded)")
    return answered
