"""What a cell says whatever its width and blanks, and which cells say nothing."""

import unicodedata

EMPTY = frozenset({"", "NA", "NULL"})
"""A cell that holds nothing: NA is what R writes, NULL what 问卷星 and databases write."""


def normal(word: str) -> str:
    """Return a cell without outer blanks; full-width digits and signs become the usual ones."""
    return unicodedata.normalize("NFKC", word).strip()
