"""Real file: the longitudinal example of REDCapR."""

from pathlib import Path

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.redcap import ROW, SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles


def test_checkboxes_in_codes_with_a_negative_one():
    table = delivered(
        ["record_id", "gym___0", "gym____1", "intake_timestamp", "intake_complete"],
        ["1", "1", "0", "2024-05-01 10:00:00", "2"],
    )
    assert "gym___0" in SYSTEM.signs(table)
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert item_of(described, "gym___0").where == Ticks(
        {"0": "gym___0", "-1": "gym____1"}, ("1",), ("0",)
    )
    assert roles(described) == {
        "record_id": "key", "intake_timestamp": "submitted", "intake_complete": "metadata",
    }  # fmt: skip


def test_checkboxes_in_labels():
    table = delivered(
        ["Study ID", "Gym (choice=Monday)", "Gym (choice=Tuesday)", "Complete?"],
        ["1", "Checked", "Unchecked", "Complete"],
    )
    assert SYSTEM.signs(table)
    item = item_of(SYSTEM.described(SYSTEM.tidied(table)), "Gym (choice=Monday)")
    assert (item.text, item.guessed) == ("Gym", ())
    assert [option.label for option in item.options] == ["Monday", "Tuesday"]


def test_a_box_with_one_option_is_ticked_or_is_not():
    table = delivered(["record_id", "consent___1", "intake_complete"], ["1", "1", "2"])
    item = item_of(SYSTEM.described(SYSTEM.tidied(table)), "consent___1")
    assert [(o.cell, o.label) for o in item.options] == [("1", "勾选"), ("0", "未勾选")]


@pytest.mark.shared
def test_a_record_with_several_events_has_a_key_for_each(shared: Path):
    table = read_table(shared / "samples/forms/export_redcap/OuhscBbmc_REDCapR__data.csv")
    assert "redcap_event_name" in SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.cells[ROW].is_unique
    assert tidied.cells[ROW].iloc[0] == "100|enrollment_arm_1"
    described = SYSTEM.described(tidied)
    held = roles(described)
    assert (held[ROW], held["study_id"]) == ("key", "identifier")
    assert sum(header.endswith("_complete") for header in held) == 9
    assert [item.name for item in described.items] == ["gym", "aerobics", "eat", "drink", "meds"]
    assert "18 行，3 份记录" in described.notes[0]
