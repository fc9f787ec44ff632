"""Which columns hold contact data, told from their distinct contents."""

import re
from collections.abc import Mapping

from pipeline.intake.cells import Content
from pipeline.privacy.contacts import LEAST_SHARE, is_contact, is_contact_header
from pipeline.privacy.surnames import COMMON, COMPOUND
from pipeline.responses.described import Described

SHORTEST = 7
"""No telephone, address or number of a person is shorter."""
FEW = 50
_SMALL_CODE = 2
FEWEST_NAMES = 3
LIKE_NAMES = 0.8
_GIVEN = re.compile(r"[\u4e00-\u9fff]{1,2}")
_PLACES = frozenset("州市县区镇乡村省路街里城山河江湖岛族")
"""Last characters of places and peoples that begin like family names: 郑州, 张家口镇."""


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
    # A single content cannot be many people's contact: it is an option that was ticked.
    named = len(content.counts) > 1 and (
        is_contact_header(content.header) or (not content.labels and is_contact_header(label))
    )
    return named or _holds_contacts(content) or _holds_names(content)


def _holds_names(content: Content) -> bool:
    """Tell whether nearly all different contents are Chinese names of people."""
    texts = [cell for cell in content.counts if not cell.isascii()]
    few = len(texts) < max(FEWEST_NAMES, LIKE_NAMES * len(content.counts))
    if content.labels or few:
        return False
    return sum(map(_is_name, texts)) >= LIKE_NAMES * len(texts)


def _is_name(cell: str) -> bool:
    compound = cell[:2] in COMPOUND
    given = cell[2:] if compound else cell[1:]
    known = compound or cell[:1] in COMMON
    return known and bool(_GIVEN.fullmatch(given)) and given[-1:] not in _PLACES


def _holds_contacts(content: Content) -> bool:
    long = sum(rows for cell, rows in content.counts.items() if len(cell) >= SHORTEST)
    if long < LEAST_SHARE * content.filled or not content.filled:
        return False
    found = sum(
        rows
        for cell, rows in content.counts.items()
        if (len(cell) >= SHORTEST or len(content.counts) > FEW) and is_contact(cell)
    )
    return found >= LEAST_SHARE * content.filled


def _are_small_codes(content: Content) -> bool:
    """Tell whether a column holds a few small whole numbers."""
    few = 0 < len(content.counts) <= FEW
    return few and all(cell.isdecimal() and len(cell) <= _SMALL_CODE for cell in content.counts)
