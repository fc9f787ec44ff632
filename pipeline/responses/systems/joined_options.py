"""The options of a multiple choice whose chosen ones are joined in one cell."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pandas as pd

from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Option

_NOTHING = re.compile(
    r"(?:none|nothing|neither)\b|以上(?:都|均)?(?:没有|不是|无)|[都均](?:没有|不是|无)", re.I
)
MOST_ORDERED = 200
"""More different parts than this are no options; their order is not worth looking for."""


def parts_of(cells: pd.Series, separator: str, not_options: Iterable[str] = ()) -> list[list[str]]:
    """Return the parts of every different content, in order of appearance, without blanks."""
    left_out = EMPTY | set(not_options)
    return [
        [part.strip() for part in cell.split(separator) if part.strip()]
        for cell in cells.unique()
        if normal(cell) not in left_out
    ]


def in_order(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the different parts in the order in which they were asked, as far as it shows.

    Systems write the chosen options in the order of the questionnaire, so that every cell tells
    part of it. What no cell tells, or what cells contradict, keeps the order of appearance.
    """
    seen = list(dict.fromkeys(part for row in rows for part in row))
    if len(seen) > MOST_ORDERED:
        return seen
    before = Counter(pair for row in rows for pair in pairwise(row))
    after: dict[str, set[str]] = {part: set() for part in seen}
    waits = dict.fromkeys(seen, 0)
    for (first, second), times in before.items():
        if first != second and times > before[(second, first)] and second not in after[first]:
            after[first].add(second)
            waits[second] += 1
    ordered: list[str] = []
    left = list(seen)
    while left:
        # a ring of contradictions is opened where fewest wait
        fewest = min(waits[part] for part in left)
        part = next(part for part in left if waits[part] == fewest)
        left.remove(part)
        ordered.append(part)
        for later in after[part]:
            waits[later] -= 1
    return ordered


def options_of(rows: Sequence[Sequence[str]]) -> tuple[Option, ...]:
    """Return the options of joined cells in order; "none of these" excludes the others.

    It does so only where nobody chose another one with it.
    """
    together = {part for row in rows if len(row) > 1 for part in row}
    return tuple(
        Option(part, part, exclusive=part not in together and bool(_NOTHING.match(part)))
        for part in in_order(rows)
    )
