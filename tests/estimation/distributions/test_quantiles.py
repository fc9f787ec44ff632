import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.design import Replicates, SurveyDesign
from pipeline.errors import DesignError, ResponseError
from pipeline.estimation.distributions.distribution import cdf
from pipeline.estimation.distributions.quantiles import quantiles
from pipeline.estimation.estimate import ESTIMATE_COLUMNS
from pipeline.estimation.items import Item
from pipeline.estimation.linear import estimates, means

P = (0.1, 0.5, 0.9)
DESIGN = SurveyDesign(weight="w", strata=("s",), clusters=("psu",))


def sampled(n=400, seed=3):
    rng = np.random.default_rng(seed)
    psu = np.sort(rng.integers(0, 24, n))
    return pd.DataFrame(
        {
            "psu": psu, "s": psu // 6, "w": rng.choice([1.0, 2.5, 4.0], n),
            "d": rng.choice(["a", "b"], n), "e": rng.integers(1, 3, n),
            "y": np.round(rng.gamma(2, 10, n) + psu, 1), "z": rng.integers(1, 6, n).astype(float),
        }
    )  # fmt: skip


ROWS = sampled()


def test_the_table_is_one_of_estimates():
    found = quantiles(ROWS, ["y", "z"], design=DESIGN, probabilities=P, by=["all", "d"])
    assert tuple(found.columns) == ESTIMATE_COLUMNS[3:-2]
    assert found["question"].tolist() == ["y"] * 9 + ["z"] * 9
    assert found["code"].tolist()[:9] == ["0.1"] * 3 + ["0.5"] * 3 + ["0.9"] * 3
    assert found["domain_value"].tolist()[:3] == ["all", "a", "b"]
    assert set(found["estimand"]) == {"quantile"}
    assert set(found["interval_method"]) == {"mean"}
    assert (found["degrees_of_freedom"] == 20).all()
    assert found.loc[[1, 2], "n"].sum() == found.loc[0, "n"] == len(ROWS)


@pytest.mark.parametrize("method", ["mean", "beta", "xlogit", "asin"])
def test_woodruff_turns_the_interval_of_the_share_back(method):
    found = quantiles(ROWS, ["y"], design=DESIGN, interval=method, rule="hf7", level=0.9)
    for _, row in found.iterrows():
        below = ROWS.assign(below=(ROWS["y"] <= row["value"]) * 1)
        item = Item("below", "1", ("below",), (1,), "proportion")
        share = estimates(
            below, [item], design=DESIGN, interval_of_proportions=method, level=0.9
        ).iloc[0]  # fmt: skip
        ends = quantiles(
            ROWS, ["y"], design=DESIGN, probabilities=[share["low"], share["high"]], rule="hf7"
        )
        assert [row["low"], row["high"]] == pytest.approx(ends["value"].tolist())
        t = stats.t.ppf(0.95, 20)
        assert row["standard_error"] == pytest.approx((row["high"] - row["low"]) / (2 * t))
        assert row["design_effect"] == pytest.approx(share["design_effect"])


def test_a_limit_outside_0_and_1_gives_no_end():
    few = ROWS.iloc[:30].assign(s=0)
    found = quantiles(few, ["y"], design=DESIGN, probabilities=[0.02, 0.5, 0.99])
    assert found["low"].isna().tolist() == [True, False, False]
    assert found["high"].isna().tolist() == [False, False, False]  # the last is the largest value
    assert found["standard_error"].isna().tolist() == [True, False, False]
    found = quantiles(few, ["y"], design=DESIGN, probabilities=[0.9])
    assert found["high"].isna().tolist() == [True]


@pytest.mark.parametrize(("method", "in_r"), [("mean", ROWS["y"].max()), ("xlogit", np.nan)])
def test_where_all_lie_below_the_quantile_the_interval_is_the_exact_binomial_one(method, in_r):
    options = {"design": DESIGN, "probabilities": [1.0], "interval": method}
    found = quantiles(ROWS, ["y"], **options).iloc[0]
    assert found["value"] == found["high"] == ROWS["y"].max()
    assert found["low"] < found["value"]
    low = quantiles(ROWS, ["y"], as_in_r=True, **options).iloc[0]["low"]
    assert low == pytest.approx(in_r, nan_ok=True)


