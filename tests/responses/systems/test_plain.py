"""A table from nowhere particular: keys, row numbers, second header rows."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.responses.delimited import read_csv
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.systems import plain
from tests.responses.systems.tables import delivered, roles

SYSTEM = plain.SYSTEM


def test_a_table_with_a_dictionary_is_not_plain() -> None:
    table = delivered(["a"], ["1"])
    assert SYSTEM.signs(table)
    assert SYSTEM.signs(replace(table, dictionary=Dictionary((Variable("a"),)))) == ""


def test_row_numbers_keys_and_times() -> None:
    table = SYSTEM.tidied(
        delivered(
            ["", "caseid", "id", "开始时间", "end"],
            ["1", "7", "1", "2024/3/2 9:00", "x"],
            ["2", "8", "1", "2024/3/2 9:30", "y"],
        )
    )
    assert table.cells["开始时间"].tolist() == ["2024-03-02 09:00:00", "2024-03-02 09:30:00"]
    assert roles(SYSTEM.described(table)) == {
        "(列1)": "metadata", "caseid": "key", "开始时间": "start",
    }  # fmt: skip
    assert SYSTEM.described(table).items == ()


def test_a_column_called_id_that_repeats_is_no_key() -> None:
    assert SYSTEM.described(delivered(["id"], ["1"], ["1"])).asides == ()


def test_a_second_header_row_under_merged_cells() -> None:
    table = SYSTEM.tidied(
        delivered(
            ["序号", "满意度", "", "", "权重"],
            ["", "态度", "时限", "环境", ""],
            ["1", "5", "4", "3", "1.2"],
            ["2", "4", "4", "2", "0.8"],
        )
    )
    assert table.headers == ["序号", "满意度 / 态度", "满意度 / 时限", "满意度 / 环境", "权重"]
    assert table.cells.index.tolist() == [3, 4]
    assert table.dictionary is not None
    assert "第 2 行" in table.dictionary.notes[0]


@pytest.mark.parametrize(
    "rows",
    [
        (["a", "", ""], ["x", "甲", "乙"], ["y", "甲", "丙"]),  # text answers, and like others
        (["a", "", ""], ["1", "2", "3"], ["1", "2", "3"]),
        (["a", "b", "c"], ["x", "y", "z"], ["1", "2", "3"]),
    ],
)
def test_a_first_row_of_answers_stays(rows: tuple[list[str], ...]) -> None:
    assert len(SYSTEM.tidied(delivered(*rows)).cells) == 2


def test_a_row_of_question_texts_above_numbers_becomes_labels() -> None:
    answers = [[str(n), str(n % 3), str(n % 2)] for n in range(1, 9)]
    table = SYSTEM.tidied(
        delivered(["id", "q1", "q2"], ["编号", "您的性别", "您的年龄"], *answers)
    )
    assert len(table.cells) == 8
    assert table.dictionary is not None
    assert table.dictionary.variable("q1").label == "您的性别"
    assert SYSTEM.tidied(delivered(["id", "q1"], ["1", "2"])).dictionary is None


@pytest.mark.shared
def test_keys_of_real_files(shared: Path) -> None:
    for name, key in (("ess9_gb", "idno"), ("hdv2003_fr", "id"), ("HolzingerSwineford1939", "id")):
        table = SYSTEM.tidied(read_csv(shared / f"samples/microdata/csv/{name}.csv"))
        assert roles(SYSTEM.described(table))[key] == "key"
