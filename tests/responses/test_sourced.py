"""Questions are found where the source says, and a declared design comes with the responses."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.declared_columns import with_design
from pipeline.responses.source import File, Source, Stands
from pipeline.responses.sourced import BY_ROW, located, told, with_key
from pipeline.responses.table import RawTable
from tests.intake.tables import table_of

PLACES = {
    "q1": Stands(column="性别"),
    "q2": Stands(column="满意度"),
    "q3": Stands(joined="渠道", separator=", ", values={"甲": 1, "乙, 丙": 2, "丙": 3, "无": 4}),
    "q4": Stands(column="次数"),
    "q5": Stands(column="意见"),
}
CELLS = {
    "性别": ["yes", "no", "1", "refused"],
    "满意度": ["1.0", "5", "dk", "8"],
    "渠道": ["甲, 乙, 丙", "丙,乙,丙,", "", "乙、甲, 2"],
    "次数": ["3次", "4次", "12 次", "５次"],
    "意见": ["", "好", "", ""],
}


def source(**changes: object) -> Source:
    return Source(layout="plain", files=(File(name="t.csv"),), questions=PLACES).model_copy(
        update=changes
    )


def places(**changes: Stands) -> Source:
    return source(questions=PLACES | changes)


def test_without_a_key_responses_are_told_apart_by_their_row(questionnaire: Questionnaire) -> None:
    table = with_key(table_of(CELLS), source())
    assert table.cells[BY_ROW].tolist() == ["2", "3", "4", "5"]
    layout = located(Path("raw"), table, source(), questionnaire)
    assert layout.key == BY_ROW
    assert layout.questions["q3"] == "渠道"
    keyed = source(key="意见", fields={"start": "次数"})
    assert with_key(table_of(CELLS), keyed).cells.columns.tolist() == list(CELLS)
    layout = located(Path("raw"), table, keyed, questionnaire)
    assert (layout.key, layout.fields) == ("意见", {"start": "次数"})


def test_columns_that_tidying_makes_only_sometimes_may_be_missing() -> None:
    wanted = places(q1=Stands(column="性别〖其他〗"), q2=Stands(column="没有〖其他〗"))
    made = with_key(table_of(CELLS), wanted).cells
    assert made["性别〖其他〗"].tolist() == [""] * 4
    assert "没有〖其他〗" not in made


def test_all_that_does_not_fit_is_told_at_once(questionnaire: Questionnaire) -> None:
    wrong = places(
        q1=Stands(column="性 别"), q2=Stands(joined="满意度", separator=";"),
        q3=Stands(column="渠道"), q4=Stands(column="意见"),
    )  # fmt: skip
    wrong = wrong.model_copy(
        update={
            "key": "id", "fields": {"end": "止"}, "design": DeclaredDesign(weight="次 数"),
            "questions": {name: stands for name, stands in wrong.questions.items() if name != "q5"}
            | {"gone": Stands(column="意见")},
        }
    )  # fmt: skip
    with pytest.raises(ResponseError) as refused:
        located(Path("raw"), table_of(CELLS), wrong, questionnaire)
    said = str(refused.value)
    for sentence in (
        "source.yaml: 8 处有误", "questions.q1: t.csv 没有列 '性 别'。相近的列有 性别。",
        "questions.q2: 题型是 scale，与写法不符", "questions.q3: 题型是 multiple_choice，与写法不符",
        "questions.q5: 问卷有这道题，这里没有写", "列 '意见' 写了 2 次", "key: t.csv 没有列 'id'",
        "fields.end: t.csv 没有列 '止'", "design: t.csv 没有列 '次 数'。相近的列有 次数。",
    ):  # fmt: skip
        assert sentence in said


def test_cells_are_told_in_the_words_of_the_questionnaire(questionnaire: Questionnaire) -> None:
    cells = told(table_of(CELLS), source(), questionnaire).cells
    assert cells["性别"].tolist() == ["yes", "no", "“1”", "refused"]  # 1 is yes's code, no name
    assert cells["满意度"].tolist() == ["1", "5", "dk", "“8”"]
    assert cells["渠道"].tolist() == ["1 2", "3 2", "", "乙、甲 “2”"]
    assert cells["次数"].tolist() == ["3.0", "4.0", "12.0", "5.0"]
    assert cells["意见"].tolist() == CELLS["意见"]


@pytest.mark.parametrize(
    ("separator", "cell", "codes"),
    [
        ("\n", "Very good\nnot bad", "1 2"), (" ", "not bad  Very good", "2 1"),
        ("；", "Very good;not bad；", "1 2"), ("┋", "Very good┋?", "1 ?"), ("|", "NULL", ""),
        ("-", "Very good - not bad -", "1 2"), (",", "Very good,-", "1 “-”"), (",", "N A", "“NA”"),
    ],
)  # fmt: skip
def test_options_stand_between_separators_of_every_kind(
    questionnaire: Questionnaire, separator: str, cell: str, codes: str
) -> None:
    stands = Stands(joined="渠道", separator=separator, values={"Very good": 1, "not bad": 2})
    table = table_of(CELLS | {"渠道": [cell] * 4})
    assert told(table, places(q3=stands), questionnaire).cells["渠道"].iloc[0] == codes


def test_ticks_and_reasons_become_columns_of_0_and_1(questionnaire: Questionnaire) -> None:
    stands = Stands(
        ticks={1: "a", 2: "b"}, ticked=("✓",), unticked=("0",), missing={"-3": 9, "(跳过)": 9, "-2": 8}
    )  # fmt: skip
    columns = {"a": ["✓", "-3", "0.0", "TRUE"], "b": ["(跳过)", "(跳过)", "-2", "NA"]}
    table = table_of(CELLS | columns)
    asked = places(q3=stands)
    layout = located(Path("raw"), with_key(table, asked), asked, questionnaire)
    cells = told(table, asked, questionnaire).cells
    assert layout.splits["q3"] == {1: "a", 2: "b", 9: "(q3: 9)", 8: "(q3: 8)"}
    made = cells[list(layout.splits["q3"].values())].to_numpy().tolist()
    assert made == [
        ["1", "", "", ""],
        ["", "", "1", ""],
        ["0", "", "", "1"],
        ["“TRUE”", "", "", ""],
    ]


def test_many_ticks_make_no_warning(questionnaire: Questionnaire) -> None:
    headers = {code: f"t{code}" for code in range(1, 300)}
    table = table_of(
        {header: ["1", "-3"] for header in headers.values()} | {h: c[:2] for h, c in CELLS.items()}
    )
    asked = places(q3=Stands(ticks=headers, ticked=("1",), missing={"-3": 999}))
    assert told(table, asked, questionnaire).cells["(q3: 999)"].tolist() == ["", "1"]


DESIGN = DeclaredDesign(
    kind="probability", weight="w", strata=("h1", "h2"), clusters=("c", "d"), fpc=("N", "M")
)
COLUMNS = {
    "w": ["1,5", "", "-2", "2,25", "nan", "3"], "h1": ["东", "东", "西", "西", "NA", "东"],
    "h2": ["1", "2", "1", "", "1", "2"], "c": ["1", "1", "１", "2", "", "2"],
    "d": ["a", "b", "c", "d", "e", "f"], "N": ["9", "9", "8", "8", "8", "many"], "M": ["2"] * 6,
}  # fmt: skip


def declared(design: DeclaredDesign, rows: list[int]) -> pd.DataFrame:
    responses = pd.DataFrame({"raw_row": rows, "undecoded": ["q=x", *[""] * (len(rows) - 1)]})
    return with_design(responses, table_of(COLUMNS), design)


def test_a_declared_design_comes_with_its_responses() -> None:
    made = declared(DESIGN, [2, 3, 4, 5, 6, 7])
    assert made["design_weight"].tolist()[0::3] == [1.5, 2.25]
    assert made["design_stratum"].tolist()[:3] == ["东|1", "东|2", "西|1"]
    assert made["design_cluster_1"].tolist()[:3] == ["1", "1", "1"]
    assert made["design_cluster_2"].tolist() == COLUMNS["d"]
    assert made["design_fpc_1"].tolist()[:5] == [9, 9, 8, 8, 8]
    assert made["design_fpc_2"].tolist() == [2] * 6
    assert made["undecoded"].tolist() == ["q=x", "", "", "", "", ""]
    assert made["undesigned"].tolist() == [
        "", "w=", "w=-2", "h1|h2=西|", "w=nan; h1|h2=NA|1; c=", "N=many"
    ]  # fmt: skip


def test_the_design_is_taken_by_the_row_and_nothing_is_added_without_one() -> None:
    made = declared(DESIGN, [5, 2])
    assert made["design_weight"].tolist() == [2.25, 1.5]
    assert made["undesigned"].tolist() == ["h1|h2=西|", ""]
    assert declared(DeclaredDesign(), [2, 3]).columns.tolist() == ["raw_row", "undecoded"]


def test_a_table_that_is_delivered_again_reads_the_same(questionnaire: Questionnaire) -> None:
    table = table_of(CELLS)
    once = told(table, source(), questionnaire)
    assert table.cells["满意度"].tolist() == CELLS["满意度"]  # what was delivered is left alone
    again = told(replace(table, cells=table.cells.copy()), source(), questionnaire)
    pd.testing.assert_frame_equal(once.cells, again.cells)
    assert isinstance(once, RawTable)
