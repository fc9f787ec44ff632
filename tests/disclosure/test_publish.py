import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.disclosure.publish import publish_comparisons, publish_estimates, publish_themes
from pipeline.disclosure.rules import rounded_up
from pipeline.findings.rules import verdict_on
from pipeline.questionnaire.programme import ReportingRules
from pipeline.text_analysis.keyness import log_likelihood
from tests.disclosure.made import (
    comparison,
    comparisons,
    estimate,
    estimates,
    theme,
    themes,
)

RULES = ReportingRules()


def by_county(question: str = "q1", **cells: tuple[int, int]) -> list[dict[str, object]]:
    """Rows of a two-way question: the survey and its counties, each as (n, n answering 1)."""
    n, k = (sum(pair[i] for pair in cells.values()) for i in (0, 1))
    groups = [("all", "", n, k), *(("county", name, *pair) for name, pair in cells.items())]
    return [
        estimate(size, hit if code == "1" else size - hit, question=question, code=code,
                 domain=domain, domain_value=value)
        for domain, value, size, hit in groups
        for code in ("1", "2")
    ]  # fmt: skip


def shown(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(rows[["domain_value", "code"]].itertuples(index=False, name=None))


def test_small_group_goes_with_all_its_codes_and_takes_a_second_with_it() -> None:
    cleared = publish_estimates(
        estimates(*by_county(jia=(61, 30), yi=(31, 12), bing=(9, 4))), RULES, {}
    )
    assert shown(cleared.rows) == {("", "1"), ("", "2"), ("jia", "1"), ("jia", "2")}
    assert cleared.withheld.to_dict() == {"remainder": 2, "small_group": 2}
    assert "n_cell" not in cleared.rows
    assert cleared.rows["n"].tolist() == [101, 101, 60, 60]  # the survey exact, a group to 5


def test_figures_of_groups_cannot_be_turned_back_into_counts() -> None:
    cleared = publish_estimates(estimates(*by_county(jia=(61, 30), yi=(42, 12))), RULES, {}).rows
    jia = cleared[cleared["domain_value"] == "jia"].iloc[0]
    assert jia["value"] == round(30 / 61, 3)
    assert jia["effective_n"] % 5 == 0
    whole = cleared[cleared["domain"] == "all"].iloc[0]
    assert whole["value"] == 42 / 103


def test_a_thin_answer_in_a_large_group_is_shown() -> None:
    cleared = publish_estimates(estimates(*by_county(jia=(100, 3), yi=(100, 0))), RULES, {})
    assert len(cleared.rows) == 6
    assert cleared.withheld.empty


def test_sensitive_extremes_are_bounds_and_nothing_beside_them_gives_them_away() -> None:
    rows = by_county("q2", jia=(200, 60), yi=(45, 0), bing=(60, 20))
    cleared = publish_estimates(estimates(*rows), RULES, {"q2": True})
    yi = cleared.rows[cleared.rows["domain_value"] == "yi"].set_index("code")
    assert yi.loc["1", ["low", "high"]].tolist() == [0.0, 0.05]
    assert yi.loc["2", ["low", "high"]].tolist() == [0.95, 1.0]
    assert yi["value"].isna().all()
    # all - jia - bing would be yi alone, so bing goes too.
    assert ("bing", "1") not in shown(cleared.rows)
    assert ("jia", "1") in shown(cleared.rows)
    plain = publish_estimates(estimates(*rows), RULES, {})
    assert plain.rows["value"].notna().all()


def test_the_other_shares_of_a_bounded_group_go_where_they_add_up_to_it() -> None:
    rows = [
        estimate(40, hit, question="q2", code=code)
        for code, hit in [("1", 0), ("2", 15), ("3", 25)]
    ]
    cleared = publish_estimates(estimates(*rows), RULES, {"q2": True})
    assert cleared.rows["code"].tolist() == ["1"]
    assert cleared.withheld.to_dict() == {"sensitive_extreme": 1, "sensitive_linked": 2}
    several = publish_estimates(estimates(*rows), RULES, {"q2": False})  # multiple choice
    assert several.rows["code"].tolist() == ["1", "2", "3"]


def cleared_comparisons(*rows: dict[str, object], **cells: tuple[int, int]) -> set[str]:
    exact = estimates(*by_county(**cells))
    published = publish_estimates(exact, RULES, {}).rows
    table = comparisons(*rows)
    cleared = publish_comparisons(table, exact, published, RULES, {})
    assert len(cleared.rows) + cleared.withheld.sum() == len(table)
    return set(cleared.rows["a"])


def test_comparisons_of_withheld_groups_go() -> None:
    rows = [
        comparison("standard", "all", "standard", n_a=101),
        comparison("group", "jia", "rest", n_a=61, n_b=40),
        comparison("group", "yi", "rest", n_a=31, n_b=70),
        comparison("group", "bing", "rest", n_a=9, n_b=92),
    ]
    # rest of jia is yi + bing = all - jia: nothing new.
    assert cleared_comparisons(*rows, jia=(61, 30), yi=(31, 12), bing=(9, 4)) == {"all", "jia"}


def test_the_two_sides_of_a_comparison_must_not_uncover_the_unknown() -> None:
    rows = [comparison("group", "jia", "yi", n_a=60, n_b=40)]
    exact = by_county(jia=(60, 30), yi=(40, 12))
    exact[0] |= {"n": 104}
    exact[1] |= {"n": 104}
    table = estimates(*exact)
    published = publish_estimates(table, RULES, {}).rows
    assert set(published["domain_value"]) == {"", "yi"}
    assert publish_comparisons(comparisons(*rows), table, published, RULES, {}).rows.empty


def test_themes_need_twenty_answers_and_words_ten_speakers() -> None:
    table = themes(
        theme(200, 3),
        theme(120, 30, domain="county", domain_value="jia"),
        theme(61, 30, domain="county", domain_value="yi"),
        theme(19, 10, domain="county", domain_value="bing"),
        theme(200, 9, kind="keyword", theme="台账"),
        theme(200, 10, kind="keyword", theme="报表"),
    )
    cleared = publish_themes(table, RULES)
    assert set(zip(cleared.rows["theme"], cleared.rows["domain_value"], strict=True)) == {
        ("forms", ""), ("forms", "jia"), ("forms", "yi"), ("报表", ""),
    }  # fmt: skip
    assert cleared.withheld.to_dict() == {"rare_word": 1, "small_group": 1}
    assert cleared.rows.loc[cleared.rows["domain_value"] == "yi", "n"].tolist() == [60]


def keyword(n: int, cell: int, elsewhere: int, level: str, total: int = 200) -> dict[str, object]:
    g2 = log_likelihood(np.array([cell]), np.array([elsewhere]), n, total - n)[0]
    return theme(n, cell, kind="keyword", theme="台账", domain="county", domain_value=level,
                 keyness=g2, p=0.001, q=0.01, n_elsewhere=elsewhere)  # fmt: skip


def test_no_word_lets_few_speakers_elsewhere_be_solved_for() -> None:
    """Every count in a group of 100 against every count in the other 100."""
    pairs = {f"w{a}_{b}": (a, b) for a in range(5, 40) for b in range(40)}
    rows = themes(*(keyword(100, a, b, "jia") | {"theme": w} for w, (a, b) in pairs.items()))
    shown = publish_themes(rows, RULES).rows
    assert set(shown["theme"]) == {
        word for word, (a, b) in pairs.items() if a >= 10 and not 1 <= b <= 9
    }
    assert shown[["p", "q"]].isna().all().all()
    assert not {"n_cell", "n_elsewhere"} & set(shown)
    exact = rows.set_index("theme")["keyness"].loc[shown["theme"]]
    assert (shown["keyness"] % 1 == 0).all()
    assert shown["keyness"].to_numpy() == pytest.approx(exact.to_numpy(), abs=0.5)


def test_few_speakers_in_none_of_several_groups_are_hidden() -> None:
    # 12 and 14 of all 31 speakers: 5 are left, so the smaller group goes.
    rows = [keyword(60, 12, 19, "jia"), keyword(60, 14, 17, "yi")]
    cleared = publish_themes(themes(*rows), RULES)
    assert cleared.rows["domain_value"].tolist() == ["yi"]
    assert cleared.withheld.to_dict() == {"rare_word": 1}
    together = [keyword(60, 12, 14, "jia"), keyword(60, 14, 12, "yi")]
    assert len(publish_themes(themes(*together), RULES).rows) == 2


def test_comparisons_carry_no_more_decimals_than_a_page_prints() -> None:
    fine = {"effect": 0.56789, "p": 0.00003141, "q": 0.05000001, "difference": 0.123456,
            "standard_error": 0.0254321, "n_a": 60, "n_b": 40}  # fmt: skip
    exact = estimates(*by_county(jia=(60, 30), yi=(40, 12)))
    published = publish_estimates(exact, RULES, {}).rows
    row = publish_comparisons(
        comparisons(comparison("group", "yi", "rest", **fine)), exact, published, RULES, {}
    ).rows.iloc[0]
    assert row[["effect", "p", "q"]].tolist() == [0.57, 0.0001, 0.0501]
    assert row[["difference", "standard_error"]].tolist() == [0.123, 0.025]


@settings(deadline=None)
@given(
    st.floats(0, 1) | st.floats(0.0499, 0.0501),
    st.floats(-0.2, 0.2).filter(lambda d: abs(abs(d) - 0.0495) > 1e-9),
)
def test_no_conclusion_depends_on_the_rounding(q: float, difference: float) -> None:
    exact = pd.Series({"q": q, "difference": difference})
    shown = pd.Series({"q": rounded_up(pd.Series([q]))[0], "difference": round(difference, 3)})
    assert verdict_on(shown, RULES) == verdict_on(exact, RULES)
    assert q <= shown["q"] < q + 0.0001 + 1e-12


def test_empty_tables_pass() -> None:
    assert publish_estimates(estimates(), RULES, {}).rows.empty
    assert publish_themes(themes(), RULES).rows.empty
    cleared = publish_comparisons(
        comparisons(), estimates(), estimates().drop(columns="n_cell"), RULES, {}
    )
    assert cleared.rows.empty
    assert cleared.withheld.empty
