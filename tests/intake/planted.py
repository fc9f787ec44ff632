"""Tables with planted answers: what was answered is known before any of it is drafted or read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from hypothesis import strategies as st

from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.described import Column, Item, Joined, Option, Slots, Ticks
from pipeline.responses.table import RawTable

CONTENTS = (
    "1", "2", "5", "1.5", "007", "是", "否", "Very good", "a: b", "? q", ":x", "- b", "=1+1", "<<",
    "#n", "甲;乙", "A, B", "x\ny", "'", '"', "~", "null", "很长" * 60, "①", "{", "*a", "yes", "丙", "%", "2018-01-01",
)  # fmt: skip
"""What options are called; the worst that YAML, codes and separators may meet."""
SEPARATORS = (";", "; ", "; ;", ", ", "┋", "|", " ", "、")
TICKED = (
    (("1",), ("0",)), (("Yes",), ("No",)), (("TRUE",), ("FALSE",)), (("1.0",), ("0.0",)),
    (("✓", "是"), ("Not selected",)), (("x",), ()), ((), ("0", "否")), ((), ()),
)  # fmt: skip
REASONS: dict[MissingKind, str] = {
    "refused": "R!", "dont_know": "-8", "not_asked": "(跳过)", "no_answer": "-2"
}  # fmt: skip
ROWS = 5


@dataclass(frozen=True)
class Planted:
    """One question: its item, its columns, and what each row answered.

    An answer is a content, a frozenset of contents, a number, a text, or a reason of missing.
    """

    item: Item
    columns: Mapping[str, list[str]]
    answers: list[object]


def table_of(columns: Mapping[str, list[str]]) -> RawTable:
    cells = pd.DataFrame({h: pd.Series(c, dtype="str") for h, c in columns.items()})
    cells.columns = pd.Index(list(columns), dtype="str")
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="raw_row")
    return RawTable(Path("t.csv"), "0" * 64, cells)


@st.composite
def surveys(draw: st.DrawFn) -> list[Planted]:
    kinds = draw(
        st.lists(
            st.sampled_from((single, ticks, slots, joined, number, words)), min_size=1, max_size=5
        )
    )
    return [draw(kind(place)) for place, kind in enumerate(kinds, start=1)]


def _options(draw: st.DrawFn) -> tuple[Option, ...]:
    cells = draw(st.lists(st.sampled_from(CONTENTS), unique=True, min_size=2, max_size=5))
    kinds = draw(st.lists(st.sampled_from(sorted(REASONS)), unique=True, max_size=2))
    label = st.sampled_from(("", "标签: #1", "两\n行", '"引"'))
    return (
        *(Option(cell, draw(label)) for cell in cells),
        *(Option(REASONS[kind], kind, missing=kind) for kind in kinds),
    )


def _one_of(draw: st.DrawFn, options: tuple[Option, ...]) -> list[tuple[str, object]]:
    """Return cell and answer of each row; an empty cell is no answer."""
    given = {option.cell: option.missing or option.cell for option in options}
    cells = draw(st.lists(st.sampled_from(("", "NA", *given)), min_size=ROWS, max_size=ROWS))
    return [(cell, given.get(cell, "no_answer")) for cell in cells]


@st.composite
def single(draw: st.DrawFn, place: int) -> Planted:
    options = _options(draw)
    rows = _one_of(draw, options)
    kind = draw(st.sampled_from(("single_choice", "scale")))
    item = Item("单选？", Column(f"v{place}"), f"v{place}", kind, options, group=draw(GROUPS))
    return Planted(item, {f"v{place}": [cell for cell, _ in rows]}, [said for _, said in rows])


GROUPS = st.sampled_from(("", "矩阵", "b"))


@st.composite
def ticks(draw: st.DrawFn, place: int) -> Planted:
    cells = draw(st.lists(st.sampled_from(CONTENTS), unique=True, min_size=2, max_size=4))
    ticked, unticked = draw(st.sampled_from(TICKED))
    reasons = draw(st.dictionaries(st.sampled_from(("-3", "-2", "(跳过)")), KINDS, max_size=2))
    chosen = st.frozensets(st.sampled_from(cells)) | st.sampled_from(("", *reasons))
    rows = draw(st.lists(chosen, min_size=ROWS, max_size=ROWS))
    yes = st.sampled_from(ticked or ("又", "9"))
    no = st.sampled_from(unticked or ("",))
    headers = {cell: f"v{place}〖{at}〗" for at, cell in enumerate(cells)}
    columns = {
        header: [row if isinstance(row, str) else draw(yes if cell in row else no) for row in rows]
        for cell, header in headers.items()
    }
    answers: list[object] = [
        reasons.get(row, "no_answer") if isinstance(row, str) or not (row or unticked) else row
        for row in rows
    ]
    where = Ticks(headers, ticked, unticked, reasons)
    options = tuple(Option(cell, cell) for cell in draw(st.permutations(cells)))
    return Planted(
        Item("多选？", where, f"v{place}", "multiple_choice", options), columns, answers
    )


KINDS = st.sampled_from(sorted(REASONS))


def _several(draw: st.DrawFn, options: tuple[Option, ...]) -> list[tuple[list[str], object]]:
    """Return the contents that each row holds, and its answer."""
    said = [option.cell for option in options if option.missing is None]
    gone = {option.cell: option.missing for option in options if option.missing}
    row = st.lists(st.sampled_from(said), unique=True, max_size=3)
    if gone:
        row |= st.sampled_from([[cell] for cell in gone])
    rows = draw(st.lists(row, min_size=ROWS, max_size=ROWS))
    return [
        (cells, gone[cells[0]] if cells and cells[0] in gone else frozenset(cells) or "no_answer")
        for cells in rows
    ]


@st.composite
def slots(draw: st.DrawFn, place: int) -> Planted:
    options = _options(draw)
    rows = _several(draw, options)
    headers = tuple(f"v{place}_{at}" for at in range(3))
    columns = {
        header: [cells[at] if at < len(cells) else "" for cells, _ in rows]
        for at, header in enumerate(headers)
    }
    item = Item("多选？", Slots(headers), f"v{place}", "multiple_choice", options)
    return Planted(item, columns, [said for _, said in rows])


@st.composite
def joined(draw: st.DrawFn, place: int) -> Planted:
    options = _options(draw)
    separator = draw(st.sampled_from(SEPARATORS))
    end = draw(st.sampled_from(("", separator)))
    rows = _several(draw, options)
    cells = [separator.join(cells) + end if cells else "" for cells, _ in rows]
    where = Joined(f"v{place}", separator)
    item = Item("多选？", where, f"v{place}", "multiple_choice", options)
    return Planted(item, {f"v{place}": cells}, [said for _, said in rows])


@st.composite
def number(draw: st.DrawFn, place: int) -> Planted:
    options = (
        Option("998", "说不清", "dont_know"),
        Option("拒答", "拒答", "refused"),
        Option(".a", "", "not_asked"),
    )
    given: dict[str, object] = {"": "no_answer", **{o.cell: o.missing for o in options}}
    told = st.sampled_from((*given, "0", "3", "-4", "17.25", "1e3", " 12 ", "998.0"))
    cells = draw(st.lists(told, min_size=ROWS, max_size=ROWS))
    given["998.0"] = "dont_know"
    item = Item("几？", Column(f"v{place}"), f"v{place}", "number", options)
    return Planted(
        item,
        {f"v{place}": cells},
        [given[cell] if cell in given else float(cell) for cell in cells],
    )


@st.composite
def words(draw: st.DrawFn, place: int) -> Planted:
    cells = draw(
        st.lists(st.sampled_from(("", "路远", "=1+1", "a\nb")), min_size=ROWS, max_size=ROWS)
    )
    item = Item("为何？", Column(f"v{place}"), f"v{place}", "open_ended")
    return Planted(item, {f"v{place}": cells}, [cell or "no_answer" for cell in cells])
