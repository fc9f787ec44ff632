"""From columns that somebody names to a design, or to all that is wrong with them."""

import pytest

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import DesignError
from pipeline.intake.declare import declared, put_aside
from pipeline.intake.request import DesignRequest
from pipeline.responses.described import Aside, Column, Described, Item
from tests.intake.tables import table_of

TABLE = table_of(
    {
        "pw": ["1.5", "", "-1", "2,000", "3"],
        "komma": ["0,5", "1,25", "2", "NA", "3"],
        "region": ["东", "西", "东", "西", "东"],
        "psu": ["1", "1", "2", "2", "1"],
        "N": ["15", "15", "12", "12", "15"],
        "f": ["0.2", "0.2", "1", "1", "0.2"],
        "name": ["甲", "乙", "丙", "丁", "5"],
        "blank": ["", "NA", "", "NULL", "x"],
    }
)


def test_nothing_named_is_undecided_and_a_weight_alone_no_probability_sample() -> None:
    assert declared(TABLE, DesignRequest()) == DeclaredDesign()
    assert declared(TABLE, DesignRequest(weight="pw")).kind == "undecided"
    assert declared(TABLE, DesignRequest(weight="pw", probability=True)).kind == "probability"
    assert declared(TABLE, DesignRequest(probability=True)).kind == "probability"
    assert declared(TABLE, DesignRequest(weight="komma")).weight == "komma"


def test_strata_clusters_or_sizes_say_how_people_were_drawn() -> None:
    whole = DesignRequest("pw", ("region",), ("psu",), ("N",))
    assert declared(TABLE, whole) == DeclaredDesign(
        kind="probability", weight="pw", strata=("region",), clusters=("psu",), fpc=("N",)
    )
    for one in (
        DesignRequest(strata=("region",)),
        DesignRequest(clusters=("psu",)),
        DesignRequest(fpc=("N",)),
    ):
        assert declared(TABLE, one).kind == "probability"


def test_sizes_of_at_most_one_are_fractions() -> None:
    assert declared(TABLE, DesignRequest(fpc=("f",))).fpc_meaning == "sampling_fraction"
    assert declared(TABLE, DesignRequest(fpc=("N",))).fpc_meaning == "population_size"


def test_all_that_is_wrong_is_told_at_once() -> None:
    request = DesignRequest(
        weight="name", strata=("Region", "blank"), clusters=("xyz",), fpc=("f", "N", "name")
    )
    with pytest.raises(DesignError) as refused:
        declared(TABLE, request)
    said = str(refused.value)
    assert "处有误" in said
    for part in (
        "Region: 数据里没有这一列。相近的列有 region。", "xyz: 数据里没有这一列。 ",
        "--weight name: 不是可用的数字（'甲'、'乙'、'丙'）", "--fpc name: 不是可用的数字",
        "--strata blank: 大多是空的", "有的列是总体数，有的是抽样比", "写了 3 级的总体数，整群只有 1 级",
    ):  # fmt: skip
        assert part in said


def test_columns_of_the_design_are_no_questions_but_strata_are() -> None:
    items = tuple(
        Item("？", Column(header), header, "number") for header in ("pw", "region", "psu", "N")
    )
    design = DeclaredDesign(weight="pw", strata=("region",), clusters=("psu",), fpc=("f",))
    made = put_aside(Described(items, (Aside("f", "fpc", "像总体数。"),)), TABLE, design)
    assert [item.name for item in made.items] == ["region", "N"]
    assert [(one.header, one.role) for one in made.asides] == [
        ("f", "fpc"), ("psu", "cluster"), ("pw", "weight")
    ]  # fmt: skip
    assert made.notes == ("权数 pw：2 行没有可用的权数（空、负数或不是数字），这些答卷会被剔除。",)
    assert put_aside(Described(items), TABLE, DeclaredDesign()) == Described(items)


def test_a_weight_column_without_any_content_is_refused() -> None:
    with pytest.raises(DesignError, match="--weight b: 不是可用的数字（全空）"):
        declared(table_of({"b": ["", "NA"]}), DesignRequest(weight="b"))
