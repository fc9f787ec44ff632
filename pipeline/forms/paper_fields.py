"""Where an answer is put on paper: boxes to tick, rows of a scale, tables, blanks and lines.

Lengths are in em, the height of the body text: a Chinese character is 1 em wide. What fits beside
what is decided here once, so that the Word document and the PDF agree.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal
from unicodedata import east_asian_width

_CODE_WIDTH, _BOX_WIDTH, _GAP, _SPECIFY_WIDTH = 0.45, 1.3, 1.2, 8.0
INDENT = 1.7
"""Of what stands below a stem."""
_MOST_COLUMNS, _MOST_POINTS = 6, 12
_WORD = re.compile(r"[A-Za-z0-9À-ÿ'’.,/()-]+|.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sizes of a print: text in points, the room for text in em and in lines."""

    size: float
    margin: float
    """Of the A4 page, in millimetres."""
    large: bool

    @property
    def width(self) -> float:
        return (210 - 2 * self.margin) / 25.4 * 72 / self.size

    @property
    def lines(self) -> float:
        return (297 - 2 * self.margin) / 25.4 * 72 / (self.size * 1.55)


NORMAL = Sheet(size=10.5, margin=19, large=False)
LARGE = Sheet(size=18, margin=17, large=True)


@dataclass(frozen=True, slots=True)
class Tick:
    """A choice: its box, its code in small print, its words; `apart` if it gives no substance."""

    code: str
    text: str
    specify: str = ""
    """What stands before the line on which to say more; '' where there is no such line."""
    apart: bool = False

    @property
    def small_code(self) -> str:
        """The code to print beside the box; '' where the words begin with it (0 很不满意)."""
        return "" if self.text.split(" ")[0] == self.code else self.code

    @property
    def width(self) -> float:
        more = width(self.specify) + _SPECIFY_WIDTH if self.specify else 0.0
        return _BOX_WIDTH + _CODE_WIDTH * len(self.code) + width(self.text) + more + _GAP


@dataclass(frozen=True, slots=True)
class Ticks:
    """Choices in lines of up to `columns`; a line to write on may take several columns.

    `mark`: a box to tick, or a wider one to write the place of a ranking.
    """

    lines: tuple[tuple[Tick, ...], ...]
    columns: int
    room: float
    """For all columns together."""
    mark: Literal["tick", "place"] = "tick"
    kind: Literal["ticks"] = "ticks"

    def span(self, tick: Tick) -> int:
        """Return how many of the columns a choice takes."""
        return min(self.columns, ceil(tick.width / (self.room / self.columns)))

    @property
    def choices(self) -> tuple[Tick, ...]:
        return tuple(tick for line in self.lines for tick in line)


@dataclass(frozen=True, slots=True)
class Points:
    """A scale in one row of a table."""

    points: tuple[Tick, ...]
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a matrix item or a question of a roster, with its number and words."""

    number: str
    text: str
    route: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix as tables with the same head; `share` is the part of the page its items take."""

    head: tuple[Tick, ...]
    tables: tuple[tuple[Row, ...], ...]
    share: float
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Listed:
    """A matrix whose choices do not fit into a table: each row with its choices below it."""

    rows: tuple[tuple[Row, Ticks], ...]
    kind: Literal["listed"] = "listed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, digits to fill in (`boxes`), or a line to write on (`line`, in em)."""

    text: str = ""
    boxes: int = 0
    line: float = 0.0


@dataclass(frozen=True, slots=True)
class Blanks:
    """A number, day or time: words and blanks in one line, and choices in place of an answer."""

    pieces: tuple[Piece, ...]
    instead: tuple[Tick, ...] = ()
    kind: Literal["blanks"] = "blanks"


@dataclass(frozen=True, slots=True)
class Lines:
    """Ruled lines for an answer in own words."""

    count: int
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class Cell:
    """A question of a roster: its words, and where each entry puts its answer."""

    row: Row
    field: Ticks | Blanks | Lines


@dataclass(frozen=True, slots=True)
class Entries:
    """A roster: how many there are, then one column per entry; `heads` are those of each table."""

    count: Blanks
    heads: tuple[tuple[str, ...], ...]
    cells: tuple[Cell, ...]
    more: str
    share: float
    together: bool = False
    """Whether each of its tables is kept on one page."""
    kind: Literal["entries"] = "entries"


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to fill in: a note."""

    kind: Literal["nothing"] = "nothing"


Field = Ticks | Points | Grid | Listed | Blanks | Lines | Entries | Nothing


def width(text: str) -> float:
    """Return the width of a text in em: 1 for a Chinese character, about half for a letter."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.55 for letter in text)


