import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.variance import degrees_of_freedom, satterthwaite, variance
from pipeline.totals.units import units_of


def units(per_stratum, **design):
    rows = pd.DataFrame(
        [(k, f"{k}-{j}") for k, psus in enumerate(per_stratum) for j in range(psus)],
        columns=["stratum", "psu"],
    )
    return units_of(rows, SurveyDesign(strata=("stratum",), clusters=("psu",), **design))


def test_two_strata_give_the_degrees_of_freedom_of_welch():
    """Welch's test of two independent means is the case of two strata."""
    rng = np.random.default_rng(1)
    few, many = rng.normal(0, 3, 4), rng.normal(0, 1, 20)
    scores = np.concatenate([few / 4, -many / 20])[:, None]
    everyone = np.ones((24, 1), dtype=bool)
    a, b = few.var(ddof=1) / 4, many.var(ddof=1) / 20
    assert variance(scores, units([4, 20])) == pytest.approx(a + b)
    found = satterthwaite(scores, everyone, units([4, 20]))
    assert found == pytest.approx((a + b) ** 2 / (a**2 / 3 + b**2 / 19))


def test_one_stratum_and_nothing_that_varies_give_psus_minus_strata():
    everyone = np.ones((9, 1), dtype=bool)
    assert satterthwaite(np.arange(9.0)[:, None], everyone, units([9]))[0] == pytest.approx(8)
    assert satterthwaite(np.zeros((9, 1)), everyone, units([4, 5]))[0] == 7


def test_they_never_exceed_psus_minus_strata_and_lonely_psus_count_one():
    rng = np.random.default_rng(2)
    design = units([1, 2, 3, 6], lonely_psu="adjust")
    scores = rng.normal(size=(12, 200))
    members = rng.random((12, 200)) < 0.8
    found = satterthwaite(scores, members, design)
    assert (found <= degrees_of_freedom(members, design)).all()
    assert (found > 0).all()
    alone = np.zeros((12, 1))
    alone[0] = 1.0
    assert satterthwaite(alone, np.ones((12, 1), dtype=bool), design)[0] == 1