def test_a_group_is_its_own_domain():
    by = quantiles(ROWS, ["y"], design=DESIGN, by=[("d", "e")], rule="hf5", interval="beta")
    one = quantiles(
        ROWS, ["y"], design=DESIGN, where=(ROWS["d"] == "b") & (ROWS["e"] == 1), rule="hf5",
        interval="beta",
    )  # fmt: skip
    columns = ["value", "low", "high", "standard_error", "n", "degrees_of_freedom"]
    part = by.loc[by["domain_value"] == "b*1", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, one[columns])
    inside = ROWS[(ROWS["d"] == "b") & (ROWS["e"] == 1)]
    alone = quantiles(inside, ["y"], design=DESIGN, rule="hf5", interval="beta")
    assert part["value"].tolist() == alone["value"].tolist()


@pytest.mark.parametrize("interval", ["mean", "score", "legacy_wald"])
def test_the_order_of_rows_and_groups_does_not_matter(interval):
    shuffled = ROWS.sample(frac=1, random_state=5).reset_index(drop=True)
    options = {"design": DESIGN, "by": ["all", "d"], "interval": interval}
    pd.testing.assert_frame_equal(
        quantiles(ROWS, ["y", "z"], **options), quantiles(shuffled, ["y", "z"], **options)
    )


def test_a_census_knows_its_quantiles():
    everyone = ROWS.assign(w=1.0, size=len(ROWS))
    design = SurveyDesign(weight="w", fpc=("size",))
    found = quantiles(everyone, ["y"], design=design)
    assert found["standard_error"].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(found["low"], found["value"])
    np.testing.assert_array_equal(found["value"], np.quantile(ROWS["y"], [0.25, 0.5, 0.75],
                                                             method="inverted_cdf"))  # fmt: skip


def test_score_ends_are_where_the_test_crosses_t():
    found = quantiles(ROWS, ["y"], design=DESIGN, interval="score", probabilities=[0.3])
    t = stats.t.ppf(0.975, 20)

    def score(value):
        below = means(ROWS.assign(b=(ROWS["y"] <= value) * 1), ["b"], design=DESIGN).iloc[0]
        return (0.3 - below["value"]) / below["standard_error"]

    values = np.unique(ROWS["y"])
    for end, limit in ((found["low"][0], t), (found["high"][0], -t)):
        place = int(np.searchsorted(values, end))
        beside = [score(values[k]) - limit for k in (place - 1, place, place + 1)]
        signs = np.sign(beside)
        assert signs[0] > signs[-1]
        assert abs(beside[1]) == min(abs(b) for b in beside if np.sign(b) == np.sign(beside[1]))


def test_legacy_wald_is_about_the_probability_and_held_to_the_values():
    found = quantiles(
        ROWS, ["y"], design=DESIGN, rule="legacy_linear", interval="legacy_wald",
        probabilities=[0.01, 0.5],
    )  # fmt: skip
    assert found.loc[0, "low"] == ROWS["y"].min()
    below = ROWS.assign(b=(ROWS["y"] <= found.loc[1, "value"]) * 1)
    reach = stats.t.ppf(0.975, 20) * means(below, ["b"], design=DESIGN).loc[0, "standard_error"]
    ends = quantiles(
        ROWS, ["y"], design=DESIGN, rule="legacy_linear", probabilities=[0.5 - reach, 0.5 + reach]
    )
    assert found.loc[1, ["low", "high"]].tolist() == pytest.approx(ends["value"].tolist())


