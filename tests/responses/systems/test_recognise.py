"""Every real export is taken for what it is; a name that is wanted wins."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.read import read_table
from pipeline.responses.systems.recognise import SYSTEMS, recognised
from tests.responses.systems.tables import delivered


def test_names_are_told_apart_and_the_last_takes_anything() -> None:
    names = [system.name for system in SYSTEMS]
    assert len(set(names)) == len(names)
    assert names[-2:] == ["labelled", "plain"]
    assert recognised(delivered(["甲"], ["1"])).system.name == "plain"


def test_value_labels_come_before_any_other_sign() -> None:
    table = delivered(["序号", "1、性别"], ["1", "1"])
    assert recognised(table).system.name == "wjx"
    known = Dictionary((Variable("序号"), Variable("1、性别", values={"1": "男"})))
    assert recognised(replace(table, dictionary=known)).system.name == "labelled"


def test_a_wanted_name_wins_and_the_reason_says_so() -> None:
    table = delivered(["甲"], ["1"])
    found = recognised(table, "wjx")
    assert found.system.name == "wjx"
    assert "按指定" in found.reason
    assert "没有看到" in found.reason
    assert recognised(table, "问卷星（按文本）").system.name == "wjx"


def test_an_unknown_name_is_refused_with_all_names() -> None:
    with pytest.raises(ResponseError) as refused:
        recognised(delivered(["甲"], ["1"]), "wjxx")
    for system in SYSTEMS:
        assert system.name in str(refused.value)


CELLS = st.sampled_from(
    ["", "1", "2", "NA", '{"ImportId":"QID1"}', "Response", "2024-03-02"]
) | st.text(max_size=5)
NAMES = st.sampled_from(
    ["", "序号", "1、甲", "编号", "开始答题时间", "Timestamp", "ResponseId", "KEY", "_uuid", "id",
     "RespondentID", "q0001", "a___1", "Response ID", "submitdate", "g/q", "redcap_event_name"]
) | st.text(max_size=5)  # fmt: skip


@settings(max_examples=15)
@given(st.data())
def test_every_system_reads_any_table(data: st.DataObject) -> None:
    headers = data.draw(st.lists(NAMES, min_size=1, max_size=5))
    width = len(headers)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
    table = delivered(headers, *rows)
    assert recognised(table).reason
    for system in SYSTEMS:
        tidy = system.tidied(table)
        assert len(set(tidy.headers)) == len(tidy.headers)
        assert set(tidy.cells.index) <= set(table.cells.index)
        assert system.described(tidy).headers <= set(tidy.headers)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("microdata/ugly/multi_a_delimited_labels.csv", "wjx"),
        ("microdata/ugly/multi_c_dichotomous.csv", "wjx_index"),
        ("microdata/ugly/ugly_utf8_bom.csv", "plain"),
        ("microdata/csv/apistrat.csv", "plain"),
        ("microdata/csv/comma_survey.csv", "surveymonkey"),
        ("microdata/pairs/qualtrics/many_types.csv", "qualtrics"),
        ("microdata/sav/pspp_hotel.sav", "labelled"),
        ("microdata/xpt/BMX_I.XPT", "labelled"),
        ("forms/export_kobo/WFP-VAM_RAMResourcesScripts__data.csv", "kobo"),
        ("forms/export_limesurvey/cran_limonaid__survey_998192_R_data_file.csv", "limesurvey"),
        ("forms/export_redcap/OuhscBbmc_REDCapR__data.csv", "redcap"),
    ],
)
def test_real_exports(shared: Path, file: str, name: str) -> None:
    assert recognised(read_table(shared / "samples" / file)).system.name == name
