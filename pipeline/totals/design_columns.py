"""The columns of a design as numbers: weights and probabilities that can be used, or an error."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.design import Calibrate, SurveyDesign
from pipeline.errors import DesignError

Floats = npt.NDArray[np.float64]


def weights(rows: pd.DataFrame, design: SurveyDesign, expansion: Floats) -> Floats:
    """Return the analysis weight of each row: given, 1 / probability, or `expansion`."""
    if design.weight is None and design.probability is None:
        return expansion
    column = design.weight or design.probability or ""
    given = rows[column].to_numpy(dtype=np.float64)
    negative = given < 0
    if any(
        isinstance(step, Calibrate) and step.distance == "linear" for step in design.calibration
    ):
        negative = np.zeros_like(negative)  # GREG without bounds may make them
    wrong = ~np.isfinite(given) | (negative if design.weight else (given <= 0))
    if wrong.any():
        raise DesignError(
            f"列 {column}: {int(wrong.sum())} 行的权数或入样概率不可用（第一处在第 "
            f"{int(np.argmax(wrong)) + 1} 行）。请核对抽样单元表。"
            "(weights must be numbers of 0 or more, "
            "probabilities above 0; check the sampled units)"
        )
    return given if design.weight else 1 / given


def probabilities(rows: pd.DataFrame, design: SurveyDesign) -> Floats:
    """Return the inclusion probability of each row's first-stage cluster."""
    given: Floats = rows[design.probability or ""].to_numpy(dtype=np.float64)
    wrong = ~((given > 0) & (given <= 1 + 1e-9))
    if wrong.any():
        raise DesignError(
            f"列 {design.probability}: {int(wrong.sum())} 行的入样概率不在 "
            f"0 与 1 之间（第一处在第 {int(np.argmax(wrong)) + 1} 行）。请核对抽样单元表。"
            "(inclusion probabilities must lie between 0 and 1; check the sampled units)"
        )
    return given


def refuse_gaps(rows: pd.DataFrame, design: SurveyDesign) -> None:
    """Refuse rows without a column of the design, or with empty cells in it."""
    faults = []
    margins = {name for step in design.calibration for name in step.columns}
    for column in design.columns:
        if column not in rows:
            faults.append(f"缺少列 {column} (column missing)")
        elif column not in margins and (gaps := int(rows[column].isna().sum())):
            faults.append(f"列 {column} 有 {gaps} 个空值 ({gaps} empty cells)")
    if faults:
        raise DesignError(
            "抽样设计所需的列不全: " + "；".join(faults) + "。请补全抽样单元表或改正设计。"
            "(complete the sampled units or correct the design)"
        )
