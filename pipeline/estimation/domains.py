"""Which rows count: domains, groups, and what a missing answer does."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.errors import ResponseError
from pipeline.estimation.arguments import one_of, truth
from pipeline.estimation.items import Item, encoded, given, grouped, read_items
from pipeline.estimation.ratio import Groups, groups_of
from pipeline.estimation.sample import Sample
from pipeline.questionnaire.expressions import Condition
from pipeline.questionnaire.routing import holds
from pipeline.totals.coding import level_text
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Booleans, Integers

Missing = Literal["domain", "domain_jointly", "drop_rows", "refuse"]
By = Sequence[str | tuple[str, ...]] | str | None
Where = Condition | pd.Series | None
ALL = "all"
"""The domain that is the whole sample, and its only value."""


def banners(
    rows: pd.DataFrame, sample: Sample, by: By, where: Where
) -> list[tuple[str, tuple[str, ...], Groups]]:
    """Return for each entry of `by` its name, its levels as text, and the group of each row."""
    return [
        (name, levels, groups_of(sample, code, len(levels)))
        for name, levels, code in divisions(rows, by, where)
    ]


def divisions(
    rows: pd.DataFrame, by: By, where: Where
) -> list[tuple[str, tuple[str, ...], Integers]]:
    """Return for each entry of `by` its name, its levels as text, and the code of each row."""
    chosen = inside(rows, where)
    found: list[tuple[str, tuple[str, ...], Integers]] = []
    levels: tuple[str, ...]
    for entry in [ALL] if by is None else [by] if isinstance(by, str) else by:
        if entry == ALL:
            code, levels = np.zeros(len(rows), dtype=np.int64), (ALL,)
        else:
            code, levels = crossed(rows, (entry,) if isinstance(entry, str) else entry)
        code = code if chosen.all() else np.where(chosen, code, OUTSIDE)
        found.append((entry if isinstance(entry, str) else "*".join(entry), levels, code))
    return found


def crossed(rows: pd.DataFrame, columns: Sequence[str]) -> tuple[Integers, tuple[str, ...]]:
    """Return a code per row for the levels of `columns` together, and the levels as text."""
    if absent := [column for column in columns if column not in rows]:
        raise ResponseError(
            f"分组列 {'、'.join(absent)} 不在数据表中；请核对问卷的分组设置。"
            "(no such column to group by)"
        )
    code, levels = encoded(rows[columns[0]])
    texts = [level_text(level) for level in levels]
    for column in columns[1:]:
        inner, inner_levels = encoded(rows[column])
        both = (code >= 0) & (inner >= 0)
        code = np.where(both, code * len(inner_levels) + inner, OUTSIDE)
        texts = [f"{text}*{level_text(level)}" for text in texts for level in inner_levels]
    return code, tuple(texts)


def inside(rows: pd.DataFrame, where: Where) -> Booleans:
    """Return which rows lie in the domain `where` (missing does not count)."""
    if where is None:
        return np.ones(len(rows), dtype=bool)
    if isinstance(where, pd.Series | np.ndarray | list | str):
        return truth(rows, where)
    return holds(where, rows).fillna(False).to_numpy(dtype=bool)


def without_gaps(
    rows: pd.DataFrame, items: Sequence[Item], where: Where, missing: Missing
) -> tuple[pd.DataFrame, Where, Booleans | None]:
    """Return the rows and the domain that `missing` leaves, and which answers count (None: all).

    See `means`. A row whose answers do not count stays in the base.
    """
    one_of("missing", missing, Missing)
    if isinstance(where, pd.Series | np.ndarray | list | str):
        where = pd.Series(truth(rows, where), index=rows.index)
    if missing == "domain":
        return rows, where, None
    chosen = inside(rows, where) if missing == "refuse" else None
    answered = np.ones(len(rows), dtype=bool)
    for together in grouped(items):
        has = given(read_items(rows, together))
        if chosen is not None and (gaps := chosen & ~has).any():
            raise ResponseError(
                f"{together[0].question}: {int(gaps.sum())} 行没有答案。请选定缺失值的处理方式"
                "（missing=...）。(answers are missing; choose how to treat them)"
            )
        answered &= has
    if missing != "drop_rows":
        return rows, where, answered
    return rows[answered], where[answered] if isinstance(where, pd.Series) else where, None
