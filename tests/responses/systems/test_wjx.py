"""问卷星 按文本, and that it says the same as 按序号 of the same answers."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.responses.described import Column, Joined, Ticks
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.systems import wjx, wjx_index
from tests.responses.systems.tables import delivered, item_of, roles

SYSTEM = wjx.SYSTEM
ABOUT = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
START = ("2016/12/17 14:22:55", "136秒", "微信", "NULL", "183.192.16.69(上海-上海)")


def survey(headers: list[str], *rows: list[str]):
    return delivered(
        [*ABOUT, *headers], *([str(n), *START, *row] for n, row in enumerate(rows, start=1))
    )


def test_signs_name_what_was_seen() -> None:
    assert "按文本" in SYSTEM.signs(survey(["1、性别"], ["男"]))
    assert SYSTEM.signs(delivered(["序号", "性别"], ["1", "男"])) == ""
    assert SYSTEM.signs(survey(["第1题(甲)"], ["1"])) == ""


def test_facts_about_the_interview() -> None:
    table = SYSTEM.tidied(survey(["1、性别"], ["男"], ["女"]))
    assert table.cells["提交答卷时间"].tolist() == ["2016-12-17T14:22:55+08:00"] * 2
    assert table.cells["所用时间"].tolist() == ["136"] * 2
    assert table.cells.index.tolist() == [2, 3]
    found = roles(SYSTEM.described(table))
    assert found == {
        "序号": "key", "提交答卷时间": "submitted", "所用时间": "seconds", "来源": "metadata",
        "来源详情": "empty", "来自IP": "contact",
    }  # fmt: skip


def test_meta_columns_in_another_order_with_parameters_and_a_total() -> None:
    table = delivered(
        ["序号", "所用时间", "来自IP", "总分", "dept", "用户ID", "1、性别"],
        ["1", "2分16秒", "1.2.3.4", "80", "A", "wx_1", "男"],
    )
    table = SYSTEM.tidied(table)
    assert table.cells["所用时间"].tolist() == ["136"]
    found = roles(SYSTEM.described(table))
    assert (found["总分"], found["dept"], found["用户ID"]) == ("derived", "metadata", "contact")


def test_typed_words_stand_in_a_column_of_their_own() -> None:
    table = SYSTEM.tidied(
        survey(
            ["1、渠道"],
            ["其他【请注明】〖邻居┋亲戚〗"],
            ["窗口┋其他【请注明】〖邻居〗"],
            ["(跳过)"],
        )
    )
    assert table.cells["1、渠道"].tolist() == ["其他【请注明】", "窗口┋其他【请注明】", "(跳过)"]
    assert table.cells["1、渠道〖其他〗"].tolist() == ["邻居┋亲戚", "邻居", ""]
    item = item_of(SYSTEM.described(table), "1、渠道")
    assert item.where == Joined("1、渠道", "┋")
    assert [(o.cell, o.missing) for o in item.options] == [
        ("窗口", None), ("其他【请注明】", None), ("(跳过)", "not_asked"),
    ]  # fmt: skip
    assert item_of(SYSTEM.described(table), "1、渠道〖其他〗").kind == "open_ended"
    assert table.dictionary is not None
    assert table.dictionary.variable("1、渠道").is_missing("(跳过)")


def test_points_and_marks_of_the_type() -> None:
    table = SYSTEM.tidied(
        survey(
            ["1、满意度", "2、性别 (单选题 *必答)", "3、渠道【多选题】"],
            ["4分", "男", "甲"],
            ["(跳过)", "女", "乙"],
        )
    )
    assert table.cells["1、满意度"].tolist() == ["4", "(跳过)"]
    described = SYSTEM.described(table)
    assert item_of(described, "1、满意度").kind == "scale"
    sex = item_of(described, "2、性别 (单选题 *必答)")
    assert (sex.kind, sex.text, sex.name) == ("single_choice", "性别", "Q2")
    assert item_of(described, "3、渠道【多选题】").kind == "multiple_choice"


def test_a_matrix_goes_on_with_bare_titles() -> None:
    table = SYSTEM.tidied(
        survey(
            ["3、请评价下列服务", "态度", "时限", "5、备注", "部门"],
            ["满意", "一般", "满意", "没有", "甲"],
            ["一般", "满意", "不满意", "很好", "乙"],
            ["不满意", "满意", "一般", "谢谢", "丙"],
        )
    )
    described = SYSTEM.described(table)
    rows = [item for item in described.items if item.group == "Q3"]
    assert [item.text for item in rows] == ["请评价下列服务", "态度", "时限"]
    assert rows[0].guessed  # its title is the instruction
    assert {item.group_text for item in rows} == {"请评价下列服务"}
    assert "部门" not in described.headers  # no answer of it is like those before


def test_rankings_are_split_into_ranks() -> None:
    table = SYSTEM.tidied(survey(["3、排序"], ["甲→乙→丙"], ["丙→甲"], ["(跳过)"]))
    assert table.headers[-3:] == ["3、排序→甲", "3、排序→乙", "3、排序→丙"]
    assert table.cells["3、排序→丙"].tolist() == ["3", "1", "(跳过)"]
    assert table.cells["3、排序→乙"].tolist() == ["2", "", "(跳过)"]
    item = item_of(SYSTEM.described(table), "3、排序→丙")
    assert (item.kind, item.minimum, item.maximum) == ("number", 1, 3)
    assert "丙" in item.text
    assert item.group_text == "排序"


def test_columns_that_look_like_ticks_but_hold_scores() -> None:
    table = SYSTEM.tidied(survey(["3、(鲁迅)", "3、(巴金)"], ["5", "5"], ["2", "3"], ["4", "4"]))
    described = SYSTEM.described(table)
    assert [item.where for item in described.items] == [Column("3、(鲁迅)"), Column("3、(巴金)")]
    assert described.items[0].group_text == "第3题"


def test_blanks_of_one_question() -> None:
    headers = ["2、请输入您的收货地址：—收货人姓名：", "2、请输入您的收货地址：—详细地址："]
    described = SYSTEM.described(SYSTEM.tidied(survey(headers, ["某甲", "一路"])))
    assert [item.text for item in described.items] == ["收货人姓名", "详细地址"]
    assert described.items[0].group_text == "请输入您的收货地址"


def test_one_header_for_every_option() -> None:
    table = SYSTEM.tidied(
        survey(["3、渠道", "3、渠道"], ["微信", ""], ["", "电话"], ["微信", "电话"])
    )
    where = item_of(SYSTEM.described(table), "3、渠道").where
    assert where == Ticks({"微信": "3、渠道", "电话": "3、渠道 (2)"})


def test_the_order_of_options_comes_from_the_cells() -> None:
    table = SYSTEM.tidied(survey(["1、爱好"], ["丙"], ["甲┋乙"], ["乙┋丙"], ["甲┋丁"], ["丙┋丁"]))
    item = item_of(SYSTEM.described(table), "1、爱好")
    assert [option.cell for option in item.options] == ["甲", "乙", "丙", "丁"]


@pytest.mark.shared
def test_both_variants_of_one_survey_give_the_same_counts(shared: Path) -> None:
    """800 answers to 8 questions, exported twice: every marginal count must agree."""
    folder = shared / "samples/forms/export_wjx"
    text, index = (
        read_spreadsheet(next(folder.glob(f"*_{variant}.xls"))) for variant in ("0", "2")
    )
    assert wjx.SYSTEM.signs(text)
    assert wjx_index.SYSTEM.signs(index)
    text, index = wjx.SYSTEM.tidied(text), wjx_index.SYSTEM.tidied(index)
    by_text = {item.name: item for item in wjx.SYSTEM.described(text).items if item.name}
    by_index = {item.name: item for item in wjx_index.SYSTEM.described(index).items}
    assert list(by_text) == list(by_index) == [f"Q{number}" for number in range(1, 9)]
    for name, item in by_index.items():
        other = by_text[name]
        if isinstance(item.where, Ticks):
            assert isinstance(other.where, Joined)
            joined = text.cells[other.where.header].str.split("┋").explode()
            counts = {o: int((index.cells[h] == "1").sum()) for o, h in item.where.headers.items()}
            assert joined.value_counts().to_dict() == counts
            assert [o.cell for o in other.options] == list(counts)
        else:
            (header,), (worded,) = item.headers, other.headers
            numbers = Counter(index.cells[header])
            assert sorted(Counter(text.cells[worded]).values()) == sorted(numbers.values())
            pairs = set(zip(index.cells[header], text.cells[worded], strict=True))
            assert len(pairs) == len(numbers)  # every number is one text
            assert set(numbers) <= {option.cell for option in item.options}
