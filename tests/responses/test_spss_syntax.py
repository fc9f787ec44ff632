"""SPSS syntax tells the columns, labels and missing codes of data that lie beside it."""

from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, MissingRange
from pipeline.responses.portable import read_por
from pipeline.responses.read import read_table
from pipeline.responses.spss_layout import Place
from pipeline.responses.spss_syntax import Syntax, read_fixed_width, read_syntax, with_labels_of
from pipeline.responses.table import RawTable

FULL = """* A comment of
  two lines, isn't it.
COMMENT another one, with "quotes.
FILE HANDLE data / NAME='a.dat'.
DATA LIST FILE=data RECORDS=2
  /1 id 1-3 sex 4 (A) q1 TO q3 5-7 /* columns */
  /2 wt 1-4 (2).
VAR LABELS id 'number' /sex "sex, " + "as said" q1 "您的""看法"" ".
VALUE LABELS q1 TO q3 1 "是" 2 'don''t' 9 "NA" / sex 'm' "男" "f" "女".

ADD VALUE LABELS q3 8 "不知道".
MISSING VALUES q1 (9) q2, q3 (LO THRU 0, 8 THRU HIGHEST) / sex ('x', "y").
VARIABLE LEVEL q1 (ORDINAL) /wt (SCALE).
RENAME VARIABLES (q2 = second).
WEIGHT BY wt.
RECODE q1 (9=SYSMIS).
EXECUTE.
"""


def syntax(folder: Path, text: str, encoding: str = "utf-8") -> Syntax:
    path = folder / "a.sps"
    path.write_text(text, encoding=encoding)
    return read_syntax(path)


def data(folder: Path, text: str) -> Path:
    path = folder / "a.dat"
    path.write_bytes(text.encode())
    return path


def about(table: RawTable) -> Dictionary:
    assert table.dictionary is not None
    return table.dictionary


def test_every_command_is_understood(tmp_path: Path) -> None:
    found = syntax(tmp_path, FULL)
    of = found.dictionary
    assert found.records == 2
    assert found.columns == (
        Place("id", 1, 1, 3), Place("sex", 1, 4, 4, is_text=True), Place("q1", 1, 5, 5),
        Place("second", 1, 6, 6), Place("q3", 1, 7, 7), Place("wt", 2, 1, 4, decimals=2),
    )  # fmt: skip
    assert [one.name for one in of.variables] == ["id", "sex", "q1", "second", "q3", "wt"]
    assert of.variable("q1").label == '您的"看法"'
    assert of.variable("sex").label == "sex, as said"
    assert of.variable("sex").values == {"m": "男", "f": "女"}
    assert of.variable("q1").values == {"1": "是", "2": "don't", "9": "NA"}
    assert of.variable("q3").values == {**of.variable("q1").values, "8": "不知道"}
    assert of.variable("q1").missing == (MissingRange("9", "9"),)
    assert of.variable("second").missing == (MissingRange("-inf", "0"), MissingRange("8", "inf"))
    assert of.variable("sex").missing == (MissingRange("x", "x"), MissingRange("y", "y"))
    assert (of.variable("q1").measure, of.variable("wt").measure) == ("ordinal", "scale")
    assert of.weight == "wt"
    assert of.notes == ("语法中改动数据的命令没有执行：RECODE（第 16 行）。数据按原样读。",)


def test_lines_are_cut_into_cells(tmp_path: Path) -> None:
    path = data(tmp_path, "001m129\r\n0125\r\n 2 f 1.\r\n-1.5\r\n")
    table = read_fixed_width(path, syntax(tmp_path, FULL))
    assert table.cells.to_numpy().tolist() == [
        ["1", "m", "1", "2", "9", "1.25"], ["2", "f", "", "1", "", "-1.5"],
    ]  # fmt: skip
    assert table.cells.index.tolist() == [1, 3]
    assert about(table).variable("second").is_missing("9")
    assert len(about(table).notes) == 1
    assert read_table(path).cells.equals(table.cells)  # the syntax beside it is found


def test_doubtful_lines_are_told(tmp_path: Path) -> None:
    told = syntax(tmp_path, "DATA LIST /id 1-3 q 4 n 6-13.\n")
    table = read_fixed_width(data(tmp_path, "001x 00000000\n002"), told)
    assert table.cells.to_numpy().tolist() == [["1", "x", "0"], ["2", "", ""]]
    short, wrong = about(table).notes
    assert "1 行比语法所说的短（第 2 行" in short
    assert "变量 q 应为数字，有 1 格不是（第 1 行 'x'）" in wrong


