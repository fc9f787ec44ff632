"""Stage `estimate`: weighted responses -> shares and means of every question by every domain."""

from pathlib import Path

import pandas as pd

from pipeline.design import read_design
from pipeline.estimation.calibrated import without_margin
from pipeline.estimation.domains import ALL
from pipeline.estimation.estimate import ESTIMATE_COLUMNS, identified
from pipeline.estimation.items import items_of
from pipeline.estimation.linear import estimates as estimates_of
from pipeline.estimation.presentation import presentable, ranges_of
from pipeline.questionnaire.codebook import read_codebook
from pipeline.totals.sampled import with_silent_psus


def estimate(
    weighted: Path,
    units: Path,
    design: Path,
    codebook: Path,
    estimates: Path,
    *,
    survey: str,
    wave: str,
    level: float = 0.95,
) -> None:
    """Estimate all items of the questionnaire in the whole sample and in each of its domains."""
    questionnaire = read_codebook(codebook).questionnaire
    drawn_as = read_design(design)
    rows = with_silent_psus(
        pd.read_parquet(weighted),
        pd.read_parquet(units),
        psu="psu",
        cluster="site",
        design=drawn_as,
    )
    found = estimates_of(
        rows,
        items_of(questionnaire),
        design=drawn_as,
        by=[ALL, *questionnaire.domains],
        level=level,
        interval_of_proportions="beta_capped",
    )
    judged = presentable(
        without_margin(found, drawn_as),
        ranges_of(questionnaire),
        probability_sample=drawn_as.probability_sample,
    )
    estimates.parent.mkdir(parents=True, exist_ok=True)
    table = identified(judged, survey, wave)[list(ESTIMATE_COLUMNS)]
    table.to_parquet(estimates, index=False)
