import numpy as np
import pandas as pd

from pipeline.disclosure.publish import publish_comparisons, publish_estimates, publish_themes
from pipeline.questionnaire.programme import ReportingRules
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


def test_the_statement_of_one_wave_passes() -> None:
    row = comparison(
        "wave", "", "", question="", code="", domain="all", n_a=None, n_b=None, value_a=np.nan,
        value_b=np.nan, difference=np.nan, q=np.nan, conclusion="one_wave",
    )  # fmt: skip
    assert len(cleared_comparisons(row, jia=(60, 30), yi=(40, 12))) == 1


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


def test_empty_tables_pass() -> None:
    assert publish_estimates(estimates(), RULES, {}).rows.empty
    assert publish_themes(themes(), RULES).rows.empty
    cleared = publish_comparisons(
        comparisons(), estimates(), estimates().drop(columns="n_cell"), RULES, {}
    )
    assert cleared.rows.empty
    assert cleared.withheld.empty
