"""The order in which choices are read: by degree, by size, by the number they begin with."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.intake.cells import plain_number
from pipeline.intake.degree_words import (
    LEADING_CODE,
    LISTS,
    PAIRS,
    SCHOOLING,
    in_list,
    plain_label,
    strength_of,
    two_sided,
)
from pipeline.responses.cell_words import normal

Sense = Literal["degree", "size", "number", "schooling", "pair", ""]
"""What the order is of; labels in order of degree are points of a scale."""
MOSTLY = 0.7
"""Share of the labels that must have a place in the order; the others stand behind them."""
PAIRED = 0.5
"""The same for yes and no, which stand beside "don't know" and "it depends"."""

_REST = re.compile(r"(?:others?|none|no preference|autres?|其他|其它|以上都|都没有|无$|没有$)")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BELOW = re.compile(r"<|under|less than|below|up to|moins|以下|不到|小于|以内|within|低于")
_ABOVE = re.compile(r">|\+|over|more than|above|older|or more|and over|plus|以上|大于|超过|高于")


@dataclass(frozen=True, slots=True)
class Ordered:
    """Labels in a sensible order, from least to most, and what the order is of."""

    labels: tuple[str, ...]
    sense: Sense


def ordered(labels: Sequence[str]) -> Ordered:
    """Return labels by the number before them, by degree, schooling or size; else by letters.

    The same labels always come out in the same order; "other" and "none" come last where the
    others have no order.
    """
    senses: tuple[tuple[Sense, Mapping[str, float] | None], ...] = (
        ("number", _numbered(labels)),
        ("pair", _enough(labels, _pair, PAIRED)),
        ("degree", degrees(labels)),
        ("schooling", _enough(labels, lambda label: in_list(label, SCHOOLING))),
        ("size", _enough(labels, _size)),
    )
    for sense, ranks in senses:
        if ranks is not None:
            last = max(ranks.values()) + 1
            by_rank = sorted(labels, key=lambda one: (ranks.get(one, last), *_by_letters(one)))
            return Ordered(tuple(by_rank), sense)
    return Ordered(tuple(sorted(labels, key=lambda one: (_is_rest(one), *_by_letters(one)))), "")


def degrees(labels: Sequence[str]) -> Mapping[str, float] | None:
    """Return the degree of each label; None where they are no degrees of one thing."""
    if len(labels) < 3:
        return None
    strengths = {label: found for label in labels if (found := strength_of(label)) is not None}
    if len(strengths) == len(labels) and len({what for _, what in strengths.values()}) == 1:
        return _told_apart({label: rank for label, (rank, _) in strengths.items()})
    ranks = {label: rank for label in labels if (rank := two_sided(label)) is not None}
    if len(ranks) == len(labels) and any(ranks.values()):
        return _told_apart(ranks)
    for words in LISTS.values():
        ranks = {label: rank for label in labels if (rank := in_list(label, words)) is not None}
        if len(ranks) == len(labels):
            return _told_apart(ranks)
    return None


def rises(labels: Sequence[str]) -> bool | None:
    """Tell whether the degrees of labels rise (True) or fall in the order given; None: neither."""
    ranks = degrees(labels)
    if ranks is None:
        return None
    given = [ranks[label] for label in labels]
    if given == sorted(given):
        return True
    return False if given == sorted(given, reverse=True) else None


def _told_apart(ranks: Mapping[str, float]) -> Mapping[str, float] | None:
    """Return ranks if most labels have one of their own."""
    return ranks if len(set(ranks.values())) >= max(2, MOSTLY * len(ranks)) else None


def _enough(
    labels: Sequence[str], rank: Callable[[str], float | None], share: float = MOSTLY
) -> Mapping[str, float] | None:
    """Return the ranks if most labels have one, and not all the same."""
    ranks = {label: found for label in labels if (found := rank(label)) is not None}
    enough = len(ranks) >= 2 and len(ranks) >= share * len(labels)
    return ranks if enough and len(set(ranks.values())) >= 2 else None


def _numbered(labels: Sequence[str]) -> Mapping[str, float] | None:
    """Return the codes that labels begin with, if all do: ``1. Depression``, ``2=不满意``."""
    found = {label: LEADING_CODE.match(normal(label)) for label in labels}
    if not labels or not all(found.values()):
        return None
    codes = {label: float(match[1]) for label, match in found.items() if match}
    return codes if len(set(codes.values())) == len(labels) else None


def _pair(label: str) -> float | None:
    shown = plain_label(label)
    for pair in PAIRS:
        if shown in pair:
            return float(pair.index(shown))
    return None


def _size(label: str) -> float | None:
    """Return the size that a label speaks of: ``18-29``, ``> 60``, ``$150,000+``, 30岁以下."""
    shown = normal(label).casefold()
    figures = [float(found.replace(",", "")) for found in _FIGURE.findall(shown)]
    if not figures or len(figures) > 2:
        return None
    if len(figures) == 1:
        if _ABOVE.search(shown):
            return figures[0] + 0.5
        if _BELOW.search(shown):
            return figures[0] - 0.5
    return figures[0]


def _by_letters(label: str) -> tuple[float, str, str]:
    """Order numbers by size, before words; "nan" and "inf" are words."""
    number = plain_number(label)
    return (math.inf, label.casefold(), label) if number is None else (number, "", label)


def _is_rest(label: str) -> bool:
    return _REST.match(normal(label).casefold()) is not None
