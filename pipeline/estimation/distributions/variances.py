"""Variances and covariances of numeric questions in domains: the public call.

The weighted mean of the products of deviations times n / (n - 1), as R's survey package
(``svyvar``) has it. The mean of the products carries the standard error: what the means add to it
is of smaller order, and replicates take it in.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import several
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import Estimates, estimated
from pipeline.estimation.items import Item, Measured
from pipeline.estimation.ratio import Groups, RatioTotals, totals_of
from pipeline.estimation.sample import Sample, sample_of
from pipeline.estimation.tables import finished, measured, numeric_item, tidy, with_interval
from pipeline.totals.units import Booleans, Floats


def variances(
    rows: pd.DataFrame,
    questions: str | Item | Sequence[str | Item],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    df: float | None = None,
) -> pd.DataFrame:
    """Estimate the variance of each question and the covariance of each pair, in domains.

    The arguments are those of `means`; under ``missing="domain"`` a pair has the rows that answer
    both. n counts the responses in the domain, with or without an answer, as R's survey package
    does; with replicate weights, as there, those with an answer.

    Returns
    -------
    DataFrame, one row per pair of questions, domain and level with respondents
        The columns of `means`. ``estimand`` is variance, and ``code`` empty, or covariance, and
        ``code`` the second question. The unit is that of the first question times that of the
        second. `matrix_of` lays one domain out as a matrix.
    """
    items = [numeric_item(question) for question in several(questions)]
    rows, where, counted = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    divided = banners(rows, sample, by, where)
    tables = []
    for first, second in combinations_with_replacement(items, 2):
        one, other = (measured(rows, item, counted) for item in (first, second))
        code, estimand = ("", "variance") if first is second else (second.question, "covariance")
        parts = []
        for domain, values, groups in divided:
            found = _covariances(sample, one, other, groups)
            table = tidy(first.question, [code], domain, values, found, [estimand])
            parts.append(with_interval(table, "t", level, df))
        tables.append(finished(parts, [code], level))
    return pd.concat(tables, ignore_index=True)


def matrix_of(
    table: pd.DataFrame, column: str = "value", *, domain_value: str = "all"
) -> pd.DataFrame:
    """Return a column of `variances` for one domain as a square matrix over the questions.

    Raises
    ------
    ResponseError
        If the table has no such domain.
    """
    part = table[table["domain_value"] == domain_value]
    if part.empty:
        raise ResponseError(
            f"variances: 表中没有域 {domain_value!r}；请用 domain_value 指定表中的域。"
            "(no such domain in the table)"
        )
    names = list(part.loc[part["estimand"] == "variance", "question"])
    matrix = pd.DataFrame(np.nan, index=names, columns=names)
    second = part["code"].where(part["estimand"] == "covariance", part["question"])
    for one, other, value in zip(part["question"], second, part[column], strict=True):
        matrix.loc[one, other] = matrix.loc[other, one] = value
    return matrix


def _covariances(sample: Sample, one: Measured, other: Measured, groups: Groups) -> Estimates:
    """Return the covariance of two columns in each group, (groups, 1)."""
    both = ~(np.isnan(one.value) | np.isnan(other.value))
    asked = _both_asked(one.asked, other.asked)

    def totals(value: Floats) -> RatioTotals:
        return totals_of(sample, Measured(np.where(both, value, np.nan), asked), groups)

    def deviation(column: Measured) -> Floats:
        sums = totals(column.value)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = sums.y.sum(axis=0)[:, 0] / sums.x.sum(axis=0)[:, 0]
        apart: Floats = column.value - mean[groups.code]
        return apart

    first, second = deviation(one), deviation(other)
    products = totals(first * second)
    if products.replicate_y is not None and products.replicate_x is not None:
        # A replicate's deviations are from its own means.
        with np.errstate(divide="ignore", invalid="ignore"):
            means = [_replicated(totals(d)) for d in (first, second)]
        shift = means[0] * means[1] * products.replicate_x
        products = replace(products, replicate_y=products.replicate_y - np.nan_to_num(shift))
    found = estimated(products, sample)
    n = found.n if sample.replicates is not None else found.base
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(n > 1, n / (n - 1), np.nan)
    return replace(found, value=found.value * factor, variance=found.variance * factor**2)


def _replicated(totals: RatioTotals) -> Floats:
    """Return the means of every replicate, (replicates, groups, 1)."""
    if totals.replicate_y is None or totals.replicate_x is None:
        raise TypeError("a design without replicate weights")
    means: Floats = totals.replicate_y / totals.replicate_x
    return means


def _both_asked(one: Booleans | None, other: Booleans | None) -> Booleans | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