def test_replicates_give_their_spread_or_woodruffs():
    rng = np.random.default_rng(1)
    factors = rng.multinomial(24, np.full(24, 1 / 24), 30).T[ROWS["psu"]]
    names = tuple(f"r{k}" for k in range(30))
    rows = pd.concat([ROWS, pd.DataFrame(factors, columns=list(names)).astype(float)], axis=1)
    design = SurveyDesign(
        weight="w", replicates=Replicates(names, scale=1 / 29, combined=False)
    )  # fmt: skip
    found = quantiles(rows, ["y"], design=design, by="d", interval="replicate", df=20)
    part = ROWS["d"] == "a"
    each = [
        quantiles(rows[part].assign(w=ROWS["w"] * rows[name]), ["y"], design=DESIGN)["value"]
        for name in names
    ]
    spread = np.std(np.array(each), axis=0, ddof=1)
    np.testing.assert_allclose(found[found["domain_value"] == "a"]["standard_error"], spread)
    t = stats.t.ppf(0.975, 20)
    np.testing.assert_allclose(found["high"] - found["value"], t * found["standard_error"])
    woodruff = quantiles(rows, ["y"], design=design, by="d")
    assert woodruff["value"].tolist() == found["value"].tolist()
    assert (woodruff["standard_error"] > 0).all()
    with pytest.raises(DesignError, match="replicate"):
        quantiles(ROWS, ["y"], design=DESIGN, interval="replicate")


def test_missing_answers_leave_as_asked():
    gaps = ROWS.assign(y=ROWS["y"].where(ROWS["psu"] > 1), z=ROWS["z"].where(ROWS["psu"] < 22))
    options = {"design": DESIGN, "probabilities": [0.5]}
    own = quantiles(gaps, ["y", "z"], **options)
    joint = quantiles(gaps, ["y", "z"], missing="domain_jointly", **options)
    assert own["n"].tolist() == [(ROWS["psu"] > 1).sum(), (ROWS["psu"] < 22).sum()]
    assert len(set(joint["n"])) == 1
    assert own["degrees_of_freedom"].tolist() == [20, 20]
    with pytest.raises(ResponseError, match="没有答案"):
        quantiles(gaps, ["y"], missing="refuse", **options)
    nothing = quantiles(gaps.assign(y=np.nan), ["y"], interval="score", **options)
    assert nothing.empty


def test_what_cannot_be_computed_is_said():
    with pytest.raises(ResponseError, match=r"1\.5"):
        quantiles(ROWS, ["y"], design=DESIGN, probabilities=[0.5, 1.5])
    with pytest.raises(ResponseError, match="不是数值"):
        quantiles(ROWS, ["d"], design=DESIGN)
    with pytest.raises(ResponseError, match="x"):
        quantiles(ROWS, ["x"], design=DESIGN)


@pytest.mark.parametrize("interval", ["mean", "beta", "score"])
def test_the_interval_of_a_median_covers_the_populations(interval):
    """Batches of samples: each sample is a stratum and a domain of its own."""
    rng = np.random.default_rng(8)
    design, covered = SurveyDesign(weight="w", strata=("k",)), []
    for _ in range(6):
        rows = pd.DataFrame({"k": np.repeat(np.arange(25), 60), "w": 1.0})
        rows["y"] = rng.lognormal(size=len(rows))
        found = quantiles(
            rows, ["y"], design=design, by="k", probabilities=[0.5], rule="hf5", interval=interval
        )
        covered += list((found["low"] <= 1) & (found["high"] >= 1))
    assert 0.91 <= np.mean(covered) <= 0.99


def test_the_distribution_function_is_a_share():
    at = [10, 20.5, 999]
    found = cdf(ROWS, ["y"], at=at, design=DESIGN, by="d")
    assert found["code"].tolist() == ["10", "10", "20.5", "20.5", "999", "999"]
    assert set(found["estimand"]) == {"cdf"}
    below = ROWS.assign(b=(ROWS["y"] <= 20.5) * 1)
    item = Item("b", "1", ("b",), (1,), "proportion")
    share = estimates(below, [item], design=DESIGN, by="d")
    columns = ["value", "standard_error", "low", "high", "n", "n_cell", "degrees_of_freedom"]
    part = found.loc[found["code"] == "20.5", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, share[columns])
    everyone = found[found["code"] == "999"]
    assert everyone["value"].tolist() == [1, 1]
    assert (everyone["low"] < 1).all()
    by_t = cdf(ROWS, ["y"], at=[20.5], design=DESIGN, interval="t", df=np.inf).iloc[0]
    assert by_t["high"] - by_t["value"] == pytest.approx(1.959964 * by_t["standard_error"])
