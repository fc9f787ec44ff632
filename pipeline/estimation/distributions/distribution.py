"""Distribution functions in domains: the public call."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.arguments import several
from pipeline.estimation.distributions.woodruff import shares_at_most
from pipeline.estimation.domains import By, Missing, Where, banners, without_gaps
from pipeline.estimation.intervals import IntervalMethod
from pipeline.estimation.items import Item
from pipeline.estimation.sample import sample_of
from pipeline.estimation.tables import finished, measured, numeric_item, tidy, with_interval
from pipeline.totals.coding import level_text


def cdf(
    rows: pd.DataFrame,
    questions: str | Item | Sequence[str | Item],
    *,
    at: Sequence[float],
    design: SurveyDesign,
    by: By = None,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    interval: IntervalMethod | None = None,
    df: float | None = None,
) -> pd.DataFrame:
    """Estimate distribution functions: the shares of respondents with a value of at most `at`.

    The arguments are those of `proportions`; ``code`` is the value and ``estimand`` is cdf.
    """
    items = [numeric_item(question) for question in several(questions)]
    rows, where, counted = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    limits = np.asarray(at, dtype=np.float64)
    codes = [level_text(float(one)) for one in limits]
    tables = []
    for item in items:
        column = measured(rows, item, counted)
        parts = []
        for domain, values, groups in banners(rows, sample, by, where):
            wide = np.broadcast_to(limits, (groups.count, len(limits)))
            found = shares_at_most(sample, column, groups, wide)
            table = tidy(item.question, codes, domain, values, found, ["cdf"] * len(codes))
            parts.append(with_interval(table, interval or "beta", level, df))
        tables.append(finished(parts, codes, level))
    return pd.concat(tables, ignore_index=True)
