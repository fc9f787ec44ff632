"""Multiple choices in one column: ``1;2;3;``, ``微信┋电话``, ``A, B``."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.cells import Content
from pipeline.intake.headers import name_and_text
from pipeline.intake.orders import ordered
from pipeline.responses.described import Item, Joined, Option
from pipeline.responses.missing_words import REASONS, missing_kind_of

SEPARATORS = ("┋", ";", "|", "、", ",", " ")
"""As they stand after `cell_words.normal`, the surest first."""
MOST_OPTIONS = 60
LONGEST_OPTION = 80
MANY = 200
LEAST_REPEATED = 0.8
"""Share of the parts of joined cells that must occur in more than one distinct cell."""
LEAST_JOINED = 0.05
"""Share of the filled rows that must hold more than one part."""

_CODES = re.compile(r"[a-z0-9_.\-/]+")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class _Cut:
    """How the contents of a column fall into parts at a separator."""

    separator: str
    parts: Mapping[str, tuple[str, ...]]
    whole: tuple[str, ...]

    @property
    def joined(self) -> list[tuple[str, ...]]:
        return [parts for parts in self.parts.values() if len(parts) > 1]

    @property
    def options(self) -> dict[str, None]:
        return dict.fromkeys(part for parts in self.parts.values() for part in parts)


def delimited(content: Content) -> Item | None:
    """Describe a column as a multiple choice if its cells are joined options; None if not.

    The parts of joined cells must come back in other cells, as ticked options do and the clauses
    of a sentence do not.
    """
    for separator in SEPARATORS:
        if cut := _cut(content, separator):
            return _item(content, cut)
    return None


def split(cell: str, separator: str) -> tuple[str, ...]:
    """Return the parts of a cell, as ingest cuts it: nothing of an empty part."""
    return tuple(part.strip() for part in cell.split(separator.strip() or None) if part.strip())


def _cut(content: Content, separator: str) -> _Cut | None:
    with_it = [cell for cell in content.counts if separator in cell]
    if not with_it or sum(map(content.counts.__getitem__, with_it)) < 2:
        return None
    some = {part for cell in with_it[:MANY] for part in split(cell, separator)}
    if len(some) > MOST_OPTIONS:
        return None
    whole = tuple(cell for cell in content.counts if missing_kind_of(cell) is not None)
    parts = {cell: split(cell, separator) for cell in content.counts if cell not in whole}
    cut = _Cut(separator, parts, whole)
    rows = sum(content.counts[cell] for cell, found in parts.items() if len(found) > 1)
    fits = rows >= max(2, LEAST_JOINED * content.filled) and _are_options(cut, content.counts)
    return cut if fits else None


def _are_options(cut: _Cut, counts: Mapping[str, int]) -> bool:
    options, joined = cut.options, cut.joined
    if not 2 <= len(options) <= MOST_OPTIONS or max(map(len, options)) > LONGEST_OPTION:
        return False
    if any(len(set(parts)) < len(parts) for parts in joined) or not _looks_right(cut):
        return False
    cells_of = Counter(part for parts in cut.parts.values() for part in parts)
    in_joined = dict.fromkeys(part for parts in joined for part in parts)
    repeated = sum(cells_of[part] > 1 for part in in_joined)
    if repeated >= LEAST_REPEATED * len(in_joined) and len(joined) >= 2:
        return True
    # Few answers, each with a set of its own: the separator at every cell's end settles it.
    ends = sum(rows for cell, rows in counts.items() if cell.endswith(cut.separator))
    return cut.separator in "┋;|" and ends >= sum(counts[cell] for cell in cut.parts)


def _looks_right(cut: _Cut) -> bool:
    """Refuse what is cut by a sign that is part of the writing: numbers, sentences, names."""
    match cut.separator:
        case " ":
            codes = all(_CODES.fullmatch(option) for option in cut.options)
            return codes and max(map(len, cut.joined)) >= 3 and len(cut.parts) > len(cut.options)
        case ",":
            spaced = all(", " in cell for cell, parts in cut.parts.items() if len(parts) > 1)
            short = all(len(option) <= 3 for option in cut.options)
            figures = all(_FIGURES.fullmatch(cell) for cell in cut.parts)
            return spaced or not figures or short
        case "┋":
            return True
    return len(cut.parts) >= 3


def _item(content: Content, cut: _Cut) -> Item:
    name, text = name_and_text(content.header, content.variable.label)
    labels = content.labels
    options = [Option(cell, labels.get(cell, cell)) for cell in _in_order(tuple(cut.options))]
    for cell in cut.whole:
        kind = missing_kind_of(cell)
        why = f"按字面把 “{cell}” 当作“{REASONS[kind]}”。" if kind else ""
        options.append(Option(cell, cell, kind, why))
    doubt = "选项本身若含逗号会被切断，请核对选项。" if cut.separator in ",、" else ""
    guessed = (
        f"一格内有多个选项，以 “{cut.separator}” 分隔，{len(cut.options)} 个，当作多选题。{doubt}",
    )
    where = Joined(content.header, cut.separator)
    return Item(text, where, name, "multiple_choice", tuple(options), guessed=guessed)


def _in_order(options: Sequence[str]) -> tuple[str, ...]:
    """Return codes by size; words in the order in which they first appear."""
    return ordered(options).labels if all(_CODES.fullmatch(o) for o in options) else tuple(options)
