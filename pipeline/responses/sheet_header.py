"""Where the header of a sheet is: below its titles, in one line or, by merged cells, several."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.responses.workbook import Merged

LOOKED_AT = 15
"""Titles are looked for among the first rows that have any content."""
DEEPEST = 5
"""A header has at most so many lines."""
BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet.

    Attributes
    ----------
    first, last : its lines, counted from 0
    notes : what was taken for a title, or put together of several lines
    """

    names: tuple[str, ...]
    first: int
    last: int
    notes: tuple[str, ...] = ()


def header_of(rows: Sequence[Sequence[str]], merged: Sequence[Merged]) -> Header | None:
    """Return the header of a sheet, None if it is blank.

    A row is a title if nothing but one cell of it is filled and a row with at least three filled
    cells follows (two, if the title is merged across columns). Lines are put together to
    `group / item` only where merged cells show it.

    Parameters
    ----------
    rows : cells from A1 on
    """
    filled = [at for at, row in enumerate(rows[:2000]) if any(map(str.strip, row))]
    filled = filled or [at for at, row in enumerate(rows) if any(map(str.strip, row))]
    if not filled:
        return None
    widths = [sum(bool(cell.strip()) for cell in rows[at]) for at in filled[:LOOKED_AT]]
    heads = {top for (top, left), (_, right) in merged if right > left}
    titles = _titles(widths, [at in heads for at in filled[:LOOKED_AT]])
    first = filled[titles]
    notes = [
        f"第 {at + 1} 行是标题（“{_only(rows[at])[:40]}”），没有当作表头。"
        for at in filled[:titles]
    ]
    last = _last_line(rows, merged, first)
    if last == first:
        return Header(tuple(cell.strip() for cell in rows[first]), first, last, tuple(notes))
    notes.append(f"表头有合并的单元格，占第 {first + 1}–{last + 1} 行；上下合成“组{BETWEEN}子”。")
    return Header(_put_together(rows, merged, first, last), first, last, tuple(notes))


def filled_down(
    rows: Sequence[list[str]], merged: Sequence[Merged], start: int
) -> tuple[list[list[str]], str]:
    """Return the rows with the content of cells merged downwards in each row, and a note."""
    filled = [list(row) for row in rows]
    ranges = []
    for (top, left), (bottom, right) in merged:
        end = min(bottom, len(rows) - 1)
        if top < start or end <= top or left != right or left >= len(rows[top]):
            continue
        if not (content := rows[top][left]).strip():
            continue
        for row in filled[top + 1 : end + 1]:
            if left < len(row):
                row[left] = content
        ranges.append(f"{top + 1}–{end + 1}")
    if not ranges:
        return filled, ""
    shown = "、".join(ranges[:3]) + ("等" if len(ranges) > 3 else "")
    return filled, f"第 {shown} 行有上下合并的单元格，合并的各行按同一内容读。"


def _titles(widths: Sequence[int], merged: Sequence[bool]) -> int:
    """Return how many of the first rows are titles; merged across, they may head two columns."""
    for place, width in enumerate(widths):
        if width > 1:
            return place if width >= 3 or all(merged[:place]) else 0
    return 0


def _only(row: Sequence[str]) -> str:
    return next(cell.strip() for cell in row if cell.strip())


def _last_line(rows: Sequence[Sequence[str]], merged: Sequence[Merged], first: int) -> int:
    """Return the last line of the header: merged cells that begin in it reach or head it."""
    last = first
    for _ in range(DEEPEST):
        reached = last
        for (top, left), (bottom, right) in merged:
            if not first <= top <= last or bottom >= first + DEEPEST:
                continue
            beneath = bottom + 1 if right > left else bottom
            if beneath == bottom or _names(rows, beneath, left, right):
                reached = max(reached, beneath)
        if reached == last:
            break
        last = reached
    return min(last, len(rows) - 1, first + DEEPEST - 1)


def _names(rows: Sequence[Sequence[str]], at: int, left: int, right: int) -> bool:
    """Tell whether the cells below a merged one are names: at least two, and none a number."""
    cells = [cell.strip() for cell in rows[at][left : right + 1]] if at < len(rows) else []
    named = [cell for cell in cells if cell]
    return len(named) > 1 and not any(_is_number(cell) for cell in named)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _put_together(
    rows: Sequence[Sequence[str]], merged: Sequence[Merged], first: int, last: int
) -> tuple[str, ...]:
    lines = [list(rows[at]) for at in range(first, last + 1)]
    for (top, left), (bottom, right) in merged:
        if not first <= top <= last or not lines[top - first][left : left + 1]:
            continue
        content = lines[top - first][left]
        for line in lines[top - first : min(bottom, last) - first + 1]:
            line[left : right + 1] = [content] * len(line[left : right + 1])
    names = []
    for column in range(max(map(len, lines))):
        parts = [line[column].strip() for line in lines if column < len(line)]
        names.append(BETWEEN.join(dict.fromkeys(part for part in parts if part)))
    return tuple(names)
