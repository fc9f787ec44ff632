import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.design import SurveyDesign
from pipeline.estimation.comparison import against_standards, between_groups, cohens_h
from pipeline.estimation.items import Item
from pipeline.estimation.linear import means
from pipeline.estimation.together import joint
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
    for ours, theirs in (("difference", "value"), ("standard_error",) * 2):
        assert found[ours][0] == pytest.approx(gap[theirs])
    row = found.iloc[0]
    designed = rows["psu"].nunique() - rows["stratum"].nunique()
    assert 1 < row["degrees_of_freedom"] < designed  # strata of unlike variance
    margin = stats.t.ppf(0.975, row["degrees_of_freedom"]) * row["standard_error"]
    assert row["high"] - row["difference"] == pytest.approx(margin)
    statistic = abs(row["difference"]) / row["standard_error"]
    assert row["p"] == pytest.approx(2 * stats.t.sf(statistic, row["degrees_of_freedom"]))


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


def test_a_side_in_less_than_4_psus_is_left_out(rows):
    sites = sorted(rows["psu"].unique())
    for few, tests in ((3, 0), (4, 1)):
        side = np.where(rows["psu"].isin(sites[:few]), "few", "many")
        found = between_groups(rows.assign(side=side), [ITEM], ["side"], design=DESIGN)
        assert len(found) == tests


def without_difference(samples: int, seed: int) -> pd.DataFrame:
    """Return one design with many independent sets of answers, all from the same 35 %.

    The small group lives in 6 PSUs of 3 strata, the rest in 48 of 12; intraclass correlation .08.
    """
    rng = np.random.default_rng(seed)
    psus = [(f"h{k // 2}", f"h{k}", "small") for k in range(6)]
    psus += [(f"r{k // 4}", f"r{k}", "rest") for k in range(48)]
    rows = pd.DataFrame(psus, columns=["stratum", "psu", "group"]).loc[np.repeat(range(54), 12)]
    share = np.repeat(rng.beta(0.35 * 11.5, 0.65 * 11.5, (len(psus), samples)), 12, axis=0)
    answers = (rng.random(share.shape) < share).astype(int)
    names = [f"q{k}" for k in range(samples)]
    drawn = pd.DataFrame(answers, columns=names, index=rows.index)
    return pd.concat([rows, drawn], axis=1).reset_index(drop=True)


def test_without_a_difference_about_one_test_in_20_finds_one():
    """The degrees of freedom of the whole design, 39, make that one in ten."""
    rows = without_difference(500, seed=3)
    items = [Item(f"q{k}", "1", (f"q{k}",), (1,), "proportion") for k in range(500)]
    design = SurveyDesign(strata=("stratum",), clusters=("psu",))
    found = between_groups(rows, items, ["group"], design=design)
    assert len(found) == 500
    assert 0.02 <= (found["p"] < 0.05).mean() <= 0.08
    statistic = found["difference"].abs() / found["standard_error"]
    assert (2 * stats.t.sf(statistic, 39) < 0.05).mean() > 0.08


def test_a_share_fixed_by_raking_is_not_tested(rows):
    party = Item("q02", "1", ("q02",), (1,), "proportion", "q02__missing")
    raked, design = rake(rows, DESIGN, {"q02": {"1": 5e4, "2": 7e4}})
    assert against_standards(raked, [(party, 0.3)], design=design).empty
    assert len(against_standards(rows, [(party, 0.3)], design=DESIGN)) == 1


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
