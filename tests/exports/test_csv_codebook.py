"""The codebook holds everything known of a table; one that was spoiled is refused."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.exports.csv_codebook import HEADER, beside, read_book
from pipeline.exports.save import save_table
from pipeline.exports.saved import read_saved
from pipeline.responses.dictionary import MissingRange, ResponseSet, Variable
from tests.exports.made import code, in_process, table

__all__ = ["in_process"]

ODD = Variable(
    "同名", "题\n干", "text", {"": "空的", "'": "引号", "a thru b": "", "'x'": "'y'"},
    (*code("", "a thru b", "c"), MissingRange("-inf", "-1")), "nominal", "A8", "QID1",
)  # fmt: skip


def test_odd_codes_and_two_variables_of_one_name_come_back(tmp_path: Path) -> None:
    made = table(
        [(ODD, ["", "'"]), (Variable("同名", "另一个"), ["1", "2"])],
        (ResponseSet("s", "槽", ("同名",), None), ResponseSet("t", "勾", ("a'b",), "1")),
    )
    path = save_table(made, tmp_path / "a.csv").path
    back = read_saved(path)
    assert back.dictionary is not None
    assert made.dictionary is not None
    assert back.dictionary.variables[0] == ODD
    assert back.dictionary.variables[1] == made.dictionary.variables[1]
    assert back.dictionary.sets == made.dictionary.sets
    assert back.cells.iloc[:, 0].tolist() == ["", "'"]


SPOILED = {
    "not,a,codebook\n": "表头应是",
    f"{','.join(HEADER)}\nq,,,number\n": "第 “2” 行不是 10 格",
    f"{','.join(HEADER)}\nq,,,numeric,nominal,,,,,\nr,,,number,high,,,,,\n": "2 处有误",
    '"': "编码本读不出",
}


@pytest.mark.parametrize(("content", "found"), SPOILED.items())
def test_a_spoiled_codebook_is_refused(tmp_path: Path, content: str, found: str) -> None:
    path = tmp_path / "a.codebook.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ResponseError, match=found):
        read_book(path)


def test_a_codebook_of_another_file_is_refused(tmp_path: Path) -> None:
    one = save_table(table([(Variable("a"), ["1"])]), tmp_path / "a.sav")
    other = save_table(table([(Variable("b"), ["1"])]), tmp_path / "b.sav")
    other.codebook.replace(beside(one.path))
    with pytest.raises(ResponseError, match=r"“b”、“a”|“a”、“b”"):
        read_saved(one.path)
    assert read_saved(other.path).headers == ["b"]  # a file without a codebook as it stands


@given(st.binary(min_size=1, max_size=6), st.integers(0, 400), st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_files_are_read_or_refused(
    tmp_path: Path, noise: bytes, at: int, in_codebook: bool
) -> None:
    saved = save_table(table([(ODD, ["", "x"]), (Variable("n"), ["1", "2"])]), tmp_path / "a.csv")
    spoiled = saved.codebook if in_codebook else saved.path
    content = spoiled.read_bytes()
    at %= len(content)
    spoiled.write_bytes(content[:at] + noise + content[at + len(noise) :])
    with suppress(ResponseError):
        read_saved(saved.path)
