"""Match the questions of a definition to the columns of a tidied table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.intake.definitions import Defined, Definition
from pipeline.intake.definitions.answers import (
    Read,
    differing,
    read_column,
    read_joined,
    read_ticks,
    said_missing,
)
from pipeline.intake.definitions.places import Found, Places
from pipeline.responses.described import Aside, Column, Described, Item, ItemKind
from pipeline.responses.table import RawTable

NAMED = 12
"""Names that a note lists; the rest is counted."""


def matched(definition: Definition, table: RawTable, system_name: str) -> Described:
    """Return what a definition says of the columns of a tidied table.

    Columns that it does not know are left out. A question of which the cells do not fit is
    described without options, for inference to look at; every doubt stands in `Item.guessed`.

    Parameters
    ----------
    system_name : of the system that made the table, for the notes
    """
    places = Places(table, definition.questions)
    found = places.found(definition.questions)
    items: list[Item] = []
    asides: list[Aside] = []
    for place, one in enumerate(definition.questions):
        if place in found:
            item, set_aside = _item(one, found[place], table)
            items.append(item)
            asides += set_aside
    for extra in definition.extras:
        if header := places.take(extra.names):
            asides.append(Aside(header, extra.role, extra.why))
    notes = (*_notes(definition, found, system_name), *definition.lost)
    return Described(tuple(items), tuple(asides), definition.title, notes)


def _item(one: Defined, found: Found, table: RawTable) -> tuple[Item, list[Aside]]:
    """Return the question with its place and options, and the columns that only repeat it."""
    cells = table.cells
    aside: list[Aside] = []
    if found.ticks:
        read = read_ticks(one, found.ticks, cells[list(found.ticks.values())])
        kind: ItemKind | None = "multiple_choice"
        if found.column:
            joined = read_joined(one, found.column, cells[found.column])
            why = f"与“{next(iter(found.ticks.values()))}”等 0/1 列是同一题，用的是后者。"
            if _holds_more(joined, found):
                read = joined
                why = f"与“{found.column}”是同一题；那一列的选项更全，用的是它。"
                aside = [Aside(header, "derived", why) for header in found.ticks.values()]
            else:
                aside = [Aside(found.column, "derived", why)]
                if rows := differing(read, joined, cells):
                    said = f"{rows} 份答卷的 0/1 列与“{found.column}”列不一致，用的是 0/1 列。"
                    read = replace(read, notes=(*read.notes, said))
    else:
        read, kind = _one_column(one, found.column, cells[found.column])
    where = read.where or Column(found.column)
    options, doubts = said_missing(read.options)
    if read.where is None:
        kind = None if one.options else kind
        doubts = (*doubts, _does_not_fit(one, read))
    item = Item(
        one.text, where, one.name, kind, options, one.group, one.group_text,
        minimum=one.minimum, maximum=one.maximum, english=one.english,
        guessed=(*one.lost, *read.notes, *doubts),
    )  # fmt: skip
    return item, aside


def _holds_more(joined: Read, found: Found) -> bool:
    """Tell whether the joined column has options that no column of ticks has."""
    return joined.where is not None and not joined.seen <= found.ticks.keys()


def _one_column(one: Defined, header: str, cells: pd.Series) -> tuple[Read, ItemKind | None]:
    if one.kind == "multiple_choice":
        return read_joined(one, header, cells), "multiple_choice"
    if not one.options:
        return Read(Column(header)), one.kind
    read = read_column(one, header, cells)
    if one.kind is None and read.unknown:
        joined = read_joined(one, header, cells)
        if joined.where is not None and joined.unknown < read.unknown / 2:
            return joined, "multiple_choice"
    # What is a row of a matrix may be a point of a scale; nothing but its labels can tell.
    kind = one.kind or (None if one.group else "single_choice")
    return read, kind


def _does_not_fit(one: Defined, read: Read) -> str:
    defined = "、".join(option.label for option in one.options[:3])
    return (
        f"定义里的选项（{defined}……）与这一列对不上："
        f"{read.unknown} 格不在其中，所以没有用定义的选项。"
    )


def _notes(definition: Definition, found: dict[int, Found], system_name: str) -> Iterator[str]:
    questions = definition.questions
    yield (
        f"按{definition.system} {definition.path.name} 认出 {len(found)} 道题"
        f"（定义里有 {len(questions)} 道，答卷按 {system_name} 读）。"
    )
    absent = [one for place, one in enumerate(questions) if place not in found]
    if alone := [_called(one, questions) for one in absent if not one.repeated and not one.beside]:
        yield f"定义里有 {len(alone)} 道题在数据中没有列：{_listed(alone)}。"
    if inside := [one.name for one in absent if one.repeated]:
        yield f"重复组里有 {len(inside)} 道题不在这个文件里：{_listed(inside)}。"


def _called(one: Defined, questions: Sequence[Defined]) -> str:
    """Return a question's name; with its text where the name is not its own."""
    alone = sum(other.name == one.name for other in questions) == 1
    return one.name if alone else f"{one.name}“{one.text[:16]}”"


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} 等 {len(names)} 个"
