"""What the systems ask of a table's columns: their contents, their names, their labels."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.responses.cell_words import EMPTY
from pipeline.responses.described import Aside, Role
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.systems.headers import unique, with_unique_headers
from pipeline.responses.table import RawTable

ONE_OF_EACH = frozenset(
    {"key", "submitted", "start", "end", "seconds", "language", "mode", "version"}
)
"""Facts about the interview: a further column that claims one is set aside as metadata."""
TYPED = "〖其他〗"
"""Ends the header of the column with the words that were typed beside a choice."""
NUMERIC = 0.8
"""Share of a column's different contents that are numbers, above which it is no free text."""
_INLINE = re.compile(r"</?(?:a|b|em|font|i|small|span|strong|sub|sup|u)(?:\s[^<>]{0,400})?>", re.I)
_TAG = re.compile(r"<[^<>]{0,400}>")


@dataclass(frozen=True, slots=True)
class Known:
    """What a system's own column is, and why it is no question, in a Chinese sentence."""

    role: Role
    why: str


def bare(name: str) -> str:
    """Return a name's letters and digits, in small letters.

    ``Duration (in seconds)`` and what R makes of it, ``Duration..in.seconds.``, are alike.
    """
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", name).casefold())).replace(
        "_", ""
    )


def shown(text: str) -> str:
    """Return a text as people read it: without mark-up and repeated blanks."""
    plain = _TAG.sub(" ", _INLINE.sub("", text))
    return " ".join(html.unescape(plain).replace("\ufeff", "").split())


def given(cells: pd.Series) -> pd.Series:
    """Return cells without outer blanks; those that hold nothing (``NA``, ``NULL``) are ''."""
    words = {cell: str(cell).strip() for cell in cells.unique()}
    return cells.map({c: "" if w in EMPTY else w for c, w in words.items()}).astype("str")


def contents(cells: pd.Series) -> tuple[str, ...]:
    """Return the different contents of the filled cells in the order in which they occur."""
    words = (str(cell).strip() for cell in cells.unique())
    return tuple(word for word in dict.fromkeys(words) if word not in EMPTY)


def is_numeric(words: Sequence[str]) -> bool:
    """Tell whether the contents of a column are numbers, apart from a few."""
    numbers = pd.to_numeric(pd.Series(words, dtype="str"), errors="coerce").notna()
    return bool(len(words)) and bool(numbers.mean() > NUMERIC)


def of_unique(table: RawTable) -> RawTable:
    """Return a table whose headers can be told apart, whoever tidied it."""
    return with_unique_headers(table)


def has_value_labels(table: RawTable) -> bool:
    """Tell whether the file itself says what its codes mean; it then needs no system to do so."""
    return table.dictionary is not None and any(v.values for v in table.dictionary.variables)


def labels_of(table: RawTable) -> dict[str, str]:
    """Return header -> label, '' where a column has none."""
    known = {} if table.dictionary is None else {v.name: v for v in table.dictionary.variables}
    return {h: known[h].label if h in known else "" for h in table.headers}


def identifiers_of(table: RawTable) -> dict[str, str]:
    """Return header -> the system's own identifier, '' where a column has none."""
    known = {} if table.dictionary is None else {v.name: v for v in table.dictionary.variables}
    return {h: known[h].identifier if h in known else "" for h in table.headers}


def with_labels(
    table: RawTable,
    headers: Sequence[str],
    labels: Sequence[str],
    identifiers: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> RawTable:
    """Return the table under new, unique headers, with what is known of each in its dictionary.

    Parameters
    ----------
    headers, labels, identifiers : one per column, in order; '' leaves the label as it was. No
        `identifiers` leaves all of them as they were
    """
    names = unique([str(header) for header in headers])
    before = table.dictionary or Dictionary()
    known = {one.name: one for one in before.variables}
    variables = []
    for place, (was, name) in enumerate(zip(table.headers, names, strict=True)):
        old = known.get(was, Variable(was, kind="text"))
        variables.append(
            replace(
                old,
                name=name,
                label=labels[place] or old.label,
                identifier=identifiers[place] if identifiers else old.identifier,
            )
        )
    cells = table.cells.set_axis(pd.Index(names, dtype="str"), axis=1)
    dictionary = replace(
        before, variables=tuple(variables), notes=(*before.notes, *dict.fromkeys(notes))
    )
    return replace(table, cells=cells, dictionary=dictionary)


def with_typed_apart(
    table: RawTable, header: str, siblings: Sequence[str], ticked: str, unticked: str
) -> RawTable:
    """Move the words typed beside a choice into a column of their own, right after its column.

    What stays is `ticked` where something was typed, and `unticked` where nothing was typed and
    one of the `siblings` (the other choices) is filled.
    """
    cells = table.cells.copy()
    words = given(cells[header])
    asked = pd.Series(False, index=cells.index)
    for sibling in siblings:
        asked |= given(cells[sibling]) != ""
    ticks = words.mask(words != "", ticked).mask((words == "") & asked, unticked)
    name = f"{header}{TYPED}"
    while name in cells.columns:
        name += TYPED
    place = table.headers.index(header)
    cells[header] = ticks.astype("str")
    cells.insert(place + 1, name, words)
    dictionary = table.dictionary or Dictionary()
    label = f"{dictionary.variable(header).label or header}（其他，请注明）"
    variables = list(dictionary.variables)
    at = next((i for i, v in enumerate(variables) if v.name == header), len(variables) - 1)
    variables.insert(at + 1, Variable(name, label, kind="text"))
    return replace(table, cells=cells, dictionary=replace(dictionary, variables=tuple(variables)))


def set_aside(
    cells: pd.DataFrame, columns: Iterable[tuple[str, Known | None]]
) -> tuple[Aside, ...]:
    """Return the asides of the columns that a system knows.

    Of the roles of which an interview has one, the first column that holds anything takes it; a
    further one is metadata.
    """
    made: dict[str, Aside] = {}
    taken: set[Role] = set()
    for header, known in columns:
        if known is None or header in made:
            continue
        role = known.role
        if role in ONE_OF_EACH:
            if not contents(cells[header]):
                role = "empty"
            elif role in taken:
                role = "identifier" if role == "key" else "metadata"
            taken.add(role)
        made[header] = Aside(header, role, known.why)
    return tuple(made.values())


def by_bare_name(names: Mapping[str, Known]) -> dict[str, Known]:
    """Return what a system knows by the letters and digits of the names."""
    return {bare(name): known for name, known in names.items()}
