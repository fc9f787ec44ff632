"""Real file: the 2016 New Coder Survey, part 1."""

from pathlib import Path

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.typeform import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles

TAIL = ["Start Date (UTC)", "Submit Date (UTC)", "Network ID", "Response Type"]
TIMES = ["2016-03-30 15:04:59", "2016-03-30 15:09:59", "7f", "completed"]


def test_labels_that_come_again_begin_a_new_question():
    table = delivered(
        ["#", "Role?", "Other", "Tea", "None", "Other", "Red", "None", "Member?", *TAIL],
        ["a", "x", "pilot", "Tea", "", "wine", "", "None", "1", *TIMES],
        ["b", "", "", "", "None", "", "Red", "", "0", *TIMES[:3], "partial"],
    )
    assert "Network ID" in SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.headers[5:9] == ["Other (2)", "Other (2)〖其他〗", "Red", "None (2)"]
    assert list(tidied.cells["Other (2)"]) == ["Other", ""]
    assert tidied.cells[TAIL[1]].iloc[0] == "2016-03-30 15:09:59+00:00"
    described = SYSTEM.described(tidied)
    where = [item.where for item in described.items if isinstance(item.where, Ticks)]
    assert [dict(one.headers) for one in where] == [
        {"Tea": "Tea", "None": "None", "Other": "Other (2)"}, {"Red": "Red", "None": "None (2)"},
    ]  # fmt: skip
    assert item_of(described, "Other").text == "Role?（其他，请注明）"
    member = item_of(described, "Member?")
    assert [(o.cell, o.label) for o in member.options] == [("1", "是"), ("0", "否")]
    assert roles(described) == {
        "#": "key", "Start Date (UTC)": "start", "Submit Date (UTC)": "submitted",
        "Network ID": "contact", "Response Type": "metadata",
    }  # fmt: skip
    assert "1 份没有答完" in described.notes[0]


@pytest.mark.shared
def test_the_new_coder_survey(shared: Path):
    table = read_table(shared / "samples/microdata/pairs/newcoder2016_part1.csv")
    tidied = SYSTEM.tidied(table)
    assert tidied.cells.shape == (15653, 54)
    described = SYSTEM.described(tidied)
    several = [item for item in described.items if isinstance(item.where, Ticks)]
    assert [len(item.headers) for item in several] == [10, 12, 6]
    assert (tidied.cells["EdX"] != "").sum() == 3476
    none = next(option for option in several[0].options if option.label == "None")
    assert none.missing is None
