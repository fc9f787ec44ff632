import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.estimate import ESTIMATE_COLUMNS
from pipeline.estimation.linear import means, ratios, totals
from pipeline.estimation.shares import proportions
from pipeline.questionnaire.expressions import parse

ROWS = pd.DataFrame(
    {
        "w": [1.0, 2, 3, 4, 5, 6], "psu": [1, 1, 2, 2, 3, 3], "d": ["a", "b", "a", "b", "a", "b"],
        "e": [1, 1, 1, 2, 2, None], "y": [1.0, 2, None, 4, 5, 6], "z": [2.0, None, 3, 8, 5, 3],
    }
)  # fmt: skip
DESIGN = SurveyDesign(weight="w", clusters=("psu",))


def test_the_table_has_the_columns_of_the_estimates_in_order():
    found = means(ROWS, ["y"], design=DESIGN)
    assert tuple(found.columns) == ESTIMATE_COLUMNS[3:-2]
    assert found.loc[0, "interval_method"] == "t"
    assert found.loc[0, "n"] == 5


def test_banners_stand_side_by_side_and_tuples_are_crossed():
    found = means(ROWS, ["y", "z"], design=DESIGN, by=["all", "d", ("d", "e")])
    assert found["question"].tolist() == ["y"] * 7 + ["z"] * 6
    of_y = found[found["question"] == "y"]
    assert of_y["domain"].tolist() == ["all", "d", "d", "d*e", "d*e", "d*e", "d*e"]
    assert of_y["domain_value"].tolist() == ["all", "a", "b", "a*1", "a*2", "b*1", "b*2"]
    assert of_y["n"].sum() == 5 + 5 + 4  # the last row has no e


def test_what_missing_does():
    def n(how):
        return means(ROWS, ["y", "z"], design=DESIGN, missing=how)["n"].tolist()

    assert n("domain") == [5, 5]
    assert n("domain_jointly") == [4, 4]
    assert n("drop_rows") == [4, 4]
    with pytest.raises(ResponseError, match="y: 1 行没有答案"):
        n("refuse")


def test_a_condition_of_the_questionnaire_makes_a_domain():
    found = means(ROWS, ["y"], design=DESIGN, where=parse({"=": ["e", 1]}))
    assert found["value"].tolist() == [pytest.approx(5 / 3)]
    assert found["degrees_of_freedom"].tolist() == [1]


def test_a_ratio_of_totals_uses_rows_with_both():
    found = ratios(ROWS, [("y", "z")], design=DESIGN)
    both = ROWS.dropna(subset=["y", "z"])
    wanted = (both["w"] * both["y"]).sum() / (both["w"] * both["z"]).sum()
    assert found["value"][0] == pytest.approx(wanted)
    assert found["estimand"][0] == "ratio"


def test_the_total_of_ones_is_the_sum_of_weights():
    found = totals(ROWS.assign(one=1), ["one"], design=DESIGN, by=["all", "d"])
    assert found["value"].tolist() == [21, 9, 12]


def test_given_degrees_of_freedom_and_level_shape_the_interval():
    design = means(ROWS, ["y"], design=DESIGN)
    normal = means(ROWS, ["y"], design=DESIGN, df=np.inf, level=0.9)
    half = (normal["high"] - normal["low"])[0] / 2
    assert half == pytest.approx(1.6448536 * normal["standard_error"][0])
    assert normal["standard_error"][0] == design["standard_error"][0]
    assert (design["high"] - design["low"])[0] / 2 == pytest.approx(
        4.3026527 * design["standard_error"][0]
    )


def test_an_unknown_column_is_named():
    with pytest.raises(ResponseError, match="x"):
        means(ROWS, ["x"], design=DESIGN)
    with pytest.raises(ResponseError, match="f"):
        means(ROWS, ["y"], design=DESIGN, by="f")
    with pytest.raises(ResponseError, match="q"):
        proportions(ROWS, ["q"], design=DESIGN)
    with pytest.raises(ResponseError, match="不是数值"):
        means(ROWS, ["d"], design=DESIGN)


def test_text_and_number_columns_give_a_share_per_value():
    found = proportions(ROWS, ["d", "e"], design=DESIGN)
    assert list(zip(found["question"], found["code"], strict=True)) == [
        ("d", "a"), ("d", "b"), ("e", "1"), ("e", "2"),
    ]  # fmt: skip
    assert found["value"].tolist() == pytest.approx([9 / 21, 12 / 21, 6 / 15, 9 / 15])
    assert found["n_cell"].tolist() == [3, 3, 3, 2]
    assert set(found["interval_method"]) == {"beta"}


def test_persons_who_were_not_asked_are_no_part_of_the_base():
    """df and base count who was asked; a refusal stays in the base, a skipped person does not."""
    from pipeline.estimation.items import Item

    rows = ROWS.assign(
        q=[1, None, None, 1, 2, None], q__missing=["", "refused", "not_asked", "", "", ""]
    )
    rows.loc[[2, 3], "q__missing"] = "not_asked"
    item = Item("q", "1", ("q",), (1,), "proportion", "q__missing")
    found = proportions(rows, [item], design=DESIGN)
    assert found["n"].tolist() == [2]
    assert found["degrees_of_freedom"].tolist() == [1]
