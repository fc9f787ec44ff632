"""Stage `compare`: weighted responses of all waves -> tested differences, also null results."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from pipeline.design import read_design
from pipeline.estimation.families import compared, concluded, one_wave
from pipeline.estimation.items import measured_items
from pipeline.estimation.wave_rows import Surveyed, wave_rows
from pipeline.questionnaire.codebook import read_codebook
from pipeline.totals.sampled import with_silent_psus


def compare(
    weight_folder: Path,
    units_folder: Path,
    design_folder: Path,
    codebook_folder: Path,
    comparison: Path,
    *,
    survey: str,
    order: Sequence[str] = (),
    level: float = 0.95,
    false_discovery_rate: float = 0.05,
    smallest_difference: float = 0.05,
) -> None:
    """Compare groups with each other, shares with their standards, and each wave with the last.

    `order` holds the programme's waves from first to last; without it they follow by name.
    """
    met = {path.stem for path in weight_folder.glob("*.parquet")}
    waves = [wave for wave in order if wave in met] + sorted(met.difference(order))
    surveyed = []
    for wave in waves:
        design = read_design(design_folder / f"{wave}.json")
        rows = with_silent_psus(
            pd.read_parquet(weight_folder / f"{wave}.parquet"),
            pd.read_parquet(units_folder / f"{wave}.parquet"),
            psu="psu", cluster="site", design=design,
        )  # fmt: skip
        questionnaire = read_codebook(codebook_folder / f"{wave}.json").questionnaire
        surveyed.append(Surveyed(wave, rows, design, questionnaire))
    parts = [
        compared(
            one.rows, measured_items(one.questionnaire), one.questionnaire.domains,
            design=one.design, survey=survey, wave=one.wave, level=level,
        )
        for one in surveyed
    ]  # fmt: skip
    parts += [
        wave_rows(before, after, survey=survey, level=level)
        for before, after in pairwise(surveyed)
    ]
    if len(waves) == 1:
        parts.append(one_wave(survey, waves[0]))
    comparison.parent.mkdir(parents=True, exist_ok=True)
    table = concluded(
        parts, false_discovery_rate=false_discovery_rate, smallest_difference=smallest_difference
    )
    table.to_parquet(comparison, index=False)
