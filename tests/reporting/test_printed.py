"""How results print: aligned whatever the script, safe in a notebook, marked where weak."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.errors import ResponseError
from pipeline.estimation.linear import means
from pipeline.estimation.scores import top_box
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import WIDEST, Grid, html_of, text_of, width
from pipeline.reporting.results import told
from pipeline.reporting.survey import Survey
from tests.made_study import DESIGN, questionnaire_of, rows_of

WORDS = st.text(alphabet="abc甲乙（），：。 0", max_size=40)
FIGURES = st.text(alphabet="0123456789.%,[]-", max_size=12)


@pytest.fixture(scope="module")
def survey(questionnaire):
    return Survey(rows_of(3), DESIGN, questionnaire_of(questionnaire), wave="2026")


@given(st.lists(st.tuples(WORDS, FIGURES, FIGURES), min_size=1, max_size=6))
def test_the_last_figure_of_every_row_ends_in_the_same_place(rows):
    head, rule, *lines = text_of(Grid("题", ("", "比例", "有效 n"), tuple(rows))).split("\n")[1:]
    assert set(rule) == {"-"}
    assert width(head) == width(rule)
    for row, line in zip(rows, lines, strict=True):
        assert width(line) <= width(rule)
        if row[-1]:
            assert width(line) == width(rule)
            assert line.endswith(row[-1])


def test_a_long_answer_is_cut_on_a_terminal_and_whole_in_a_notebook():
    grid = Grid("题", ("", "比例"), (("字" * 60, "5%"),))
    assert width(text_of(grid).splitlines()[3]) <= WIDEST + 2 + width("比例")
    assert "字" * 60 in html_of(grid)


def test_words_of_a_questionnaire_cannot_become_markup():
    grid = Grid("<b>题</b>", ("", "n"), (("<script>x</script>", "5"), ("组",)))
    tree = html.fromstring(str(html_of(grid)))
    assert not tree.xpath("//script | //b")
    assert tree.xpath("string(//tbody/tr[1]/th)") == "<script>x</script>"
    assert tree.xpath("//tbody/tr[2]/th/@colspan") == ["2"]


def test_a_table_of_shares_shows_labels_percentages_intervals_and_n(survey):
    result = survey.proportions("q1", by="county")
    text = str(result)
    row = result.frame.iloc[0]
    assert "q1  参加过吗？" in text
    line = next(one for one in text.splitlines() if one.strip().startswith("丙市"))
    assert f"{row['value']:.1%}" in line
    assert f"[{row['low']:.1%}, {row['high']:.1%}]" in line
    assert f" {row['n']}" in line
    assert "未公布" in text
    assert repr(result) == text


def test_the_notebook_shows_the_same_figures(survey):
    result = survey.means(["q2", "q4"], by="county")
    tree = html.fromstring(result._repr_html_())
    shown = [cell.strip() for cell in tree.xpath("//tbody//td[1]/text()")]
    assert shown == [f"{value:,.2f}" for value in result.frame["value"]]


def test_what_may_not_be_stated_is_marked_and_not_hidden(survey):
    few = survey.proportions("q1", where="county == '甲县' and q4 >= 5")
    assert (few.frame["n"] < 30).all()
    assert f"{few.frame['value'].iloc[0]:.1%}" in str(few)
    assert str(few).count("n<30") == len(few.frame)
    assert "不宜对外陈述" in str(few)
    assert "n<30" not in str(survey.proportions("q1"))


def test_a_figure_fixed_by_the_weighting_has_no_error(survey):
    found = survey.proportions("q1")
    fixed = found.frame.assign(interval_method="calibrated", standard_error=float("nan"),
                               low=float("nan"), high=float("nan"))  # fmt: skip
    assert "加权固定" in str(replace(found, frame=fixed))


def test_labels_stand_in_for_codes_in_their_order():
    labels = Labels(
        columns={"a": "甲题", "g": "组"}, codes={"a": {"2": "好", "1": "坏"}, "g": {"y": "乙"}}
    )
    assert labels.name("a*g") == "甲题 × 组"
    assert labels.code("a", "1+2") == "坏 / 好"
    assert labels.code("a*g", "2*y") == "好 × 乙"
    assert labels.code("a", "7") == "7"
    assert labels.in_order("a", ["1", "3", "2"]) == ("2", "1", "3")
    assert labels.in_order("a*g", ["1*y", "2*y"]) == ("2*y", "1*y")


def test_the_frame_is_what_the_estimator_gave(survey):
    direct = means(survey.rows, ["q4"], design=survey.design, by="county")
    shown = survey.means("q4", by="county").frame
    columns = ["value", "standard_error", "low", "high", "n", "degrees_of_freedom"]
    pd.testing.assert_frame_equal(shown[columns], direct[columns])


def test_totals_are_not_judged_by_the_rule_for_means(survey):
    found = survey.totals(["q1", "q4"], by=["all", "county"])
    half = (found.frame["high"] - found.frame["low"]) / 2
    assert (half > 0.1 * found.frame["value"]).any()
    assert found.frame["why_not"].eq("").all()
    few = survey.totals("q4", where="county == '甲县' and q4 >= 5")
    assert set(few.frame["why_not"]) == {"n_below_30"}
    one_psu = replace(survey, rows=survey.rows.assign(psu="same", stratum="same"),
                      design=replace(DESIGN, lonely_psu="remove"))  # fmt: skip
    unknown = one_psu.totals("q4").frame.assign(standard_error=float("nan"))
    judged = told(unknown, DESIGN, survey.questionnaire, survey.labels, "zh")
    assert set(judged.frame["why_not"]) == {"no_standard_error"}
    assert "无标准误" in str(judged)


def test_small_groups_are_marked_in_crosstabs_and_changes(survey):
    few = survey.assign(side=lambda rows: np.where(rows.index < 20, "small", "large"))
    found = few.crosstab("q1", "side")
    head, *rows = [one for one in str(found).splitlines() if one.strip()][2:]
    assert head.split() == ["large", "small"]
    remark = next(row for row in rows if row.startswith("注"))
    assert remark.split() == ["注", "n<30"]
    assert width(remark) == width(head)  # beneath the small group, which is the last
    assert "?" in next(row for row in rows if row.startswith("是"))
    whole = survey.crosstab("q1", "county")
    assert "n<30" not in str(whole)
    changed = few.compare_waves("q1", before=few, by="side")
    lines = [one for one in str(changed).splitlines() if "small" in one]
    assert lines
    assert all(line.endswith("n<30") for line in lines)
    assert "n<30" not in str(survey.compare_waves("q1", before=survey))


def test_changes_are_listed_in_the_order_of_definition(survey):
    labels = {"b": "乙", "a": "甲", "c": "丙"}
    made = survey.assign(g=lambda rows: np.array(["c", "a", "b"])[np.arange(len(rows)) % 3])
    found = made.compare_waves("q4", before=made, by="g")
    named = replace(found, labels=replace(found.labels, codes={"g": labels}))
    rows = [row[0] for row in named.grids()[0].rows]
    assert rows == ["乙", "甲", "丙"]


def test_who_was_left_out_is_said(survey):
    found = survey.proportions(["q1", "q2"], by="q1")  # those without the activity were not asked
    assert "未列出（没有人回答）：q2（参加过吗？：否）。" in found.notes()
    assert "Left out (nobody answered): q2 (" in str(found.within("en"))
    assert not any("未列出" in note for note in survey.proportions("q1", by="q1").notes())
    nobody = survey.means(["q2", "q4"], where="q1 == 2")
    assert "未列出（没有人回答）：q2。" in nobody.notes()
    by = survey.means("q4", by="county", where="county == '甲县'")
    assert "未列出（所选的人中没有）：county：丙市、乙县。" in by.notes()
    crossed = survey.means("q2", by=[("county", "q1")])
    assert "county × 参加过吗？" in " ".join(crossed.notes())
    changed = survey.compare_waves(["q1", "q2"], before=survey, by="q1")
    assert "未列出（没有人回答）：q2（参加过吗？：否）。" in changed.notes()
    table = survey.crosstab("q1", "q2")
    assert "未列出（所选的人中没有）：参加过吗？：否。" in table.notes()


def test_levels_are_taken_apart_only_where_they_are_crossed(survey):
    made = survey.assign(
        age=lambda rows: np.where(rows["q4"] > 3, "35+", "18-34"),
        side=lambda rows: np.where(rows["q4"] % 2, "C*D", "E"),
    )
    assert {row[0] for row in made.proportions("age").grids()[0].rows} == {"18-34", "35+"}
    grid = made.means("q4", by=[("side", "age")]).grids()[0]
    assert grid.caption.splitlines()[1].startswith("按 side × age")
    assert {row[0] for row in grid.rows} == {
        f"{side} × {age}" for side in ("C*D", "E") for age in ("18-34", "35+")
    }
    alone = made.means("q4", by="side").grids()[0]
    assert [row[0] for row in alone.rows] == ["C*D", "E"]


def test_a_set_of_codes_is_named_by_its_answers(survey):
    assert "第4级 / 第5级" in str(survey.proportions(top_box("q2", (4, 5), "q2__missing")))


def test_two_groups_that_read_alike_are_refused(survey):
    made = survey.assign(
        one=lambda rows: np.where(rows["q4"] > 3, "a*b", "a"),
        two=lambda rows: np.where(rows["q4"] % 2, "c", "b*c"),
    )
    with pytest.raises(ResponseError, match="alike"):
        made.means("q4", by=[("one", "two")])


def test_ratios_print_with_their_denominator(survey):
    found = survey.assign(one=1).ratios("q4", "one", by=["all", "county"])
    means_of = survey.means("q4", by=["all", "county"]).frame
    columns = ["value", "standard_error", "low", "high", "n"]
    pd.testing.assert_frame_equal(found.frame[columns], means_of[columns])
    assert "与 one 之比" in str(found)
    assert f"[{found.frame['low'][0]:.2f}, {found.frame['high'][0]:.2f}]" in str(found)
    assert found.frame["why_not"].eq("").all()


def test_a_test_of_two_means_shows_both_and_their_difference(survey):
    found = survey.t_test("q4", "q1")
    by = survey.means("q4", by="q1").frame["value"]
    rows = {row[0]: row for row in found.grids()[0].rows}
    assert rows["是"][1] == f"{by[0]:.2f}"
    assert rows["否 减 是"][1] == f"{by[1] - by[0]:.2f}"
    assert rows["否 减 是"][2] == f"[{found.test.low:.2f}, {found.test.high:.2f}]"
    assert f"p = {found.test.p_value:.3f}" in str(found)
    assert found.frame["estimate"][0] == pytest.approx(by[1] - by[0])
    one = survey.t_test("q4", null_value=3)
    assert f"t({one.test.df[0]:g}) = {one.test.statistic:.2f}" in str(one)
    open_link = replace(survey, design=replace(DESIGN, probability_sample=False))
    bare = str(open_link.t_test("q4", "q1"))
    assert "非概率样本" in bare
    assert "[" not in bare
    assert "p =" not in bare


def test_alpha_prints_with_its_interval_and_its_items(survey):
    rows = survey.rows["q4"]
    made = survey.assign(a=rows, b=rows + np.arange(len(rows)) % 3, c=9 - rows)
    found = made.alpha(["a", "b", "c"], reverse="c")
    text = str(found)
    assert f"[{found.alpha.low:.3f}, {found.alpha.high:.3f}]" in text
    assert f"{found.alpha.n:,}" in text
    assert "c（反）" in text
    assert found.alpha.value > made.alpha(["a", "b", "c"]).alpha.value
    assert "!" in str(made.alpha(["a", "b", "c"]))
    open_link = replace(made, design=replace(DESIGN, probability_sample=False))
    assert "[" not in str(open_link.alpha(["a", "b"]))


def test_a_language_that_is_not_there_is_refused(survey):
    for call in (lambda: survey.means("q4").within("fr"), lambda: replace(survey, language="cn")):
        with pytest.raises(ResponseError, match="'zh'、'en'"):
            call()
