"""Real files: the survey of limonaid as exported for R, and a biodiversity survey."""

from pathlib import Path

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.read import read_table
from pipeline.responses.systems.limesurvey import SYSTEM
from tests.responses.systems.tables import delivered, item_of, roles

META = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
FIRST = ["1", "2024-05-01 10:00:00", "3", "zh-Hans", "77"]
SECOND = ["2", "", "1", "zh-Hans", "78"]


def test_codes_with_texts_become_names_with_labels():
    own = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page",
           "startlanguage. Start language", "seed. Seed"]  # fmt: skip
    table = delivered([*own, "Q1[SQ1]. Rate [Tea]", "Q1[SQ2]. Rate [Milk]"], [*FIRST, "A1", "A2"])
    assert "LimeSurvey" in SYSTEM.signs(table)
    tidied = SYSTEM.tidied(table)
    assert tidied.headers == [*META, "Q1[SQ1]", "Q1[SQ2]"]
    described = SYSTEM.described(tidied)
    assert roles(described) == dict(
        zip(META, ["key", "submitted", "metadata", "language", "metadata"], strict=True)
    )
    row = item_of(described, "Q1[SQ2]")
    assert (row.text, row.group, row.group_text) == ("Rate - Milk", "Q1", "Rate")


def test_a_multiple_choice_with_typed_other_and_a_comment():
    head = [*META, "M[SQ1]", "M[SQ2]", "M[other]", "M[SQ1comment]"]
    table = delivered(
        head,
        [*FIRST, "Y", "", "wine", "cold"],
        [*SECOND, "Y", "Y", "", ""],
        [*SECOND, "", "", "", ""],
    )
    tidied = SYSTEM.tidied(table)
    assert list(tidied.cells["M[other]"]) == ["Y", "", ""]
    assert list(tidied.cells["M[other]〖其他〗"]) == ["wine", "", ""]
    described = SYSTEM.described(tidied)
    where = item_of(described, "M[SQ1]").where
    assert isinstance(where, Ticks)
    assert list(where.headers.values()) == ["M[SQ1]", "M[SQ2]", "M[other]"]
    assert where.ticked == ("Y",)
    assert item_of(described, "M[other]〖其他〗").kind == "open_ended"
    assert item_of(described, "M[SQ1comment]").kind == "open_ended"


def test_scales_ranks_and_the_other_of_a_single_choice_by_their_texts():
    table = delivered(
        [*META, "R [a][Scale 1]", "R [a][Scale 2]", "R [b][Scale 1]", "R [b][Scale 2]",
         "Best? [Rank 1]", "Best? [Rank 2]", "Sex?", "Sex? [Other]", "Total time", "Question time: x"],
        [*FIRST, "1", "2", "3", "4", "tea", "milk", "-oth-", "x", "9.5", ""],
        [*SECOND, "1", "2", "3", "4", "milk", "", "man", "", "3", ""],
    )  # fmt: skip
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert item_of(described, "R [b][Scale 2]").group == "R#2"
    assert item_of(described, "R [b][Scale 2]").text == "R - b（第 2 个量表）"
    assert item_of(described, "Best? [Rank 1]").text == "Best?（第 1 位）"
    sex = item_of(described, "Sex?")
    assert [(o.cell, o.label) for o in sex.options] == [("man", "man"), ("-oth-", "其他")]
    assert item_of(described, "Sex? [Other]").text == "Sex?（其他，请注明）"
    assert roles(described)["Total time"] == "seconds"
    assert roles(described)["Question time: x"] == "metadata"
    assert any("1 份没有交卷" in note for note in described.notes)


def test_a_row_called_other_is_a_row():
    table = delivered(
        [*META, "Rate [Tea]", "Rate [Milk]", "Rate [Other]"],
        [*FIRST, "3", "4", "3"], [*SECOND, "5", "3", "4"],
    )  # fmt: skip
    described = SYSTEM.described(SYSTEM.tidied(table))
    assert item_of(described, "Rate [Other]").kind is None


def test_yes_and_no_in_every_cell_may_be_a_matrix_and_say_so():
    table = delivered([*META, "Q [a]", "Q [b]"], [*FIRST, "Yes", "No"], [*SECOND, "No", "No"])
    item = item_of(SYSTEM.described(SYSTEM.tidied(table)), "Q [a]")
    assert any("矩阵" in note for note in item.guessed)


@pytest.mark.shared
def test_the_r_export_of_limonaid(shared: Path):
    name = "cran_limonaid__survey_998192_R_data_file.csv"
    table = read_table(shared / "samples/forms/export_limesurvey" / name)
    assert SYSTEM.signs(table)
    described = SYSTEM.described(SYSTEM.tidied(table))
    held = roles(described)
    assert [h for h, role in held.items() if role == "key"] == ["Response ID"]
    assert sum(h.startswith(("Group time", "Question time")) for h in held) == 19
    assert sum(isinstance(item.where, Ticks) for item in described.items) == 1


@pytest.mark.shared
def test_a_wide_survey_under_codes_and_texts(shared: Path):
    table = read_table(shared / "samples/microdata/pairs/limesurvey/biodiv_first.csv")
    tidied = SYSTEM.tidied(table)
    assert tidied.cells.shape == (3, 1396)
    assert tidied.headers[7] == "ipaddr"
    assert roles(SYSTEM.described(tidied))["ipaddr"] == "contact"
