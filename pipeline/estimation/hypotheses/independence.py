"""Tests of independence of two categorical variables under a complex design.

The Pearson statistic of the weighted table is distributed as a weighted sum of chi-squareds; the
weights are the eigenvalues of the generalised design effects of the interaction. ``F`` corrects it
to second order, ``chisq`` to first, ``linear_combination`` and ``saddlepoint`` take the sum
itself. ``wald`` and ``adjusted_wald`` test the differences between the cells and what their
margins predict, with their covariance.

Source: Rao & Scott (1981), JASA 76, 221-230; (1984), Annals of Statistics 12, 46-60; Thomas & Rao
(1987), JASA 82, 630-636; Koch, Freeman & Freeman (1975), Int. Stat. Review 43, 59-78.
"""

from dataclasses import dataclass
from typing import Literal, assert_never, get_args

import numpy as np
import pandas as pd
from scipy import special

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where
from pipeline.estimation.estimate import scores_of
from pipeline.estimation.hypotheses.chi_squared_sums import upper_tail
from pipeline.estimation.hypotheses.significance import Test, upper_f, wald_f
from pipeline.estimation.hypotheses.two_way import Column, TwoWay, two_way_tables
from pipeline.estimation.sample import Sample
from pipeline.totals.units import Floats

Statistic = Literal["F", "chisq", "wald", "adjusted_wald", "linear_combination", "saddlepoint"]
NO_VARIANCE = 1e-14
"""Eigenvalues (design effects) below this are what rounding leaves of 0."""
METHOD = {
    "F": "独立性检验：Rao-Scott 二阶校正 (independence, Rao-Scott second order)",
    "chisq": "独立性检验：Rao-Scott 一阶校正 (independence, Rao-Scott first order)",
    "wald": "独立性检验：Wald (independence, Wald)",
    "adjusted_wald": "独立性检验：校正 Wald (independence, adjusted Wald)",
    "linear_combination": "独立性检验：卡方加权和 (independence, weighted sum of chi-squareds)",
    "saddlepoint": "独立性检验：卡方加权和的鞍点近似 (independence, saddlepoint)",
}


def independence(
    rows: pd.DataFrame,
    a: Column,
    b: Column,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    statistic: Statistic = "F",
    df: float | None = None,
) -> Test:
    """Test whether two categorical variables are independent in the population.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`; with `where` a domain of them
    a, b : columns of codes; a tuple of columns is crossed. Levels that nobody in the domain has
        are left out.
    missing : as in `two_way_tables`
    statistic : ``F`` on d0 and d0 x df degrees of freedom, d0 = (sum of eigenvalues)^2 / sum of
        their squares; ``chisq`` on q = (rows - 1)(columns - 1); ``wald`` on q and df;
        ``adjusted_wald`` on q and df - q + 1. Of ``chisq``, ``linear_combination`` and
        ``saddlepoint`` the statistic is Pearson's for as many respondents as the domain has,
        those without an answer included.
    df : in place of PSUs minus strata over the domain, those without an answer included

    Returns
    -------
    Test; `n` counts the respondents in the table

    Raises
    ------
    ResponseError
        A column is absent or has a single level, or the covariance for a Wald test is singular.
    """
    if statistic not in get_args(Statistic):
        raise ResponseError(
            f"statistic={statistic!r} 不可用，可用 {', '.join(get_args(Statistic))}。"
            "(not a statistic; use one of these)"
        )
    sample, (table,) = two_way_tables(rows, [(a, b)], design=design, where=where, missing=missing)
    return independence_of(table, sample, statistic=statistic, df=df)


def independence_of(
    table: TwoWay, sample: Sample, *, statistic: Statistic = "F", df: float | None = None
) -> Test:
    """Test the independence of a table that has been added up; see `independence`."""
    for name, levels in ((table.a, table.a_levels), (table.b, table.b_levels)):
        if len(levels) < 2:
            raise ResponseError(
                f"{table.a} × {table.b}: 域内 {name} 只有一类（{levels[0]}），无法检验独立性。"
                f"(only one level of {name} in the domain; nothing to test)"
            )
    freedom = table.freedom if df is None else df
    n = int(table.n.sum())
    if statistic in ("wald", "adjusted_wald"):
        away, spread = _distances(table, sample)
        found, freedoms = wald_f(away, spread, freedom, adjusted=statistic == "adjusted_wald")
        return Test(METHOD[statistic], found, "F", freedoms, upper_f(found, freedoms), n)
    of = pearson_of(table, sample)
    return _rao_scott(of, statistic, freedom, n)


