"""Real files: the sample surveys of QualtricsTools and of qualtRics.

The definition of the long one has 53 multiple choices with two options or more (a matrix counts
once a row). Two matrices with one point only look like one from outside: every cell is 1.
"""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.responses.described import Column, Joined, Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.qualtrics import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles

INSIGHTS = delivered(
    ["StartDate", "ResponseId", "Duration (in seconds)", "IPAddress", "Q1_1", "Q1_2", "Q1_2_TEXT",
     "Q2_1", "Q2_2", "Q3_DO_1", "Q9_First Click", "SC0", "Q5", "Q6"],
    ["开始日期", "答复 ID", "持续时间", "IP", "Which? - Selected Choice - Tea",
     "Which? - Selected Choice - Other", "Which? - Other - Text", "Rate - Tea", "Rate - Milk",
     "Order", "Timing", "Score", "Several?", "Income?"],
    ['{"ImportId":"startDate"}', '{"ImportId":"_recordId"}', '{"ImportId":"duration"}',
     '{"ImportId":"ipAddress"}', '{"ImportId":"QID1","choiceId":"1"}',
     '{"ImportId":"QID1","choiceId":"2"}', '{"ImportId":"QID1_2_TEXT"}', '{"ImportId":"QID2_1"}',
     '{"ImportId":"QID2_2"}', '{"ImportId":"QID3_DO_1"}', '{"ImportId":"QID9_FIRST"}',
     '{"ImportId":"SC_0"}', '{"ImportId":"QID5"}', '{"ImportId":"QID6"}'],
    ["2024-05-01 10:00:00", "R_abcdefg1", "30", "1.2.3.4", "1", "", "", "3", "4", "2", "1.5", "7",
     "1,3", "1,200"],
    ["2024-05-02 10:00:00", "R_abcdefg2", "31", "1.2.3.5", "", "1", "wine", "2", "4", "1", "1.6", "8",
     "2", "3,400"],
)  # fmt: skip


def test_three_header_rows_become_one_with_labels():
    tidied = SYSTEM.tidied(INSIGHTS)
    assert list(tidied.cells.index) == [4, 5]
    assert tidied.dictionary is not None
    assert tidied.dictionary.variable("Q1_1").label == "Which? - Tea"
    assert tidied.dictionary.variable("Q1_1").identifier == "QID1_1"


def test_metadata_ticks_rows_and_words_are_told_apart():
    assert "ImportId" in SYSTEM.signs(INSIGHTS)
    described = SYSTEM.described(SYSTEM.tidied(INSIGHTS))
    assert roles(described) == {
        "StartDate": "start", "ResponseId": "key", "Duration (in seconds)": "seconds",
        "IPAddress": "contact", "Q3_DO_1": "metadata", "Q9_First Click": "metadata",
        "SC0": "derived",
    }  # fmt: skip
    several = item_of(described, "Q1_1")
    assert several.text == "Which?"
    assert several.where == Ticks({"Tea": "Q1_1", "Other": "Q1_2"}, ("1",), ("0",))
    words = item_of(described, "Q1_2_TEXT")
    assert (words.kind, words.text) == ("open_ended", "Which? - Other（请注明）")
    row = item_of(described, "Q2_2")
    assert (row.text, row.group, row.where) == ("Rate - Milk", "Q2", Column("Q2_2"))
    assert item_of(described, "Q5").where == Joined("Q5", ",")
    assert "Q6" not in described.headers  # 1,200 is one number


def test_a_legacy_export_takes_the_names_of_its_own_columns_from_the_second_row():
    table = delivered(
        ["V1", "V2", "V8", "V9", "Q1", "Q2"],
        ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Sex?", "Which?"],
        ["R_abcdefg1", "Default", "2016-05-13 12:14:42", "2016-05-13 12:15:42", "2", "1;2;3;"],
    )
    assert SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.headers == ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Q1", "Q2"]
    assert list(tidied.cells["Q2"]) == ["1;2;3"]
    assert roles(SYSTEM.described(tidied))["ResponseID"] == "key"


def test_one_header_row_is_left_as_it_is():
    table = delivered(["ResponseId", "RecordedDate", "Q1"], ["R_abcdefg1", "2024-05-01", "2"])
    assert SYSTEM.signs(table)
    assert len(SYSTEM.tidied(table).cells) == 1


def test_every_rank_once_in_each_response_is_a_ranking():
    ranks = [["1", "2", "3"], ["2", "1", "3"], ["3", "2", "1"], ["1", "3", "2"], ["2", "3", "1"]]
    head = ["ResponseId", "RecordedDate", "Q1_1", "Q1_2", "Q1_3"]
    texts = ["Response ID", "Recorded Date", "Rank: - A", "Rank: - B", "Rank: - C"]
    table = delivered(
        head, texts, *([f"R_abcdefg{n}", "2024-05-01", *r] for n, r in enumerate(ranks))
    )
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert [(i.kind, i.maximum) for i in described.items] == [("number", 3)] * 3
    assert "排序" in described.notes[-1]


def test_an_export_of_another_system_is_none_of_qualtrics():
    assert SYSTEM.signs(delivered(["Response ID", "StartDate", "Status"], ["1", "x", "y"])) == ""


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "rows", "items", "ticks"),
    [
        ("microdata/pairs/qualtrics/many_types.csv", 5, 100, 28),
        ("microdata/pairs/qualtrics/many_types_insights.csv", 5, 100, 28),
        ("microdata/pairs/qualtrics/long_exhaustive.csv", 31, 142, 55),
        ("forms/export_qualtrics/ropensci_qualtRics__sample.csv", 1, 0, 0),
    ],
)
def test_real_exports_keep_their_responses(shared: Path, file, rows, items, ticks):
    table = read_table(shared / "samples" / file)
    assert SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert len(tidied.cells) == rows
    described = SYSTEM.described(tidied)
    kinds = Counter(type(item.where) for item in described.items)
    assert (len(described.items), kinds[Ticks]) == (items, ticks)
