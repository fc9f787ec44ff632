"""Principal components of items, and whether their correlations are worth analysing at all.

Sources: Jolliffe (2002), Principal Component Analysis, 2nd ed.; Kaiser (1974), Psychometrika 39,
31-36; Bartlett (1951), Biometrika 38, 337-344.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Where
from pipeline.estimation.scales.scale_items import (
    MissingItems,
    WholeRows,
    covariances,
    read_scale,
    refuse_dependent,
)
from pipeline.totals.units import Floats


@dataclass(frozen=True, slots=True)
class Components:
    """Principal components.

    Attributes
    ----------
    standard_deviation : of each component, from the largest down
    rotation : DataFrame, one row per item, one column per component (PC1, ...), of length 1; each
        signed so that it adds up to 0 or more
    n : rows with all answers
    """

    standard_deviation: tuple[float, ...]
    rotation: pd.DataFrame = field(compare=False)
    n: int


@dataclass(frozen=True, slots=True)
class Eigenvalues:
    """Eigenvalues of the correlations of items, from the largest down; `n` rows were complete."""

    values: tuple[float, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Whether items have enough in common for a factor analysis.

    Attributes
    ----------
    overall, by_item : Kaiser-Meyer-Olkin measure: near 1 where partial correlations are small
        beside correlations; below 0.5 is not enough
    chisq, df, p : Bartlett's test that no items correlate at all
    n : rows with all answers
    """

    overall: float
    by_item: pd.Series = field(compare=False)
    chisq: float
    df: int
    p: float
    n: int


def pca(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    design: SurveyDesign | None = None,
    where: Where = None,
    missing: WholeRows = "domain_jointly",
    centre: bool = True,
    scale: bool = True,
) -> Components:
    """Return the principal components of items.

    With a design each row counts times the root of its weight over the mean weight, and the
    weighted rows are then centred and scaled, as `svyprcomp` of R's survey package does. With
    unequal weights these are not the components of the weighted correlations; for those see
    `eigenvalues`.

    Parameters
    ----------
    rows : DataFrame, one row per response; with a design all rows of the sample
    items : columns of numbers
    where, missing : see `read_scale`; rows without all answers do not count
    centre, scale : take the mean off each weighted column; divide it by its standard deviation

    Raises
    ------
    ResponseError
        Items that cannot be read; one that does not vary where it is to be scaled.
    """
    found = read_scale(rows, items, design=design, where=where, missing=missing)
    weight = found.weight[found.inside]
    if scale:  # weighting would make a constant vary
        _refuse_constant(found.names, found.counted.std(axis=0))
    table = found.counted * np.sqrt(weight / weight.mean())[:, None]
    if centre:
        table = table - table.mean(axis=0)
    if scale:
        spread = np.sqrt((table**2).sum(axis=0) / (len(table) - 1))
        _refuse_constant(found.names, spread)
        table = table / spread
    _, size, right = np.linalg.svd(table, full_matrices=False)
    rotation = right.T * np.where(right.sum(axis=1) < 0, -1.0, 1.0)
    columns = [f"PC{k + 1}" for k in range(len(size))]
    return Components(
        tuple(float(one) for one in size / np.sqrt(len(table) - 1)),
        pd.DataFrame(rotation, index=pd.Index(found.names), columns=columns),
        found.n,
    )


def eigenvalues(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    design: SurveyDesign | None = None,
    where: Where = None,
    missing: MissingItems = "domain_jointly",
) -> Eigenvalues:
    """Return the eigenvalues of the (weighted) correlations; the arguments are those of `pca`."""
    correlation, n, _ = _correlation(rows, items, design, where, missing)
    return Eigenvalues(tuple(float(one) for one in np.linalg.eigvalsh(correlation)[::-1]), n)


def kmo_bartlett(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    where: Where = None,
    missing: MissingItems = "domain_jointly",
) -> Adequacy:
    """Return sampling adequacy and Bartlett's test of sphericity; the arguments are `pca`'s.

    Raises
    ------
    ResponseError
        Items that cannot be read or are linearly dependent.
    """
    from scipy.special import chdtrc

    correlation, n, names = _correlation(rows, items, None, where, missing)
    refuse_dependent(names, correlation)
    inverse = np.linalg.inv(correlation)
    spread = np.sqrt(np.diag(inverse))
    off = 1 - np.eye(len(names))
    direct = (correlation * off) ** 2
    partial = (inverse / np.outer(spread, spread) * off) ** 2
    size = len(names)
    chisq = -float(np.linalg.slogdet(correlation)[1]) * (n - 1 - (2 * size + 5) / 6)
    df = size * (size - 1) // 2
    by_item = direct.sum(axis=0) / (direct.sum(axis=0) + partial.sum(axis=0))
    return Adequacy(
        overall=float(direct.sum() / (direct.sum() + partial.sum())),
        by_item=pd.Series(by_item, index=pd.Index(names)),
        chisq=chisq, df=df, p=float(chdtrc(df, chisq)), n=n,
    )  # fmt: skip


def _correlation(
    rows: pd.DataFrame,
    items: Sequence[str],
    design: SurveyDesign | None,
    where: Where,
    missing: MissingItems,
) -> tuple[Floats, int, tuple[str, ...]]:
    found = read_scale(rows, items, design=design, where=where, missing=missing)
    covariance = covariances(found.counted, found.weight[found.inside])
    _refuse_constant(found.names, np.sqrt(np.diag(covariance.matrix)))
    return covariance.correlation, found.n, found.names


def _refuse_constant(names: Sequence[str], spread: Floats) -> None:
    if flat := [name for name, s in zip(names, spread, strict=True) if not s > 0]:
        raise ResponseError(
            f"题目 {'、'.join(flat)}: 所有回答都相同，无法标准化；请去掉。"
            "(items do not vary; leave them out)"
        )