def height(text: str, room: float) -> int:
    """Return how many lines a text fills in a column of `room` em; 0 of no text."""
    return sum(max(1, ceil(width(part) / max(room, 1.0))) for part in text.split("\n") if part)


def _fits(text: str, room: float, most: int) -> bool:
    """Whether a text needs at most so many lines and none of its words is wider than the room."""
    words: Iterable[str] = _WORD.findall(text)
    return height(text, room) <= most and all(width(one) <= room for one in words)


def ticks(
    choices: Sequence[Tick], room: float, *, one_per_line: bool, mark: Literal["tick", "place"]
) -> Ticks:
    """Put choices into as few lines as they fit in, in columns that stand below one another."""
    if one_per_line:
        return Ticks(tuple((one,) for one in choices), 1, room, mark)
    plain = [one.width for one in choices if not one.specify]
    columns = max(1, min(_MOST_COLUMNS, int(room / max(plain, default=room))))
    if len(choices) > columns:  # 7 in two lines stand as 4 and 3, not as 6 and 1
        columns = ceil(len(choices) / ceil(len(choices) / columns))
    empty = Ticks((), columns, room, mark)
    lines: list[list[Tick]] = []
    free = 0
    for one in choices:
        taken = empty.span(one)
        if taken > free:
            lines.append([])
            free = columns
        lines[-1].append(one)
        free -= taken
    return replace(empty, lines=tuple(tuple(line) for line in lines))


def scale(points: Sequence[Tick], sheet: Sheet) -> Points | Ticks:
    """Put a scale into one row where its labels fit; in large print, one point per line."""
    room = sheet.width / len(points) - 0.8
    specified = any(one.specify for one in points)
    if sheet.large or specified or len(points) > _MOST_POINTS:
        return ticks(points, sheet.width - INDENT, one_per_line=sheet.large, mark="tick")
    if not all(_fits(one.text, room, 3) for one in points):
        return ticks(points, sheet.width - INDENT, one_per_line=False, mark="tick")
    return Points(tuple(points))


_COLUMN = 3.4
"""Em that a choice of a matrix takes with three characters abreast (“说不准”)."""


def matrix(head: Sequence[Tick], rows: Sequence[Row], sheet: Sheet) -> Grid | Listed:
    """Put a matrix into a table, or, where its head does not fit, into choices below each row."""
    longest = max(width(row.text) + 2.5 for row in rows)
    spare = 1 - _COLUMN * len(head) / sheet.width
    share = max(min(longest / sheet.width, 0.36, spare), 0.26 if spare < 0.36 else 0.2)
    room = sheet.width * (1 - share) / len(head) - 0.7
    if not all(_fits(one.text, room, 4) for one in head):
        made = ticks(head, sheet.width - 2 * INDENT, one_per_line=sheet.large, mark="tick")
        return Listed(tuple((row, made) for row in rows))
    per_table = 5 if sheet.large else len(rows)
    count = ceil(len(rows) / per_table)
    even = ceil(len(rows) / count)
    tables = tuple(tuple(rows[at : at + even]) for at in range(0, len(rows), even))
    return Grid(tuple(head), tables, share)


def field_height(field: Field, sheet: Sheet) -> float:
    """Return about how many lines of text a field takes."""
    match field:
        case Ticks():
            return sum(
                max(1, height("　" * int(line[0].width), sheet.width)) if len(line) == 1 else 1
                for line in field.lines
            )
        case Points():
            room = sheet.width / len(field.points) - 0.8
            return 1.6 + max(height(one.text, room) for one in field.points)
        case Grid():
            return max(_table_height(field, table, sheet) for table in field.tables)
        case Listed():
            return sum(1 + field_height(choices, sheet) for _, choices in field.rows)
        case Entries():
            return sheet.lines
        case Lines():
            return 1.5 * field.count
        case Blanks():
            return 1.3
        case Nothing():
            return 0


def _table_height(grid: Grid, rows: Sequence[Row], sheet: Sheet) -> float:
    room = sheet.width * (1 - grid.share) / len(grid.head) - 0.7
    head = max(height(one.text, room) for one in grid.head)
    texts = (f"{row.number} {row.text}{row.route}" for row in rows)
    return head + sum(0.4 + height(one, sheet.width * grid.share - 1) for one in texts)
