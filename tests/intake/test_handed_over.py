"""README.md of a new survey: what was read and guessed, in tables that Markdown can show."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.intake.draft import Draft, draft
from pipeline.intake.examined import Examined, examine
from pipeline.intake.handed_over import readme
from pipeline.intake.request import Request

ROWS = "".join(f"{'甲乙'[at % 2]},{at * 3},{1.5 + at % 2},,{at % 3}\n" for at in range(40))


@pytest.fixture
def made(tmp_path: Path) -> tuple[Examined, Draft]:
    file = tmp_path / "数据 一.csv"
    file.write_text(f'"性|别\n？",年龄,weight,空,"{"长" * 60}"\n{ROWS}', encoding="utf-8")
    examined = examine(Request("mine", (file,)))
    drafted = draft(
        "mine", examined.table, examined.described, layout="plain", files=examined.files
    )
    return examined, drafted


def test_what_was_read_guessed_and_left_out_is_told(made: tuple[Examined, Draft]) -> None:
    examined, drafted = made
    text = readme(examined, drafted, "w1")
    assert "- `数据 一.csv`" in text
    assert "- 40 行，5 列" in text
    assert "**尚未说明**" in text
    assert "| `--weight` | `weight` |" in text
    assert "| 空 |" not in text
    assert "| `空` | 全空 |" in text
    assert "性\\|别 ？" in text
    assert "`data/raw/mine/w1/source.yaml`" in text


def test_every_table_has_cells_under_each_head(made: tuple[Examined, Draft]) -> None:
    columns = 0
    for line in readme(*made, "w1").replace("\\|", "").splitlines():
        if line.startswith("|"):
            columns = columns or line.count("|")
            assert line.count("|") == columns, line
        else:
            columns = 0


def test_a_declared_design_and_nothing_guessed_are_told(made: tuple[Examined, Draft]) -> None:
    examined, drafted = made
    design = drafted.source.design.model_copy(
        update={"kind": "probability", "weight": "weight", "strata": ("年龄",)}
    )
    source = drafted.source.model_copy(update={"design": design})
    text = readme(examined, replace(drafted, source=source, guessed={}, asides=()), "w1")
    assert "概率样本，误差按所写的列计算。" in text
    assert "- 权数：`weight`" in text
    assert "- 层：`年龄`" in text
    assert "看上去与设计有关" not in text
    assert "没有推断的内容" in text
    assert "\n没有。\n" in text
