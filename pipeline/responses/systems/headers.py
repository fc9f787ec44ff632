"""Headers as they must be: none empty, no two alike."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pipeline.responses.table import RawTable


def unique(headers: Sequence[str]) -> list[str]:
    """Return headers that can be told apart: a repeated ``Other`` becomes ``Other (2)``.

    An empty header becomes ``(列3)`` after its place. The first of its kind keeps its name.
    """
    made: list[str] = []
    taken = {header for header in headers if header}
    for place, header in enumerate(headers, start=1):
        name = header or f"(列{place})"
        if name in made or (not header and name in taken):
            count = 2
            while f"{name} ({count})" in taken or f"{name} ({count})" in made:
                count += 1
            name = f"{name} ({count})"
        made.append(name)
    return made


def with_unique_headers(table: RawTable) -> RawTable:
    """Return the table with headers that can be told apart."""
    headers = unique(table.headers)
    if headers == table.headers:
        return table
    cells = table.cells.set_axis(pd.Index(headers, dtype="str"), axis=1)
    return replace(table, cells=cells)
