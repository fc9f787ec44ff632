"""Tables to save, and what makes two tables the same."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from pipeline.responses import readstat, readstat_child
from pipeline.responses.dictionary import Dictionary, Kind, MissingRange, ResponseSet, Variable
from pipeline.responses.table import RawTable, exact_text


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's library in this process: starting another for each example takes a third of a second."""

    def answer(path: Path, kind: str, encoding: str) -> tuple[Any, ...]:
        return readstat_child.answer(kind, str(path), encoding)

    monkeypatch.setattr(readstat, "_answer", answer)


def code(*codes: str) -> tuple[MissingRange, ...]:
    return tuple(MissingRange(one, one) for one in codes)


def table(
    columns: Iterable[tuple[Variable, list[str]]],
    sets: tuple[ResponseSet, ...] = (),
    **about: str,
) -> RawTable:
    made = list(columns)
    rows = list(zip(*(cells for _, cells in made), strict=True))
    headers = pd.Index([variable.name for variable, _ in made], dtype="str")
    cells = pd.DataFrame(rows, columns=headers, dtype="str")
    cells.index = pd.RangeIndex(1, len(rows) + 1, name="raw_row")
    dictionary = Dictionary(tuple(variable for variable, _ in made), sets, **about)
    return RawTable(Path("made.sav"), "", cells, dictionary=dictionary)


def facts(of: RawTable) -> list[tuple[Any, ...]]:
    """Everything that must survive of each variable; formats are the programs' own."""
    assert of.dictionary is not None
    return [
        (one.name, one.label, one.kind, dict(one.values), frozenset(one.missing), one.measure,
         of.cells.iloc[:, place].tolist())
        for place, one in enumerate(of.dictionary.variables)
    ]  # fmt: skip


words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
).map(lambda text: text.rstrip(" "))
numbers = st.one_of(
    st.integers(-9, 99).map(str),
    st.floats(-1e300, 1e300).map(exact_text),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(exact_text),
)
days = st.dates().filter(lambda day: day.year >= 1583)
moments = st.datetimes(min_value=pd.Timestamp(1583, 1, 1).to_pydatetime(warn=False)).map(
    lambda moment: moment.replace(microsecond=0).isoformat(sep=" ")
)
times = st.tuples(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59)).map(
    lambda parts: "{:02}:{:02}:{:02}".format(*parts)
)
CELLS: Mapping[Kind, st.SearchStrategy[str]] = {
    "number": numbers, "text": words, "date": days.map(str), "datetime": moments, "time": times,
}  # fmt: skip
names = st.sampled_from(
    ["q1", "Q1", "q 2", "题一", "a.b", "其他（注明）", "1x", "_z", "to", "x" * 70, ""]
)


@st.composite
def variables(draw: st.DrawFn, rows: int, name: str) -> tuple[Variable, list[str]]:
    kind = draw(st.sampled_from(list(CELLS)))
    known = draw(st.lists(CELLS[kind], min_size=1, max_size=6, unique=True))
    cells = draw(st.lists(st.sampled_from(["", *known]), min_size=rows, max_size=rows))
    codes = [one for one in known if one]
    # A text that is longer than all cells cannot have a label in SPSS, see test_sav.
    may = sorted(set(cells) - {""}) if kind == "text" else codes
    labelled = draw(st.lists(st.sampled_from(may), max_size=3, unique=True)) if may else []
    values = {one: draw(words) for one in labelled}
    return (
        Variable(
            name,
            draw(words),
            kind,
            values,
            draw(_declared(kind, codes)),
            draw(st.sampled_from(["nominal", "ordinal", "scale", "unknown"])),
        ),
        cells,
    )  # fmt: skip


def _declared(kind: Kind, codes: list[str]) -> st.SearchStrategy[tuple[MissingRange, ...]]:
    """What SPSS can declare: three codes, or a range and a code."""
    if kind == "text":
        codes = [one for one in codes if len(one.encode()) <= 8]
    if not codes:
        return st.just(())
    discrete = st.lists(st.sampled_from(codes), max_size=3, unique=True).map(
        lambda some: code(*some)
    )
    if kind != "number":
        return discrete
    ends = st.tuples(st.integers(-50, 0), st.integers(1, 9)).map(
        lambda pair: MissingRange(str(pair[0]), str(pair[1]))
    )
    low = st.just(MissingRange("-inf", "-1"))
    ranged = st.tuples(st.one_of(ends, low), discrete).map(lambda pair: (pair[0], *pair[1][:1]))
    return st.one_of(discrete, ranged)


@st.composite
def tables(draw: st.DrawFn, *, names: st.SearchStrategy[str] = names) -> RawTable:
    rows = draw(st.integers(0, 6))
    called = draw(st.lists(names, min_size=1, max_size=4))
    return table(draw(variables(rows, name)) for name in called)
