"""Small delivered tables for the tests of intake."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.intake.cells import Content, contents
from pipeline.intake.inference import inferred
from pipeline.responses.described import Aside, Described, Item
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.table import RawTable


def table_of(columns: Mapping[str, Sequence[str]], variables: Sequence[Variable] = ()) -> RawTable:
    """Return a table of text; `variables` are what the file says of its columns."""
    cells = pd.DataFrame({h: pd.Series(list(c), dtype="str") for h, c in columns.items()})
    cells.columns = pd.Index(list(columns), dtype="str")
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="raw_row")
    return RawTable(Path("t.csv"), "", cells, dictionary=Dictionary(tuple(variables)))


def content_of(cells: Sequence[str], header: str = "x", **said: object) -> Content:
    """Return the content of one column."""
    variable = Variable(header, **said)  # type: ignore[arg-type]
    return contents(table_of({header: cells}, [variable]))[header]


def columns_of(described: Described) -> list[str]:
    """Return every header that is described, as often as it is."""
    of_items = [header for item in described.items for header in item.headers]
    return [*of_items, *(aside.header for aside in described.asides)]


def told(
    columns: Mapping[str, Sequence[str]],
    variables: Sequence[Variable] = (),
    known: Described | None = None,
) -> dict[str, Item | Aside]:
    """Return what inference says, by header."""
    found = inferred(table_of(columns, variables), known or Described())
    by_item: dict[str, Item | Aside] = {h: item for item in found.items for h in item.headers}
    return by_item | {aside.header: aside for aside in found.asides}
