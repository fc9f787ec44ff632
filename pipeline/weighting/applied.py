"""The weights of a wave as the pipeline makes them: base weights, raked where counts are known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.weighting.calibration import rake
from pipeline.weighting.margins import Margins


@dataclass(frozen=True, slots=True)
class Applied:
    """Weighted responses, their design, and the steps: name -> column of the weight after it."""

    rows: pd.DataFrame
    design: SurveyDesign
    steps: Mapping[str, str]


DRAWN = SurveyDesign(
    weight="base_weight",
    strata=("stratum",),
    clusters=("psu",),
    lonely_psu="adjust",  # never too small; the first stage counts as drawn with replacement
)
"""The design of a wave whose draw is on file."""
OPEN = replace(DRAWN, strata=(), probability_sample=False)
"""The design of open links: no strata, no probabilities."""


def weighted(
    rows: pd.DataFrame, counts: Margins, *, design: SurveyDesign, tolerance: float = 1e-6
) -> Applied:
    """Rake the base weights to the population counts; without counts they are the weights.

    Parameters
    ----------
    rows : DataFrame, one row per response, in the columns of ``sample``
    design : how the sample was drawn, weighted by ``base_weight``
    """
    if counts.cells and not rows.empty:
        raked, made = rake(rows, design, counts, tolerance=tolerance)
        return Applied(raked, made, {"base": "base_weight", "rake": "weight"})
    plain = rows.assign(weight=rows["base_weight"])
    return Applied(plain, design.with_weight("weight"), {"base": "weight"})
