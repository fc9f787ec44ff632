"""Multiple choices in slots: a first, second, third answer, each a code of one list."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pipeline.intake.cells import Content
from pipeline.intake.headers import name_and_text, stem_of
from pipeline.intake.missing_codes import missing_options
from pipeline.intake.orders import ordered
from pipeline.responses.described import Item, Option, Slots
from pipeline.responses.dictionary import ResponseSet

MOST_OPTIONS = 60
LEAST_TOGETHER = 3
"""Rows with two answers that are needed before "never the same twice" says anything."""


def slot_groups(columns: Sequence[Content]) -> Iterator[Item]:
    """Yield the groups of columns whose later slots are filled only after the earlier ones.

    Within a row no answer stands twice, and all columns draw on one list. That tells slots from
    the items of a battery, which repeat answers in nearly every row.
    """
    families: dict[str, list[Content]] = {}
    for content in columns:
        if (stem := stem_of(content.header)) and stem.pattern in (0, 1, 3, 4, 5):
            families.setdefault(stem.text, []).append(content)
    for family in families.values():
        if len(family) > 1 and _are_slots(family):
            yield _item(family)


def declared_slots(group: ResponseSet, columns: Mapping[str, Content]) -> Item | None:
    """Describe a multiple-response set of category slots that the file itself declares."""
    family = [columns[name] for name in group.variables if name in columns]
    if group.counted is not None or len(family) < 2 or not _cells(family):
        return None
    made = _item(family)
    name = group.name.lstrip("$")
    return Item(group.label or name, made.where, name, "multiple_choice", made.options)


def _cells(family: Sequence[Content]) -> list[str]:
    """Return what stands in any of the slots."""
    return list(dict.fromkeys(cell for content in family for cell in content.counts))


def _are_slots(family: Sequence[Content]) -> bool:
    cells = _cells(family)
    if not 3 <= len(cells) <= MOST_OPTIONS or len({tuple(c.labels.items()) for c in family}) > 1:
        return False
    whole = all(content.whole for content in family if content.counts)
    if not whole and max(map(len, cells)) > 40:
        return False
    place = {cell: float(at) for at, cell in enumerate(cells)}
    for missing in (option.cell for content in family for option in missing_options(content)):
        place.pop(missing, None)  # "no second answer" may stand in several slots
    rows = np.column_stack([content.in_rows(place) for content in family])
    filled = ~np.isnan(rows)
    together = filled[:, 0] & filled[:, 1]
    nested = (filled[:, :-1] >= filled[:, 1:]).mean() >= 0.98
    falls = filled[:, -1].sum() < 0.9 * filled[:, 0].sum()
    if together.sum() < LEAST_TOGETHER or not nested or not falls:
        return False
    shown = np.where(filled, rows, -1.0 - np.arange(rows.shape[1]))
    shown.sort(axis=1)
    return not (np.diff(shown, axis=1) == 0).any()


def _item(family: Sequence[Content]) -> Item:
    stem = stem_of(family[0].header)
    said = stem_of(family[0].variable.label)
    label = said.text if said else family[0].variable.label
    name, text = name_and_text(stem.text if stem else family[0].header, label)
    labels = next((content.labels for content in family if content.labels), {})
    missing = {o.cell: o for content in family for o in missing_options(content)}
    codes = dict.fromkeys([*labels, *_cells(family)])
    order = codes if labels else ordered(tuple(codes)).labels
    options = [Option(cell, labels.get(cell, cell)) for cell in order if cell not in missing]
    guessed = (
        f"{len(family)} 列（“{family[0].header}”等）依次填写，一行内不重复，"
        "当作一道多选题的第一、第二…答案；先后次序没有保留。",
    )
    where = Slots(tuple(content.header for content in family))
    options += missing.values()
    return Item(text, where, name, "multiple_choice", tuple(options), guessed=guessed)
