"""What a significance test found, and the Wald test of hypotheses on estimates with a covariance.

Source: Korn & Graubard (1990), The American Statistician 44, 270-276, for the Wald test whose
denominator knows that the covariance is estimated from few PSUs.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special

from pipeline.errors import ResponseError
from pipeline.estimation.together import Joint
from pipeline.totals.units import Floats

SINGULAR = 1e13
"""Condition number of a correlation matrix from which on it counts as singular."""


@dataclass(frozen=True, slots=True, repr=False)
class Test:
    """The outcome of a significance test.

    Attributes
    ----------
    method : what was tested, and how
    statistic, statistic_name : for instance ``t``, ``F``, ``X-squared``
    df : degrees of freedom of the statistic's distribution, of the numerator first; () where the
        p-value comes from a weighted sum of chi-squareds
    p_value : two-sided; NaN where the degrees of freedom are not above 0
    n : respondents who count in the test
    estimate, estimate_name : what was estimated, where the test has an estimate
    low, high, level : its confidence interval
    """

    __test__: ClassVar[bool] = False

    method: str
    statistic: float
    statistic_name: str
    df: tuple[float, ...]
    p_value: float
    n: int | None = None
    estimate: float | None = None
    estimate_name: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None

    @property
    def conf_int(self) -> tuple[float, float] | None:
        """The ends of the confidence interval, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def table(self) -> pd.DataFrame:
        """Return the test as one row; `df` becomes df_1 and df_2."""
        row = asdict(self)
        first, second = (*row.pop("df"), None, None)[:2]
        return pd.DataFrame([{**row, "df_1": first, "df_2": second}])

    def __str__(self) -> str:
        within = f"({', '.join(f'{df:.6g}' for df in self.df)})" if self.df else ""
        small = self.p_value < 0.0001
        said = [
            f"{self.statistic_name}{within} = {self.statistic:.4g}",
            "p < 0.0001" if small else f"p = {self.p_value:.4f}",
        ]
        if self.n is not None:
            said.append(f"n = {self.n:,}")
        lines = [self.method, "  " + ", ".join(said)]
        if self.estimate is not None:
            line = f"  {self.estimate_name} = {self.estimate:.6g}"
            if self.level is not None and self.low is not None:
                line += f"，{self.level:.0%} 置信区间 (CI) [{self.low:.6g}, {self.high:.6g}]"
            lines.append(line)
        return "\n".join(lines)

    __repr__ = __str__


def wald(
    joint: Joint,
    coefficients: Mapping[str, Mapping[str, float]] | None = None,
    *,
    values: Mapping[str, float] | None = None,
    adjusted: bool = True,
    df: float | None = None,
) -> Test:
    """Test that linear combinations of estimates all have given values.

    Parameters
    ----------
    coefficients : label -> name of an estimate -> coefficient; None: each estimate itself
    values : label -> value under the hypothesis; 0 where not given
    adjusted : F = (df - q + 1) / (q df) W on q and df - q + 1 degrees of freedom; otherwise
        F = W / q on q and df. W is the Wald statistic, q how many combinations there are
    df : in place of the design's

    Raises
    ------
    ResponseError
        The covariance of the combinations is singular: they repeat each other, or there are too
        few PSUs.
    """
    tested = joint if coefficients is None else joint.contrast(coefficients)
    given = values or {}
    if unknown := sorted(set(given) - set(tested.names)):
        raise KeyError(", ".join(unknown))
    away = tested.value - np.array([given.get(name, 0.0) for name in tested.names])
    freedom = tested.df if df is None else df
    statistic, freedoms = wald_f(away, tested.covariance, freedom, adjusted=adjusted)
    method = "Wald 检验" + ("（校正）(adjusted Wald test)" if adjusted else " (Wald test)")
    return Test(method, statistic, "F", freedoms, upper_f(statistic, freedoms))


def wald_f(
    away: Floats, covariance: Floats, df: float, *, adjusted: bool
) -> tuple[float, tuple[float, float]]:
    """Return the F statistic of a Wald test and its two degrees of freedom; see `wald`.

    Parameters
    ----------
    away : (q,) distances from the hypothesis
    """
    q = len(away)
    left = df - q + 1 if adjusted else df
    if not covariance.any():  # nothing left to chance, as in a census
        return (float("inf") if away.any() else 0.0), (float(q), left)
    if not _regular(covariance):
        raise ResponseError(
            f"{q} 个比较的协方差矩阵不可逆，无法做 Wald 检验：比较互相重复，或初级单元太少。"
            "请减少比较，或改用 Rao-Scott 检验。"
            "(singular covariance: redundant comparisons or too few PSUs; test fewer, or use F)"
        )
    square = float(away @ np.linalg.solve(covariance, away))
    share = left / df if adjusted and np.isfinite(df) else 1.0
    return square * share / q, (float(q), left)


def _regular(covariance: Floats) -> bool:
    """Return whether a covariance matrix can be inverted, whatever its units."""
    error = np.sqrt(np.abs(np.diag(covariance)))
    if not np.isfinite(covariance).all() or not error.all():
        return False
    return bool(np.linalg.cond(covariance / np.outer(error, error)) < SINGULAR)


def upper_f(statistic: float, df: tuple[float, float]) -> float:
    """Return the chance that F on `df` exceeds `statistic`; NaN where a df is not above 0."""
    numerator, denominator = df
    if not (numerator > 0 and denominator > 0) or np.isnan(statistic):
        return float("nan")
    if np.isposinf(statistic):
        return 0.0
    if np.isposinf(denominator):
        return float(special.chdtrc(numerator, statistic * numerator))
    return float(special.fdtrc(numerator, denominator, max(statistic, 0.0)))
