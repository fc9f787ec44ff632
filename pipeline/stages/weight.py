"""Stage `weight`: responses with base weights -> calibrated weights, and the design."""

import json
from pathlib import Path

import pandas as pd

from pipeline.design import design_to_json
from pipeline.questionnaire.codebook import read_codebook
from pipeline.weighting.applied import DRAWN, OPEN
from pipeline.weighting.applied import weighted as apply
from pipeline.weighting.diagnostics import diagnostics
from pipeline.weighting.margins import read_margins


def weight(
    sample: Path,
    units: Path,
    codebook: Path,
    margins: Path,
    weighted: Path,
    design: Path,
    *,
    tolerance: float = 1e-6,
) -> None:
    """Rake the base weights to the population margins; without margins they are the weights."""
    drawn = not pd.read_parquet(units, columns=["site"]).empty
    declared = read_codebook(codebook).design
    design_of = DRAWN if drawn else OPEN
    if declared is not None and not drawn:
        design_of = declared.survey_design("base_weight")
    counts = read_margins(margins)
    made = apply(pd.read_parquet(sample), counts, design=design_of, tolerance=tolerance)
    record = {
        "design": design_to_json(made.design),
        "diagnostics": diagnostics(made.rows, made.steps, counts),
    }
    for path in (weighted, design):
        path.parent.mkdir(parents=True, exist_ok=True)
    made.rows.to_parquet(weighted, index=False)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    design.write_text(text, encoding="utf-8", newline="\n")
