"""An invented survey: 200 strata of 20 PSUs, 60 five-point items, 10 banners of 2 to 20 levels.

Answers lean on the PSU, on the person and on a banner; rows stand in no order. Batches are drawn
one after the other, so that a file may be larger than memory.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

STRATA, PSUS = 200, 20
LEVELS = (2, 2, 3, 4, 5, 6, 8, 10, 15, 20)
ITEMS, TRAITS = 60, 6
BATCH = 500_000
POPULATION = 5e7
MARGINS = ("b1", "b3", "b5", "b7", "b2", "b4")
"""Variables whose population counts are drawn too; a raking may take the first four or all six."""


def invent(path: Path, rows: int, *, psus: int = PSUS, seed: int = 20240607) -> None:
    """Write `rows` rows as Parquet to `path`, and population counts as JSON beside it."""
    draw = np.random.default_rng(seed)
    clusters = STRATA * psus
    survey = {
        "lean": np.repeat(draw.normal(0, 0.25, (STRATA, TRAITS)), psus, axis=0)
        + draw.normal(0, 0.35, (clusters, TRAITS)),
        "share": [draw.dirichlet(np.full(levels, 8.0)) for levels in LEVELS],
        "tilt": draw.normal(0, 0.025, (len(LEVELS), clusters)),
        "cuts": np.sort(draw.normal(0, 0.9, (ITEMS, 4)), axis=1),
        "size": np.exp(draw.normal(0, 0.5, STRATA)) * POPULATION / rows,
    }
    sums = {name: np.zeros(LEVELS[int(name[1:]) - 1]) for name in MARGINS}
    writer = None
    for first in range(0, rows, BATCH):
        batch = _batch(draw, survey, first, min(BATCH, rows - first), psus)
        for name, total in sums.items():
            total += np.bincount(batch[name] - 1, batch["w"], len(total))
        table = pa.Table.from_pandas(batch, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    counts = {}
    for name, total in sums.items():
        moved = total * np.exp(draw.normal(0, 0.12, len(total)))
        counts[name] = {str(k + 1): c for k, c in enumerate(moved * POPULATION / moved.sum())}
    path.with_suffix(".json").write_text(json.dumps(counts), encoding="utf-8")


def _batch(
    draw: np.random.Generator, survey: dict, first: int, rows: int, psus: int
) -> pd.DataFrame:
    psu = draw.integers(0, STRATA * psus, rows, dtype=np.int32)
    opening = np.arange(first, min(first + rows, STRATA * psus), dtype=np.int32)
    psu[: len(opening)] = opening  # every PSU has a row
    stratum = psu // psus
    table = {
        "stratum": stratum + 1,
        "psu": psu + 1,
        "w": survey["size"][stratum] * np.exp(draw.normal(0, 0.35, rows)),
    }
    for place, share in enumerate(survey["share"]):
        point = np.clip(draw.random(rows) + survey["tilt"][place][psu], 0, 1 - 1e-9)
        level = np.searchsorted(np.cumsum(share)[:-1], point, side="right")
        table[f"b{place + 1}"] = (level + 1).astype(np.int8)
    person = survey["lean"][psu] + draw.normal(0, 0.8, (rows, TRAITS)).astype(np.float32)
    for place, cuts in enumerate(survey["cuts"]):
        banner = place % len(LEVELS)
        tilted = 0.1 * (table[f"b{banner + 1}"] / LEVELS[banner] - 0.5)
        latent = person[:, place % TRAITS] + tilted + draw.normal(0, 0.8, rows)
        table[f"q{place + 1}"] = (np.searchsorted(cuts, latent) + 1).astype(np.int8)
    return pd.DataFrame(table)
