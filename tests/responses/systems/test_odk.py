"""Real file: the 2016 WHO verbal autopsy form as ODK Briefcase exported it."""

from pathlib import Path

import pytest

from pipeline.responses.described import Joined, Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.odk import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles


def test_columns_of_central_and_split_choices():
    table = delivered(
        ["SubmissionDate", "g-start", "g-q1", "g-q1/a", "g-q1/b", "g-q2", "KEY", "SubmitterName",
         "ReviewState", "FormVersion", "meta-instanceID"],
        ["2024-05-01T10:00:00Z", "t", "a", "1", "0", "x y", "uuid:1", "Li", "rejected", "v1", "uuid:1"],
        ["2024-05-01T10:00:00Z", "t", "b", "0", "1", "x", "uuid:2", "Li", "", "v1", "uuid:2"],
        ["2024-05-01T10:00:00Z", "t", "b", "0", "1", "y", "uuid:3", "Li", "", "v1", "uuid:3"],
    )  # fmt: skip
    assert "KEY" in SYSTEM.signs(table)
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert roles(described) == {
        "KEY": "key", "meta-instanceID": "identifier", "SubmissionDate": "submitted",
        "g-start": "start", "SubmitterName": "contact", "ReviewState": "metadata",
        "FormVersion": "version", "g-q1": "derived",
    }  # fmt: skip
    assert item_of(described, "g-q1/a").where == Ticks(
        {"a": "g-q1/a", "b": "g-q1/b"}, ("1",), ("0",)
    )
    assert item_of(described, "g-q2").where == Joined("g-q2", " ")
    assert "1 份核查未通过" in described.notes[0]


def test_a_repeat_group_says_so():
    table = delivered(["age", "PARENT_KEY", "KEY"], ["3", "uuid:1", "uuid:1/kid[1]"])
    assert SYSTEM.signs(table)
    assert "重复组" in SYSTEM.described(table).notes[0]


def test_a_kobo_export_is_none():
    assert SYSTEM.signs(delivered(["KEY", "instanceID", "_uuid"], ["1", "2", "3"])) == ""


@pytest.mark.shared
def test_the_verbal_autopsy(shared: Path):
    file = "verbal-autopsy-software_CrossVA__who151_odk_export.csv"
    table = read_table(shared / "samples/forms/export_odk" / file)
    assert SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.cells.shape == (54, 529)
    assert tidied.cells["SubmissionDate"].iloc[0].startswith("2018-12-11 01:")
    assert set(tidied.cells["respondent_backgr-Id10012"].str[:8]) == {"2018-12-"}
    assert roles(SYSTEM.described(tidied))["KEY"] == "key"
