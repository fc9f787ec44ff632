"""Stage `sample`: valid responses, draw, dispositions -> sampled units, responses with weights."""

import json
from pathlib import Path

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import DesignError
from pipeline.questionnaire.codebook import read_codebook
from pipeline.sampling.dispositions import read_dispositions
from pipeline.sampling.frame import read_frame
from pipeline.sampling.units import (
    declared,
    joined,
    no_units,
    open_links,
    sampled_units,
    subsample,
)
from pipeline.sampling.verify import read_draw
from pipeline.weighting.base import base_weights


def sample(
    valid: Path,
    codebook: Path,
    draw: Path,
    verdict: Path,
    frame: Path,
    dispositions: Path,
    units: Path,
    sampled: Path,
    *,
    callback_share: float,
    double_coding_share: float,
) -> None:
    """Join the responses to the persons drawn; without a draw they are open links.

    Of a sample that others drew the responses carry what the analyst declared of its design.
    """
    responses = pd.read_parquet(valid)
    design = read_codebook(codebook).design
    drawn = read_draw(draw) if json.loads(verdict.read_text(encoding="utf-8"))["drawn"] else None
    if drawn is not None and design is not None and design.columns:
        raise DesignError(
            f"{draw}: 既有抽取记录，又在 source.yaml 里写了 design。请只留一个。"
            "(a draw on file and a declared design: keep one)"
        )
    if design is not None and drawn is None:
        everyone, rows, seed = no_units(), _weighed(declared(responses, design), design), ""
    elif drawn is None:
        everyone, rows, seed = no_units(), open_links(responses), ""
    else:
        became = read_dispositions(dispositions, drawn.persons["person"])
        everyone = sampled_units(drawn, read_frame(frame), became, responses)
        rows, seed = joined(responses, everyone), drawn.record.seed
    rows["callback"] = subsample(rows["respondent"], callback_share, seed, "callback")
    rows["double_coding"] = subsample(
        rows["respondent"], double_coding_share, seed, "double_coding"
    )
    for table, path in ((everyone, units), (rows, sampled)):
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path, index=False)


def _weighed(rows: pd.DataFrame, design: DeclaredDesign) -> pd.DataFrame:
    """Fill in base weights where none are declared: population over sample size, else 1."""
    if design.weight or rows.empty:
        return rows
    if design.kind == "probability" and design.fpc:
        unweighted = rows.drop(columns="base_weight")
        return base_weights(unweighted, design.survey_design(None))[0]
    return rows.assign(base_weight=1.0)
