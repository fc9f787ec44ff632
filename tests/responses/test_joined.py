"""Files of one survey are joined on a key; what does not meet is said, never dropped silently."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, MissingRange, ResponseSet, Variable
from pipeline.responses.joined import joined
from pipeline.responses.sas import read_xport
from pipeline.responses.table import RawTable


def made(
    name: str, columns: Mapping[str, Sequence[str]], dictionary: Dictionary | None = None
) -> RawTable:
    cells = pd.DataFrame(dict(columns), dtype="str")
    cells.index = pd.Index(range(2, len(cells) + 2), dtype="int64", name="raw_row")
    return RawTable(Path(name), name * 8, cells, dictionary=dictionary)


def notes(table: RawTable) -> str:
    assert table.dictionary is not None
    return "\n".join(table.dictionary.notes)


FIRST = made("a.csv", {"id": ["1", "2.0", " 3", "007", ""], "sex": ["m", "f", "f", "m", "m"]})
LATER = made("b.xpt", {"id": ["3", "1", "2", "9", "NA"], "bmi": ["30", "10", "20", "90", "0"]})


def test_rows_of_one_key_meet_in_the_order_of_the_first_file() -> None:
    table = joined([FIRST, LATER], "id")
    assert table.headers == ["id", "sex", "bmi"]
    assert table.cells["bmi"].tolist() == ["10", "20", "30", "", ""]
    assert table.cells.index.tolist() == [2, 3, 4, 5, 6]
    assert table.path == Path("a.csv")
    assert notes(table) == (
        "b.xpt: 5 行，其中 3 行对上；a.csv 有 2 行没有对应；只在 b.xpt 里的 2 行没有读入（如第 5 行）。"
    )


def test_the_fingerprint_is_that_of_all_files_in_their_order() -> None:
    one, other = joined([FIRST, LATER], "id").sha256, joined([LATER, FIRST], "id").sha256
    assert len(one) == 64
    assert one != other
    assert joined([FIRST], "id") is FIRST


def test_a_key_may_have_several_parts_and_repeat_in_the_first_file() -> None:
    persons = made("p.csv", {"户": ["1", "1", "1", "2"], "人": ["1", "1", "2", "1"]})
    visits = made("v.csv", {"人": ["1.0", "2", "1"], "户": ["1", "1", "3"], "q": ["a", "b", "c"]})
    table = joined([persons, visits], ["户", "人"])
    assert table.cells["q"].tolist() == ["a", "a", "b", ""]
    assert "只在 v.csv 里的 1 行没有读入（如第 4 行）" in notes(table)


def test_a_header_in_both_files_is_kept_once_if_equal_and_else_named_after_its_file() -> None:
    later = made("b.csv", {"id": ["1", "2", "3"], "sex": ["m", "f", "f"], "age": ["5", "6", "7"]})
    third = made("c.csv", {"id": ["1", "2"], "sex": ["m", "m"], "age": ["5.0", "6"]})
    table = joined([FIRST, later, third], "id")
    assert table.headers == ["id", "sex", "age", "sex (c.csv)"]
    assert table.cells["sex (c.csv)"].tolist() == ["m", "m", "", "", ""]
    assert "b.csv: “sex” 与前面文件的内容相同" in notes(table)
    assert "c.csv: “sex” 与前面文件同名而内容不同" in notes(table)


def test_labels_missing_codes_and_sets_are_kept_under_the_new_names() -> None:
    nine = (MissingRange("9", "9"),)
    known = Dictionary(
        (Variable("id"), Variable("sex", "性别", values={"m": "男"})), notes=("读时有一点。",)
    )
    said = Dictionary(
        (Variable("id"), Variable("sex", "二次", missing=nine), Variable("t", "勾")),
        (ResponseSet("set", "多选", ("sex", "t"), "1"),),
        notes=("另一点。",),
    )
    first = made("a.csv", {"id": ["1"], "sex": ["m"]}, known)
    later = made("b.sav", {"id": ["1"], "sex": ["9"], "t": ["1"]}, said)
    dictionary = joined([first, later], "id").dictionary
    assert dictionary is not None
    assert [one.name for one in dictionary.variables] == ["id", "sex", "sex (b.sav)", "t"]
    assert dictionary.variable("sex").values == {"m": "男"}
    assert dictionary.variable("sex (b.sav)").missing == nine
    assert dictionary.sets[0].variables == ("sex (b.sav)", "t")
    assert dictionary.notes[:2] == ("a.csv: 读时有一点。", "b.sav: 另一点。")


@pytest.mark.parametrize(
    ("later", "on", "said"),
    [
        ({"ID": ["1"]}, "id", "没有列“id”，相近的有 ID"),
        ({"uid": ["1"], "x": ["1"]}, "id", "没有列“id”，相近的有 uid"),
        ({"id": ["1", "1.0", "2"], "x": ["1", "2", "3"]}, "id", "1 个 id 不止一行：第 2、3 行"),
        ({"id": ["71", "72"], "x": ["1", "2"]}, "id", "一个也没有对上：a.csv 里样子如 9、9、9，这里样子如 99、99"),
        ({"id": ["", "NA"], "x": ["1", "2"]}, "id", "这里样子如 （都是空的）"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused(
    later: Mapping[str, Sequence[str]], on: str, said: str
) -> None:
    with pytest.raises(ResponseError) as refused:
        joined([FIRST, made("b.csv", later)], on)
    assert said in str(refused.value)


def test_a_key_that_stands_twice_in_a_header_is_refused() -> None:
    twice = RawTable(Path("b.csv"), "b", pd.DataFrame([["1", "2"]], columns=["id", "id"]))
    with pytest.raises(ResponseError, match="有 2 列叫“id”"):
        joined([FIRST, twice], "id")


KEYS = st.lists(st.integers(0, 30), min_size=1, max_size=20)


@settings(max_examples=50)
@given(KEYS, KEYS.map(lambda keys: sorted(set(keys))))
def test_no_row_of_the_first_file_is_lost_and_every_value_stands_beside_its_key(
    first: list[int], later: list[int]
) -> None:
    tables = [
        made("a.csv", {"id": list(map(str, first))}),
        made("b.csv", {"id": [f"{key}.0" for key in later], "q": [f"v{key}" for key in later]}),
    ]
    if not set(first) & set(later):
        with pytest.raises(ResponseError):
            joined(tables, "id")
        return
    table = joined(tables, "id")
    assert table.cells["id"].tolist() == list(map(str, first))
    assert table.cells["q"].tolist() == [f"v{key}" if key in later else "" for key in first]


@pytest.mark.shared
def test_nhanes_body_measures_meet_the_demographics(shared: Path) -> None:
    """NHANES 2015-16: 9,971 persons interviewed, 9,544 examined (CDC, BMX_I documentation)."""
    folder = shared / "samples/microdata/xpt"
    demographics, measures = read_xport(folder / "DEMO_I.XPT"), read_xport(folder / "BMX_I.XPT")
    table = joined([demographics, measures], "SEQN")
    assert table.cells.shape == (9971, 47 + 26 - 1)
    assert (table.cells["BMXWT"] != "").sum() == (measures.cells["BMXWT"] != "").sum()
    assert "BMX_I.XPT: 9544 行，其中 9544 行对上；DEMO_I.XPT 有 427 行没有对应。" in notes(table)
    assert table.dictionary is not None
    assert "Body Mass Index" in table.dictionary.variable("BMXBMI").label
