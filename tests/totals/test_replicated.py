"""Replicate weights: kept by unit or by row they say the same."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import Replicates, SurveyDesign, design_from_json, design_to_json
from pipeline.errors import DesignError
from pipeline.estimation.linear import means, totals
from pipeline.estimation.sample import sample_of

DRAW = np.random.default_rng(3)
PSUS, PERSONS = 8, 5
ROWS = pd.DataFrame(
    {
        "psu": np.repeat(np.arange(PSUS), PERSONS), "w": DRAW.uniform(1, 2, PSUS * PERSONS),
        "y": DRAW.normal(5, 1, PSUS * PERSONS), "g": DRAW.integers(0, 3, PSUS * PERSONS),
    }
)  # fmt: skip
FACTORS = (1 - np.eye(PSUS)) * PSUS / (PSUS - 1)
SCALE = (PSUS - 1) / PSUS
BY_UNIT = SurveyDesign(weight="w", replicates=Replicates(unit="psu", factors=FACTORS, scale=SCALE))


def by_row(combined: bool) -> tuple[pd.DataFrame, SurveyDesign]:
    columns = {
        f"r{k}": FACTORS[ROWS["psu"], k] * (ROWS["w"] if combined else 1.0) for k in range(PSUS)
    }
    design = SurveyDesign(
        weight="w", replicates=Replicates(tuple(columns), scale=SCALE, combined=combined)
    )
    return ROWS.assign(**columns), design


@pytest.mark.parametrize("combined", [True, False])
@pytest.mark.parametrize("call", [means, totals])
def test_units_and_columns_say_the_same(combined, call):
    rows, design = by_row(combined)
    of_rows = call(rows, ["y"], design=design, by=["all", "g"])
    of_units = call(ROWS, ["y"], design=BY_UNIT, by=["all", "g"])
    pd.testing.assert_frame_equal(of_rows, of_units, rtol=1e-12)


def test_the_jackknife_of_a_total_is_the_linearised_variance():
    taylor = totals(ROWS, ["y"], design=SurveyDesign(weight="w", clusters=("psu",)))
    jackknife = totals(ROWS, ["y"], design=BY_UNIT)
    assert jackknife["standard_error"].iloc[0] == pytest.approx(taylor["standard_error"].iloc[0])
    assert jackknife["degrees_of_freedom"].iloc[0] == PSUS - 1


def test_freedom_is_the_rank_over_the_domain():
    sample = sample_of(ROWS, BY_UNIT)
    inside = (ROWS["psu"] < 3).to_numpy()
    # Five replicates leave these PSUs alike: three patterns and the common one.
    assert sample.degrees_of_freedom(inside) == np.linalg.matrix_rank(FACTORS[:3]) - 1


def test_mse_measures_from_the_full_estimate():
    replicates = Replicates(unit="psu", factors=FACTORS, scale=SCALE, mse=True)
    about = means(ROWS, ["y"], design=SurveyDesign(weight="w", replicates=replicates))
    mean = means(ROWS, ["y"], design=BY_UNIT)
    assert about["standard_error"].iloc[0] > mean["standard_error"].iloc[0]


def test_a_design_with_factors_goes_through_json():
    back = design_from_json(design_to_json(BY_UNIT))
    assert (back.replicates.factors == FACTORS).all()
    assert back == BY_UNIT


def test_bad_replicates_are_refused():
    rows, design = by_row(True)
    with pytest.raises(DesignError, match="第 3 行的重复权数"):
        means(rows.assign(r2=rows["r2"].where(rows.index != 2, np.inf)), ["y"], design=design)
    with pytest.raises(DesignError, match="unit without factors"):
        means(ROWS.assign(psu=ROWS["psu"] + 1), ["y"], design=BY_UNIT)
    with pytest.raises(DesignError, match="at least two"):
        Replicates(("r0",))
    with pytest.raises(DesignError, match="one per replicate"):
        Replicates(("r0", "r1"), rscales=(1.0,))
