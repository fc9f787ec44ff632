"""Which columns hold contact data, told from their distinct contents."""

from collections.abc import Mapping

import pandas as pd

from pipeline.intake.cells import Content
from pipeline.privacy.contacts import LEAST_SHARE, holds_contacts, is_contact_header
from pipeline.responses.described import Described

SHORTEST = 7
"""No telephone, address or number of a person is shorter."""
FEW = 50
_SMALL_CODE = 2


def contact_headers(columns: Mapping[str, Content], known: Described) -> tuple[str, ...]:
    """Return the columns that hold contact data, in the order of the columns.

    By the header, the label or the contents, as `privacy.contacts` knows them. The known key is
    none (responses need it), nor is a question with options, nor a column of a few small codes:
    ``cell`` is also a cell of an experiment.
    """
    keys = {aside.header for aside in known.asides if aside.role == "key"}
    asked = {
        header
        for item in known.items
        if item.kind in ("single_choice", "scale", "multiple_choice") and item.options
        for header in item.headers
    }
    return tuple(
        header
        for header, content in columns.items()
        if header not in keys | asked and not _are_small_codes(content) and _is_contact(content)
    )


def _is_contact(content: Content) -> bool:
    label = content.variable.label
    named = is_contact_header(content.header) or (not content.labels and is_contact_header(label))
    return named or _holds_contacts(content)


def _holds_contacts(content: Content) -> bool:
    long = sum(rows for cell, rows in content.counts.items() if len(cell) >= SHORTEST)
    if long < LEAST_SHARE * content.filled or not content.filled:
        return False
    if len(content.counts) > FEW:
        cells = [cell for cell, rows in content.counts.items() for _ in range(rows)]
        return holds_contacts(pd.Series(cells, dtype="object"))
    found = sum(
        rows
        for cell, rows in content.counts.items()
        if len(cell) >= SHORTEST and holds_contacts(pd.Series([cell], dtype="object"))
    )
    return found >= LEAST_SHARE * content.filled


def _are_small_codes(content: Content) -> bool:
    """Tell whether a column holds a few small whole numbers."""
    few = 0 < len(content.counts) <= FEW
    return few and all(cell.isdecimal() and len(cell) <= _SMALL_CODE for cell in content.counts)
