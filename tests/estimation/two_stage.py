"""A small sample with every column a design may name, and the designs, for the tests of tests."""

import numpy as np
import pandas as pd

from pipeline.design import Calibrate, Poststratify, Pps, Replicates, SurveyDesign


def sampled(seed: int = 4, people: int = 6) -> pd.DataFrame:
    """Return 20 PSUs in 4 strata, each with `people` respondents; some answers are missing."""
    rng = np.random.default_rng(seed)
    psu = np.repeat(np.arange(20), people)
    n = len(psu)
    stratum = psu // 5
    pull = rng.normal(0, 0.8, 20)[psu]
    a = (rng.normal(size=n) + pull > 0).astype(float) + (rng.normal(size=n) > 0.8)
    b = np.where(rng.random(n) < 0.35 + 0.1 * a, "乙", "甲")
    y = np.round(rng.normal(5, 2, n) + pull + 0.5 * (b == "乙"))
    rows = pd.DataFrame(
        {
            "stratum": stratum, "psu": psu, "w": rng.uniform(1, 4, n)[psu] + 0.5 * (psu % 3),
            "psus": np.array([12, 9, 30, 15])[stratum], "people": 40, "p": (0.1 + 0.02 * stratum),
            "a": np.where(rng.random(n) < 0.05, np.nan, a), "b": b, "y": y,
            "x": rng.normal(3, 1, n), "sex": rng.integers(1, 3, n), "person": np.arange(n),
        }
    )  # fmt: skip
    for k in range(20):  # delete-one jackknife of PSUs
        own = stratum == stratum[psu == k][0]
        factor = np.where(psu == k, 0.0, np.where(own, 5 / 4, 1.0))
        rows[f"rw{k}"] = rows["w"] * factor
    return rows


REPLICATES = Replicates(tuple(f"rw{k}" for k in range(20)), scale=0.8, mse=True)
PLAIN = SurveyDesign(weight="w", strata=("stratum",), clusters=("psu",))
POSTSTRATIFY = Poststratify("sex", {"1": 200.0, "2": 240.0})
DESIGNS = {
    "plain": PLAIN,
    "simple": SurveyDesign(weight="w"),
    "two stages": SurveyDesign(
        weight="w", strata=("stratum",), clusters=("psu", "person"), fpc=("psus", "people")
    ),
    "poststratified": SurveyDesign(
        weight="w", strata=("stratum",), clusters=("psu",), calibration=(POSTSTRATIFY,)
    ),
    "calibrated": SurveyDesign(
        weight="w", strata=("stratum",), clusters=("psu",),
        calibration=(Calibrate(("x",), {"(Intercept)": 300.0, "x": 900.0}),),
    ),
    "brewer": SurveyDesign(
        weight="w", probability="p", strata=("stratum",), clusters=("psu",), pps=Pps("brewer")
    ),
    "replicates": SurveyDesign(weight="w", replicates=REPLICATES),
}  # fmt: skip
