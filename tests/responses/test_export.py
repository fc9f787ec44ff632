"""One run's delivery, by its own description or by its layout."""

from pathlib import Path

import pytest

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import ResponseError
from pipeline.intake.yaml_text import source_text
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.export import open_export
from pipeline.responses.source import SOURCE, File, Source, Stands
from pipeline.responses.sourced import BY_ROW

SOURCED = Source(
    layout="plain",
    files=(File(name="数据 一.csv"),),
    fields={"seconds": "用时"},
    questions={
        "q1": Stands(column="=1+1"),
        "q2": Stands(column="满意"),
        "q3": Stands(ticks={1: "a", 2: "b"}, ticked=("1",), unticked=("0",)),
        "q4": Stands(column="次"),
        "q5": Stands(column="说"),
    },
    design=DeclaredDesign(kind="open", weight="w"),
)
TABLE = """\
=1+1,满意,a,b,次,说,用时,w,电话
yes,4,1,0,3,路远,61,0.5,13800138000
no,,0,0,2次,,,2,13900139000
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / SOURCE).write_text(source_text(SOURCED), encoding="utf-8")
    (tmp_path / "数据 一.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_a_delivery_is_read_as_its_description_says(
    raw: Path, questionnaire: Questionnaire
) -> None:
    export = open_export(raw, questionnaire)
    assert export.source == SOURCED
    assert export.layout.key == BY_ROW
    assert export.headers_read >= {"=1+1", "a", "b", "w", "用时", BY_ROW}
    assert "电话" not in export.headers_read
    found = export.decoded(export.table, "v", {"v": questionnaire})
    rows = found.responses
    assert rows["respondent"].tolist() == ["2", "3"]
    assert rows["q1"].tolist() == [1, 2]
    assert rows["q2__missing"].tolist() == ["", "not_asked"]
    assert rows[["q3__1", "q3__2"]].to_numpy().tolist() == [[1, 0], [0, 0]]
    assert rows["q4"].tolist() == [3, 2]
    assert rows["seconds"].tolist()[0] == 61
    assert rows["design_weight"].tolist() == [0.5, 2]
    assert rows["undecoded"].tolist() == ["", ""]
    assert found.verbatims["text"].tolist() == ["路远"]


def test_a_description_that_does_not_fit_names_what_is_missing(
    raw: Path, questionnaire: Questionnaire
) -> None:
    (raw / "数据 一.csv").write_text(
        TABLE.replace("满意", "满意度").replace(",w,", ",wt,"), "utf-8"
    )
    with pytest.raises(ResponseError, match="2 处有误") as refused:
        open_export(raw, questionnaire)
    assert "没有列 '满意'。相近的列有 满意度。" in str(refused.value)


def test_without_a_description_the_layout_is_recognised(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    (tmp_path / "export.csv").write_text(
        "KEY,start,end,q1,q2,q3,q4,q5\nuuid:1,,,yes,4,a c,3,路远\n", encoding="utf-8"
    )
    export = open_export(tmp_path, questionnaire)
    assert export.source is None
    assert export.layout.name == "odk_csv"
    found = export.decoded(export.table, "v", {"v": questionnaire})
    assert "design_weight" not in found.responses
    assert found.responses["q3__3"].tolist() == [1]
