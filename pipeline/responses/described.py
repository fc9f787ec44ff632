"""What was asked, as far as a delivered table shows it, before it becomes a questionnaire.

A system's module or a definition file describes the columns that it knows; inference describes
the rest. In the end every column is part of one `Item` or set `Aside`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.questionnaire.questions import MissingKind

ItemKind = Literal["single_choice", "scale", "multiple_choice", "number", "open_ended"]
Role = Literal[
    "key", "submitted", "start", "end", "seconds", "language", "mode", "version",
    "weight", "strata", "cluster", "fpc", "contact", "date", "empty", "constant",
    "metadata", "identifier", "derived", "unreadable",
]  # fmt: skip
"""Why a column is no question. The first eight are read as facts about the interview."""


@dataclass(frozen=True, slots=True)
class Option:
    """A content that a cell can have, and what it means.

    Attributes
    ----------
    cell : as it stands in the tidied table (of ticks: what the option is called in `ticks`)
    label : as people read it
    missing : set where it gives no substance
    guessed : why `missing` or the label is thought so; '' where the file or a definition says it
    exclusive : cannot stand beside others ("none of these")
    """

    cell: str
    label: str
    missing: MissingKind | None = None
    guessed: str = ""
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The answer stands in one column."""

    header: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A multiple choice in one column, its options joined by `separator`."""

    header: str
    separator: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """A multiple choice in one column per option.

    Attributes
    ----------
    headers : option's cell (see `Option`) -> header of its column
    ticked, unticked : contents that mean chosen, and shown but not chosen. Any other content that
        is not empty also means chosen where `ticked` is empty (label-or-blank columns); an empty
        cell means not chosen where any column of the row is filled
    missing : contents that mean that there is no answer (``-3``: not asked), and why
    """

    headers: Mapping[str, str]
    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()
    missing: Mapping[str, MissingKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slots:
    """A multiple choice in several columns, each of which holds one chosen option or nothing."""

    headers: tuple[str, ...]


Where = Column | Joined | Ticks | Slots


@dataclass(frozen=True, slots=True)
class Item:
    """One question as the delivered file or a definition shows it.

    Attributes
    ----------
    text : what was asked; never empty
    name : what the export calls it (``Q5``, ``v12``), '' where it has no short name
    kind : None leaves it to inference
    options : of a choice, all that are known, in the order asked; () leaves them to inference. Of
        a number, contents that mean a missing answer (each with `missing` set)
    group : the matrix or battery that it is an item of, '' where it stands alone
    english : the text in English where `text` is Chinese and a definition has both
    guessed : what was inferred, in whole Chinese sentences for the analyst to check
    """

    text: str
    where: Where
    name: str = ""
    kind: ItemKind | None = None
    options: tuple[Option, ...] = ()
    group: str = ""
    group_text: str = ""
    reverse: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    english: str = ""
    domain: bool = False
    guessed: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns in which the answers stand."""
        match self.where:
            case Column(header) | Joined(header, _):
                return (header,)
            case Ticks(headers):
                return tuple(headers.values())
            case Slots(headers):
                return headers


@dataclass(frozen=True, slots=True)
class Aside:
    """A column that is no question: why, in a Chinese sentence for the analyst."""

    header: str
    role: Role
    why: str


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a table's columns so far.

    Attributes
    ----------
    title : of the survey, '' where nothing names it
    notes : what could not be carried over, or should be known, in whole Chinese sentences
    """

    items: tuple[Item, ...] = ()
    asides: tuple[Aside, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def headers(self) -> frozenset[str]:
        """The columns that are described."""
        of_items = {header for item in self.items for header in item.headers}
        return frozenset(of_items | {aside.header for aside in self.asides})
