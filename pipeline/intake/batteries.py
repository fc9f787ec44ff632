"""Items that belong together: the same answers, and names or wordings with a common stem."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.intake.cells import Content, plain_number
from pipeline.intake.headers import shape_of, stem_of
from pipeline.responses.described import Column, Item

LEAST_ITEMS = 3
LEAST_PREFIX = 12
"""Characters that wordings must have in common at their beginning, and at least half of all."""
LEAST_ROWS = 30
CLEAR = 0.2
"""Item-rest correlation (without sign) from which an item's direction is worth a note."""

_INNER_NUMBER = re.compile(r"[A-Za-z_.]*#[A-Za-z_.]+#")


def with_batteries(
    items: Sequence[Item], columns: Mapping[str, Content], open_to_change: frozenset[str]
) -> tuple[Item, ...]:
    """Return the items with those that belong together in one group.

    Parameters
    ----------
    items : in the order of the columns
    open_to_change : headers of items whose group nobody has said

    Returns
    -------
    tuple of Item
        Neighbours with the same answers whose names or wordings have a stem in common bear one
        `group`. `reverse` stays as it is: an item that runs against the others is told in
        `guessed`.
    """
    made: list[Item] = []
    for same, run in groupby(items, key=lambda item: _answers(item, open_to_change)):
        members = list(run)
        if same is None or len(members) < LEAST_ITEMS:
            made += members
            continue
        for _, part in groupby(members, key=_stem_among(members)):
            made += _grouped(list(part), columns)
    return tuple(made)


def _answers(item: Item, open_to_change: frozenset[str]) -> tuple[object, ...] | None:
    """Return what the items of a battery have in common: the kind and the answers that count."""
    if item.kind not in ("scale", "single_choice") or not isinstance(item.where, Column):
        return None
    if item.group or item.where.header not in open_to_change:
        return None
    substance = tuple((o.cell, o.label.casefold()) for o in item.options if o.missing is None)
    return (item.kind, *sorted(substance))


def _stem_among(members: Sequence[Item]) -> "_Stems":
    return _Stems(members)


class _Stems:
    """Tells of each item of a run which stem it has in common with at least two others."""

    def __init__(self, members: Sequence[Item]) -> None:
        self._of = {item.headers[0]: list(_stems(item)) for item in members}
        self._count: dict[str, int] = {}
        for stems in self._of.values():
            for stem in stems:
                self._count[stem] = self._count.get(stem, 0) + 1
        self._prefix = _common([item.text for item in members])

    def __call__(self, item: Item) -> str:
        for stem in self._of[item.headers[0]]:
            if self._count[stem] >= LEAST_ITEMS:
                return stem
        return self._prefix


def _stems(item: Item) -> list[str]:
    """Return the stems of an item's name, the surest first."""
    header = item.headers[0]
    stem = stem_of(header)
    found = []
    if stem is not None and (stem.pattern != 4 or item.kind == "scale"):
        found.append(stem.text)
    if _INNER_NUMBER.fullmatch(shape := shape_of(header)):
        found.append(shape.replace("#", ""))
    return found


def _common(texts: Sequence[str]) -> str:
    """Return the words with which all texts begin, if they are many; '' if not."""
    first, last = min(texts), max(texts)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    shared = first[: len(first) if same is None else same].rstrip(" -\u2013\u2014:：")
    enough = len(shared) >= LEAST_PREFIX and len(shared) * 2 >= min(map(len, texts))
    chinese = len(shared) >= LEAST_PREFIX // 2 and not shared.isascii()
    return shared if len(set(texts)) > 1 and (enough or chinese) else ""


def _grouped(items: list[Item], columns: Mapping[str, Content]) -> list[Item]:
    stem = _stem_of_all(items)
    if not stem or len(items) < LEAST_ITEMS:
        return items
    text = _common([item.text for item in items])
    why = f"与相邻 {len(items)} 题选项相同、名称相近（“{stem}”），当作一组。"
    notes = _directions(items, columns) if items[0].kind == "scale" else {}
    return [
        replace(
            item, group=stem, group_text=text,
            guessed=(*item.guessed, why, *notes.get(item.headers[0], ())),
        )
        for item in items
    ]  # fmt: skip


def _stem_of_all(items: Sequence[Item]) -> str:
    return _Stems(items)(items[0]) if len(items) >= LEAST_ITEMS else ""


def _directions(
    items: Sequence[Item], columns: Mapping[str, Content]
) -> dict[str, tuple[str, ...]]:
    """Tell of the items that rise where the others fall.

    The greater part of the items sets the direction (signs of the first principal component of
    the correlations); an item against it is told with its correlation to the sum of the others,
    each turned into that direction.
    """
    rows = pd.DataFrame({item.headers[0]: _points(item, columns) for item in items})
    answered = rows.dropna()
    if len(answered) < LEAST_ROWS or (answered.nunique() < 2).any():
        return {}
    first = np.linalg.eigh(np.corrcoef(answered.to_numpy().T))[1][:, -1]
    signs = np.where(first < 0, -1.0, 1.0)
    against = (signs < 0) if (signs < 0).sum() * 2 <= len(signs) else (signs > 0)
    turned = (answered - answered.mean()) * np.where(against, -1.0, 1.0)
    notes: dict[str, tuple[str, ...]] = {}
    for at, header in enumerate(answered.columns):
        if against[at]:
            rest = turned.drop(columns=header).sum(axis=1)
            if (seen := float(-turned[header].corr(rest))) <= -CLEAR:
                notes[header] = (
                    f"与同组其他题的相关为 {seen:.2f}，可能是反向题；没有改动，"
                    "若确是反向，请在问卷中写 reverse: true。",
                )
    return notes


def _points(item: Item, columns: Mapping[str, Content]) -> npt.NDArray[np.float64]:
    """Return each row's point of the scale: its number, or its place among the options."""
    points = [option.cell for option in item.options if option.missing is None]
    content = columns[item.headers[0]]
    numbers = [plain_number(cell) for cell in points]
    return content.in_rows(
        {
            cell: float(at) if number is None or None in numbers else number
            for at, (cell, number) in enumerate(zip(points, numbers, strict=True))
        }
    )
