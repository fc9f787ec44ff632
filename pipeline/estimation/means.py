"""Means, totals and ratios of numeric columns, in domains: the public calls."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.estimate import (
    ESTIMATE_COLUMNS,
    DesignEffect,
    Estimand,
    Estimates,
    estimated,
)
from pipeline.estimation.intervals import IntervalMethod, interval, standard_errors
from pipeline.estimation.items import (
    Base,
    Item,
    grouped,
    only,
    read_items,
)
from pipeline.estimation.log_odds import log_odds_variance
from pipeline.estimation.ratio import ratio_totals, totals_of
from pipeline.estimation.sample import sample_of
from pipeline.totals.units import Floats


def means(
    rows: pd.DataFrame,
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
    rows : DataFrame, one row per response; also one of weight 0 per sampled unit without response
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
    rows: pd.DataFrame,
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
    frames = []
    for above, below in questions:
        numbers = [rows[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in (above, below)]
        for domain, values, groups in banners(rows, sample, by, where):
            found = estimated(
                ratio_totals(sample, numbers[0], numbers[1], groups), sample, "mean", design_effect
            )
            item = Item(above, below, (above, below), (), "mean")
            frames.append(_frame([item], domain, values, found, "ratio"))
    return _finished(pd.concat(frames, ignore_index=True), level, df, "beta", "t")


def estimates(
    rows: pd.DataFrame,
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
    rows, where, counted = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    divided = list(banners(rows, sample, by, where))
    frames = []
    for together in grouped(items):
        column = only(read_items(rows, together, base), counted)
        for domain, values, groups in divided:
            totals = totals_of(sample, column, groups)
            found = estimated(totals, sample, estimand, design_effect)
            name = "total" if estimand == "total" else None
            frame = _frame(together, domain, values, found, name, base)
            on_odds = log_odds_variance(totals, sample).T.reshape(-1)
            frames.append(frame.assign(log_odds_variance=on_odds[frame.index]))
    order = {(item.question, item.code, item.estimand): k for k, item in enumerate(items)}
    whole = pd.concat(frames, ignore_index=True)
    keys = zip(whole["question"], whole["code"], whole["item_estimand"], strict=True)
    whole = whole.assign(order=[order[key] for key in keys])
    whole = whole.sort_values("order", kind="stable").drop(columns=["order", "item_estimand"])
    return _finished(whole, level, df, interval_of_proportions, interval_of_means)


def _mean_item(question: str | Item) -> Item:
    if isinstance(question, Item):
        return question
    return Item(question, "", (question,), (), "mean")


def _frame(
    items: Sequence[Item],
    domain: str,
    values: Sequence[str],
    found: Estimates,
    estimand: str | None = None,
    base: Base = "valid",
) -> pd.DataFrame:
    def column(table: Floats) -> Floats:
        return np.asarray(table, dtype=np.float64).T.reshape(-1)

    each = [(item, value) for item in items for value in values]
    frame = pd.DataFrame(
        {
            "question": [item.question for item, _ in each],
            "code": [item.code for item, _ in each],
            "base": base,
            "domain": domain,
            "domain_value": [value for _, value in each],
            "estimand": [estimand or item.estimand for item, _ in each],
            "item_estimand": [item.estimand for item, _ in each],
            "value": column(found.value),
            "variance": column(found.variance),
            "degrees_of_freedom": column(found.degrees_of_freedom),
            "asked": column(found.base),
            "n": column(found.n).astype(np.int64),
            "n_cell": column(found.n_cell).astype(np.int64),
            "effective_n": column(found.effective_n),
            "design_effect": column(found.design_effect),
        }
    )
    return frame[frame["n"] > 0]


def _finished(
    whole: pd.DataFrame,
    level: float,
    df: float | None,
    of_proportions: IntervalMethod,
    of_means: IntervalMethod,
) -> pd.DataFrame:
    """Add standard errors and intervals, and put the columns in order."""
    whole = whole.reset_index(drop=True)
    designed = whole["degrees_of_freedom"].to_numpy()
    freedom = designed if df is None else np.full(len(whole), float(df))
    low, high = np.full(len(whole), np.nan), np.full(len(whole), np.nan)
    share = (whole["estimand"] == "proportion").to_numpy()
    for method, chosen in ((of_proportions, share), (of_means, ~share)):
        part = whole[chosen]
        low[chosen], high[chosen] = interval(
            method, part["value"].to_numpy(), part["variance"].to_numpy(), level=level,
            df=(designed if method in ("beta", "beta_capped") else freedom)[chosen],
            n=part["asked"].to_numpy(), answered=part["n"].to_numpy(dtype=np.float64),
            effective_n=part["effective_n"].to_numpy(),
            log_odds_variance=part.reindex(columns=["log_odds_variance"]).to_numpy(float)[:, 0],
        )  # fmt: skip
    whole = whole.assign(
        standard_error=standard_errors(whole["variance"].to_numpy()), low=low, high=high,
        level=level,
        interval_method=np.where(share, of_proportions, of_means), degrees_of_freedom=freedom,
    )  # fmt: skip
    columns = [c for c in ESTIMATE_COLUMNS if c in whole.columns]
    return whole[columns].astype({"interval_method": "str"})
