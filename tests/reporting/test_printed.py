"""How results print: aligned whatever the script, safe in a notebook, marked where weak."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.estimation.linear import means
from pipeline.reporting.labels import Labels
from pipeline.reporting.printed import WIDEST, Grid, html_of, text_of, width
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
