"""Intraclass correlations: how much of the spread of ratings lies between the rated units.

Six forms from one two-way analysis of variance. One rater drawn anew for each unit (ICC1), raters
drawn once for all units (ICC2: their level counts), the only raters there are (ICC3: it does not);
of a single rating, or of the mean of k ratings.

Source: Shrout & Fleiss (1979), Psychological Bulletin 86(2), 420-428.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.agreement.ratings import Floats, complete_ratings

Test = tuple[float, int, int, float]
"""F, its two degrees of freedom, p."""
Interval = tuple[float, ...]
"""Value, lower and upper end."""


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """The six forms.

    Attributes
    ----------
    table : one row per form, columns form, f, df1, df2, p, value, low, high
        The F test is of no spread between units.
    n, raters : rated units with all ratings, and raters
    """

    table: pd.DataFrame = field(compare=False)
    level: float
    n: int
    raters: int


def icc(ratings: pd.DataFrame, *, level: float = 0.95) -> IntraclassCorrelations:
    """Return the intraclass correlations of units rated by several raters.

    Parameters
    ----------
    ratings : DataFrame of numbers, one row per rated unit, one column per rater
        A unit that a rater left out does not count.

    Raises
    ------
    ResponseError
        Ratings that are not numbers; fewer than two complete units or raters.
    """
    table = complete_ratings(ratings)
    n, k = table.shape
    upper = (1 + level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        between, raters, rest, within = _mean_squares(table)
        test1, single1, mean1 = _one_error(within / between, n - 1, n * (k - 1), k, upper)
        test3, single3, mean3 = _one_error(rest / between, n - 1, (n - 1) * (k - 1), k, upper)
        single2 = _random_raters(between, raters, rest, n, k, upper)
        mean2 = tuple(k * single2 / (1 + (k - 1) * single2))
    rows = [
        ("ICC1", *test1, *single1), ("ICC2", *test3, *single2), ("ICC3", *test3, *single3),
        ("ICC1k", *test1, *mean1), ("ICC2k", *test3, *mean2), ("ICC3k", *test3, *mean3),
    ]  # fmt: skip
    columns = ["form", "f", "df1", "df2", "p", "value", "low", "high"]
    return IntraclassCorrelations(pd.DataFrame(rows, columns=columns), level, n, k)


def _mean_squares(table: Floats) -> Floats:
    """Return the mean squares between units, between raters, of the rest, and within units."""
    n, k = table.shape
    centred = table - table.mean()
    of_units, of_raters = centred.mean(axis=1), centred.mean(axis=0)
    between = k * (of_units @ of_units)
    raters = n * (of_raters @ of_raters)
    rest = ((centred - of_units[:, None] - of_raters[None, :]) ** 2).sum()
    squares = np.array([between, raters, rest, raters + rest])
    return np.asarray(squares / [n - 1, k - 1, (n - 1) * (k - 1), n * (k - 1)])


def _one_error(
    error: float, df1: int, df2: int, k: int, upper: float
) -> tuple[Test, Interval, Interval]:
    """Return the F test, and value and interval for one rating and for the mean of k.

    `error` is the mean square of the error over that between units: 0 in perfect agreement.
    """
    from scipy.special import fdtrc, fdtri

    ends = (
        error,
        error * fdtri(df1, df2, upper),
        error / fdtri(df2, df1, upper),
    )
    single = tuple(float((1 - e) / (1 + (k - 1) * e)) for e in ends)
    mean = tuple(float(1 - e) for e in ends)
    ratio = np.divide(1.0, error)
    return (float(ratio), df1, df2, float(fdtrc(df1, df2, ratio))), single, mean


def _random_raters(
    between: float, raters: float, rest: float, n: int, k: int, upper: float
) -> Floats:
    """Return ICC2 and the ends of its interval, which has approximate freedom (p. 424)."""
    from scipy.special import fdtri

    value = (between - rest) / (between + (k - 1) * rest + k * (raters - rest) / n)
    ratio = raters / rest
    shared = n * (1 + (k - 1) * value) - k * value
    df = (k - 1) * (n - 1) * (k * value * ratio + shared) ** 2
    df /= (n - 1) * k**2 * value**2 * ratio**2 + shared**2
    above, below = fdtri(n - 1, df, upper), fdtri(df, n - 1, upper)
    others = k * raters + (k * n - k - n) * rest
    low = n * (between - above * rest) / (above * others + n * between)
    high = n * (below * between - rest) / (others + n * below * between)
    return np.array([value, low, high])
