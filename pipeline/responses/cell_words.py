"""What a cell says whatever its width and blanks, and which cells say nothing."""

import re
import unicodedata

EMPTY = frozenset({"", "NA", "NULL"})
"""A cell that holds nothing: NA is what R writes, NULL what 问卷星 and databases write."""


_WHOLE = re.compile(r"-?\d+\.0*")


def plain(word: str) -> str:
    """Return a cell as `normal` does, a whole number without its point: what 1.0 says is 1."""
    shown = normal(word)
    return shown.partition(".")[0] if _WHOLE.fullmatch(shown) else shown


def normal(word: str) -> str:
    """Return a cell without outer blanks; full-width digits and signs become the usual ones."""
    return unicodedata.normalize("NFKC", word).strip()
