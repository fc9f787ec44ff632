"""The rows that hold one wave against the last: which there are, and their figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.estimation.families import COMPARISON_COLUMNS, concluded
from pipeline.estimation.items import measured_items
from pipeline.estimation.linear import estimates
from pipeline.estimation.shrinkage import change_error, shrink
from pipeline.estimation.wave_rows import Surveyed, common_domains, wave_rows
from pipeline.estimation.waves import compare
from tests.estimation.two_waves import BAND, COUNTIES, DESIGN, asked, surveyed, text

RULES = {"false_discovery_rate": 0.05, "smallest_difference": 0.05}
PLAIN = asked()


def made(before: Surveyed, after: Surveyed) -> pd.DataFrame:
    return concluded([wave_rows(before, after, survey="s")], **RULES)


@pytest.fixture(scope="module")
def waves() -> tuple[Surveyed, Surveyed]:
    return surveyed(3, PLAIN, PLAIN, fallen=(2,), fall=0.25)


@pytest.fixture(scope="module")
def table(waves) -> pd.DataFrame:
    return made(*waves)


def test_one_row_for_each_item_and_level_in_families_of_their_own(table):
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert len(table) == 2 * (1 + len(COUNTIES) + 3)
    assert set(table["kind"]) == {"wave"}
    assert set(table["wave"]) == {"w2"}
    assert set(table["b"]) == {"w1"}
    assert table["id"].is_unique
    assert table.groupby("family")["family_size"].first().to_dict() == {
        "s|w2|wave": 2, "s|w2|wave|county": 10, "s|w2|wave|age": 6,
    }  # fmt: skip
    assert (table["a"] == "").eq(table["domain"] == "all").all()
    assert (table["why_not"] == "").all()


def test_the_whole_is_as_estimated_and_more_is_worse(waves, table):
    whole = table[table["domain"] == "all"].set_index("question")
    for side, one in zip(("b", "a"), waves, strict=True):
        items = [item for item, _ in measured_items(one.questionnaire)]
        shares = estimates(one.rows, items, design=DESIGN).set_index("question")["value"]
        np.testing.assert_allclose(whole[f"value_{side}"], shares[whole.index])
    np.testing.assert_allclose(whole["difference"], whole["value_a"] - whole["value_b"])
    assert whole["conclusion"].to_dict() == {"q01": "no_difference", "q02": "lower"}
    assert whole.loc["q02", "difference"] < -0.15
    assert whole.loc["q02", "effect"] < 0
    assert whole[["shrunk_b", "shrunk_error"]].isna().all(axis=None)


def test_baselines_of_a_domain_are_shrunk_with_the_covariance_of_shared_sites(waves, table):
    found = compare(
        waves[0].rows, waves[1].rows, [measured_items(PLAIN)[0][0]], design=DESIGN, by=["county"]
    )
    before, after = found["error_before"].to_numpy(), found["error_after"].to_numpy()
    assert found["correlation"].abs().max() > 0.05
    shrunk = shrink(found["value_before"].to_numpy(), before**2)
    errors = change_error(after**2, found["correlation"].to_numpy() * before * after, shrunk)
    counties = table[(table["domain"] == "county") & (table["question"] == "q01")]
    assert counties["a"].tolist() == found["domain_value"].tolist()
    np.testing.assert_allclose(counties["shrunk_b"], shrunk.value, atol=5e-4)
    np.testing.assert_allclose(counties["shrunk_error"], errors, atol=1e-4)
    assert (counties["shrunk_error"] >= errors).all()
    assert (counties["shrunk_b"].max() - counties["shrunk_b"].min()) < np.ptp(counties["value_b"])


def test_figures_of_groups_stand_on_the_grid_of_publication(table):
    groups = table[table["domain"] != "all"]
    for name, decimals in {"value_a": 3, "value_b": 3, "difference": 3, "shrunk_b": 3, "low": 3,
                           "high": 3, "standard_error": 4, "shrunk_error": 4}.items():  # fmt: skip
        assert (groups[name] == groups[name].round(decimals)).all(), name
    np.testing.assert_allclose(
        groups["difference"], groups["value_a"] - groups["value_b"], atol=1e-12
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": text("别的问法？")}, "wording"),
        (
            {"choices": [{"code": c, "text": text(t)} for c, t in ((1, "有"), (2, "无"))]},
            "choices",
        ),
        ({"show_if": {"=": ["age", 1]}}, "routing"),
    ],
)
def test_what_was_asked_otherwise_has_one_row_without_numbers(changes, why):
    one, two = surveyed(3, PLAIN, asked(changes={"q02": changes}))
    found = made(one, two)
    row = found[found["question"] == "q02"]
    assert row[["domain", "conclusion", "why_not"]].values.tolist() == [
        ["all", "not_comparable", why]
    ]
    assert row[["value_a", "value_b", "n_a", "n_b", "difference", "p", "q"]].isna().all(axis=None)
    assert row["family_size"].tolist() == [0]
    assert found.loc[found["family"] == "s|w2|wave", "family_size"].tolist() == [1]


def test_a_question_of_one_wave_only_is_absent_whichever_it_is():
    for before, after in ((PLAIN, asked(1)), (asked(1), PLAIN)):
        found = made(*surveyed(3, before, after))
        absent = found[found["conclusion"] == "not_comparable"]
        assert absent[["question", "why_not"]].values.tolist() == [["q02", "absent"]]


def test_the_later_measure_says_what_is_unfavourable_in_both():
    measure = {"problem": "A1.1", "unfavourable": [2], "claim": text("没有过")}
    one, two = surveyed(3, PLAIN, asked(changes={"q01": {"measure": measure}}))
    key = ("q01", "all", "")
    row = made(one, two).set_index(["question", "domain", "a"]).loc[key]
    assert row["code"] == "2"
    plain = made(*surveyed(3, PLAIN, PLAIN)).set_index(["question", "domain", "a"]).loc[key]
    assert row["value_b"] == pytest.approx(1 - plain["value_b"])


def test_domains_that_were_divided_otherwise_are_left_out():
    bands = {1: "30岁及以下", **{c: t for c, t in BAND.items() if c != 1}}
    other = asked(changes={"age": {"choices": [
        {"code": c, "text": text(t)} for c, t in bands.items()]}})  # fmt: skip
    assert common_domains(PLAIN, other) == ("county",)
    found = made(*surveyed(3, PLAIN, other))
    assert set(found["domain"]) == {"all", "county"}


def test_too_few_respondents_or_sites_give_values_without_a_test():
    one, two = surveyed(3, PLAIN, PLAIN)
    small = two.rows[(two.rows["county"] != "乙县") | (two.rows.groupby("county").cumcount() < 25)]
    sites = small[small["county"] == "丙市"]["site"].unique()[:3]
    few = small[(small["county"] != "丙市") | small["site"].isin(sites)]
    found = made(one, replace(two, rows=few.reset_index(drop=True)))
    county = found[(found["domain"] == "county") & (found["question"] == "q01")].set_index("a")
    untested = ["standard_error", "low", "high", "p", "q", "shrunk_b", "shrunk_error"]
    for name, n in (("乙县", 25), ("丙市", 36)):
        assert county.loc[name, "n_a"] == n
        assert county.loc[name, untested].isna().all()
        assert county.loc[name, ["value_a", "value_b", "difference"]].notna().all()
        assert county.loc[name, "conclusion"] == "no_difference"
    assert county.loc["甲县", untested].notna().all()
    assert county["family_size"].tolist() == [6] * len(COUNTIES)


def test_two_levels_are_not_shrunk():
    one, two = (
        replace(
            wave, rows=wave.rows[wave.rows["county"].isin(COUNTIES[:2])].reset_index(drop=True)
        )
        for wave in surveyed(3, PLAIN, PLAIN)
    )
    county = made(one, two).query("domain == 'county'")
    assert (county["shrunk_b"] == county["value_b"]).all()
    assert (county["shrunk_error"] == county["standard_error"]).all()


def test_open_links_have_values_and_no_margin_of_error():
    one, two = surveyed(3, PLAIN, PLAIN)
    open_link = replace(DESIGN, strata=(), probability_sample=False)
    found = made(replace(one, design=open_link), replace(two, design=open_link))
    gone = ["standard_error", "low", "high", "p", "q", "shrunk_b", "shrunk_error"]
    assert found[gone].isna().all(axis=None)
    assert found["difference"].notna().all()


def test_nothing_in_common_gives_the_reasons_only():
    other = asked(changes={f"q0{k}": {"text": text("别的？")} for k in (1, 2)})
    found = made(*surveyed(3, PLAIN, other))
    assert found["why_not"].tolist() == ["wording", "wording"]
    assert wave_rows(*surveyed(3, asked(0), asked(0)), survey="s").empty
