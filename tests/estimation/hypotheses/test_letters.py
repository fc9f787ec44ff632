import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.comparison import between_groups
from pipeline.estimation.hypotheses.letters import LETTER_COLUMNS, column_letters, letter
from pipeline.estimation.items import Item

DESIGN = SurveyDesign(weight="w", strata=("stratum",), clusters=("psu",))
YES = Item("q", "1", ("q",), (1,), "proportion")
MEAN = Item("y", "", ("y",), (), "mean")


def rows(seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    psu = np.repeat(np.arange(60), 10)
    n = len(psu)
    county = rng.integers(1, 5, n)
    share = np.array([0, 0.2, 0.5, 0.5, 0.8])[county]
    few = rng.random(n) < 0.03
    return pd.DataFrame(
        {
            "stratum": psu // 15, "psu": psu, "w": rng.uniform(1, 3, n),
            "county": county, "q": (rng.random(n) < share) * 1, "y": rng.normal(county, 2),
            "age": np.where(few, "老", np.where(rng.random(n) < 0.5, "中", "青")),
        }
    )  # fmt: skip


ROWS = rows()


def test_letters_go_on_after_z():
    assert [letter(k) for k in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_the_letter_of_the_lower_column_stands_at_the_higher():
    found = column_letters(ROWS, [YES], ["county"], design=DESIGN)
    assert list(found.columns) == list(LETTER_COLUMNS)
    assert list(found["letter"]) == ["A", "B", "C", "D"]
    assert list(found["higher_than"]) == ["", "A", "A", "A B C"]
    assert found["tested"].all()


def test_two_columns_are_compared_as_groups_are():
    two = ROWS[ROWS["county"].between(2, 3)]
    pair = between_groups(two, [YES], ["county"], design=DESIGN).iloc[0]
    assert 0.01 < pair["p"] < 0.99
    for level, sure in ((1 - pair["p"] * 1.001, True), (1 - pair["p"] * 0.999, False)):
        found = column_letters(two, [YES], ["county"], design=DESIGN, level=level)
        higher = "B" if pair["difference"] < 0 else "A"
        said = {"A": "B", "B": "A"}[higher] if sure else ""
        assert found.set_index("letter")["higher_than"][higher] == said


def test_a_column_of_few_is_not_tested():
    found = column_letters(ROWS, [YES, MEAN], ["age"], design=DESIGN)
    old = found[found["domain_value"] == "老"]
    assert (old["n"] < 30).all()
    assert not old["tested"].any()
    assert (old["higher_than"] == "").all()
    name = old["letter"].iloc[0]
    assert not found["higher_than"].str.split().apply(lambda names: name in names).any()
    assert list(found["question"]) == ["q"] * 3 + ["y"] * 3


def test_adjusting_takes_letters_away():
    counted = {
        how: column_letters(ROWS, [MEAN], ["county"], design=DESIGN, adjust=how)["higher_than"]
        .str.split().str.len().sum()
        for how in ("none", "bh", "bonferroni")
    }  # fmt: skip
    assert counted["none"] >= counted["bh"] >= counted["bonferroni"]


@given(seed=st.integers(0, 30))
@settings(max_examples=10)
def test_order_of_rows_and_names_of_units_do_not_matter(seed):
    before = column_letters(ROWS, [YES, MEAN], ["county", "age"], design=DESIGN)
    other = ROWS.sample(frac=1, random_state=seed).assign(psu=lambda r: "p" + r["psu"].astype(str))
    after = column_letters(other, [YES, MEAN], ["county", "age"], design=DESIGN)
    pd.testing.assert_frame_equal(before, after)


def test_false_letters_are_rare():
    false = 0
    for seed in range(25):
        chance = rows(seed).assign(q=np.random.default_rng(seed + 99).integers(0, 2, 600))
        found = column_letters(chance, [YES], ["county"], design=DESIGN, adjust="bonferroni")
        false += (found["higher_than"] != "").any()
    assert false <= 5


def test_a_domain_is_a_filter_and_a_wrong_rule_is_refused():
    here = column_letters(ROWS, [YES], ["county"], design=DESIGN, where=ROWS["county"] != 2)
    assert list(here["domain_value"]) == ["1", "3", "4"]
    assert list(here["letter"]) == ["A", "B", "C"]
    with pytest.raises(ResponseError, match="holm"):
        column_letters(ROWS, [YES], ["county"], design=DESIGN, adjust="holm")
