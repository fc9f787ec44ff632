"""Means, totals and ratios of numeric columns, in domains: the public calls."""

from collections.abc import Sequence

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import one_of, refuse_bad_level, refuse_empty, several
from pipeline.estimation.domains import (
    By,
    Missing,
    Where,
    banners,
    divisions,
    inside,
    without_gaps,
)
from pipeline.estimation.estimate import DesignEffect, Estimand, estimated
from pipeline.estimation.fused import add_in_one_pass, lane_of
from pipeline.estimation.intervals import IntervalMethod
from pipeline.estimation.items import (
    Base,
    Coded,
    Item,
    Measured,
    grouped,
    numbers,
    only,
    read_items,
)
from pipeline.estimation.lines import Lines
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.ratio import groups_of, ratio_totals, totals_of
from pipeline.estimation.sample import sample_of
from pipeline.estimation.streamed import add_batches
from pipeline.totals.parquet import ParquetRows


def means(
    rows: pd.DataFrame | ParquetRows,
    questions: str | Item | Sequence[str | Item],
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
    questions : columns of numbers, or items of a questionnaire; one or many
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
        Groups without respondents have no row; no row at all is an error.
        The columns of the estimates table from ``question`` to ``design_effect``.
    """
    items = [_mean_item(question) for question in several(questions)]
    table = estimates(
        rows, items, design=design, by=by, where=where, missing=missing, level=level,
        interval_of_means=interval or "t", df=df, design_effect=design_effect,
    )  # fmt: skip
    return refuse_empty(table)


def totals(
    rows: pd.DataFrame | ParquetRows,
    questions: str | Item | Sequence[str | Item],
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
    items = [_mean_item(question) for question in several(questions)]
    table = estimates(
        rows, items, design=design, by=by, where=where, missing=missing, level=level,
        df=df, design_effect=design_effect, interval_of_proportions="t", estimand="total",
    )  # fmt: skip
    return refuse_empty(table)


def ratios(
    rows: pd.DataFrame,
    questions: tuple[str, str] | Sequence[tuple[str, str]],
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
    """Estimate ratios of totals (numerator, denominator); the arguments are those of `means`.

    A row missing either of the two leaves the ratio's domain. ``question`` is the numerator's
    column and ``code`` the denominator's; a ratio whose denominator adds up to 0 is missing.
    """
    refuse_bad_level(level, df)
    pairs = _pairs(questions)
    items = [Item(above, below, (above, below), (), "mean") for above, below in pairs]
    columns = [Item(c, "", (c,), (), "mean") for c in dict.fromkeys(c for p in pairs for c in p)]
    rows, where, counted = without_gaps(rows, columns, where, missing)
    if counted is not None:
        where = pd.Series(inside(rows, where) & counted, index=rows.index)
    sample = sample_of(rows, design)
    lines = Lines(items, "ratio")
    divided = banners(rows, sample, by, where)
    for item in items:
        above, below = (numbers(rows[column]) for column in item.columns)
        for domain, values, groups in divided:
            found = estimated(
                ratio_totals(sample, above, below, groups), sample, "mean", design_effect
            )
            lines.add([item], [domain] * len(values), values, found)
    return refuse_empty(lines.table(level, df, "beta", interval or "t"))


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
    """Estimate all `items` by all of `by` in one go; see `means` and `proportions`.

    Without any line the table is empty; a group without respondents has no line.
    """
    refuse_bad_level(level, df)
    one_of("design_effect", design_effect, DesignEffect)
    one_of("base", base, Base)
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


def _pairs(questions: tuple[str, str] | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    pairs = [questions] if isinstance(questions, tuple) else several(questions)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ResponseError(
                f"ratios: 应为（分子列，分母列），读到 {pair!r}。"
                "(a pair of columns is needed: numerator, denominator)"
            )
    return [(above, below) for above, below in pairs]


def _mean_item(question: str | Item) -> Item:
    if isinstance(question, Item):
        return question
    return Item(question, "", (question,), (), "mean")
