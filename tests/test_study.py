"""The front door gives the estimators' figures, by the names of the questions."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline import Study
from pipeline.errors import ResponseError, SurveyError
from pipeline.estimation.waves import compare
from pipeline.questionnaire.expressions import compared
from pipeline.questionnaire.model import Questionnaire
from pipeline.reporting.questions import asked
from tests.conftest import small_questionnaire
from tests.made_study import COUNTIES, project, questionnaire_of, rows_of


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    old, new = (questionnaire_of(small_questionnaire(), words) for words in ("去过吗？", ""))
    waves = {"2025": (rows_of(1), old), "2026": (rows_of(2), new)}
    return project(tmp_path_factory.mktemp("project"), waves)


@pytest.fixture(scope="module")
def survey(root):
    return Study.open("small", wave="2026", root=root)


def shares(rows: pd.DataFrame, by: str) -> pd.Series:
    """Weighted shares of q1 among those who answered, by hand."""
    rows = rows[rows["q1"].notna()]
    weight = rows.groupby([by, "q1"])["weight"].sum()
    return weight / weight.groupby(level=0).sum()


def test_shares_are_those_of_the_people_who_answered(survey):
    found = survey.proportions("q1", by="county").frame
    by_hand = shares(survey.rows, "county")
    assert len(found) == 6
    for row in found.itertuples():
        assert row.value == pytest.approx(by_hand[row.domain_value, int(row.code)])
        here = survey.rows[(survey.rows["county"] == row.domain_value) & survey.rows["q1"].notna()]
        assert row.n == len(here)


def test_a_scale_gives_its_shares_and_its_mean_over_those_who_were_asked(survey):
    rows = survey.rows[survey.rows["q2__missing"] == ""]
    mean = survey.means("q2").frame.iloc[0]
    assert mean["value"] == pytest.approx(
        np.average(rows["q2"].astype(float), weights=rows["weight"])
    )
    assert mean["n"] == len(rows)
    assert set(survey.proportions("q2").frame["code"]) == {"1", "2", "3", "4", "5"}


def test_totals_of_a_choice_count_people(survey):
    total = survey.totals("q1").frame.set_index("code")["value"]
    weight = survey.rows.groupby("q1")["weight"].sum()
    assert total["1"] == pytest.approx(weight[1])
    assert survey.totals("q4").frame.iloc[0]["value"] == pytest.approx(
        (survey.rows["q4"] * survey.rows["weight"]).sum()
    )


def test_the_median_is_a_value_with_half_the_weight_on_either_side(survey):
    found = survey.quantiles("q4", probabilities=[0.5])
    value = found.frame.iloc[0]["value"]
    weight, below = survey.rows["weight"], survey.rows["q4"]
    assert weight[below < value].sum() <= weight.sum() / 2 <= weight[below <= value].sum()
    assert "中位数" in str(found)


def test_no_name_is_the_whole_questionnaire(survey):
    assert list(survey.proportions().frame["question"].unique()) == ["q1", "q2", "q3"]
    assert list(survey.means().frame["question"]) == ["q2", "q4"]


def test_a_filter_may_be_text_condition_or_truth_values(survey):
    ways = [
        "q1 == 1 and county != '丙市'",
        "q1 = 1 and county in ('甲县', '乙县')",
        (survey.rows["q1"] == 1) & (survey.rows["county"] != "丙市"),
    ]
    first, *others = [survey.means("q4", where=way).frame for way in ways]
    for other in others:
        pd.testing.assert_frame_equal(first, other)
    by_codes = [
        survey.means("q4", where=w).frame for w in (compared("q1", "=", 1), {"=": ["q1", 1]})
    ]
    pd.testing.assert_frame_equal(*by_codes)
    assert by_codes[0].iloc[0]["n"] > first.iloc[0]["n"]


def test_columns_made_in_a_notebook_can_be_asked_for(survey):
    often = survey.assign(often=lambda rows: rows["q4"] >= 3)
    yes = often.proportions("often").frame.set_index("code").loc["1", "value"]
    rows = survey.rows
    assert yes == pytest.approx(np.average(rows["q4"] >= 3, weights=rows["weight"]))
    assert "often" not in survey.rows
    with pytest.raises(ResponseError, match="often"):
        survey.assign(often=rows["q4"].iloc[:5] > 1)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.proportions("q11"), "q1"),
        (lambda s: s.proportions("q1", by="countty"), "county"),
        (lambda s: s.proportions("q1", by="q3"), "q3__1"),
        (lambda s: s.means("q1"), "proportions"),
        (lambda s: s.proportions("q4"), "quantiles"),
        (lambda s: s.means("q5"), "themes"),
        (lambda s: s.crosstab("q1", "conty"), "county"),
        (lambda s: s.proportions("q1", where="county == '丁县'"), "nobody"),
        (lambda s: s.regress("q4 ~ contry"), "county"),
        (lambda s: s.regress("county ~ q4"), "assign"),
        (lambda s: s.regress("q4 ~ q1", family="normal"), "poisson"),
        (lambda s: s.banner_table("q9"), "q1"),
        (lambda s: s.compare_waves("q1", before="2052"), "2025"),
        (lambda s: s.compare_waves("q1", before=5), "earlier wave"),
        (lambda s: s.compare_waves("q5", before="2025"), "themes"),
        (lambda s: s.proportions("q1", by=5), r"by=5.*columns"),
        (lambda s: s.proportions("q1", by=["county", ["q1"]]), "tuple"),
        (lambda s: s.proportions(7), "questions=7"),
        (lambda s: s.proportions([]), "no questions"),
        (lambda s: s.means("q4", level="95%"), r"'95%'.*0\.95"),
        (lambda s: s.means("q4", level=95), r"95.*0\.95"),
        (lambda s: s.banner_table("q1", level=95), r"95.*0\.95"),
        (lambda s: s.quantiles("q4", probabilities="half"), "between 0 and 1"),
        (lambda s: s.quantiles("q4", probabilities=50), "between 0 and 1"),
        (lambda s: s.regress(["q4", "q1"]), "one ~"),
        (lambda s: s.regress("q4 ~~ q1"), "one ~"),
        (lambda s: s.regress("q4 ~ q3"), "q3__1"),
        (lambda s: s.regress("q5 ~ q4"), "themes"),
        (lambda s: s.crosstab("q1", "q3"), r"q3__1.*0/1"),
        (lambda s: s.crosstab("q5", "q1"), "themes"),
        (lambda s: s.crosstab(["q1"], "county"), "one column"),
        (lambda s: s.proportions("q1", by="q5"), "themes"),
        (lambda s: s.proportions("q1", by=[("county", "q3")]), "q3__1"),
        (lambda s: s.means("q4", where=5), "no filter"),
        (lambda s: s.means("q4", where=lambda rows: rows["q4"] > 1), "no filter"),
        (lambda s: s.means("q4", where=s.rows["q4"]), "truth values"),
        (lambda s: s.means("q4", where="q4 == {[1]}"), "not a filter"),
        (lambda s: s.assign(x=[1, 2]), "rows"),
        (lambda s: s.assign(x=lambda rows: rows["q77"]), "q77"),
        (lambda s: s.means("q2", where="q1 == 2"), "nobody|没有"),
        (lambda s: s.compare_waves("q2", before="2025", where="q1 == 2"), "both waves"),
        (lambda s: s.banner_table("q1", adjust="holm"), "bonferroni"),
        (lambda s: s.banner_table("q1", path=5), r"\.xlsx"),
        (lambda s: s.t_test("q4", "county"), "where"),
        (lambda s: s.t_test("q4", null_value="0"), "null_value"),
        (lambda s: s.t_test("q1"), "proportions"),
        (lambda s: s.ratios("q4", "q3"), "q3__1"),
        (lambda s: s.alpha(5), "questions=5"),
        (lambda s: s.alpha(["q2", "q4"], reverse="q1"), "proportions"),
        (lambda s: s.table("wieght"), "weight"),
    ],
)
def test_what_is_not_there_gets_an_error_that_helps(survey, call, said):
    with pytest.raises(SurveyError, match=said):
        call(survey)


def test_the_door_says_what_there_is(root, tmp_path):
    with pytest.raises(SurveyError, match=r"dvc\.yaml"):
        Study.open("small", wave="2026", root=tmp_path)
    with pytest.raises(SurveyError, match="small"):
        Study.open("smal", wave="2026", root=root)
    with pytest.raises(SurveyError, match="2026"):
        Study.open("small", wave="2062", root=root)
    (tmp_path / "dvc.yaml").write_text("stages: {}", encoding="utf-8")
    with pytest.raises(SurveyError, match="dvc repro"):
        Study.open("small", wave="2026", root=tmp_path)
    with pytest.raises(SurveyError, match="'zh'、'en'"):
        Study.open("small", wave="2026", root=root, language="english")
    with pytest.raises(SurveyError, match="wave=2026"):
        Study.open("small", wave=2026, root=root)
    with pytest.raises(SurveyError, match="root=5"):
        Study.open("small", wave="2026", root=5)
    assert Study.open("small", wave="2026", root=str(root)).root == root
    inside = root / "data" / "processed"
    assert Study.open("small", wave="2026", root=inside).root == root


def test_a_change_is_after_minus_before_with_shared_psus(root, survey):
    before = Study.open("small", wave="2025", root=root)
    changed = survey.compare_waves("q1", before="2025")
    found = changed.frame.set_index("code").loc["1"]
    whole = [one.rows[one.rows["q1"].notna()] for one in (before, survey)]
    values = [np.average(rows["q1"] == 1, weights=rows["weight"]) for rows in whole]
    assert found["difference"] == pytest.approx(values[1] - values[0])
    items = asked("q1", "any", survey.questionnaire, survey.rows)
    direct = compare(before.rows, survey.rows, items, design=survey.design)
    pd.testing.assert_frame_equal(changed.frame, direct)
    assert found["shared_psus"] == 18
    assert "q1" in changed.notes()[1]  # its wording changed
    pd.testing.assert_frame_equal(survey.compare_waves("q1", before=before).frame, changed.frame)


def test_other_codes_are_not_compared(survey):
    raw = survey.questionnaire.model_dump(mode="json", exclude_defaults=True)
    raw["sections"][0]["questions"][1]["choices"].pop(0)
    other = replace(survey, questionnaire=Questionnaire.model_validate(raw))
    with pytest.raises(ResponseError, match="q2"):
        survey.compare_waves("q2", before=other)


def test_a_regression_on_groups_gives_their_means(survey):
    """A linear model of a category alone repeats the means and their differences."""
    found = survey.regress("q4 ~ county")
    means = survey.means("q4", by="county").frame.set_index("domain_value")["value"]
    reference, *others = sorted(COUNTIES)
    at = found.frame.set_index("name")["estimate"]
    assert at["(Intercept)"] == pytest.approx(means[reference])
    for county in others:
        assert at[f"county{county}"] == pytest.approx(means[county] - means[reference])
    assert f"参照：{reference}" in str(found)


def test_a_yes_no_outcome_makes_a_logistic_model_of_the_second_answer(survey):
    found = survey.regress("q1 ~ q4")
    assert found.fit.model.family == "binomial"
    assert "结果为 否，相对 是" in str(found)
    assert "优势比" in str(found)
    assert survey.regress("q2 ~ q4", family="ordinal").fit.kind == "ordinal"
    made = survey.assign(no=lambda rows: rows["q1"] == 2)
    pd.testing.assert_frame_equal(made.regress("no ~ q4").frame, found.frame)


def test_a_crosstab_says_how_it_was_tested(survey):
    found = survey.crosstab("q1", "county")
    columns = found.crosstab.shares("column")
    assert columns.sum().to_list() == pytest.approx([1.0, 1.0, 1.0])
    assert f"p = {found.test.p_value:.3f}" in str(found)


def test_open_links_bear_no_margin_of_error(survey):
    open_link = replace(survey, design=replace(survey.design, probability_sample=False))
    for result in (
        open_link.proportions("q1"), open_link.crosstab("q1", "county"),
        open_link.regress("q4 ~ county"), open_link.compare_waves("q1", before=survey),
    ):  # fmt: skip
        text = str(result)
        assert "非概率样本" in text
        assert "区间" not in text
        assert "标准误" not in text
        assert "[" not in text


def test_the_language_is_chosen_once_or_per_result(root, survey):
    english = Study.open("small", wave="2026", root=root, language="en")
    assert str(english.means("q4")) == str(survey.means("q4").within("en"))
    assert "Unpublished" in str(english.means("q4"))
    assert "未公布" in str(survey.means("q4"))


def test_errors_are_in_words_not_in_names_of_the_program(survey):
    for call in (
        lambda: survey.proportions("q4"), lambda: survey.means("q1"), lambda: survey.totals("q5"),
        lambda: survey.banner_table("q5"), lambda: survey.compare_waves("q5", before="2025"),
    ):  # fmt: skip
        with pytest.raises(SurveyError) as caught:
            call()
        assert not re.search(r"\((any|share|mean|total)\)", str(caught.value))
        assert re.search(r"[\u4e00-\u9fff].*\([a-z].*\)$", str(caught.value))


def test_a_constant_is_a_column_and_one_probability_is_enough(survey):
    assert survey.assign(x=1).means("x").frame["value"].to_list() == [1.0]
    assert survey.assign(side="all of it").proportions("q1", by="side").frame["n"].sum() > 0
    listed = survey.quantiles("q4", probabilities=[0.5]).frame
    pd.testing.assert_frame_equal(survey.quantiles("q4", probabilities=0.5).frame, listed)
    doubled = survey.means("q4", by=["county", "county"]).frame
    pd.testing.assert_frame_equal(doubled, survey.means("q4", by="county").frame)


def test_without_a_constant_no_level_is_the_reference(survey):
    found = survey.regress("q4 ~ county - 1")
    assert "参照" not in str(found)
    means = survey.means("q4", by="county").frame
    rows = {row[0].strip(): row[1] for row in found.grids()[0].rows if len(row) > 1}
    for county, value in zip(means["domain_value"], means["value"], strict=True):
        assert rows[county] == f"{value:.3f}"
    assert "参照" in str(survey.regress("q4 ~ county"))


def test_odds_ratios_bear_their_intervals(survey):
    found = survey.regress("q1 ~ q4")
    row = found.frame.set_index("name").loc["q4"]
    ends = np.exp(row[["estimate", "low", "high"]].astype(float))
    assert f"{ends['estimate']:.2f} [{ends['low']:.2f}, {ends['high']:.2f}]" in str(found)


def test_cut_points_are_called_by_the_answers_between_them(survey):
    names = [row[0] for row in survey.regress("q2 ~ q4", family="ordinal").grids()[0].rows]
    assert names[-4:] == [f"第{k}级 | 第{k + 1}级" for k in range(1, 5)]


def test_one_thing_only_is_said_of_errors(survey):
    open_link = replace(survey, design=replace(survey.design, probability_sample=False))
    for result in (open_link.regress("q4 ~ county"), open_link.compare_waves("q1", before=survey),
                   open_link.alpha(["q2", "q4"])):  # fmt: skip
        assert [note for note in result.notes() if "误差" in note] == [
            "非概率样本：不推及总体，不写误差范围。"
        ]
        assert "errors allow" not in str(result.within("en")).lower()
    for result in (survey.regress("q4 ~ county"), survey.compare_waves("q1", before=survey)):
        assert len([note for note in result.notes() if "误差" in note]) == 1


def test_the_whole_front_door_answers_in_both_languages(survey):
    for result in (survey.t_test("q4", "q1"), survey.alpha(["q2", "q4"]), survey.ratios("q4", "q2"),
                   survey.crosstab("q1", "county")):  # fmt: skip
        assert re.search(r"[\u4e00-\u9fff]{4}", str(result))
        assert "Unpublished" in str(result.within("en"))
        assert "<table" in result._repr_html_()