def test_columns_of_chinese_text_are_counted_as_the_lines_show(tmp_path: Path) -> None:
    told = syntax(tmp_path, "DATA LIST /name 1-4 (A) q 5.\n")
    path = tmp_path / "a.dat"
    path.write_bytes("张三1\n李四2\n".encode("gbk"))  # two bytes a character
    assert read_fixed_width(path, told).cells.to_numpy().tolist() == [["张三", "1"], ["李四", "2"]]
    path.write_text("张三丰 1\nabcd2\n", encoding="utf-8")  # of unlike bytes, of like characters
    table = read_fixed_width(path, told)
    assert table.cells.to_numpy().tolist() == [["张三丰", "1"], ["abcd", "2"]]
    assert "按字符数列" in about(table).notes[0]


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    told = syntax(tmp_path, FULL)
    for text, why in (("", "文件是空的"), ("001m129\n", "最后多出 1 行")):
        with pytest.raises(ResponseError, match=why):
            read_fixed_width(data(tmp_path, text), told)
    labels = syntax(tmp_path, "VARIABLE LABELS a 'b'.")
    with pytest.raises(ResponseError, match="没有 DATA LIST 的列位置"):
        read_fixed_width(data(tmp_path, "1\n"), labels)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("VALUE LABELS q 1 'open\n.", "第 1 行 .*没有成对"),
        ("VALUE LABELS q 1 2.\n\nVARIABLE LABELS a b.", "2 处有误"),
        ("MISSING VALUES q.", "没有 "),
        ("MISSING VALUES q (x).", "'x' 不是编码"),
        ("VARIABLE LEVEL q (BIG).", "测量水平 'BIG'"),
        ("VALUE LABELS a TO b 1 'x'.", "不知道 a TO b"),
        ("DATA LIST FREE /a b.", "不是固定列"),
        ("DATA LIST /a 1 a 2.", "变量重复"),
        ("DATA LIST /a b c 1-4.", "分不匀"),
        ("DATA LIST /a (F8.2).", "只能读写明列号"),
        ("DATA LIST /q1 TO q999999999 1-4.", "太多"),
        ("GET FILE='x'.", "没有找到描述数据的命令"),
        ("", "没有找到描述数据的命令"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_line(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(ResponseError, match=why):
        syntax(tmp_path, text)


def test_labels_are_given_to_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ID,Q1,note\n1,9,x\n", encoding="utf-8")
    told = syntax(
        tmp_path,
        "VALUE LABELS q1 1 '满意' 9 '拒答'/region 'a' '东'.\nMISSING VALUES q1 (9).",
        "gbk",
    )
    table = with_labels_of(read_table(path), told)
    assert table.cells.to_numpy().tolist() == [["1", "9", "x"]]
    assert [one.name for one in about(table).variables] == ["ID", "Q1", "note"]
    assert about(table).variable("Q1").values["9"] == "拒答"
    assert about(table).variable("Q1").is_missing("9")
    assert any("不在数据中：region" in note for note in about(table).notes)
    assert table.labels is not None


def test_limesurvey_syntax_renames_its_columns(tmp_path: Path) -> None:
    told = syntax(
        tmp_path,
        "GET DATA /TYPE=TXT /FILE='x.dat' /DELIMITERS=\",\" /VARIABLES=\n V1 F4\n V2 A10\n V3 F1.\nCACHE.\n"
        'VARIABLE LABELS V2 "语言".\nVALUE LABELS V2\n"A1" "一"\n"2" "二".\nRENAME VARIABLE ( V2 = lang ).\n',
    )
    assert [(one.name, one.kind) for one in told.dictionary.variables] == [
        ("V1", "number"),
        ("lang", "text"),
        ("V3", "number"),
    ]
    assert told.dictionary.variable("lang").values == {"A1": "一", "2": "二"}
    assert told.columns == ()


@pytest.mark.shared
def test_the_same_survey_by_syntax_and_as_portable_file(shared: Path) -> None:
    """NES 1948: all 44,354 cells, all labels and all missing codes are the same."""
    folder = shared / "samples/microdata/por"
    fixed, portable = read_table(folder / "NES1948.DAT"), read_por(folder / "NES1948.POR")
    assert fixed.headers == portable.headers
    assert fixed.cells.to_numpy().tolist() == portable.cells.to_numpy().tolist()
    assert about(fixed).notes == ()
    for one, other in zip(about(fixed).variables, about(portable).variables, strict=True):
        assert (one.name, one.label, one.kind) == (other.name, other.label, other.kind)
        assert one.values == other.values
        assert set(one.missing) == set(other.missing)
