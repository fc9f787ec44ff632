"""What is saved can be read back: values, labels, missing codes, kinds, measures."""

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.exports.save import save_table
from pipeline.exports.saved import read_saved
from pipeline.responses.dictionary import MissingRange, ResponseSet, Variable
from pipeline.responses.read import read_table
from pipeline.responses.table import RawTable
from tests.exports.made import code, facts, in_process, table, tables

__all__ = ["in_process"]
FORMATS = (".sav", ".zsav", ".dta", ".csv")
few = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])

SURVEY = table(
    [
        (
            Variable("满意度", "您满意吗？", "number", {"1": "不满意", "5": "满意", "9": "拒答"},
                     code("9"), "ordinal", "F1.0"),
            ["1", "5", "9", ""],
        ),
        (
            Variable("income", "收入", "number", {"-8": "不知道"}, (MissingRange("-inf", "-1"),),
                     "scale", "F8.2"),
            ["3500.1", "-8", "0.30000000000000004", ""],
        ),
        (Variable("性 别", "", "text", {"男": "男性", "": "没有填"}, code("拒"), "nominal"),
         ["男", "女", "拒", ""]),
        (Variable("born", "出生日期", "date", measure="scale"), ["1961-02-03", "", "2001-12-31", "1899-01-01"]),
    ],
    (ResponseSet("渠道", "用过哪些", ("满意度", "income"), "1"),),
    title="调查", encoding="GBK", weight="income",
)  # fmt: skip


@given(tables(), st.sampled_from(FORMATS))
@few
def test_a_saved_table_reads_back_as_it_was(tmp_path: Path, made: RawTable, suffix: str) -> None:
    saved = save_table(made, tmp_path / f"made{suffix}")
    assert facts(read_saved(saved.path)) == facts(made)


@given(tables(names=st.sampled_from(["q1", "题二", "c_3"])))
@few
def test_a_sav_alone_holds_everything(tmp_path: Path, made: RawTable) -> None:
    headers = [f"{name}_{place}" for place, name in enumerate(made.headers)]
    variables = [
        replace(one, name=name)
        for one, name in zip(made.dictionary.variables, headers, strict=True)  # type: ignore[union-attr]
    ]
    columns = [made.cells.iloc[:, place].tolist() for place in range(len(headers))]
    # The reader doubts a file whose texts are all western: a Chinese one shows that it is UTF-8.
    chinese = (Variable("z", "题", "number"), ["1"] * len(made.cells))
    renamed = table([*zip(variables, columns, strict=True), chinese])
    save_table(renamed, tmp_path / "made.sav")
    assert facts(read_table(tmp_path / "made.sav")) == facts(renamed)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_survey_reads_back_whole(tmp_path: Path, suffix: str) -> None:
    saved = save_table(SURVEY, tmp_path / f"调查{suffix}")
    back = read_saved(saved.path)
    assert facts(back) == facts(SURVEY)
    assert back.dictionary is not None
    assert SURVEY.dictionary is not None
    assert back.dictionary.sets == SURVEY.dictionary.sets
    assert (back.dictionary.title, back.dictionary.weight) == ("调查", "income")
    assert [one.format for one in back.dictionary.variables] == ["F1.0", "F8.2", "", ""]
    assert "原文件是 GBK，写成 UTF-8。" in saved.notes


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_table_makes_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    made = [save_table(SURVEY, tmp_path / f"{name}{suffix}") for name in "ab"]
    assert made[0].path.read_bytes() == made[1].path.read_bytes()
    assert made[0].codebook.read_bytes() == made[1].codebook.read_bytes()
    assert b"2026" not in made[0].path.read_bytes()[:200]


def test_another_reader_finds_the_same_in_the_sav(tmp_path: Path) -> None:
    save_table(SURVEY, tmp_path / "a.sav")
    frame, about = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True)
    assert about.column_names == ["满意度", "income", "性_别", "born"]
    assert about.column_labels == ["您满意吗？", "收入", "性 别", "出生日期"]
    assert about.missing_ranges["满意度"] == [{"lo": 9.0, "hi": 9.0}]
    assert about.missing_ranges["income"] == [{"lo": float("-inf"), "hi": -1.0}]
    assert about.variable_value_labels["满意度"][9.0] == "拒答"
    assert frame["income"].tolist()[:3] == [3500.1, -8, 0.1 + 0.2]
    assert str(frame["born"][0]) == "1961-02-03"
    plain, _ = pyreadstat.read_sav(tmp_path / "a.sav")
    assert plain["满意度"].isna().tolist() == [False, False, True, True]


