"""`source.yaml`: what it may say, and where it is wrong."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.errors import ResponseError
from pipeline.responses.source import SOURCE, File, Source, Stands, read_source

TEXT = """\
layout: plain
files:
  - {name: a.csv, encoding: gbk}
  - {name: b.csv}
on: [id]
key: id
fields: {submitted: 时间}
questions:
  q1: {column: 性别}
  q2: {ticks: {1: a, 2: b}, ticked: ['1'], unticked: ['0'], missing: {'-3': 9}}
  q3: {slots: [s1, s2], values: {甲: 1}}
  q4: {joined: j, separator: ┋, values: {甲: 1}}
design: {kind: probability, weight: w, strata: [h], clusters: [c1, c2], fpc: [N]}
"""


def written(folder: Path, text: str) -> Path:
    (folder / SOURCE).write_text(text, encoding="utf-8")
    return folder


def test_a_source_names_all_columns_that_are_read(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, TEXT))
    assert source is not None
    assert source.headers == {
        "id", "时间", "性别", "a", "b", "s1", "s2", "j", "w", "h", "c1", "c2", "N"
    }  # fmt: skip
    places = source.questions
    assert [places[q].headers for q in places] == [("性别",), ("a", "b"), ("s1", "s2"), ("j",)]
    assert places["q2"].missing == {"-3": 9}
    assert source.files[0] == File(name="a.csv", encoding="gbk")


def test_a_folder_without_a_description_has_none(tmp_path: Path) -> None:
    assert read_source(tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on: [id]\n", "", "several files need `on`"),
        (
            "q1: {column: 性别}",
            "q1: {column: 性别, joined: j, separator: ;}",
            "exactly one of column",
        ),
        ("q1: {column: 性别}", "q1: {}", "第 9 行 (line 9), questions.q1"),
        ("separator: ┋, ", "", "joined needs a separator"),
        ("ticks: {1: a, 2: b}", "ticks: {x: a, 2: b}", "questions.q2"),
        ("layout: plain", "layout: plain\nlayuot: x", "layuot"),
        ("fields: {submitted: 时间}", "fields: {sent: 时间}", "fields.sent"),
        ("kind: probability", "kind: random", "design.kind"),
        ("q1: {column: 性别}", "Q 1: {column: 性别}", "questions.Q 1"),
        ("key: id", "key: [", "YAML"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in TEXT
    with pytest.raises(ResponseError) as refused:
        read_source(written(tmp_path, TEXT.replace(old, new)))
    assert said in str(refused.value)
    assert SOURCE in str(refused.value)


def test_a_source_needs_a_file() -> None:
    with pytest.raises(ValidationError, match="files"):
        Source(layout="plain", files=(), questions={"q": Stands(column="a")})
