"""Tables as a reader delivers them, made for a test."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.responses.described import Described, Item
from pipeline.responses.table import RawTable


def delivered(*rows: Sequence[str]) -> RawTable:
    """A csv whose first row is the header; the index is the line of the file."""
    header, *below = rows
    cells = pd.DataFrame(
        [list(row) for row in below], columns=pd.Index(list(header), dtype="str"), dtype="str"
    )
    cells.index = pd.RangeIndex(2, len(below) + 2, name="raw_row")
    return RawTable(Path("export.csv"), "0" * 64, cells)


def roles(described: Described) -> dict[str, str]:
    return {aside.header: aside.role for aside in described.asides}


def item_of(described: Described, header: str) -> Item:
    return next(item for item in described.items if header in item.headers)