def test_pandas_finds_the_missing_codes_missing_in_the_dta(tmp_path: Path) -> None:
    saved = save_table(SURVEY, tmp_path / "a.dta")
    frame = pd.read_stata(saved.path, convert_categoricals=False)
    assert frame["满意度"].tolist()[:2] == [1, 5]
    assert frame["满意度"].isna().tolist() == [False, False, True, True]
    assert frame["income"].isna().tolist() == [False, True, False, True]
    assert str(frame["born"][0].date()) == "1961-02-03"
    assert pd.read_stata(saved.path)["满意度"].iloc[0] == "不满意"
    assert "声明为缺失的代码写成 Stata 的扩展缺失值：9→.a，-8→.b。" in saved.notes


def test_a_dta_alone_keeps_labels_and_what_is_missing(tmp_path: Path) -> None:
    save_table(SURVEY, tmp_path / "a.dta")
    first = read_table(tmp_path / "a.dta")
    assert first.dictionary is not None
    satisfied = first.dictionary.variables[0]
    assert first.cells["满意度"].tolist() == ["1", "5", ".a", ""]
    assert satisfied.values == {"1": "不满意", "5": "满意", ".a": "拒答"}
    assert satisfied.missing == code(".a")


def test_letters_of_stata_become_declared_codes_in_spss(tmp_path: Path) -> None:
    made = table([
        (Variable("q", "问", "number", {"1": "是", ".a": "拒答"}, code(".a", ".d", ".z", ".b")), ["1", ".a", ".z", "-105"]),
        (Variable("t", "日", "date", {".a": "拒答"}, code(".a")), ["2020-01-01", ".a", "", ""]),
    ])  # fmt: skip
    saved = save_table(made, tmp_path / "a.sav")
    alone = read_table(saved.path)
    assert alone.cells["q"].tolist() == ["1", "-1001", "-1026", "-105"]
    assert alone.dictionary is not None
    assert [alone.dictionary.variables[0].is_missing(cell) for cell in alone.cells["q"]] == [
        False, True, True, False,
    ]  # fmt: skip
    assert alone.dictionary.variables[0].values == {"1": "是", "-1001": "拒答"}
    assert alone.dictionary.variables[1].is_missing(alone.cells["t"].iloc[1])
    assert facts(read_saved(saved.path)) == facts(made)


def test_a_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    saved = save_table(SURVEY, tmp_path / "a.csv")
    assert saved.path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(saved.path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[:2] == [["满意度", "income", "性 别", "born"], ["1", "3500.1", "男", "1961-02-03"]]
    assert saved.codebook.name == "a.csv.codebook.csv"


def test_columns_of_which_nothing_is_known_become_numbers_where_nothing_is_lost(
    tmp_path: Path,
) -> None:
    cells = pd.DataFrame(
        {"n": ["1", "NA", "2.5"], "id": ["01", "2", "3"], "t": ["x", "", "NULL"]}, dtype="str"
    )
    saved = save_table(RawTable(Path("a.csv"), "", cells), tmp_path / "a.sav")
    back = read_table(saved.path)
    assert back.dictionary is not None
    assert [one.kind for one in back.dictionary.variables] == ["number", "text", "text"]
    assert back.cells["n"].tolist() == ["1", "", "2.5"]
    assert back.cells["id"].tolist() == ["01", "2", "3"]
    assert "3 列没有变量说明" in saved.notes[0]


def test_nothing_is_left_where_a_file_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=r"\.sav、\.zsav、\.dta、\.csv"):
        save_table(SURVEY, tmp_path / "a.xlsx")
    with pytest.raises(ResponseError, match="找不到文件夹"):
        save_table(SURVEY, tmp_path / "absent" / "a.sav")
    bad = table([(Variable("a", kind="text"), ["x\0y"]), (Variable("b", "\ud800"), ["1"])])
    for suffix in FORMATS:
        with pytest.raises(ResponseError, match="2 处有误"):
            save_table(bad, tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


REAL = [
    "sav/jamovi_multi_missing.sav", "sav/pyreadstat_mrs_alltypes.sav", "sav/efc_eurofamcare.sav",
    "sav/foreign_electric.sav", "sav/zh_pku_spss_final_gbk.sav", "sav/zh_pku_spss_final.dta",
    "ugly/ugly_hugelabels.sav", "fixtures/sample.zsav", "fixtures/hebrews.sav", "fixtures/sample.xpt",
    "fixtures/dates.sas7bdat", "fixtures/sample.sas7bdat", "por/NES1948.POR", "ugly/ugly_gb18030.csv",
]  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_files_survive(shared: Path, tmp_path: Path, name: str) -> None:
    given = read_table(shared / "samples/microdata" / name)
    known = given.dictionary is not None and bool(given.dictionary.variables)
    for suffix in (".sav", ".dta", ".csv"):
        back = read_saved(save_table(given, tmp_path / f"a{suffix}").path)
        assert back.headers == given.headers
        for place in range(len(given.headers)):
            theirs, ours = (one.cells.iloc[:, place].str.rstrip(" ") for one in (given, back))
            assert ours.tolist() == theirs.tolist(), given.headers[place]
        if known:
            assert [one[1:6] for one in facts(back)] == [one[1:6] for one in facts(given)]
