import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from pipeline.estimation.families import COMPARISON_COLUMNS, compared, concluded, one_wave
from pipeline.estimation.items import measured_items
from tests.estimation.invented import open_links, questionnaire, sampled
from tests.estimation.test_comparison import DESIGN

RULES = {"false_discovery_rate": 0.05, "smallest_difference": 0.05}


def invented_tests(p, difference, *, family="s|w|county"):
    return pd.DataFrame({"kind": "group", "survey": "s", "wave": "w", "question": "q", "code": "1",
                         "domain": "county", "a": [str(k) for k in range(len(p))], "b": "rest",
                         "family": family, "p": p, "difference": difference})  # fmt: skip


def test_p_values_are_adjusted_within_their_family():
    one = invented_tests([0.01, 0.02, 0.3], [0.2, 0.2, 0.2])
    other = invented_tests([0.04], [0.2], family="s|w|setting").assign(domain="setting")
    found = concluded([one, other], **RULES)
    np.testing.assert_allclose(found["q"], [*false_discovery_control([0.01, 0.02, 0.3]), 0.04])
    assert found["family_size"].tolist() == [3, 3, 3, 1]


@pytest.mark.parametrize(
    ("p", "difference", "conclusion"),
    [
        (0.01, 0.05, "higher"), (0.01, -0.05, "lower"), (0.01, 0.049, "no_difference"),
        (0.06, 0.4, "no_difference"), (np.nan, 0.4, "no_difference"),
    ],
)  # fmt: skip
def test_a_difference_is_claimed_when_it_is_sure_and_large(p, difference, conclusion):
    assert concluded([invented_tests([p], [difference])], **RULES)["conclusion"].tolist() == [
        conclusion
    ]


def test_all_tests_stay_in_the_table_and_one_wave_says_so():
    rows, _ = sampled()
    made = compared(
        rows,
        measured_items(questionnaire()),
        ["county", "q02"],
        design=DESIGN,
        survey="s",
        wave="w",
    )
    table = concluded([made, one_wave("s", "w")], **RULES)
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert table["kind"].value_counts().to_dict() == {"group": 7, "standard": 1, "wave": 1}
    assert set(table["family"]) == {"s|w|county", "s|w|q02", "s|w|standard", ""}
    found = table.set_index(["question", "domain", "a"])["conclusion"]
    assert found["q01", "county", "甲县"] == "higher"
    assert (table["conclusion"] == "no_difference").any()
    assert table["conclusion"].tolist()[-1] == "one_wave"
    assert table["id"].is_unique
    assert table["id"].str.fullmatch(r"C-[0-9a-f]{10}").all()


def test_open_links_are_compared_without_tests():
    rows, _ = open_links(300)
    design = DESIGN.with_weight("base_weight")
    design = type(design)(weight="base_weight", clusters=("psu",), probability_sample=False)
    made = compared(
        rows, measured_items(questionnaire()), ["q02"], design=design, survey="s", wave="w"
    )
    table = concluded([made], **RULES)
    assert table[["standard_error", "low", "high", "p", "q"]].isna().all(axis=None)
    assert table["difference"].notna().all()
    assert set(table["conclusion"]) == {"no_difference"}


def test_nothing_to_compare_gives_an_empty_table_of_the_right_kind():
    table = concluded([pd.DataFrame()], **RULES)
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert table.empty
