"""Stage `weight`: responses with base weights -> calibrated weights, and the design."""

import json
from pathlib import Path

import pandas as pd

from pipeline.design import SurveyDesign, design_to_json
from pipeline.weighting.calibration import rake
from pipeline.weighting.diagnostics import diagnostics
from pipeline.weighting.margins import read_margins


def weight(
    sample: Path,
    units: Path,
    margins: Path,
    weighted: Path,
    design: Path,
    *,
    tolerance: float = 1e-6,
) -> None:
    """Rake the base weights to the population margins; without margins they are the weights."""
    rows = pd.read_parquet(sample)
    drawn = not pd.read_parquet(units, columns=["site"]).empty
    counts = read_margins(margins)
    drawn_as = SurveyDesign(
        weight="base_weight",
        strata=("stratum",) if drawn else (),
        clusters=("psu",),
        lonely_psu="adjust",  # never too small; the first stage counts as drawn with replacement
        probability_sample=drawn,
    )
    if counts.cells and not rows.empty:
        rows, made = rake(rows, drawn_as, counts, tolerance=tolerance)
        steps = {"base": "base_weight", "rake": "weight"}
    else:
        rows, made = rows.assign(weight=rows["base_weight"]), drawn_as.with_weight("weight")
        steps = {"base": "weight"}
    record = {"design": design_to_json(made), "diagnostics": diagnostics(rows, steps, counts)}
    for path in (weighted, design):
        path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(weighted, index=False)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    design.write_text(text, encoding="utf-8", newline="\n")
