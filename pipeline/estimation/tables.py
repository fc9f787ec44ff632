"""Estimates of one question as rows of the estimates table."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.estimation.estimate import ESTIMATE_COLUMNS, Estimates
from pipeline.estimation.intervals import IntervalMethod, interval, standard_errors
from pipeline.estimation.items import Item, Measured, only, read_items
from pipeline.totals.units import Booleans, Floats


def tidy(
    question: str,
    codes: Sequence[str],
    domain: str,
    values: Sequence[str],
    found: Estimates,
    estimands: Sequence[str],
) -> pd.DataFrame:
    """Return one row per code and group, codes outermost.

    Parameters
    ----------
    found : (groups, codes)
    estimands : of each code

    Returns
    -------
    DataFrame with ``variance`` in place of the standard error and ``asked``, the responses in the
    base; `finished` makes the table of it
    """

    def column(table: Floats) -> Floats:
        wide = np.broadcast_to(np.asarray(table, dtype=np.float64), (len(values), len(codes)))
        return wide.T.reshape(-1)

    each = [(place, value) for place in range(len(codes)) for value in values]
    return pd.DataFrame(
        {
            "question": question,
            "code": [codes[place] for place, _ in each],
            "base": "valid",
            "domain": domain,
            "domain_value": [value for _, value in each],
            "estimand": [estimands[place] for place, _ in each],
            "value": column(found.value),
            "variance": column(found.variance),
            "degrees_of_freedom": column(found.degrees_of_freedom),
            "asked": column(found.base),
            "n": column(found.n).astype(np.int64),
            "n_cell": column(found.n_cell).astype(np.int64),
            "effective_n": column(found.effective_n),
            "design_effect": column(found.design_effect),
        }
    )


def finished(parts: Sequence[pd.DataFrame], codes: Sequence[str], level: float) -> pd.DataFrame:
    """Return the tables of one question together: by code, then by domain, without empty groups.

    `codes` in their order; the columns are those of the public calls.
    """
    whole = pd.concat(parts, ignore_index=True)
    whole = whole[whole["n"] > 0].assign(level=level)
    place = {code: k for k, code in enumerate(codes)}
    whole = whole.sort_values("code", key=lambda c: c.map(place), kind="stable")
    columns = [c for c in ESTIMATE_COLUMNS if c in whole.columns]
    return whole[columns].reset_index(drop=True)


def with_interval(
    table: pd.DataFrame, method: IntervalMethod, level: float, df: float | None
) -> pd.DataFrame:
    """Add standard errors, the ends of the intervals and their df (None: the design's)."""
    designed = table["degrees_of_freedom"].to_numpy()
    freedom = designed if df is None else np.full(len(table), float(df))
    variance = table["variance"].to_numpy()
    low, high = interval(
        method, table["value"].to_numpy(), variance, level=level,
        df=designed if method in ("beta", "beta_capped") else freedom,
        n=table["asked"].to_numpy(), answered=table["n"].to_numpy(dtype=np.float64),
        effective_n=table["effective_n"].to_numpy(),
    )  # fmt: skip
    return table.assign(
        standard_error=standard_errors(variance), low=low, high=high,
        degrees_of_freedom=freedom, interval_method=method,
    )  # fmt: skip


def numeric_item(question: str | Item) -> Item:
    """Return the item that stands for the numbers of a question."""
    if isinstance(question, Item):
        return replace(question, estimand="mean")
    return Item(question, "", (question,), (), "mean")


def measured(rows: pd.DataFrame, item: Item, counted: Booleans | None) -> Measured:
    """Return the numbers of an item of `numeric_item`, without the rows that do not count."""
    column = only(read_items(rows, [item]), counted)
    if not isinstance(column, Measured):
        raise TypeError(item.question)
    return column
