"""The tables of a written questionnaire: a matrix to tick, or fields to fill in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.importers.written_lines import Table
from pipeline.importers.written_options import BLANK, BOXES, split

_TO_TICK = re.compile(rf"[\s{BOXES}√✓()（）]*")
_POINT = re.compile(r"\s*[(（]?(-?\d{1,3})[)）]?\s*分?\s*")
_COUNTS = re.compile(r"序号|编号|题号|No\.?", re.I)
LONGEST_FIELD = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix: its choices, the code that stands in each column or None, and its rows."""

    choices: tuple[str, ...]
    codes: tuple[int | None, ...]
    rows: tuple[str, ...]


def grid_of(table: Table) -> Grid | None:
    """Return the matrix that a table is; None where it is none."""
    rows = [[" ".join(cell.split()) for cell in row] for row in table.rows]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        return None
    if _COUNTS.fullmatch(rows[0][0]) or all(re.fullmatch(r"\d{1,3}", row[0]) for row in rows[1:]):
        rows = [row[1:] for row in rows]
    if not rows[0]:
        return None
    head, body = rows[0][1:], rows[1:]
    if len(head) < 2 or not all(head) or len(set(head)) < len(head):
        return None
    body = [row for row in body if row and row[0] and len(row) == len(head) + 1]
    if not body or len(body) < len(rows) - 2:
        return None
    cells = [cell for row in body for cell in row[1:]]
    if not all(_TO_TICK.fullmatch(cell) or _POINT.fullmatch(cell) for cell in cells):
        return None
    codes = tuple(_code([row[at + 1] for row in body]) for at in range(len(head)))
    return Grid(tuple(head), codes, tuple(row[0] for row in body))


def _code(column: Sequence[str]) -> int | None:
    found = {one[1] if (one := _POINT.fullmatch(cell)) else "" for cell in column}
    (only,) = found if len(found) == 1 else ("",)
    return int(only) if only else None


def fields_of(table: Table) -> Iterator[tuple[str, str]]:
    """Yield label and place for the answer where a table is a form: 性别 | □男 □女 | 年龄 | 岁."""
    for row in table.rows:
        cells = [cell.strip() for cell in row]
        for label, answer in zip(cells[::2], cells[1::2], strict=False):
            asked = label and len(label) <= LONGEST_FIELD and split(label) is None
            if asked and (not answer or split(answer) or BLANK.search(answer)):
                yield " ".join(label.split()), answer
