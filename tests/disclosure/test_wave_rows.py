"""Which differences between waves are published, and that rounding them decides nothing."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.disclosure.publish import publish_estimates
from pipeline.disclosure.rules import GROUP_DECIMALS, Cleared
from pipeline.disclosure.wave_rows import publish_wave_rows
from pipeline.estimation.families import concluded
from pipeline.estimation.wave_rows import wave_rows
from pipeline.questionnaire.programme import ReportingRules
from tests.disclosure.made import WAVE, comparison, comparisons, estimate, estimates
from tests.estimation.two_waves import asked, surveyed

RULES = ReportingRules()
LATER = "2026-followup"
FIGURES = ["value_a", "value_b", "difference", "standard_error", "low", "high", "effect",
           "shrunk_b", "shrunk_error"]  # fmt: skip


def shares(wave: str, **counties: int) -> pd.DataFrame:
    """The disclosed estimates of a wave by county, each with so many respondents."""
    groups = [
        ("all", "all", sum(counties.values())),
        *(("county", c, n) for c, n in counties.items()),
    ]
    rows = [
        estimate(n, n // 2, wave=wave, domain=domain, domain_value=level)
        for domain, level, n in groups
    ]
    return publish_estimates(estimates(*rows), RULES, {}).rows


def since(level: str = "", **given: Any) -> dict[str, Any]:
    plain = {"wave": LATER, "domain": "county" if level else "all", "n_a": 63, "n_b": 78,
             "shrunk_b": 0.5512 if level else np.nan, "shrunk_error": 0.03123 if level else np.nan,
             "standard_error": 0.02512, "difference": 0.1204, "p": 0.01, "q": 0.02,
             "why_not": ""}  # fmt: skip
    return comparison("wave", level, WAVE, **(plain | given))


def cleared(*rows: dict[str, Any], after: pd.DataFrame, before: pd.DataFrame) -> Cleared:
    table = comparisons(*rows)
    found = publish_wave_rows(table, after, before, RULES)
    rows_gone = found.withheld.drop("withheld_baseline", errors="ignore").sum()
    assert len(found.rows) + rows_gone == len(table)
    return found


FULL = {"jia": 80, "yi": 60, "bing": 50}
AFTER, BEFORE = shares(LATER, **FULL), shares(WAVE, **FULL)


def test_a_difference_stands_where_both_shares_stand() -> None:
    rows = [since(), since("jia"), since("yi"), since("bing")]
    assert len(cleared(*rows, after=AFTER, before=BEFORE).rows) == 4
    for after, before in ((AFTER, shares(WAVE, jia=80, yi=60, bing=9)),
                          (shares(LATER, jia=80, yi=60, bing=9), BEFORE)):  # fmt: skip
        found = cleared(*rows, after=after, before=before)
        # bing is too small, and yi goes so that it can not be worked out.
        assert found.rows["a"].tolist() == ["", "jia"]
        assert found.withheld["withheld_group"] == 2
    assert cleared(*rows, after=AFTER, before=BEFORE.iloc[:0]).rows.empty


def test_no_baseline_stands_where_a_level_that_made_it_is_withheld() -> None:
    rows = [since("jia"), since("yi"), since("bing"), since("jia", question="q2", shrunk_b=np.nan)]
    few = shares(WAVE, jia=80, yi=60, bing=9)
    found = cleared(*rows[:3], after=AFTER, before=few)
    assert found.rows["a"].tolist() == ["jia"]
    assert found.rows[["shrunk_b", "shrunk_error"]].isna().all(axis=None)
    assert found.rows[["value_a", "standard_error", "p", "q"]].notna().all(axis=None)
    assert found.withheld["withheld_baseline"] == 1
    # bing was too small to be tested and had no part in the baselines.
    apart = [since("jia"), since("yi"), since("bing", shrunk_b=np.nan, shrunk_error=np.nan)]
    larger = shares(WAVE, jia=80, yi=60, bing=20)
    found = cleared(*apart, after=AFTER, before=larger)
    assert found.rows["shrunk_b"].notna().tolist() == [True, True, False]
    assert "withheld_baseline" not in found.withheld


@pytest.mark.parametrize("side", ["after", "before"])
def test_what_may_not_be_stated_keeps_its_test_and_loses_its_figures(side: str) -> None:
    tables = {"after": AFTER.copy(), "before": BEFORE.copy()}
    jia = tables[side]["domain_value"] == "jia"
    tables[side].loc[jia, "presentable"] = False
    rows = cleared(since(), since("jia"), since("yi"), **tables).rows.set_index("a")
    assert rows.loc["jia", FIGURES].isna().all()
    assert rows.loc["jia", ["p", "q", "n_a", "n_b"]].notna().all()
    assert rows.loc["yi", FIGURES].notna().all()


def test_reasons_without_numbers_always_stand() -> None:
    bare = dict.fromkeys([*FIGURES, "n_a", "n_b", "p", "q"])
    rows = [
        since(question="", code="", conclusion="one_wave", **bare),
        since(question="q7", conclusion="not_comparable", **(bare | {"why_not": "wording"})),
    ]
    found = cleared(*rows, after=AFTER.iloc[:0], before=BEFORE.iloc[:0])
    assert found.rows["why_not"].tolist() == ["", "wording"]


def test_groups_are_rounded_and_the_whole_survey_is_not() -> None:
    fine = {"value_a": 0.48765, "p": 0.00003, "q": 0.00512, "effect": 0.2468}
    rows = cleared(since(**fine), since("jia", **fine), after=AFTER, before=BEFORE).rows
    whole, jia = rows.iloc[0], rows.iloc[1]
    assert whole[["n_a", "n_b", "value_a", "standard_error"]].tolist() == [
        63,
        78,
        0.48765,
        0.02512,
    ]
    assert jia[["n_a", "n_b", "value_a", "difference"]].tolist() == [65, 80, 0.488, 0.12]
    assert jia[["standard_error", "shrunk_b", "shrunk_error"]].tolist() == [0.0252, 0.551, 0.0313]
    assert jia[["p", "q", "effect"]].tolist() == [0.0001, 0.0052, 0.25]


def test_rows_are_made_on_the_grid_so_that_rounding_changes_no_verdict() -> None:
    assert GROUP_DECIMALS == 3
    one, two = surveyed(8, asked(), asked())
    made = concluded(
        [wave_rows(one, two, survey="s")], false_discovery_rate=0.05, smallest_difference=0.05
    )
    stand = [
        pd.DataFrame({"wave": wave, "question": made["question"], "code": made["code"],
                      "domain": made["domain"], "domain_value": made["a"], "value": 0.5,
                      "estimand": "proportion", "presentable": True})
        for wave in ("w2", "w1")
    ]  # fmt: skip
    shown = publish_wave_rows(made, *stand, RULES).rows
    exact = [name for name in FIGURES if name != "effect"] + ["degrees_of_freedom", "conclusion"]
    pd.testing.assert_frame_equal(shown[exact], made[exact], check_exact=True)
    assert (shown["q"] >= made["q"]).all()
