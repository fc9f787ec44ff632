"""From rows of text to the cells of a table: what is blank goes out, what stands below as well."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered

SHOWN = 20
CELLS = 20_000_000
COLUMNS = 20_000
FOOTER = re.compile(
    r"(?:[（(【]?\s*(?:注|备注|附注|说明|合计|总计|小计|共计|数据来源|资料来源|来源|制表|填表)"
    r"|(?:notes?|sources?|(?:grand |sub)?totals?)\b)\s*\d*\s*(?:[：:．.、】）)].*)?$",
    re.IGNORECASE | re.DOTALL,
)
"""What is written below a table, in its first column, and is no response."""


def content_of(path: Path) -> bytes:
    """Return the bytes of a file; what cannot be opened is refused."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ResponseError(
            f"{path}: 打不开（{fault.strerror}）。请检查文件名和权限。"
            "(cannot be opened; check the name and the rights)"
        ) from None


def sha256(content: bytes) -> str:
    """Return the fingerprint of a delivered file."""
    return hashlib.sha256(content).hexdigest()


def refused(path: Path | str, faults: Sequence[Fault]) -> ResponseError:
    """Return the refusal of a file: its first faults, and how many more there are."""
    shown = list(faults[:SHOWN])
    if more := len(faults) - len(shown):
        shown.append(Fault("……", f"还有 {more} 处，没有列出。", f"({more} more)"))
    return ResponseError(gathered(path, shown))


def check_size(path: Path, rows: int, columns: int) -> None:
    """Refuse a table that is larger than any survey.

    Raises
    ------
    ResponseError
        More than 20 million cells, or 20,000 columns.
    """
    if rows * columns > CELLS or columns > COLUMNS:
        raise ResponseError(
            f"{path}: 有 {rows:,} 行、{columns:,} 列，超过了能读的大小"
            f"（{CELLS:,} 格、{COLUMNS:,} 列）。请检查文件，多半是末尾有空行空列，或分隔符不对。"
            "(too large; check for blank rows and columns at the end)"
        )


def without_footers(
    rows: dict[int, list[str]], width: int
) -> tuple[dict[int, list[str]], list[str]]:
    """Return the rows without those below the table (合计, 注：…), and a note for each.

    Parameters
    ----------
    rows : number of the row -> its cells, without blank rows
        A row below the table is one at the end with nothing but such a word in its first column.
    """
    notes: list[str] = []
    for number in reversed(rows.keys()):
        first, *others = rows[number] or [""]
        if width < 3 or any(map(str.strip, others)) or not FOOTER.match(first.strip()):
            break
        notes.insert(0, f"第 {number} 行在表的下面，只有“{_cut(first)}”，没有当作答卷。")
    return dict(islice(rows.items(), len(rows) - len(notes))), notes


def table_of(header: Sequence[str], rows: Mapping[int, Sequence[str]]) -> pd.DataFrame:
    """Return rows as the cells of a table.

    Parameters
    ----------
    header : as wide as every row
    rows : number of the row as a program shows it -> its cells
    """
    names = pd.Index([name.strip().strip("\ufeff").strip() for name in header], dtype="str")
    cells = pd.DataFrame(list(rows.values()), columns=names, dtype="str")
    cells.index = pd.Index(list(rows), dtype="int64", name="raw_row")
    return cells


def filled_width(header: Sequence[str], rows: Mapping[int, Sequence[str]]) -> int:
    """Return how many columns there are without the blank ones at the end."""
    width = 0
    for row in chain([header], rows.values()):
        for at in range(len(row), width, -1):
            if row[at - 1].strip():
                width = at
                break
    return width


def fitted(row: list[str], width: int) -> list[str]:
    """Return a row cut or filled up with blanks to a width."""
    if len(row) == width:
        return row
    return [*row[:width], *[""] * (width - len(row))]


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 30 else f"{words[:30]}……"
