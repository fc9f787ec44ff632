"""Agreement and differences by ranks, of an unweighted table.

For samples with a design use the rank tests of `pipeline.estimation`.

Sources: Kendall & Babington Smith (1939), Annals of Mathematical Statistics 10(3), 275-287;
Friedman (1937), JASA 32, 675-701; Kruskal & Wallis (1952), JASA 47, 583-621; the correction for
ties is that of Siegel & Castellan (1988), Nonparametric Statistics, 2nd ed., sec. 7.2 and 9.5.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.agreement.ratings import complete_ratings
from pipeline.errors import ResponseError


@dataclass(frozen=True, slots=True)
class RankTest:
    """A chi-squared test on ranks; NaN where all values are tied. `n`: rows that counted."""

    statistic: float
    df: int
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class KendallW:
    """Concordance of raters: 1 where all rank alike, 0 where rankings have nothing in common.

    Attributes
    ----------
    w, w_corrected : without and with the correction for ties
    chisq, df, p : Friedman's test, from the corrected W
    n : raters with a complete ranking
    objects : what they ranked
    """

    w: float
    w_corrected: float
    chisq: float
    df: int
    p: float
    n: int
    objects: int


@dataclass(frozen=True, slots=True)
class Spearman:
    """Rank correlation with the t test on n - 2 degrees of freedom.

    `statistic` is S, the sum of squared rank differences that rho stands for.
    """

    rho: float
    statistic: float
    p: float
    n: int


def kendall_w(ratings: pd.DataFrame) -> KendallW:
    """Return Kendall's W.

    Parameters
    ----------
    ratings : DataFrame of numbers, one row per rater, one column per rated object
        A rater who left out an object does not count.

    Raises
    ------
    ResponseError
        Ratings that are not numbers; fewer than two complete raters or objects.
    """
    from scipy.special import chdtrc
    from scipy.stats import rankdata

    table = complete_ratings(ratings)
    n, k = table.shape
    sums = rankdata(table, axis=1).sum(axis=0)
    squares = 12 * float(((sums - sums.mean()) ** 2).sum())
    most = float(n**2 * (k**3 - k))
    tied = n * sum(_tied(row) for row in table)
    corrected = squares / (most - tied) if most > tied else float("nan")
    chisq = n * (k - 1) * corrected
    return KendallW(squares / most, corrected, chisq, k - 1, float(chdtrc(k - 1, chisq)), n, k)


def friedman(ratings: pd.DataFrame) -> RankTest:
    """Test whether the columns differ within rows; the arguments are those of `kendall_w`."""
    found = kendall_w(ratings)
    return RankTest(found.chisq, found.df, found.p, found.n)


def kruskal_wallis(values: pd.Series, groups: pd.Series) -> RankTest:
    """Test whether groups differ in the ranks of `values`; rows missing either do not count.

    Raises
    ------
    ResponseError
        Values that are not numbers; fewer than two groups with values.
    """
    from scipy.special import chdtrc
    from scipy.stats import rankdata

    both = pd.DataFrame({"value": values, "group": groups}).dropna()
    group, levels = pd.factorize(both["group"])
    if len(levels) < 2 or not pd.api.types.is_numeric_dtype(both["value"].dtype):
        raise ResponseError(
            f"Kruskal-Wallis 检验: 有 {len(levels)} 组，数值列类型为 {both['value'].dtype}；"
            "至少需要两组数字。(two groups of numbers are needed)"
        )
    value = both["value"].to_numpy(dtype=np.float64)
    n, rank = len(value), rankdata(value)
    size = np.bincount(group)
    of_groups = float((np.bincount(group, rank) ** 2 / size).sum())
    free_of_ties = 1 - _tied(value) / (n**3 - n)
    statistic = 12 * of_groups / (n * (n + 1)) - 3 * (n + 1)
    statistic = statistic / free_of_ties if free_of_ties > 0 else float("nan")
    df = len(levels) - 1
    return RankTest(statistic, df, float(chdtrc(df, statistic)), n)


def spearman(first: pd.Series, second: pd.Series) -> Spearman:
    """Correlate the ranks of two columns of numbers; rows missing either do not count.

    Raises
    ------
    ResponseError
        Columns that are not numbers; fewer than two complete rows.
    """
    from scipy.special import stdtr
    from scipy.stats import rankdata

    table = complete_ratings(pd.DataFrame({"first": first, "second": second}))
    n = len(table)
    a, b = (rank - (n + 1) / 2 for rank in rankdata(table, axis=0).T)
    spread = float(np.sqrt((a @ a) * (b @ b)))
    rho = float(a @ b) / spread if spread > 0 else float("nan")
    statistic = (n**3 - n) * (1 - rho) / 6
    with np.errstate(divide="ignore", invalid="ignore"):
        t = -np.abs(rho) / np.sqrt(np.divide(max(1 - rho**2, 0.0), n - 2))
    p = min(2 * float(stdtr(n - 2, t)), 1.0) if n > 2 else float("nan")
    return Spearman(rho, statistic, p, n)


def _tied(values: np.ndarray) -> float:
    """Return the sum of t^3 - t over groups of t equal values."""
    times = np.unique(values, return_counts=True)[1].astype(np.float64)
    return float((times**3 - times).sum())
