"""What a caller gave, checked before anything is computed: a slip must not become a number."""

from typing import Any, get_args

import numpy as np
import pandas as pd

from pipeline.errors import SurveyError


def one_of(name: str, given: object, allowed: Any) -> None:
    """Refuse an option that is none of a `Literal`'s words."""
    words = get_args(allowed)
    if given not in words:
        raise SurveyError(
            f"{name}={given!r}: 不可用，可用 {'、'.join(map(repr, words))}。(use one of these)"
        )


def refuse_bad_level(level: float, df: float | None = None) -> None:
    """Refuse a confidence level outside 0..1, and degrees of freedom that are not above 0."""
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise SurveyError(
            f"level={level!r}: 置信水平须在 0 与 1 之间，如 0.95。(between 0 and 1, such as 0.95)"
        )
    if df is not None and not df > 0:
        raise SurveyError(f"df={df!r}: 自由度须大于 0。(degrees of freedom must be above 0)")


def several(given: Any, name: str = "questions") -> list[Any]:
    """Return one entry or many as a list; none at all is refused."""
    many = list(given) if isinstance(given, list | tuple | pd.Index) else [given]
    if not many:
        raise SurveyError(f"{name}: 没有给出任何题目。(nothing to estimate)")
    return many


def refuse_empty(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table; one without a line is refused."""
    if table.empty:
        raise SurveyError(
            "没有一名有效受访者在所选范围内回答了所选的题：请核对 where、权数与缺失值。"
            "(nobody in the domain has an answer; check where, weights and missing values)"
        )
    return table


def truth(rows: pd.DataFrame, where: object) -> np.ndarray:
    """Return the domain that a Series or array of truth values gives, row by row of `rows`.

    A Series is matched by its index; a missing truth value is outside.
    """
    if isinstance(where, np.ndarray | list):
        where = pd.Series(where, index=rows.index if len(where) == len(rows) else None)
    if not isinstance(where, pd.Series):
        raise SurveyError(
            f"where: 应为条件或逐行的真假值，读到 {type(where).__name__}（{str(where)[:40]}）。"
            "(give a condition, or a truth value per row)"
        )
    if not where.index.equals(rows.index):
        same = (
            len(where) == len(rows) and where.index.is_unique and rows.index.is_unique
            and where.index.isin(rows.index).all()
        )  # fmt: skip
        if not same:
            raise SurveyError(
                f"where: {len(where)} 行的索引与数据表的 {len(rows)} 行不符。"
                "(its index is not that of the rows)"
            )
        where = where.reindex(rows.index)
    known = where.dropna()
    if not known.isin([True, False]).all():
        raise SurveyError(
            f"where: 应为真假值，读到 {known[~known.isin([True, False])].iloc[0]!r}。"
            "(truth values are needed)"
        )
    chosen: np.ndarray = where.astype("boolean").fillna(False).to_numpy(dtype=bool)
    return chosen
