"""Means, totals and ratios of numeric columns, in domains: the public calls."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import By, Missing, Where, banners, divisions, without_gaps
from pipeline.estimation.estimate import DesignEffect, Estimand, estimated
from pipeline.estimation.fused import add_in_one_pass, lane_of
from pipeline.estimation.intervals import IntervalMethod
from pipeline.estimation.items import Base, Coded, Item, Measured, grouped, only, read_items
from pipeline.estimation.lines import Lines
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.ratio import groups_of, ratio_totals, totals_of
from pipeline.estimation.sample import sample_of
from pipeline.estimation.streamed import add_batches
from pipeline.totals.parquet import ParquetRows


def means(
    rows: pd.DataFrame | ParquetRows,
    questions: Sequence[str | Item],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    interval: IntervalMethod | None = None,
    df: float | None = None,
    design_effect: DesignEffect = "with_replacement",
) -> pd.DataFrame:
    """Estimate means in domains.

    Parameters
    ----------
    rows : DataFrame, one row per response; also one of weight 0 per sampled unit without response;
        or `ParquetRows` of them, larger than memory, of a design with clusters
        All rows of the sample: those outside a domain are needed for the variance.
    questions : columns of numbers, or items of a questionnaire
    by : columns of groups, each a banner of its own; a tuple of columns is crossed; "all" is the
        whole sample and the default
    where : a condition on answers, or one truth value per row; it makes a domain and keeps the
        design
    missing : ``domain``: a row without an answer leaves that item's domain; ``domain_jointly``: it
        leaves the domain of all items; ``drop_rows``: it is deleted before the design is read;
        ``refuse``: it is an error
    level, interval, df : of the confidence interval; method ``t``, and the design's degrees of
        freedom (PSUs minus strata in the domain) unless given (both ``beta`` take the design's)

    Returns
    -------
    DataFrame, one row per item, domain and level with respondents, in that order
        The columns of the estimates table from ``question`` to ``design_effect``.
    """
    items = [_mean_item(question) for question in questions]
    return estimates(
        rows, items, design=design, by=by, where=where, missing=missing, level=level,
        interval_of_means=interval or "t", df=df, design_effect=design_effect,
    )  # fmt: skip


def totals(
    rows: pd.DataFrame | ParquetRows,
    questions: Sequence[str | Item],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    df: float | None = None,
    design_effect: DesignEffect = "with_replacement",
) -> pd.DataFrame:
    """Estimate population totals in domains; the arguments are those of `means`."""
    items = [q if isinstance(q, Item) else _mean_item(q) for q in questions]
    return estimates(
        rows, items, design=design, by=by, where=where, missing=missing, level=level,
        df=df, design_effect=design_effect, interval_of_proportions="t", estimand="total",
    )  # fmt: skip


def ratios(
    rows: pd.DataFrame,
    questions: Sequence[tuple[str, str]],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    level: float = 0.95,
    df: float | None = None,
    design_effect: DesignEffect = "with_replacement",
) -> pd.DataFrame:
    """Estimate ratios of totals (numerator, denominator); rows missing either leave the domain.

    ``question`` is the numerator's column and ``code`` the denominator's.
    """
    sample = sample_of(rows, design)
    items = [Item(above, below, (above, below), (), "mean") for above, below in questions]
    lines = Lines(items, "ratio")
    divided = banners(rows, sample, by, where)
    for item in items:
        above, below = (rows[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in item.columns)
        for domain, values, groups in divided:
            found = estimated(
                ratio_totals(sample, above, below, groups), sample, "mean", design_effect
            )
            lines.add([item], [domain] * len(values), values, found)
    return lines.table(level, df, "beta", "t")


def estimates(
    rows: pd.DataFrame | ParquetRows,
    items: Sequence[Item],
    *,
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    interval_of_proportions: IntervalMethod = "beta",
    interval_of_means: IntervalMethod = "t",
    df: float | None = None,
    design_effect: DesignEffect = "with_replacement",
    estimand: Estimand = "mean",
    base: Base = "valid",
) -> pd.DataFrame:
    """Estimate all `items` by all of `by` in one go; see `means` and `proportions`."""
    lines = Lines(items, "total" if estimand == "total" else None, base)
    if isinstance(rows, ParquetRows):
        add_batches(
            lines, rows, design=design, by=by, where=where, missing=missing, estimand=estimand,
            design_effect=design_effect,
        )  # fmt: skip
        return lines.table(level, df, interval_of_proportions, interval_of_means)
    rows, where, counted = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    divided = divisions(rows, by, where)

    def read(together: Sequence[Item]) -> Coded | Measured:
        return only(read_items(rows, together, base), counted)

    log_odds = interval_of_proportions == "logit" and sample.replicates is not None
    if (fast := lane_of(sample, items, divided)) is not None:
        add_in_one_pass(lines, *fast, read, divided, estimand, design_effect, log_odds=log_odds)
        return lines.table(level, df, interval_of_proportions, interval_of_means)
    groups = [groups_of(sample, code, len(levels)) for _, levels, code in divided]
    for together in grouped(items):
        column = read(together)
        for (domain, values, _), group in zip(divided, groups, strict=True):
            added = totals_of(sample, column, group)
            found = estimated(added, sample, estimand, design_effect)
            on_odds = log_odds_variance(added, sample) if log_odds else None
            lines.add(together, [domain] * len(values), values, found, on_odds)
    return lines.table(level, df, interval_of_proportions, interval_of_means)


def _mean_item(question: str | Item) -> Item:
    if isinstance(question, Item):
        return question
    return Item(question, "", (question,), (), "mean")
