"""Do 95 % intervals cover the truth? Samples from a finite population of clustered persons.

Fifty samples here; ``make simulate`` draws many more (DIAOYAN_SIMULATIONS).
"""

import os

import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates
from pipeline.estimation.together import joint
from pipeline.weighting import rake

SAMPLES = int(os.environ.get("DIAOYAN_SIMULATIONS", "50"))
STRATA, SITES, DRAWN, PERSONS, ASKED = 8, 40, 6, 60, 8
ITEM = Item("bad", "1", ("bad",), (1,), "proportion")
MEAN = Item("y", "", ("y",), (), "mean")


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    draw = np.random.default_rng(2024)
    site = np.repeat(np.arange(STRATA * SITES), PERSONS)
    stratum = site // SITES
    level = draw.normal(0, 0.4, STRATA * SITES)[site] + 0.3 * (stratum % 3)
    y = 5 + level + draw.normal(0, 1, len(site))
    group = (draw.uniform(size=len(site)) < 0.3 + 0.1 * (stratum % 2)).astype(int)
    return pd.DataFrame(
        {"h": stratum, "psu": site, "y": y + 0.3 * group, "bad": (y > 6).astype(int), "g": group}
    )


def sample(population: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Draw sites in each stratum, then persons in each site, both without replacement."""
    chosen = np.concatenate(
        [h * SITES + draw.choice(SITES, DRAWN, replace=False) for h in range(STRATA)]
    )
    rows = np.concatenate(
        [site * PERSONS + draw.choice(PERSONS, ASKED, replace=False) for site in chosen]
    )
    return population.iloc[rows].assign(w=SITES / DRAWN * PERSONS / ASKED).reset_index(drop=True)


@pytest.fixture(scope="module")
def covered(population: pd.DataFrame) -> dict[str, float]:
    """Share of samples whose interval covers the population's value, by kind of interval."""
    draw = np.random.default_rng(7)
    design = SurveyDesign(weight="w", strata=("h",), clusters=("psu",))
    counts = {"g": {str(k): float(n) for k, n in population["g"].value_counts().items()}}
    truth = {"bad": population["bad"].mean(), "y": population["y"].mean()}
    gap = population.groupby("g")["y"].mean()
    hits: dict[str, list[bool]] = {}
    for _ in range(SAMPLES):
        rows = sample(population, draw)
        raked, calibrated = rake(rows, design, counts, into="raked")
        for name, frame, of in (("", rows, design), ("raked ", raked, calibrated)):
            for method in ("beta_capped", "logit", "t"):
                table = estimates(frame, [ITEM, MEAN], design=of, interval_of_proportions=method)
                for line in table.to_dict("records"):
                    key = f"{name}{line['question']} {line['interval_method']}"
                    inside = line["low"] <= truth[line["question"]] <= line["high"]
                    hits.setdefault(key, []).append(inside)
        both = joint(rows, "mean", ["y"], design=design, by=["g"])
        line = both.contrast({"gap": {"y@1": 1, "y@0": -1}}).table().iloc[0]
        hits.setdefault("difference t", []).append(line["low"] <= gap[1] - gap[0] <= line["high"])
    return {key: float(np.mean(of)) for key, of in hits.items()}


@pytest.mark.parametrize(
    "kind",
    ["bad beta_capped", "bad logit", "bad t", "y t", "raked bad logit", "raked bad t", "raked y t",
     "difference t"],
)  # fmt: skip
def test_intervals_cover_the_truth(covered, kind):
    # Sites are drawn without replacement and counted as with: a little wide, never narrow.
    noise = 3 * np.sqrt(0.95 * 0.05 / SAMPLES)
    assert 0.94 - noise <= covered[kind] <= min(0.985 + noise, 1.0)
