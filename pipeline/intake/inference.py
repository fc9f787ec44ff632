"""From what is known of a delivered table to what every column is.

What a definition or a system says stays. The rest is read from the cells and the file's own
labels, and every guess is told. Contact data comes first and never in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.intake.batteries import with_batteries
from pipeline.intake.breakdowns import with_breakdowns
from pipeline.intake.cells import Content, contents
from pipeline.intake.choice_columns import shared_runs
from pipeline.intake.columns import Neighbours, described
from pipeline.intake.contact_data import contact_headers
from pipeline.intake.design_names import body_weights
from pipeline.intake.headers import stem_of
from pipeline.intake.known_items import Settled, completed, settled
from pipeline.intake.missing_codes import missing_options
from pipeline.intake.slot_groups import declared_slots, slot_groups
from pipeline.intake.tick_groups import declared_set, tick_groups
from pipeline.responses.described import Aside, Described, Item, Role
from pipeline.responses.dictionary import Dictionary, ResponseSet
from pipeline.responses.table import RawTable

MOST_LIST = 12
_ONE_ONLY: frozenset[Role] = frozenset({"key", "start", "end", "submitted"})


def inferred(
    table: RawTable, known: Described, columns: Mapping[str, Content] | None = None
) -> Described:
    """Describe every column of a table.

    Parameters
    ----------
    table : tidied, with unique headers
    known : what a definition and the system say; it may leave out columns, kinds and options
    columns : what the columns hold, where that is known already

    Returns
    -------
    Described
        Every column is in one item, or set aside with the reason. Items stand in the order of
        their columns. Whatever is not said by the file, the system or a definition stands in
        `guessed`.
    """
    columns = contents(table) if columns is None else columns
    contacts = contact_headers(columns, known)
    given = settled(_without(known, contacts), columns)
    taken = {aside.role for aside in given.asides} & _ONE_ONLY
    said = given.headers | set(contacts)
    rest = [content for header, content in columns.items() if header not in said]
    groups = _groups(rest, columns, table.dictionary or Dictionary())
    grouped = {header for item in groups for header in item.headers}
    single = [content for content in rest if content.header not in grouped]
    beside = _neighbours([*single, *_open_columns(given, columns)])
    found = [*groups]
    asides = [*given.asides, *(_contact(header) for header in contacts)]
    for one in _each(given, single, columns, beside, taken):
        (asides if isinstance(one, Aside) else found).append(one)  # type: ignore[arg-type]
    place = {header: at for at, header in enumerate(columns)}
    items = sorted(found, key=lambda item: place[item.headers[0]])
    together = with_batteries(items, columns, _open_to_change(given, items))
    return Described(
        with_breakdowns(together, columns),
        tuple(sorted(asides, key=lambda aside: place[aside.header])),
        known.title,
        (*known.notes, *given.notes),
    )


def _each(
    given: Settled,
    single: Sequence[Content],
    columns: Mapping[str, Content],
    beside: Neighbours,
    taken: set[Role],
) -> Iterator[Item | Aside]:
    """Yield what each known item and each single column is; a role is given once."""
    for item in given.items:
        yield completed(item, columns, beside, _ONE_ONLY)
    for content in single:
        one = described(content, beside, taken)
        if isinstance(one, Aside) and one.role in _ONE_ONLY:
            taken.add(one.role)
        yield one


def _contact(header: str) -> Aside:
    return Aside(header, "contact", "名称或内容是联系方式或个人身份，不读入，也不显示。")


def _without(known: Described, headers: Iterable[str]) -> Described:
    gone = set(headers)
    return replace(
        known,
        items=tuple(item for item in known.items if not gone & set(item.headers)),
        asides=tuple(aside for aside in known.asides if aside.header not in gone),
    )


def _groups(
    rest: Sequence[Content], columns: Mapping[str, Content], dictionary: Dictionary
) -> list[Item]:
    """Return the multiple choices that stand in several columns: declared ones first."""
    free = {content.header for content in rest}
    found: list[Item] = []
    for group in dictionary.sets:
        item = _declared(group, columns)
        if item is not None and set(item.headers) <= free:
            found.append(item)
            free -= set(item.headers)
    for finder in (tick_groups, slot_groups):
        for item in finder([content for content in rest if content.header in free]):
            if set(item.headers) <= free:
                found.append(item)
                free -= set(item.headers)
    return found


def _declared(group: ResponseSet, columns: Mapping[str, Content]) -> Item | None:
    return declared_set(group, columns) or declared_slots(group, columns)


def _open_columns(given: Settled, columns: Mapping[str, Content]) -> list[Content]:
    """Return the columns of known items whose kind is left to inference."""
    return [columns[i.headers[0]] for i in given.items if i.kind is None and not i.options]


def _open_to_change(given: Settled, items: Sequence[Item]) -> frozenset[str]:
    """Return the columns of the items of which no definition says what they are."""
    fixed = {h for item in given.items if item.kind is not None for h in item.headers}
    return frozenset(h for item in items for h in item.headers if h not in fixed)


def _neighbours(columns: Sequence[Content]) -> Neighbours:
    """Return what columns with like names have in common."""
    families: dict[tuple[str, int], list[Content]] = {}
    for content in columns:
        if (stem := stem_of(content.header)) is not None:
            families.setdefault((stem.text, stem.pattern), []).append(content)
    family_of = {
        content.header: f"{stem}/{pattern}"
        for (stem, pattern), family in families.items()
        for content in family
        if len(family) >= 3
    }
    lists: dict[str, tuple[str, ...]] = {}
    for family in families.values():
        lists |= _shared_list(family)
    return Neighbours(shared_runs(columns, family_of), lists, body_weights(columns))


def _shared_list(family: Sequence[Content]) -> dict[str, tuple[str, ...]]:
    """Return the texts that columns of like name draw on, if one of them holds nearly all."""
    worded = [c for c in family if c.counts and not c.numbers and len(c.counts) <= MOST_LIST]
    if len(worded) < 3:
        return {}
    gone = {option.cell for content in worded for option in missing_options(content)}
    texts = {c.header: [cell for cell in c.counts if cell not in gone] for c in worded}
    union = dict.fromkeys(cell for cells in texts.values() for cell in cells)
    longest = max(len(cells) for cells in texts.values())
    if not 2 <= len(union) <= min(MOST_LIST, longest + 1):
        return {}
    return {
        header: tuple(union) for header, cells in texts.items() if len(cells) * 2 >= len(union)
    }
