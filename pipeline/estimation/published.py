"""The grid on which figures of groups stand when they are published.

Light to import: disclosure, which loads no estimator, rounds by it too.
"""

import pandas as pd

VALUE_DECIMALS = 3
ERROR_DECIMALS = 4
"""Of the standard error of a difference between two waves."""


def rounded_up(figures: pd.Series, decimals: int) -> pd.Series:
    """Round figures up to so many decimals (float64, NaN where missing); those there stay."""
    exact = figures.astype("float64")
    near = exact.round(decimals)
    return near.where(~(near < exact), near + 10.0**-decimals).round(decimals)
