"""Sampled clusters from which no usable answer came: they belong to the sample all the same."""

import pandas as pd


def with_silent_psus(
    rows: pd.DataFrame, units: pd.DataFrame, *, psu: str, cluster: str, weight: str
) -> pd.DataFrame:
    """Append one row of weight 0 for each sampled cluster without a response.

    Such a cluster counts as a PSU of its stratum (its total is 0) and in the degrees of freedom of
    every domain of which `units` says that it lies there.

    Parameters
    ----------
    rows : DataFrame, one row per response, with the columns `psu` and `weight`
    units : DataFrame, one row per sampled person, with the column `cluster`; may be empty
    psu, cluster : what the same cluster is called in `rows` and in `units`

    Returns
    -------
    DataFrame
        `rows`, then the silent clusters in order of their names. Columns that both tables have
        (stratum, county, setting) are filled, all others are missing.
    """
    silent = units[~units[cluster].isin(rows[psu])].drop_duplicates(cluster).sort_values(cluster)
    if silent.empty:
        return rows
    shared = [c for c in rows.columns if c in silent.columns and c not in (psu, weight)]
    added = silent[shared].copy()
    added[psu], added[weight] = silent[cluster], 0.0
    for column in added.columns:
        added[column] = added[column].astype(rows[column].dtype)
    return pd.concat([rows, added.reindex(columns=rows.columns)], ignore_index=True).astype(
        {c: t for c, t in rows.dtypes.items() if c in added.columns}
    )
