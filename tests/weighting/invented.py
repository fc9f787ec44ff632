"""An invented survey: strata of two or more PSUs, a number, two categories, weights."""

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign

DESIGN = SurveyDesign(weight="base", strata=("stratum",), clusters=("psu",))


def survey(seed: int = 1, strata: int = 6, psus: int = 3, rows: int = 240) -> pd.DataFrame:
    """Rows in any order; the first rows see to it that no PSU is empty."""
    rng = np.random.default_rng(seed)
    psu = np.concatenate(
        [np.arange(strata * psus), rng.integers(0, strata * psus, rows - strata * psus)]
    )
    stratum = psu // psus
    frame = pd.DataFrame(
        {
            "stratum": stratum,
            "psu": psu,
            "drawn_from": 10.0 + stratum,
            "age": rng.integers(18, 80, rows),
            "sex": rng.choice(["m", "f"], rows),
            "tier": rng.integers(1, 4, rows),
            "y": rng.normal(10, 3, rows) + stratum,
            "base": rng.uniform(1, 3, rows) * (1 + stratum),
        }
    )
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def totals_of(frame: pd.DataFrame, weight: str, *columns: str) -> list[float]:
    return [float((frame[weight] * frame[column]).sum()) for column in columns]
