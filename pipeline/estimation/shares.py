"""Shares of respondents in domains: the public call."""

from collections.abc import Sequence

import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.arguments import refuse_empty, several
from pipeline.estimation.domains import By, Missing, Where
from pipeline.estimation.estimate import DesignEffect
from pipeline.estimation.intervals import IntervalMethod
from pipeline.estimation.items import Base, Item, encoded
from pipeline.estimation.linear import estimates
from pipeline.totals.coding import level_text
from pipeline.totals.parquet import ParquetRows


def proportions(
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
    base: Base = "valid",
) -> pd.DataFrame:
    """Estimate shares in domains; the arguments are those of `means`.

    `base` says who counts below the line: ``valid`` those with an answer, ``asked`` also those who
    were asked and gave none (did not know, refused, left it out), ``all`` everyone. A column name
    stands for one item per value that occurs in it. The default interval is
    Korn-Graubard's as R computes it (``beta``). What is published takes ``beta_capped``, whose
    effective n is at most n: the rule on what may be shown as a percentage needs it.

    Returns
    -------
    DataFrame, one row per item, domain and level with respondents
        ``n`` respondents in the base, ``n_cell`` of them counted; shares of 0 and 1 have a
        standard error of 0 and an interval of the width that their effective n allows.
    """
    questions = several(questions)
    if isinstance(rows, ParquetRows):
        rows.levels([q for q in questions if isinstance(q, str) and q in rows])  # in one pass
    items = [item for question in questions for item in _items(rows, question)]
    table = estimates(
        rows, items, design=design, by=by, where=where, missing=missing, level=level,
        interval_of_proportions=interval or "beta", df=df, design_effect=design_effect,
        base=base,
    )  # fmt: skip
    return refuse_empty(table)


def _items(rows: pd.DataFrame | ParquetRows, question: str | Item) -> list[Item]:
    if isinstance(question, Item):
        return [question]
    if question not in rows:
        raise ResponseError(f"数据表没有列 {question}；请核对题号。(no such column)")
    if isinstance(rows, ParquetRows):
        levels = rows.levels([question])[question]
    else:
        levels = encoded(rows[question])[1]
    return [
        Item(question, level_text(value), (question,), (value,), "proportion") for value in levels
    ]