@dataclass(frozen=True, slots=True)
class Pearson:
    """Pearson's statistic of a weighted table, and how the design spreads it.

    Attributes
    ----------
    statistic : scaled to the number of respondents in the domain
    eigenvalues : (q,) generalised design effects, ascending; 1 under simple random sampling
    phi_squared : the statistic divided by that number
    """

    statistic: float
    eigenvalues: Floats
    phi_squared: float


def pearson_of(table: TwoWay, sample: Sample) -> Pearson:
    """Return Pearson's statistic of a table, with the eigenvalues of its design effects."""
    share = table.counts / table.counts.sum()
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    phi_squared = float(((share - expected) ** 2 / expected).sum())
    # Contrasts of cells that no main effect touches, each cell's weighted with 1 / its share.
    contrasts = np.kron(*(_contrasts(size) for size in table.shape))
    flat = share.reshape(-1)
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat > 0)
    weighted = contrasts * inverse[:, None]
    _, parts = scores_of(table.cells, sample, "mean")
    spread = sample.covariance(parts[:, 0, :] @ weighted, present=table.cells.present)
    simple = contrasts.T @ weighted / table.rows_inside
    try:
        half = np.linalg.inv(np.linalg.cholesky(simple))
    except np.linalg.LinAlgError:
        raise ResponseError(
            f"{table.a} × {table.b}: 空格太多，无法检验独立性。请先合并类别。"
            "(too many empty cells to test independence; group the categories)"
        ) from None
    form = half @ spread @ half.T
    values = np.full(len(form), np.nan)
    if np.isfinite(form).all():
        values[:] = np.linalg.eigvalsh((form + form.T) / 2)
    return Pearson(phi_squared * table.rows_inside, values, phi_squared)


def _rao_scott(of: Pearson, statistic: Statistic, df: float, n: int) -> Test:
    method, values = METHOD[statistic], of.eigenvalues
    total, q = float(values.sum()), len(values)
    if np.abs(values).max() < NO_VARIANCE:  # a census: the table is what it is
        p = 0.0 if of.statistic > NO_VARIANCE * n else 1.0
        return Test(method, of.statistic, "X-squared", (float(q),), p, n)
    second = total**2 / float((values**2).sum())
    match statistic:
        case "F":
            found, freedoms = of.statistic / total, (second, second * df)
            return Test(method, found, "F", freedoms, upper_f(found, freedoms), n)
        case "chisq":
            p = float(special.chdtrc(q, of.statistic * q / total))
            return Test(method, of.statistic, "X-squared", (float(q),), p, n)
        case "linear_combination" | "saddlepoint":
            way: Literal["integration", "saddlepoint"] = (
                "saddlepoint" if statistic == "saddlepoint" else "integration"
            )
            p = upper_tail(of.statistic, values, df=second * df, method=way)
            return Test(method, of.statistic, "X-squared", (), p, n)
        case "wald" | "adjusted_wald":
            raise TypeError(statistic)
    assert_never(statistic)


def _distances(table: TwoWay, sample: Sample) -> tuple[Floats, Floats]:
    """Return count - expected count of all cells but those of the first levels; covariance."""
    value, parts = scores_of(table.cells, sample, "total")
    rows, columns = table.shape
    count = value[0].reshape(rows, columns)
    each = parts[:, 0, :].reshape(-1, rows, columns)
    whole, down, across = count.sum(), count.sum(axis=1), count.sum(axis=0)
    away = count - np.outer(down, across) / whole
    part = (
        each
        - each.sum(axis=2, keepdims=True) * (across / whole)
        - each.sum(axis=1, keepdims=True) * (down / whole)[:, None]
        + each.sum(axis=(1, 2), keepdims=True) * (np.outer(down, across) / whole**2)
    )
    inner = part[:, 1:, 1:].reshape(len(part), -1)
    return away[1:, 1:].reshape(-1), sample.covariance(inner, present=table.cells.present)


def _contrasts(levels: int) -> Floats:
    """Return orthonormal contrasts between levels, (levels, levels - 1) (Helmert)."""
    lower = np.tril(np.ones((levels, levels)), -1)[1:].T
    for k in range(levels - 1):
        lower[k + 1, k] = -(k + 1)
    scaled: Floats = lower / np.sqrt((lower**2).sum(axis=0))
    return scaled
