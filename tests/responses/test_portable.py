"""Portable files keep their declared missing codes, and read the same as other readers read them."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.responses.dictionary import Dictionary, MissingRange
from pipeline.responses.portable import CHARACTERS, read_por
from pipeline.responses.portable_numbers import number
from pipeline.responses.table import RawTable

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRST"


def table_of_characters() -> str:
    places = [chr(CHARACTERS.get(place, ord("0"))) for place in range(256)]
    return "".join(places)


def text(words: str) -> str:
    return f"{in_base_30(len(words.encode()))}/{words}"


def in_base_30(whole: int) -> str:
    made = ""
    while whole:
        whole, digit = divmod(whole, 30)
        made = DIGITS[digit] + made
    return made or "0"


def portable(path: Path, records: str, encoding: str = "utf-8") -> Path:
    """Write a file with the records after the date and the time."""
    body = "SPSSPORTA" + text("20260101") + text("120000") + records
    content = ("x" * 200 + table_of_characters() + body).encode(encoding)
    lines = [content[at : at + 80].ljust(80, b"Z") for at in range(0, len(content), 80)]
    path.write_bytes(b"\r\n".join(line.rstrip(b" ") for line in lines) + b"\r\n")
    return path


def variable(name: str, width: int = 0, kind: int = 5) -> str:
    return f"7{in_base_30(width)}/{text(name)}" + f"{in_base_30(kind)}/8/2/" * 2


def about(table: RawTable) -> Dictionary:
    assert table.dictionary is not None
    return table.dictionary


RECORDS = (
    "4" + "4/" + "6" + text("W")
    + variable("Q") + "A9/" + "80/" + "C" + text("满意吗")
    + variable("W") + variable("S", 8, 1) + "8" + text("zz")
    + variable("D", 0, 20) + "91/" + "B2/3/"
    + "D1/" + text("Q") + "2/" + "1/" + text("是") + "9/" + text("不愿回答")
    + "E1/" + text("a document") + "F"
)  # fmt: skip


def test_every_record_is_read(tmp_path: Path) -> None:
    day = in_base_30(13797216000)  # 2020-01-01 in SPSS's seconds
    cases = f"1/1.F/{text('a b ')}{day}/" + f"9/-.3/{text('zz')}*." + f"*.2+2/{text(' ')}1/" + "Z"
    table = read_por(portable(tmp_path / "a.por", RECORDS + cases))
    assert table.cells.to_numpy().tolist() == [
        ["1", "1.5", "a b", "2020-01-01"], ["9", "-0.1", "zz", ""], ["", "1800", "", "1582-10-14 00:00:01"],
    ]  # fmt: skip
    told = about(table)
    assert told.weight == "W"
    assert told.encoding == "UTF-8"
    assert "UTF-8" in told.notes[0]
    q, _, s, d = told.variables
    assert (q.label, q.values) == ("满意吗", {"1": "是", "9": "不愿回答"})
    assert q.missing == (MissingRange("9", "inf"), MissingRange("0", "0"))
    assert (s.kind, s.format) == ("text", "A8.2")
    assert s.is_missing("zz")
    assert d.missing[0].low == "-inf"


def test_other_encodings_are_told_by_the_text(tmp_path: Path) -> None:
    records = "41/" + variable("Q") + "C" + "C/您的性别是" + "F1/Z"  # 12 bytes, 6 characters
    content = portable(tmp_path / "a.por", records, "gbk")
    content.write_bytes(
        content.read_bytes().replace(b"C/" + "您".encode("gbk"), b"A/" + "您".encode("gbk"))
    )
    assert about(read_por(content)).variable("Q").label == "您的性别是"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 12))
@settings(max_examples=50)
def test_a_number_is_the_nearest_double(value: float, places: int) -> None:
    scaled = round(Fraction(value) * 30**places)
    digits = in_base_30(abs(scaled))
    exact = Fraction(scaled, 30**places)
    written = "-" * (scaled < 0) + f"{digits}-{in_base_30(places)}"
    assert number(written) == float(exact)
    assert number("-" * (scaled < 0) + digits[:1] + "." + digits[1:]) == float(
        Fraction(scaled, 30 ** (len(digits) - 1))
    )


@pytest.mark.parametrize(
    "wrong", ["", "-", ".", "1..2", "U", "1_0", "1+", "T+TT" + "T", "T+TT", "1" * 500 + "."]
)
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wrong)}$"):
        number(wrong)


@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9) | st.none(),
            st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=8),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
@settings(max_examples=15)
def test_what_the_library_writes_is_read(
    rows: list[tuple[int | None, str]], tmp_path_factory
) -> None:
    path = tmp_path_factory.mktemp("por") / "a.por"
    frame = pd.DataFrame(
        {"N": pd.array([n for n, _ in rows], "Float64"), "S": [s for _, s in rows]}
    )
    pyreadstat.write_por(
        frame.assign(N=frame["N"].astype("float64")), path, column_labels=["n", "s"]
    )
    table = read_por(path)
    assert [about(table).variable(name).label for name in ("N", "S")] == ["n", "s"]
    assert table.cells.to_numpy().tolist() == [["" if n is None else str(n), s] for n, s in rows]


def test_damage_is_refused_with_its_place(tmp_path: Path) -> None:
    whole = portable(tmp_path / "a.por", RECORDS + f"1/1/{text('a')}1/Z").read_bytes()
    damaged = tmp_path / "b.por"
    for length in range(0, len(whole) - 80, 41):
        damaged.write_bytes(whole[:length])
        with pytest.raises(ResponseError, match=r"portable file|damaged or cut off"):
            read_por(damaged)
    for records in (
        "X",
        "7",
        variable("Q") * 2,
        "D1/" + text("Q"),
        "42/" + variable("Q") + "FZ",
        "FZ",
        "10/FZ",
    ):
        with pytest.raises(ResponseError, match=r"第 .* 行附近读不下去"):
            read_por(portable(damaged, records))


@pytest.mark.shared
def test_the_election_study_of_1948(shared: Path) -> None:
    """Every cell, label and missing code as pyreadstat has them, and the codebook's 196 counts."""
    path = shared / "samples/microdata/por/NES1948.POR"
    table = read_por(path)
    assert table.cells.shape == (662, 67)
    columns, other = pyreadstat.read_por(
        path, output_format="dict", disable_datetime_conversion=True
    )
    compared = missing = 0
    for name, values in columns.items():
        told = about(table).variable(name)
        assert told.label == (other.column_names_to_labels[name] or "")
        assert {
            float(c) if told.kind == "number" else c: label for c, label in told.values.items()
        } == (other.variable_value_labels.get(name, {}))
        for cell, value in zip(table.cells[name], values, strict=True):
            if value is None:  # the library erases what is declared missing
                assert cell == "" or told.is_missing(cell)
                missing += 1
            else:
                assert (
                    (cell == value.rstrip()) if isinstance(value, str) else (float(cell) == value)
                )
                assert not told.is_missing(cell)
                compared += 1
    assert (compared, missing) == (26_489, 17_865)
    index = json.loads((shared / "samples/microdata/index.json").read_text(encoding="utf-8"))
    counts = [one for one in index["published_results"] if one["file"] == "NES1948.POR"]
    assert len(counts) == 196
    for one in counts:
        name, code = re.match(r"count (\w+)==(-?[\d.]+)", one["statistic"]).groups()  # type: ignore[union-attr]
        assert (table.cells[name] == code).sum() == one["published_estimate"]
