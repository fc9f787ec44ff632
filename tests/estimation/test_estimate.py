"""Laws of estimation that hold for every sample."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.estimation.estimate import estimate_id, identified
from pipeline.estimation.linear import means, totals
from pipeline.estimation.shares import proportions
from pipeline.weighting.calibration import poststratify, rake

NUMBERS = ["value", "standard_error", "low", "high", "effective_n", "design_effect"]
DESIGN = SurveyDesign(weight="w", strata=("h",), clusters=("psu",))
CENSUS = pd.DataFrame({"y": [1.0, 5, 2, 8], "q": [1, 1, 2, 3], "n": 4})


@st.composite
def samples(draw):
    """Three strata with two to four PSUs of one to four rows each."""
    rows = []
    for h in range(3):
        for psu in range(draw(st.integers(2, 4))):
            for _ in range(draw(st.integers(1, 4))):
                rows.append((h, 10 * h + psu, draw(st.integers(1, 9)), draw(st.integers(0, 4))))
    frame = pd.DataFrame(rows, columns=["h", "psu", "w", "q"]).astype({"w": float})
    frame["d"] = np.arange(len(frame)) % 2
    frame["y"] = frame["q"] * 1.5 + frame["d"]
    return frame


def figures(rows, design=DESIGN, **kwargs):
    parts = [
        call(rows, [q], design=design, **kwargs) for call, q in ((means, "y"), (proportions, "q"))
    ]
    return pd.concat(parts, ignore_index=True)


def assert_same(one, other):
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


@settings(max_examples=8)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    assert_same(figures(rows), figures(rows.iloc[order]))


@settings(max_examples=8)
@given(samples(), st.integers(2, 1000))
def test_the_scale_of_the_weights_does_not_matter(rows, factor):
    scaled = rows.assign(w=rows["w"] * factor)
    assert_same(figures(rows), figures(scaled))
    one, many = totals(rows, ["y"], design=DESIGN), totals(scaled, ["y"], design=DESIGN)
    assert many["value"][0] == pytest.approx(factor * one["value"][0])
    assert many["standard_error"][0] == pytest.approx(factor * one["standard_error"][0])


@settings(max_examples=8)
@given(samples())
def test_a_domain_that_holds_everybody_is_the_whole_sample(rows):
    whole = figures(rows)
    inside = figures(rows.assign(everybody="yes"), by="everybody")
    assert_same(whole, inside.assign(domain="all", domain_value="all"))
    assert_same(whole, figures(rows, where=rows["w"] > 0))


@settings(max_examples=8)
@given(samples())
def test_a_filter_and_a_group_give_the_same_domain(rows):
    by, where = figures(rows, by="d"), figures(rows, where=rows["d"] == 1)
    chosen = by[by["domain_value"] == "1"].reset_index(drop=True)
    assert_same(chosen.assign(domain="all", domain_value="all"), where)


@settings(max_examples=8)
@given(samples())
def test_shares_add_to_one_and_stay_within_their_intervals(rows):
    found = proportions(rows, ["q"], design=DESIGN, by=["all", "d"])
    assert np.allclose(found.groupby(["domain", "domain_value"])["value"].sum(), 1)
    certain = found[found["low"].notna()]
    assert (certain["low"] <= certain["value"] + 1e-12).all()
    assert (certain["value"] <= certain["high"] + 1e-12).all()
    assert certain["low"].between(0, 1).all()
    assert certain["high"].between(0, 1).all()


@settings(max_examples=8)
@given(samples())
def test_what_calibration_fixes_has_no_error(rows):
    count = rows["d"].value_counts()
    made, design = poststratify(
        rows, DESIGN, "d", {str(k): float(10 * n) for k, n in count.items()}
    )
    fixed = totals(made.assign(one=1.0), ["one"], design=design, by="d")
    assert fixed["value"].tolist() == pytest.approx([10.0 * count[0], 10.0 * count[1]])
    assert fixed["standard_error"].to_numpy() == pytest.approx(0, abs=1e-6)
    raked, design = rake(rows, DESIGN, {"d": {str(k): float(n) for k, n in count.items()}})
    share = proportions(raked, ["d"], design=design)
    assert share["standard_error"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_a_census_has_no_error():
    design = SurveyDesign(fpc=("n",))
    assert means(CENSUS, ["y"], design=design)["standard_error"].tolist() == [0.0]
    shares = proportions(CENSUS, ["q"], design=design)
    assert shares["standard_error"].tolist() == [0.0, 0.0, 0.0]
    assert (shares["low"] == shares["value"]).all()


def test_a_simple_random_sample_is_the_textbook_formula():
    """Cochran (1977), Sampling Techniques, eq. 2.20: v(y) = s^2 / n x (1 - f)."""
    y = np.array([3.0, 7, 8, 12, 15])
    rows = pd.DataFrame({"y": y, "n": 50})
    found = means(
        rows, ["y"], design=SurveyDesign(fpc=("n",)), design_effect="without_replacement"
    )
    assert found["standard_error"][0] ** 2 == pytest.approx(y.var(ddof=1) / 5 * 0.9)
    assert found["design_effect"][0] == pytest.approx(1)
    assert found["degrees_of_freedom"][0] == 4
    total = totals(rows, ["y"], design=SurveyDesign(fpc=("n",)))
    assert total["value"][0] == pytest.approx(50 * y.mean())
    assert total["standard_error"][0] == pytest.approx(50 * found["standard_error"][0])


def test_two_stages_with_fpc_are_the_textbook_formula():
    """Cochran (1977), sec. 11.9: V = N^2 (1-f1) s1^2 / n + N/n sum M_i^2 (1-f2i) s2i^2 / m_i."""
    rows = pd.DataFrame({"psu": [1, 1, 2, 2], "y": [1.0, 3, 4, 8], "N": 6, "M": [10, 10, 20, 20]})
    found = totals(rows, ["y"], design=SurveyDesign(clusters=("psu",), fpc=("N", "M")))
    inner = [10 * 2.0, 20 * 6.0]
    between = 36 * (1 - 2 / 6) * np.var(inner, ddof=1) / 2
    within = 6 / 2 * (100 * (1 - 0.2) * 2 / 2 + 400 * (1 - 0.1) * 8 / 2)
    assert found["value"][0] == pytest.approx(3 * sum(inner))
    assert found["standard_error"][0] ** 2 == pytest.approx(between + within)


@pytest.mark.parametrize("value", [0, 1])
def test_a_share_of_nothing_or_all_is_finite_with_an_interval(value):
    rows = pd.DataFrame({"psu": range(40), "q": value, "w": [1.0, 2.0] * 20})
    rows.loc[0, "q"] = 1 - value
    found = proportions(
        rows, ["q"], design=SurveyDesign(weight="w", clusters=("psu",)), where=rows["psu"] > 0
    )
    row = found[found["code"] == "1"].iloc[0]
    assert row["value"] == value
    assert row["standard_error"] == 0
    assert np.isfinite(row[NUMBERS].astype(float)).all()
    n = row["effective_n"]
    assert n == pytest.approx(59**2 / 99)  # Kish: (sum w)^2 / sum w^2 of 20 rows of 2 and 19 of 1
    width = row["high"] - row["low"]
    assert width == pytest.approx(1 - 0.025 ** (1 / n))  # exact binomial of none among n


def test_answers_from_one_psu_give_no_standard_error():
    rows = pd.DataFrame({"psu": [1, 1, 2, 2], "y": [1.0, 4, 2, 7], "d": [1, 1, 0, 0]})
    found = means(rows, ["y"], design=SurveyDesign(clusters=("psu",)), by="d")
    assert found["standard_error"].isna().all()
    assert found[["low", "high"]].isna().all(axis=None)
    assert found["degrees_of_freedom"].tolist() == [0, 0]


def test_a_silent_site_counts_as_a_psu_with_a_total_of_zero():
    rows = pd.DataFrame(
        {"psu": [1, 1, 2, 3, 4], "w": [1.0, 1, 1, 1, 0], "y": [1.0, 2, 3, 5, None]}
    )
    design = SurveyDesign(weight="w", clusters=("psu",))
    found = means(rows, ["y"], design=design, by="all")
    assert found["degrees_of_freedom"].tolist() == [3]
    assert found["n"].tolist() == [4]
    scores = np.array([1 + 2 - 2 * 2.75, 3 - 2.75, 5 - 2.75, 0]) / 4
    assert found["standard_error"][0] ** 2 == pytest.approx(4 / 3 * (scores**2).sum())


def test_ids_are_made_of_the_keys_and_nothing_else():
    found = means(CENSUS, ["y"], design=SurveyDesign())
    named = identified(found, "residents", "2026")
    assert named["id"][0] == estimate_id(
        "residents", "2026", "y", "", "valid", "all", "all", "mean"
    )
    assert named["id"].str.fullmatch(r"E-[0-9a-f]{10}").all()
    assert identified(found.assign(value=0.0), "residents", "2026")["id"][0] == named["id"][0]
