"""Sampled clusters from which no usable answer came: they belong to the sample all the same."""

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign


def with_silent_psus(
    rows: pd.DataFrame, units: pd.DataFrame, *, psu: str, cluster: str, design: SurveyDesign
) -> pd.DataFrame:
    """Append one row of weight 0 for each sampled cluster without a response.

    Such a cluster counts as a PSU of its stratum (its total is 0) and in the degrees of freedom of
    every domain of which `units` says that it lies there.

    Parameters
    ----------
    rows : DataFrame, one row per response, with the column `psu`
    units : DataFrame, one row per sampled person, with the column `cluster`; may be empty
    psu, cluster : what the same cluster is called in `rows` and in `units`
    design : says which columns are weights

    Returns
    -------
    DataFrame
        `rows`, then the silent clusters in order of their names. Columns that both tables have
        (stratum, county, setting) are filled, all others are missing (truth values are False).
    """
    silent = units[~units[cluster].isin(rows[psu])].drop_duplicates(cluster).sort_values(cluster)
    if silent.empty:
        return rows
    known = {c: silent[c] for c in rows.columns if c in silent.columns}
    known |= {psu: silent[cluster]}
    known |= {c: pd.Series(0.0, index=silent.index) for c in design.weight_columns}
    added = {c: known.get(c, _missing(rows[c], silent.index)) for c in rows.columns}
    typed = {c: of.astype(rows[c].dtype) if c in known else of for c, of in added.items()}
    return pd.concat([rows, pd.DataFrame(typed)], ignore_index=True)


def _missing(column: pd.Series, index: pd.Index) -> pd.Series:
    """Return a column of missing values of the same type; of truth values, False."""
    if column.dtype == bool:
        return pd.Series(False, index=index)
    if pd.api.types.is_integer_dtype(column.dtype) and isinstance(column.dtype, np.dtype):
        return pd.Series(np.nan, index=index)
    return pd.Series([None] * len(index), index=index, dtype=column.dtype)
