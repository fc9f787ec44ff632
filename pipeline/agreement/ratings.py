"""Ratings as a table of numbers: one row per unit (or rater), one column per rater (or object)."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import ResponseError

Floats = npt.NDArray[np.float64]


def complete_ratings(ratings: pd.DataFrame) -> Floats:
    """Return the rows without a missing value, (n, columns).

    Raises
    ------
    ResponseError
        A column that is not made of numbers; fewer than two columns or complete rows.
    """
    for column in ratings.columns:
        if not pd.api.types.is_numeric_dtype(ratings[column].dtype):
            raise ResponseError(
                f"评分列 {column}: 须为数字，实为 {ratings[column].dtype}；请先换成数字编码。"
                "(ratings must be numbers; code them first)"
            )
    table = ratings.to_numpy(dtype=np.float64, na_value=np.nan)
    whole: Floats = table[~np.isnan(table).any(axis=1)]
    if whole.shape[0] < 2 or whole.shape[1] < 2:
        raise ResponseError(
            f"评分表: 只有 {whole.shape[0]} 行完整、{whole.shape[1]} 列；各至少需要 2。"
            "(at least two complete rows and two columns are needed)"
        )
    return whole
