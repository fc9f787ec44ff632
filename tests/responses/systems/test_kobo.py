"""Real files: a water survey in Iraq, raw and cleaned, and WFP's child diet module."""

from pathlib import Path

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.kobo import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles


def test_the_0_1_columns_count_and_the_joined_one_is_set_aside():
    table = delivered(
        ["start", "g/q", "g/q/a", "g/q/b", "g/q_other", "_gps_latitude", "_gps_longitude",
         "_gps_altitude", "_gps_precision", "_id", "_uuid", "_submission_time"],
        ["2024-05-01T10:00:00.000+08:00", "a b", "1", "1", "x", "1", "2", "3", "4", "7", "u1", "t"],
        ["2024-05-01T10:00:00.000+08:00", "a", "0", "1", "", "1", "2", "3", "4", "8", "u2", "t"],
    )  # fmt: skip
    assert "_uuid" in SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.dictionary is not None
    assert tidied.dictionary.variable("g/q_other").label == "q_other"
    described = SYSTEM.described(tidied)
    item = item_of(described, "g/q/a")
    assert item.where == Ticks({"a": "g/q/a", "b": "g/q/b"}, ("1",), ("0",))
    assert item.name == "q"
    held = roles(described)
    assert (held["g/q"], held["_uuid"], held["_id"]) == ("derived", "key", "identifier")
    assert {held[h] for h in held if "gps" in h} == {"contact"}
    assert item_of(described, "g/q_other").text == "q（其他，请注明）"
    assert "q（1 份）" in described.notes[0]


def test_columns_below_a_group_are_no_options_unless_all_are_0_and_1():
    head = ["_uuid", "_id", "g/a", "g/b"]
    described = SYSTEM.described(delivered(head, ["u", "1", "1", "888"]))
    assert described.items == ()
    described = SYSTEM.described(delivered(head, ["u", "1", "1", "0"]))
    assert any("没有合并列" in note for note in described.items[0].guessed)


@pytest.mark.shared
def test_a_file_of_a_repeat_group_has_members_and_no_responses(shared: Path):
    folder = shared / "samples/forms/export_kobo"
    members = SYSTEM.described(
        SYSTEM.tidied(
            read_table(folder / "WFP-VAM_RAMResourcesScripts__MAD_submodule_RepeatMAD.csv")
        )
    )
    assert roles(members)["_index"] == "key"
    assert any("重复组" in note for note in members.notes)
    whole = SYSTEM.described(
        SYSTEM.tidied(read_table(folder / "WFP-VAM_RAMResourcesScripts__data.csv"))
    )
    assert roles(whole)["_uuid"] == "key"
    assert roles(whole)["_duration"] == "empty"
    assert whole.notes == ()


@pytest.mark.shared
def test_the_water_survey_as_r_wrote_it_after_cleaning(shared: Path):
    table = read_table(
        shared / "samples/microdata/pairs/xlsform_iraq/cleaningtools_clean_data.csv"
    )
    tidied = SYSTEM.tidied(table)
    assert len(tidied.cells) == 578
    described = SYSTEM.described(tidied)
    held = roles(described)
    assert (held["X_uuid"], held["X.U.FEFF.start"], held["deviceid"]) == (
        "key",
        "start",
        "contact",
    )
    ticks = [item for item in described.items if isinstance(item.where, Ticks)]
    assert len(ticks) == sum(role == "derived" for role in held.values()) == 19
    assert "water_sources（2 份）" in described.notes[0]
