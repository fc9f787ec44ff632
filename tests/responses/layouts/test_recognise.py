"""A table says itself which layout it has."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import ResponseError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.layouts.recognise import locate, recognise
from pipeline.responses.read import read_table
from pipeline.responses.table import RawTable

WJX = ["序号", "1、参加过吗？", "2、满意吗？", "3、哪些？", "4、几次？", "5、为什么？"]


def table(headers: list[str], dictionary: Dictionary | None = None) -> RawTable:
    cells = pd.DataFrame([["x"] * len(headers)], columns=headers, dtype="str")
    name = "export.sav" if dictionary else "export"
    return RawTable(Path(name), "0" * 64, cells, dictionary=dictionary)


@pytest.mark.parametrize(
    ("delivered", "name"),
    [
        (table(["KEY", "g1-q1"]), "odk_csv"),
        (table(["_uuid", "q1"]), "odk_csv"),
        (table(WJX), "wjx_text"),
        (table(["id", "q1"], Dictionary((Variable("id"), Variable("q1")))), "sav"),
    ],
)
def test_each_layout_is_known_by_its_signs(delivered: RawTable, name: str) -> None:
    assert recognise(delivered).name == name


def test_an_unknown_table_is_told_what_was_looked_for() -> None:
    with pytest.raises(ResponseError) as refused:
        recognise(table(["编号", "1.性别"]))
    said = str(refused.value)
    assert all(word in said for word in ("问卷星", "ODK", "KEY", "序号", ".sav", "编号、1.性别"))


def test_the_export_by_numbers_is_refused_with_the_remedy() -> None:
    with pytest.raises(ResponseError, match="请改选“按文本”下载"):
        recognise(table(["序号", "1、手机部数", "第6题(运动)"]))


def test_a_repeated_header_matters_only_where_it_is_needed(questionnaire: Questionnaire) -> None:
    assert locate(table([*WJX, "备注", "备注"]), questionnaire).name == "wjx_text"
    with pytest.raises(ResponseError, match="出现 2 次"):
        locate(table([*WJX, "序号"]), questionnaire)


def test_the_real_export_by_numbers(shared: Path) -> None:
    (path,) = (shared / "samples/forms/export_wjx").glob("*_2.xls")
    with pytest.raises(ResponseError, match="按序号"):
        recognise(read_table(path))
