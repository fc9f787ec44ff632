"""What a definition or a system says of the columns, completed from the cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.intake.cells import Content
from pipeline.intake.columns import Neighbours, described
from pipeline.intake.delimited_choices import split
from pipeline.responses.cell_words import normal
from pipeline.responses.described import (
    Aside,
    Column,
    Described,
    Item,
    Joined,
    Option,
    Role,
    Slots,
    Ticks,
)
from pipeline.responses.dictionary import MissingRange
from pipeline.responses.missing_words import REASONS, missing_kind_of

MOST_OPTIONS = 60
MOST_ADDED = 15
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Settled:
    """Known items and columns put aside, each column claimed once, and what was left out."""

    items: tuple[Item, ...]
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]

    @property
    def headers(self) -> frozenset[str]:
        """The columns that are claimed."""
        return Described(self.items, self.asides).headers


def settled(known: Described, columns: Mapping[str, Content]) -> Settled:
    """Return what is known of columns that the table has; the first to claim a column keeps it."""
    free = set(columns)
    asides, items, notes = [], [], []
    for aside in known.asides:
        if aside.header in free:
            free.discard(aside.header)
            asides.append(aside)
    for item in known.items:
        kept = _within(item, free)
        if kept is None:
            notes.append(f"“{item.text[:40]}” 所在的列不在表中，或已是别的题，没有收入。")
            continue
        if len(kept.headers) < len(item.headers):
            gone = "、".join(h for h in item.headers if h not in kept.headers)
            notes.append(f"“{item.text[:40]}” 的列 {gone} 不在表中，其选项没有列。")
        free -= set(kept.headers)
        items.append(kept)
    return Settled(tuple(items), tuple(asides), tuple(notes))


def _within(item: Item, free: Collection[str]) -> Item | None:
    """Return an item with the columns that are free; None if none is left."""
    match item.where:
        case Ticks(headers):
            left = {cell: header for cell, header in headers.items() if header in free}
            unique = len(set(left.values())) == len(left)
            return (
                replace(item, where=replace(item.where, headers=left)) if left and unique else None
            )
        case Slots(headers):
            kept = tuple(dict.fromkeys(header for header in headers if header in free))
            return replace(item, where=Slots(kept)) if kept else None
        case Column(header) | Joined(header, _):
            return item if header in free else None


def completed(
    item: Item, columns: Mapping[str, Content], beside: Neighbours, taken: Collection[Role]
) -> Item | Aside:
    """Return an item with a kind and options; a column set aside if it can be no question.

    What the item says stays. Contents that it does not know are added behind its options and
    marked as guessed, unless they are plainly no answers.
    """
    match item.where:
        case Ticks(headers):
            named = item.options or tuple(Option(cell, cell) for cell in headers)
            return replace(item, kind=item.kind or "multiple_choice", options=named)
        case Slots(headers):
            counts = _together([columns[header] for header in headers])
            return _with_found(replace(item, kind=item.kind or "multiple_choice"), counts)
        case Joined(header, separator):
            counts = _parts(columns[header], separator)
            return _with_found(replace(item, kind=item.kind or "multiple_choice"), counts)
        case Column(header):
            content = columns[header]
    if item.kind is None:
        return _with_kind(item, content, beside, taken)
    if item.kind in ("single_choice", "scale"):
        return _with_choices(item, content, beside)
    if item.kind == "multiple_choice":
        found = described(_labelled(content, item), beside, taken)
        joined = isinstance(found, Item) and isinstance(found.where, Joined)
        where = found.where if joined and isinstance(found, Item) else item.where
        counts = _parts(content, where.separator) if isinstance(where, Joined) else content.counts
        return _with_found(replace(item, where=where), counts)
    return item


def _with_kind(
    item: Item, content: Content, beside: Neighbours, taken: Collection[Role]
) -> Item | Aside:
    found = described(_labelled(content, item), beside, taken)
    if isinstance(found, Aside):
        asked = [option for option in item.options if option.missing is None]
        if found.role == "constant" and len(asked) >= 2:
            return _with_found(replace(item, kind="single_choice"), content.counts)
        return replace(found, why=f"“{item.text[:40]}”：{found.why}")
    known = {normal(option.cell): option for option in item.options}
    new = [option for option in found.options if normal(option.cell) not in known]
    lost: tuple[str, ...] = ()
    if found.kind == "number":
        dropped = [o for o in item.options if o.missing is None and o.cell in content.counts]
        kept = [option for option in item.options if option.missing is not None]
        options = (*kept, *(option for option in new if option.missing is not None))
        lost = tuple(f"{o.cell} 有标签 “{o.label}”，按数字读取，标签没有保留。" for o in dropped)
    elif found.kind == "open_ended":
        options = ()
    else:
        points = [known.get(normal(o.cell), o) for o in found.options]
        told = {normal(point.cell) for point in points}
        behind = [o for o in item.options if normal(o.cell) not in told]
        if len(item.options) > MOST_OPTIONS:  # a long list is cut to what occurs
            behind = [option for option in behind if option.missing is not None]
        options = (*points, *behind)
    guessed = (*item.guessed, *found.guessed, *lost)
    return replace(
        item, kind=found.kind, options=options, where=found.where, guessed=guessed,
        unit=item.unit or found.unit,
    )  # fmt: skip


def _labelled(content: Content, item: Item) -> Content:
    """Return the column as if the file itself said what the item says of its codes."""
    if not item.options:
        return content
    values = {normal(option.cell): option.label for option in item.options}
    gone = [normal(option.cell) for option in item.options if option.missing is not None]
    missing = (*content.variable.missing, *(MissingRange(cell, cell) for cell in gone))
    variable = replace(content.variable, values=values, missing=missing)
    return Content(content.header, variable, content.counts, content.places)


def _with_choices(item: Item, content: Content, beside: Neighbours) -> Item:
    if item.options:
        return _with_found(item, content.counts)
    found = described(content, beside, ())
    if isinstance(found, Item) and found.kind in ("single_choice", "scale"):
        return replace(item, options=found.options, guessed=(*item.guessed, *found.guessed))
    if len(content.counts) > MOST_OPTIONS:
        why = f"定义说是选择题，但有 {len(content.counts)} 种内容，当作开放题。"
        return replace(item, kind="open_ended", guessed=(*item.guessed, why))
    return _with_found(item, content.counts)


def _together(family: Sequence[Content]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for content in family:
        for cell, rows in content.counts.items():
            counts[cell] = counts.get(cell, 0) + rows
    return counts


def _parts(content: Content, separator: str) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for cell, rows in content.counts.items():
        for part in split(cell, normal(separator)) if separator else (cell,):
            counts[part] = counts.get(part, 0) + rows
    return counts


def _with_found(item: Item, counts: Mapping[str, int]) -> Item:
    """Add the contents that an item does not know, if they may be answers."""
    known = {normal(option.cell) for option in item.options}
    unknown = [cell for cell in counts if cell not in known]
    if not unknown:
        return item
    if item.options and len(unknown) > max(MOST_ADDED, len(item.options)):
        shown = "、".join(f"“{cell[:20]}”" for cell in unknown[:3])
        why = (
            f"有 {len(unknown)} 种内容不在选项中（如 {shown}），没有加入，请核对是否为这道题的列。"
        )
        return replace(item, guessed=(*item.guessed, why))
    added = tuple(_added(item, unknown, counts))
    return replace(item, options=(*item.options, *added[:MOST_OPTIONS]))


def _added(item: Item, unknown: Sequence[str], counts: Mapping[str, int]) -> Iterator[Option]:
    figures = bool(item.options) and all(_is_code(option.cell) for option in item.options)
    for cell in sorted(unknown, key=lambda one: (not _is_code(one), len(one), one)):
        kind = missing_kind_of(cell)
        plain = cell.isprintable() and "\ufffd" not in cell and len(cell) <= LONGEST_LABEL
        if kind is None and item.options and (not plain or (figures and not _is_code(cell))):
            continue
        why = f"“{cell}”（{counts[cell]} 行）不在已知的选项中，请核对。" if item.options else ""
        if kind is not None:
            why += f"按字面当作“{REASONS[kind]}”。"
        yield Option(cell, cell, kind, why)


def _is_code(cell: str) -> bool:
    return cell.lstrip("-").isdecimal()
