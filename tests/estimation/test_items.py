import numpy as np
import pandas as pd
import pytest

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.items import Coded, Item, encoded, items_of, measured_items, read_items
from pipeline.estimation.linear import estimates
from pipeline.totals.coding import level_text
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.parquet import ParquetRows
from tests.estimation.invented import questionnaire


def test_each_type_of_question_gives_its_items():
    codes = {}
    for item in items_of(questionnaire()):
        codes.setdefault(item.question, []).append((item.code, item.estimand, item.columns))
    q01 = ("q01",)
    assert codes["q01"] == [
        *((str(c), "proportion", q01) for c in range(1, 6)), ("", "mean", q01), ("4+5", "proportion", q01),
    ]  # fmt: skip
    assert [code for code, _, _ in codes["q02"]] == ["1", "2"]
    assert codes["q03"][:3] == [(str(c), "proportion", (f"q03__{c}",)) for c in (1, 2, 3)]
    assert codes["q03"][3] == ("1+2", "proportion", ("q03__1", "q03__2"))
    assert codes["q04"] == [("", "mean", ("q04",))]
    assert "q05" not in codes
    assert [(item.code, of.problem) for item, of in measured_items(questionnaire())] == [
        ("4+5", "A1.1"), ("1+2", "A1.2"),
    ]  # fmt: skip


def test_any_of_several_ticks_is_missing_only_with_the_question():
    rows = pd.DataFrame(
        {
            "q__1": pd.array([1, 0, None], dtype="Int64"), "q__2": pd.array([0, 0, None], dtype="Int64"),
            "q__missing": ["", "", "not_asked"],
        }
    )  # fmt: skip
    column = read_items(
        rows, [Item("q", "1+2", ("q__1", "q__2"), (1,), "proportion", "q__missing")]
    )
    assert isinstance(column, Coded)
    assert column.scores[column.code[:2], 0].tolist() == [1, 0]
    assert column.code[2] == OUTSIDE
    assert column.asked is not None
    assert column.asked.tolist() == [True, True, False]


def test_an_answer_with_a_reason_to_be_missing_does_not_count():
    rows = pd.DataFrame({"q": [1.0, 2.0], "q__missing": ["", "refused"]})
    column = read_items(rows, [Item("q", "2", ("q",), (2,), "proportion", "q__missing")])
    assert isinstance(column, Coded)
    assert column.code[1] == OUTSIDE
    assert column.asked is None


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (pd.array([3, None, 1], dtype="Int64"), (1, 3)),
        ([2.5, np.nan, -1.0], (-1.0, 2.5)),
        (["乙", None, "甲"], ("乙", "甲")),
        (["乙", "", "甲"], ("乙", "甲")),
        ([True, None, False], (0, 1)),
        ([np.nan, np.nan, np.nan], ()),
    ],
)
def test_values_are_coded_in_ascending_order(values, levels):
    code, found = encoded(pd.Series(values))
    assert found == levels
    assert code[1] == OUTSIDE
    if levels:
        assert sorted([code[0], code[2]]) == [0, 1]


def test_whole_numbers_are_written_without_a_point():
    assert [level_text(v) for v in (1, 2.0, 2.5, "甲县")] == ["1", "2", "2.5", "甲县"]


def test_a_column_that_is_not_there_or_no_number_is_named():
    rows = pd.DataFrame({"q": ["many"]})
    with pytest.raises(ResponseError, match="缺少列 x"):
        read_items(rows, [Item("x", "", ("x",), (), "mean")])
    with pytest.raises(ResponseError, match="列 q: 不是数值"):
        read_items(rows, [Item("q", "", ("q",), (), "mean")])


def test_a_choice_left_out_of_a_ranking_counts_and_an_unanswered_ranking_does_not(tmp_path):
    rows = pd.DataFrame(
        {
            "r__1": pd.array([1, 2, None, None], dtype="Int64"),
            "r__missing": ["", "", "", "no_answer"],
            "psu": ["a", "a", "b", "b"], "weight": 1.0,
        }
    )  # fmt: skip
    first, placed = (
        Item("r", f"1@{k}", ("r__1",), tuple(range(1, k + 1)), "proportion", "r__missing", empty_counts=True)
        for k in (1, 2)
    )  # fmt: skip
    design = SurveyDesign(weight="weight", clusters=("psu",))
    rows.to_parquet(tmp_path / "rows.parquet")
    for source in (rows, ParquetRows(tmp_path / "rows.parquet")):
        found = estimates(source, [first, placed], design=design)
        assert found["value"].tolist() == pytest.approx([1 / 3, 2 / 3])
        assert found["n"].tolist() == [3, 3]
        assert found["n_cell"].tolist() == [1, 2]
    asked = estimates(rows, [first], design=design, base="asked")
    assert asked["value"].tolist() == pytest.approx([1 / 4])
