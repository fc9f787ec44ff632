"""Stage `sample`: valid responses, draw, dispositions -> sampled units, responses with weights."""

import json
from pathlib import Path

import pandas as pd

from pipeline.sampling.dispositions import read_dispositions
from pipeline.sampling.frame import read_frame
from pipeline.sampling.units import joined, no_units, open_links, sampled_units, subsample
from pipeline.sampling.verify import read_draw


def sample(
    valid: Path,
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
    """Join the responses to the persons drawn; without a draw they are open links."""
    responses = pd.read_parquet(valid)
    drawn = read_draw(draw) if json.loads(verdict.read_text(encoding="utf-8"))["drawn"] else None
    if drawn is None:
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
