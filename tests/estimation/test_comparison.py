import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.estimation.comparison import against_standards, between_groups, cohens_h
from pipeline.estimation.items import Item
from pipeline.estimation.joint import joint
from pipeline.estimation.means import means
from pipeline.weighting.calibration import rake
from tests.estimation.invented import sampled

ITEM = Item("q01", "4+5", ("q01",), (4, 5), "proportion", "q01__missing")
DESIGN = SurveyDesign(
    weight="base_weight", strata=("stratum",), clusters=("psu",), lonely_psu="adjust"
)


@pytest.fixture(scope="module")
def rows():
    return sampled()[0]


@pytest.mark.parametrize("calibrated", [False, True])
def test_two_levels_are_compared_once_with_their_covariance(rows, calibrated):
    design = DESIGN
    if calibrated:
        rows, design = rake(rows, DESIGN, {"county": {"甲县": 4e4, "乙县": 3e4, "丙市": 5e4}})
    found = between_groups(rows, [ITEM], ["q02"], design=design)
    assert found[["a", "b"]].to_numpy().tolist() == [["1", "2"]]
    both = joint(rows, "mean", [ITEM], design=design, by="q02")
    gap = both.contrast({"gap": {"q01=4+5@1": 1, "q01=4+5@2": -1}}).table().iloc[0]
    for ours, theirs in (
        ("difference", "value"),
        ("standard_error",) * 2,
        ("low",) * 2,
        ("high",) * 2,
    ):
        assert found[ours][0] == pytest.approx(gap[theirs])


def test_each_of_several_levels_is_compared_with_all_other_known_levels(rows):
    rows = rows.assign(county=rows["county"].where(rows.index % 10 != 0))
    found = between_groups(rows, [ITEM], ["county"], design=DESIGN)
    assert found["a"].tolist() == ["丙市", "乙县", "甲县"]
    assert set(found["b"]) == {"rest"}
    answered = rows[(rows["q01__missing"] == "") & rows["county"].notna()]
    assert (found["n_a"] + found["n_b"]).tolist() == [len(answered)] * 3
    rest = answered[answered["county"] != "甲县"]
    share = np.average(rest["q01"].isin([4, 5]), weights=rest["base_weight"])
    assert found["value_b"][2] == pytest.approx(share)
    assert found["p"][2] < 0.001  # the planted difference


def test_a_side_of_less_than_30_is_left_out(rows):
    small = rows.assign(side=np.where(rows.index < 25, "few", "many"))
    assert between_groups(small, [ITEM], ["side"], design=DESIGN).empty


def test_a_share_is_tested_against_its_standard(rows):
    found = against_standards(rows, [(ITEM, 0.3)], design=DESIGN)
    share = rows.assign(hit=rows["q01"].isin([4, 5]).astype(float)).loc[rows["q01__missing"] == ""]
    direct = means(share, ["hit"], design=DESIGN)
    assert found["difference"][0] == pytest.approx(direct["value"][0] - 0.3)
    assert found["effect"][0] == pytest.approx(cohens_h(direct["value"][0], 0.3))
    assert (found["a"][0], found["b"][0], found["n_b"][0]) == ("all", "standard", None)


def test_nobody_among_few_is_no_proof_against_a_low_standard():
    rows = pd.DataFrame({"psu": range(40), "q": 0})
    item = Item("q", "1", ("q",), (1,), "proportion")
    found = against_standards(rows, [(item, 0.05)], design=SurveyDesign(clusters=("psu",)))
    assert found["p"][0] == pytest.approx(2 * 0.95**40)
    assert found["low"][0] == pytest.approx(-0.05)
    assert found["high"][0] == pytest.approx(1 - 0.025 ** (1 / 40) - 0.05)


def test_cohens_h_of_a_half_against_nothing():
    assert cohens_h(0.5, 0) == pytest.approx(np.pi / 2)
