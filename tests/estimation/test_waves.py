"""Differences between waves: exact at both ends, and right on average in between."""

import numpy as np
import pandas as pd
import pytest

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import DesignError
from pipeline.estimation.items import Item
from pipeline.estimation.linear import means
from pipeline.estimation.together import joint
from pipeline.estimation.waves import compare

DESIGN = SurveyDesign(weight="w", strata=("h",), clusters=("psu",), nest=True)


def wave(seed: int, shift: float, psus: range, persons: int = 6) -> pd.DataFrame:
    """Four strata; the level of a PSU is its own in every wave."""
    draw = np.random.default_rng(seed)
    lines = []
    for h in range(4):
        for psu in psus:
            level = np.random.default_rng(1000 * h + psu).normal(0, 1)
            for _ in range(persons):
                lines.append((h, psu, draw.uniform(1, 3), level + shift + draw.normal()))
    rows = pd.DataFrame(lines, columns=["h", "psu", "w", "y"])
    return rows.assign(good=(rows["y"] > 0).astype(int), half=rows["psu"] % 2)


def test_waves_of_the_same_psus_are_one_sample_of_pairs():
    before, after = wave(1, 0.0, range(5)), wave(2, 0.3, range(5))
    found = compare(before, after, ["y"], design=DESIGN).iloc[0]
    stacked = pd.concat([before.assign(t=0), after.assign(t=1)], ignore_index=True)
    both = joint(stacked, "mean", ["y"], design=DESIGN, by=["t"])
    change = both.contrast({"change": {"y@1": 1, "y@0": -1}})
    assert found["difference"] == pytest.approx(change.value[0], rel=1e-12)
    assert found["standard_error"] == pytest.approx(np.sqrt(change.covariance[0, 0]), rel=1e-12)
    assert found["degrees_of_freedom"] == 4 * 5 - 4
    assert found["shared_psus"] == 20
    assert found["correlation"] > 0.3


def test_waves_without_a_shared_psu_are_independent():
    before, after = wave(1, 0.0, range(5)), wave(2, 0.3, range(5, 12))
    found = compare(before, after, ["y"], design=DESIGN).iloc[0]
    errors = [means(r, ["y"], design=DESIGN)["standard_error"].iloc[0] for r in (before, after)]
    assert found["standard_error"] == pytest.approx(np.hypot(*errors), rel=1e-12)
    assert found["shared_psus"] == 0
    assert found["correlation"] == 0


def test_the_covariance_of_a_partial_overlap_is_unbiased():
    """Linear totals under drawing with replacement: the estimated variance is right on average."""
    draw = np.random.default_rng(7)
    design = SurveyDesign(weight="w", strata=("h",), clusters=("psu",))
    changes, variances = [], []
    for _ in range(200):
        level = draw.normal(0, 1, 12)
        first, second = np.arange(8), np.arange(4, 12)  # four of eight PSUs in both
        rows = [
            pd.DataFrame({"h": 0, "psu": psu, "w": 1.0, "y": level[psu] + draw.normal(0, 0.5, 8)})
            for psu in (first, second)
        ]
        found = compare(*rows, ["y"], design=design, estimand="total").iloc[0]
        changes.append(found["difference"])
        variances.append(found["standard_error"] ** 2)
    assert np.mean(variances) == pytest.approx(np.var(changes), rel=0.25)


def test_groups_are_matched_by_level_and_shares_have_an_effect():
    before, after = wave(1, 0.0, range(5)), wave(2, 0.3, range(5))
    item = Item("good", "1", ("good",), (1,), "proportion")
    table = compare(before, after[after["half"] == 0], [item], design=DESIGN, by="half")
    assert table["domain_value"].tolist() == ["0"]
    assert table["effect"].iloc[0] == pytest.approx(
        2 * np.arcsin(np.sqrt(table["value_after"].iloc[0]))
        - 2 * np.arcsin(np.sqrt(table["value_before"].iloc[0]))
    )
    assert table["n_before"].iloc[0] == (before["half"] == 0).sum()


def test_permuting_rows_changes_nothing():
    before, after = wave(1, 0.0, range(5)), wave(2, 0.3, range(3, 9))
    mixed = compare(
        before.sample(frac=1, random_state=1), after.sample(frac=1, random_state=2), ["y"],
        design=DESIGN,
    )  # fmt: skip
    plain = compare(before, after, ["y"], design=DESIGN)
    pd.testing.assert_frame_equal(mixed, plain)


def test_replicates_do_not_tell_shared_psus():
    rows = wave(1, 0.0, range(5)).assign(r1=1.0, r2=1.0)
    with pytest.raises(DesignError, match="shared PSUs"):
        compare(
            rows, rows, ["y"], design=SurveyDesign(weight="w", replicates=Replicates(("r1", "r2")))
        )
