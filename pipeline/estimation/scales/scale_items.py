"""The items of a scale as a matrix, and their weighted covariances, complete or pair by pair."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Where, inside
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.units import Booleans, Floats

MissingItems = Literal["pairwise", "domain_jointly", "drop_rows", "refuse"]
WholeRows = Literal["domain_jointly", "drop_rows", "refuse"]


@dataclass(frozen=True, slots=True)
class ScaleItems:
    """Answers to the items of a scale.

    Attributes
    ----------
    values : (rows, items), NaN where there is no answer
    weight : (rows,) analysis weight; 1 without a design
    inside : (rows,) which rows count: in the domain, and with weight
    sample : of the design, or None
    """

    names: tuple[str, ...]
    values: Floats
    weight: Floats
    inside: Booleans
    sample: Sample | None

    @property
    def n(self) -> int:
        """Rows that count and have an answer to any item."""
        return int((self.inside & ~np.isnan(self.values).all(axis=1)).sum())

    @property
    def counted(self) -> Floats:
        """The rows that count, (n, items)."""
        return self.values[self.inside]

    def only(self, kept: Booleans) -> "ScaleItems":
        """Return the items that are kept."""
        names = tuple(name for name, keep in zip(self.names, kept, strict=True) if keep)
        return replace(self, names=names, values=self.values[:, kept])


@dataclass(frozen=True, slots=True)
class Covariances:
    """Covariances of items: each of the rows that answered both.

    Attributes
    ----------
    matrix : (items, items)
    mean : [i, j] the mean of item i among those who answered i and j
    weight : [i, j] the sum of weights of those who answered i and j
    factor : [i, j] n / (n - 1) of those rows
    """

    matrix: Floats
    mean: Floats
    weight: Floats
    factor: Floats

    @property
    def correlation(self) -> Floats:
        """The matrix of correlations."""
        return correlation_of(self.matrix)


def read_scale(
    rows: pd.DataFrame,
    items: Sequence[str],
    *,
    design: SurveyDesign | None,
    where: Where,
    missing: MissingItems,
) -> ScaleItems:
    """Read the items' columns.

    Parameters
    ----------
    where : a condition or one truth value per row; makes a domain and keeps the design
    missing : ``pairwise``: each covariance takes the rows that answered both items;
        ``domain_jointly``: rows without all answers leave the domain; ``drop_rows``: they are
        deleted before the design is read; ``refuse``: they are an error

    Raises
    ------
    ResponseError
        Items that are absent, named twice or not numbers; fewer than two; missing answers under
        ``refuse``; fewer than two rows left.
    """
    _refuse_bad_items(rows, items)
    values = rows[list(items)].to_numpy(dtype=np.float64, na_value=np.nan)
    whole = ~np.isnan(values).any(axis=1)
    chosen = inside(rows, where)
    if missing == "refuse" and (gaps := int((chosen & ~whole).sum())):
        raise ResponseError(
            f"量表 {'、'.join(items)}: {gaps} 行有缺失的回答。请选定处理方式（missing=...）。"
            "(answers are missing; choose how to treat them)"
        )
    if missing == "drop_rows":
        rows, values, chosen = rows[whole], values[whole], chosen[whole]
    elif missing != "pairwise":
        chosen = chosen & whole
    sample = None if design is None else sample_of(rows, design)
    weight = np.ones(len(rows)) if sample is None else sample.weight
    found = ScaleItems(tuple(items), values, weight, chosen & (weight > 0), sample)
    if found.n < 2:
        raise ResponseError(
            f"量表 {'、'.join(items)}: 只剩 {found.n} 行有回答，无法计算。"
            "(too few rows with answers are left; check the domain and the missing values)"
        )
    return found


def covariances(values: Floats, weight: Floats) -> Covariances:
    """Return the covariances of columns with NaN where there is no answer; see `Covariances`."""
    known = ~np.isnan(values)
    mask = known.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.nansum(values * weight[:, None], axis=0) / (weight @ mask)
        centred = np.where(known, values - shift, 0.0)
        counted = (mask * (weight > 0)[:, None]).T @ mask
        total = (mask * weight[:, None]).T @ mask
        mean = (centred * weight[:, None]).T @ mask / total
        products = (centred * weight[:, None]).T @ centred / total
        factor = counted / (counted - 1)
    return Covariances(factor * (products - mean * mean.T), mean + shift[:, None], total, factor)


def correlation_of(covariance: Floats) -> Floats:
    """Return the correlations of a covariance matrix."""
    spread = np.sqrt(np.diag(covariance))
    found: Floats = covariance / np.outer(spread, spread)
    return found


def multiple_correlations(correlation: Floats) -> Floats:
    """Return the squared multiple correlation of each item with all others.

    NaN where the items are linearly dependent.
    """
    if dependent(correlation):
        return np.full(len(correlation), np.nan)
    found: Floats = 1 - 1 / np.diag(np.linalg.inv(correlation))
    return found


def dependent(correlation: Floats) -> bool:
    """Return whether some items follow from others."""
    return bool(np.linalg.cond(correlation) > 1 / np.finfo(float).eps)


def refuse_dependent(names: Sequence[str], correlation: Floats) -> None:
    """Refuse items without spread, or of which some follow from others."""
    if np.isnan(correlation).any() or dependent(correlation):
        raise ResponseError(
            f"量表 {'、'.join(names)}: 有题目的回答全都相同，或可由其他题目推出（相关矩阵奇异）；"
            "请去掉这样的题目。(items do not vary or follow from others; leave them out)"
        )


def _refuse_bad_items(rows: pd.DataFrame, items: Sequence[str]) -> None:
    if isinstance(items, str) or len(set(items)) < max(2, len(items)):
        raise ResponseError(
            f"量表题目 {items!r}: 应为两个以上不重复的列名。(two or more different columns)"
        )
    if absent := [item for item in items if item not in rows]:
        raise ResponseError(
            f"量表题目 {'、'.join(absent)} 不在数据表中；请核对列名。(no such column)"
        )
    for item in items:
        if not pd.api.types.is_numeric_dtype(rows[item].dtype):
            raise ResponseError(
                f"量表题目 {item}: 须为数字编码，实为 {rows[item].dtype}。"
                "(items must be numbers; code the answers first)"
            )
