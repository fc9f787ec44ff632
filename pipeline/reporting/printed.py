"""How a result prints: as an aligned table in a terminal, and as a table in a notebook.

A Chinese character takes the room of two letters. Figures use no characters whose width depends on
the terminal's language (dashes, true minus, ±), so that columns align everywhere.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self
from unicodedata import combining, east_asian_width

import pandas as pd
from markupsafe import Markup

from pipeline.errors import ResponseError
from pipeline.i18n import LANGUAGES, Language

GAP = "  "
WIDEST = 44
"""Room of the first column on a terminal; longer answers are cut there, not in notebooks."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts: the first column is words, the others are figures.

    A row of a single entry is a heading over the rows below it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, repr=False)
class Printed(ABC):
    """A result: its figures as a DataFrame, and a table of them that people read.

    Attributes
    ----------
    frame : the figures, unrounded
    language : of the words; see `within`
    """

    frame: pd.DataFrame
    language: Language

    @abstractmethod
    def grids(self) -> Sequence[Grid]:
        """Return the tables to show."""

    @abstractmethod
    def notes(self) -> Sequence[str]:
        """Return what a reader must know beside the tables."""

    def within(self, language: Language) -> Self:
        """Return the same result in another language: ``print(result.within("en"))``."""
        return replace(self, language=known_language(language))

    def __str__(self) -> str:
        parts = [text_of(grid) for grid in self.grids()]
        return "\n\n".join([*parts, "\n".join(self.notes())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [html_of(grid) for grid in self.grids()]
        notes = Markup("<br>").join(self.notes())
        return str(Markup("").join(parts) + Markup('<p style="{}">{}</p>').format(NOTE, notes))


def known_language(given: object) -> Language:
    """Return a language; one that results cannot be printed in is refused.

    Raises
    ------
    ResponseError
        Naming the languages there are.
    """
    for language in LANGUAGES:
        if given == language:
            return language
    raise ResponseError(
        f"language={given!r}: 没有这种语言，可用 {'、'.join(map(repr, LANGUAGES))}。"
        "(no such language; use one of these)"
    )


def width(text: str) -> int:
    """Return the room that a text takes on a terminal, in letters."""
    return sum(
        0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text
    )


def text_of(grid: Grid) -> str:
    """Return a grid as lines of text: words to the left, figures to the right."""
    rows = [tuple(_cut(entry) if place == 0 else entry for place, entry in enumerate(row))
            for row in grid.rows]  # fmt: skip
    full = [row for row in (grid.head, *rows) if len(row) > 1]
    room = [max((width(row[place]) for row in full), default=0) for place in range(len(grid.head))]
    room[0] = max([room[0], *(width(row[0]) for row in rows)], default=room[0])

    def line(row: tuple[str, ...]) -> str:
        parts = [row[0] + " " * (room[0] - width(row[0]))]
        for entry, of in zip(row[1:], room[1:], strict=False):
            parts.append(" " * (of - width(entry)) + entry)
        return GAP.join(parts).rstrip()

    rule = "-" * (sum(room) + len(GAP) * (len(room) - 1))
    return "\n".join([grid.caption, line(grid.head), rule, *map(line, rows)])


def html_of(grid: Grid) -> Markup:
    """Return a grid as an HTML table that carries its own look, for a notebook's output."""
    rows = Markup("").join(_html_rows(grid))
    head = Markup("").join(
        Markup('<th scope="col" style="{}">{}</th>').format(HEAD + _align(place), entry)
        for place, entry in enumerate(grid.head)
    )
    return Markup(
        '<div style="overflow-x:auto"><table style="{}"><caption style="{}">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(TABLE, CAPTION, grid.caption, head, rows)


TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0 0 1em"
CAPTION = "caption-side:top;text-align:left;font-weight:700;padding:0 0 6px;white-space:pre-line"
HEAD = "border-bottom:1px solid currentColor;padding:3px 10px;vertical-align:bottom;"
CELL = "border-bottom:1px solid rgba(128,128,128,.25);padding:3px 10px;vertical-align:baseline;"
NOTE = "font-size:90%;opacity:.8;margin:0 0 1em"


def _html_rows(grid: Grid) -> Iterator[Markup]:
    for row in grid.rows:
        if len(row) == 1:
            yield Markup('<tr><th colspan="{}" scope="rowgroup" style="{}">{}</th></tr>').format(
                len(grid.head), CELL + "text-align:left;padding-top:9px", row[0].strip()
            )
            continue
        first = Markup('<th scope="row" style="{}">{}</th>').format(
            CELL + "text-align:left;font-weight:400", row[0].strip()
        )
        rest = Markup("").join(
            Markup('<td style="{}">{}</td>').format(CELL + _align(place), entry)
            for place, entry in enumerate(row[1:], start=1)
        )
        yield Markup("<tr>{}{}</tr>").format(first, rest)


def _align(place: int) -> str:
    return "text-align:left" if place == 0 else "text-align:right;white-space:nowrap"


def _cut(text: str) -> str:
    if width(text) <= WIDEST:
        return text
    while width(text) > WIDEST - 2:
        text = text[:-1]
    return f"{text}.."
