"""Typeform: csv with the question texts as headers; the options of a multiple choice are columns.

The export of a multiple choice has its options' labels as headers and does not have its question.
``Other`` ends its options and holds the words typed; it is the header of several columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.responses.cell_words import normal
from pipeline.responses.described import Column, Described, Item, Option
from pipeline.responses.systems import System
from pipeline.responses.systems.columns import (
    TYPED,
    Known,
    bare,
    by_bare_name,
    contents,
    given,
    has_value_labels,
    is_numeric,
    labels_of,
    of_unique,
    set_aside,
    shown,
    with_labels,
    with_typed_apart,
)
from pipeline.responses.systems.ticks import labelled, multiple_choice
from pipeline.responses.table import RawTable

_OWN: Mapping[str, Known] = by_bare_name(
    {
        "Start Date (UTC)": Known("start", "开始时间（UTC）。"),
        "Submit Date (UTC)": Known("submitted", "交卷时间（UTC）。"),
        "Stage Date (UTC)": Known("metadata", "到达当前阶段的时间（UTC）。"),
        "Network ID": Known("contact", "由网络地址算出的编号，可以认出人。"),
        "Response Type": Known("metadata", "是否答完。"),
        "Tags": Known("metadata", "标签。"),
        "Ending": Known("metadata", "结束页。"),
        "Token": Known("identifier", "Typeform 的答卷编号。"),
    }
)
_KEY = "#"
_TELLING = ("Network ID", "Start Date (UTC)", "Submit Date (UTC)", "Stage Date (UTC)")
_PLAIN_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?")
_OTHER = frozenset({"other", "其他", "其它"})
_YES_NO = frozenset({"0", "1"})
_SHOWN = 3
_NO_TEXT = "Typeform 的导出没有多选题的题干，只有选项。请补上题干，并核对这些选项是否属于同一题。"


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbours that hold their own header or nothing, and the "other" that ends them."""

    headers: tuple[str, ...]
    other: str


def _signs(table: RawTable) -> str:
    """Return why a table is an export of Typeform; '' if it is not."""
    if has_value_labels(table):
        return ""
    told = [header for header in table.headers if header.strip() in _TELLING]
    if len(told) < 2 and not (told and _KEY in table.headers):
        return ""
    return f"有列 {'、'.join(told)}，是 Typeform 的导出。"


def _tidied(table: RawTable) -> RawTable:
    """Return the table with its own headers as labels, UTC times told so, typed words apart."""
    made = with_labels(table, table.headers, [shown(header) for header in table.headers])
    cells = made.cells.copy()
    for header in made.headers:
        if (known := _OWN.get(bare(header))) and known.role in ("start", "submitted"):
            cells[header] = cells[header].map(_in_utc).astype("str")
    made = replace(made, cells=cells)
    labels = _own_labels(made)
    for run in list(_runs(made)):
        if run.other:
            made = with_typed_apart(made, run.other, run.headers, labels[run.other], "")
    return made


def _described(table: RawTable) -> Described:
    """Return Typeform's own columns, multiple choices, yes/no questions and typed words."""
    table = of_unique(table)
    asides = set_aside(
        table.cells,
        (
            (h, Known("key", "Typeform 的答卷编号。") if h == _KEY else _OWN.get(bare(h)))
            for h in table.headers
        ),
    )
    aside = {one.header for one in asides}
    items = [item for run in _runs(table) for item in _of_run(table, run)]
    taken = aside | {header for item in items for header in item.headers}
    left = [header for header in table.headers if header not in taken]
    items += _of_one(table, left)
    order = {header: place for place, header in enumerate(table.headers)}
    items.sort(key=lambda item: order[item.headers[0]])
    return Described(tuple(items), asides, notes=tuple(_notes(table)))


def _in_utc(cell: str) -> str:
    time = cell.strip()
    return f"{time}+00:00" if _PLAIN_TIME.fullmatch(time) else cell


def _own_labels(table: RawTable) -> dict[str, str]:
    """Return each column's header as it was delivered, before it was told apart from its like."""
    return {header: label or header for header, label in labels_of(table).items()}


def _runs(table: RawTable) -> Iterator[_Run]:
    """Yield the columns of each multiple choice.

    A label that comes again begins a new question, as does whatever follows an "other".
    """
    run: list[str] = []
    labels: set[str] = set()
    own = _own_labels(table)
    headers = [*(h for h in table.headers if not h.endswith(TYPED)), None]
    for header in headers:
        label = "" if header is None else own[header]
        is_other = normal(label).casefold() in _OTHER
        holds_label = header is not None and _holds_its_label(table.cells[header], label)
        if header is not None and holds_label and not is_other and label not in labels:
            run.append(header)
            labels.add(label)
            continue
        if len(run) > 1:
            yield _Run(tuple(run), header if is_other and header is not None else "")
        again = header is not None and holds_label and not is_other
        run = [header] if again and header is not None else []
        labels = {label} if again else set()


def _holds_its_label(cells: pd.Series, label: str) -> bool:
    found = contents(cells)
    return bool(found) and all(normal(shown(word)) == normal(label) for word in found)


def _of_run(table: RawTable, run: _Run) -> Iterator[Item]:
    headers = [*run.headers, *([run.other] if run.other else [])]
    labels = _own_labels(table)
    words = {header: labels[header] for header in headers}
    typed = f"{run.other}{TYPED}"
    apart = bool(run.other) and typed in table.headers
    ticks = labelled(
        table.cells, words if apart else {header: words[header] for header in run.headers}
    )
    if ticks is None:
        return
    first = "、".join(list(words.values())[:_SHOWN])
    text = f"（多选题，题干待补：{first}……）"
    yield multiple_choice(table.cells, ticks, text, guessed=(_NO_TEXT,))
    if apart:
        yield Item(f"{text[:-1]}，其他，请注明）", Column(typed), "", "open_ended")


def _of_one(table: RawTable, left: Sequence[str]) -> Iterator[Item]:
    """Yield the yes/no questions, and the words typed beside a single choice."""
    labels = _own_labels(table)
    before = dict(zip(table.headers[1:], table.headers, strict=False))
    for header in left:
        found = contents(table.cells[header])
        label = labels[header]
        if set(found) == _YES_NO:
            yield Item(
                label,
                Column(header),
                "",
                "single_choice",
                (Option("1", "是"), Option("0", "否")),
                guessed=("只有 1 和 0，看作 Typeform 的是非题：1 是，0 否。",),
            )
        elif (
            normal(label).casefold() in _OTHER
            and header in before
            and found
            and not is_numeric(found)
        ):
            yield Item(
                f"{labels[before[header]]}（其他，请注明）",
                Column(header),
                "",
                "open_ended",
                guessed=("列名只有 Other，看作前一题的“其他”所填的文字。",),
            )


def _notes(table: RawTable) -> Iterator[str]:
    for header in table.headers:
        if bare(header) != bare("Response Type"):
            continue
        words = given(table.cells[header]).str.casefold()
        if count := int(words.isin(["partial", "started"]).sum()):
            yield f"列 {header} 显示有 {count} 份没有答完。"


SYSTEM = System("typeform", "Typeform", _signs, _tidied, _described)
