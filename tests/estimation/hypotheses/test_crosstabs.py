import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.hypotheses.crosstabs import crosstab, crosstabs
from pipeline.estimation.hypotheses.independence import independence
from pipeline.estimation.linear import totals
from pipeline.estimation.shares import proportions
from pipeline.estimation.together import joint
from tests.estimation.two_stage import DESIGNS, PLAIN, sampled

ROWS = sampled()
FIGURES = ["value", "standard_error", "low", "high", "degrees_of_freedom", "n", "n_cell"]
FIGURES += ["effective_n", "design_effect"]


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("domain", [False, True])
def test_shares_are_those_of_the_banner(name, domain):
    where = ROWS["x"] > 2.5 if domain else None
    design = DESIGNS[name]
    found = crosstab(ROWS, "a", "b", design=design, where=where).table

    columns = proportions(ROWS, ["a"], design=design, by="b", where=where)
    of_columns = found[found["estimand"] == "column_share"]
    pd.testing.assert_frame_equal(
        of_columns[FIGURES].reset_index(drop=True), columns[FIGURES], check_dtype=False
    )
    rows = proportions(ROWS, ["b"], design=design, by="a", where=where)
    of_rows = found[found["estimand"] == "row_share"].sort_values(["b", "a"])
    rows = rows.sort_values(["code", "domain_value"])
    pd.testing.assert_frame_equal(
        of_rows[FIGURES].reset_index(drop=True), rows[FIGURES].reset_index(drop=True),
        check_dtype=False,
    )  # fmt: skip


def test_counts_are_totals_and_shares_of_the_table_their_ratio():
    cell = (ROWS["a"].map({0: "0", 1: "1", 2: "2"}) + ROWS["b"]).where(ROWS["a"].notna())
    rows = pd.concat([ROWS, pd.get_dummies(cell, dtype=float)], axis=1)
    rows.loc[cell.isna(), list(cell.dropna().unique())] = np.nan
    found = crosstab(rows, "a", "b", design=PLAIN)
    for estimand, verb in (("count", totals), ("total_share", None)):
        of = found.table[found.table["estimand"] == estimand].set_index(["a", "b"])
        for (a, b), row in of.iterrows():
            if verb is None:
                one = joint(rows, "mean", [a + b], design=PLAIN).table()
                one = one[["value", "standard_error"]]
            else:
                one = verb(rows, [a + b], design=PLAIN)[["value", "standard_error"]]
            assert tuple(row[["value", "standard_error"]]) == pytest.approx(tuple(one.iloc[0]))


@given(seed=st.integers(0, 50), total=st.floats(1, 1e6))
@settings(max_examples=15)
def test_shares_add_up_and_scaling_changes_counts_alone(seed, total):
    rows = sampled(seed)
    found = crosstab(rows, "a", "b", design=PLAIN, scale_to=total)
    plain = crosstab(rows, "a", "b", design=PLAIN)
    assert found.counts.to_numpy().sum() == pytest.approx(total)
    np.testing.assert_allclose(found.shares("column").sum(), 1)
    np.testing.assert_allclose(found.shares("row").sum(axis=1), 1)
    assert found.shares("total").to_numpy().sum() == pytest.approx(1)
    kept = found.table["estimand"] != "count"
    pd.testing.assert_frame_equal(found.table[kept], plain.table[kept])
    relative = found.table["standard_error"] / found.table["value"]
    np.testing.assert_allclose(relative, plain.table["standard_error"] / plain.table["value"])
    assert found.n == found.n_cells.to_numpy().sum() == rows["a"].notna().sum()


def test_a_census_has_no_margin_of_error():
    census = SurveyDesign(weight="w", clusters=("psu",), fpc=("all",))
    found = crosstab(ROWS.assign(all=20), "a", "b", design=census).table
    np.testing.assert_allclose(found["standard_error"], 0, atol=1e-9)


def test_every_question_by_every_banner_in_one_call():
    many = crosstabs(ROWS, ["a", "sex"], ["b", ("sex", "b")], design=PLAIN)
    assert [(one.a, one.b) for one in many] == [
        ("a", "b"), ("a", "sex*b"), ("sex", "b"), ("sex", "sex*b"),
    ]  # fmt: skip
    alone = crosstab(ROWS, "sex", "b", design=PLAIN)
    pd.testing.assert_frame_equal(many[2].table, alone.table)


def test_the_table_tests_its_independence():
    found = crosstab(ROWS, "a", "b", design=PLAIN)
    for statistic in ("F", "adjusted_wald"):
        alone = independence(ROWS, "a", "b", design=PLAIN, statistic=statistic)
        assert found.independence(statistic) == alone


def test_it_prints_shares_with_their_n():
    text = str(crosstab(ROWS, "a", "b", design=PLAIN))
    assert all(mark in text for mark in ("a × b", "±", "n = "))
    widths = {len(line) + sum(ord(c) > 0x2E80 for c in line) for line in text.splitlines()[1:]}
    assert len(widths) == 1  # columns align, wide characters counted twice


def test_what_cannot_be_tabulated_is_said():
    with pytest.raises(ResponseError, match="scale_to"):
        crosstab(ROWS, "a", "b", design=PLAIN, scale_to=0)
    with pytest.raises(ResponseError, match="格"):
        crosstab(ROWS.assign(id=np.arange(len(ROWS))), "person", "id", design=PLAIN)
