"""Cross-tabulations: weighted counts and shares of two-way tables, with intervals and n.

Shares are of the whole table, of each column (of those in a level of b, how many lie in each level
of a) and of each row. All of them, and the test of independence, come from one adding up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where
from pipeline.estimation.estimate import Estimates, estimated
from pipeline.estimation.hypotheses.independence import Statistic, independence_of
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.hypotheses.two_way import Column, TwoWay, two_way_tables
from pipeline.estimation.intervals import IntervalMethod, interval, standard_errors
from pipeline.estimation.ratio import RatioTotals
from pipeline.estimation.sample import Sample
from pipeline.totals.units import Floats

Share = Literal["column", "row", "total"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Crosstab:
    """A two-way table.

    Attributes
    ----------
    a, b : names of the columns; `a` goes down, `b` across
    table : one row per cell and figure, `b` varying fastest within a figure: a, b (the levels, as
        texts), estimand (``count``, ``total_share``, ``column_share``, ``row_share``), value,
        standard_error, low, high, level, interval_method, degrees_of_freedom, n (respondents in
        the base: the table, the column or the row), n_cell, effective_n, design_effect
    n : respondents in the table
    """

    a: str
    b: str
    table: pd.DataFrame
    n: int
    _cells: TwoWay
    _sample: Sample

    @property
    def counts(self) -> pd.DataFrame:
        """Weighted counts, levels of a by levels of b."""
        return self._wide("count", "value")

    @property
    def n_cells(self) -> pd.DataFrame:
        """Respondents in each cell."""
        return self._wide("count", "n_cell")

    def shares(self, of: Share = "column") -> pd.DataFrame:
        """Return shares of the columns, of the rows or of the whole table."""
        return self._wide(f"{of}_share", "value")

    def independence(self, statistic: Statistic = "F", *, df: float | None = None) -> Test:
        """Test whether a and b are independent; see `independence`."""
        return independence_of(self._cells, self._sample, statistic=statistic, df=df)

    def _wide(self, estimand: str, figure: str) -> pd.DataFrame:
        chosen = self.table.loc[self.table["estimand"] == estimand, figure]
        down, across = self._cells.a_levels, self._cells.b_levels
        return pd.DataFrame(
            chosen.to_numpy().reshape(len(down), len(across)),
            index=pd.Index(down, name=self.a), columns=pd.Index(across, name=self.b),
        )  # fmt: skip

    def __str__(self) -> str:
        shares = self._wide("column_share", "value")
        error = self._wide("column_share", "standard_error")
        text = pd.DataFrame(
            {
                level: [
                    f"{share:.1%} ± {spread:.1%}"
                    for share, spread in zip(shares[level], error[level], strict=True)
                ]
                for level in shares
            },
            index=shares.index,
        ).rename_axis(columns=self.b)
        text.loc["n"] = [f"{n:,}" for n in self.n_cells.sum()]
        shown = ("display.unicode.east_asian_width", True, "display.width", 200)
        with pd.option_context(*shown, "display.max_columns", None):
            body = text.to_string()
        head = f"{self.a} × {self.b}：列百分比 ± 标准误 (column share ± SE), n = {self.n:,}"
        return f"{head}\n{body}"

    __repr__ = __str__


def crosstab(
    rows: pd.DataFrame,
    a: Column,
    b: Column,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    scale_to: float | None = None,
    level: float = 0.95,
    interval: IntervalMethod = "beta",
    df: float | None = None,
) -> Crosstab:
    """Cross-tabulate two columns.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`; with `where` a domain of them
    a, b : columns of codes; a tuple of columns is crossed. Levels that nobody in the domain has
        are left out
    missing : as in `two_way_tables`
    scale_to : what the weighted counts shall add up to; None: the sum of the weights
    level, interval, df : of the confidence intervals: `interval` of shares, t of counts; the
        degrees of freedom are PSUs minus strata in the base unless given

    Raises
    ------
    ResponseError
        A column is absent, or nobody in the domain has both answers.
    """
    (found,) = crosstabs(
        rows, [a], [b], design=design, where=where, missing=missing, scale_to=scale_to,
        level=level, interval=interval, df=df,
    )  # fmt: skip
    return found


def crosstabs(
    rows: pd.DataFrame,
    a: Sequence[Column],
    b: Sequence[Column],
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    scale_to: float | None = None,
    level: float = 0.95,
    interval: IntervalMethod = "beta",
    df: float | None = None,
) -> list[Crosstab]:
    """Cross-tabulate every column of `a` with every one of `b`, reading the design once.

    The arguments are those of `crosstab`; the tables come in the order of `a`, then of `b`. Under
    ``drop_rows`` a row that lacks any of the columns is deleted.
    """
    if scale_to is not None and not scale_to > 0:
        raise ResponseError(f"scale_to={scale_to} 须大于 0。(must be above 0)")
    pairs = [(down, across) for down in a for across in b]
    sample, tables = two_way_tables(rows, pairs, design=design, where=where, missing=missing)
    return [_finished(sample, each, scale_to, level, interval, df) for each in tables]


def _finished(
    sample: Sample,
    table: TwoWay,
    scale_to: float | None,
    level: float,
    method: IntervalMethod,
    df: float | None,
) -> Crosstab:
    totals: list[tuple[str, RatioTotals, tuple[int, ...]]] = [
        ("count", table.cells, (0, 1)),
        ("total_share", table.cells, (0, 1)),
        ("column_share", table.columns(sample), (1, 0)),
        ("row_share", table.rows(sample), (0, 1)),
    ]
    scale = 1.0 if scale_to is None else scale_to / table.counts.sum()
    frames = []
    for estimand, of, order in totals:
        counted = estimand == "count"
        found = estimated(of, sample, "total" if counted else "mean")
        frames.append(
            _frame(table, estimand, found, order, scale if counted else 1.0, level, df,
                   "t" if counted else method)
        )  # fmt: skip
    whole = pd.concat(frames, ignore_index=True)
    return Crosstab(table.a, table.b, whole, int(table.n.sum()), table, sample)


def _frame(
    table: TwoWay,
    estimand: str,
    found: Estimates,
    order: tuple[int, ...],
    scale: float,
    level: float,
    df: float | None,
    method: IntervalMethod,
) -> pd.DataFrame:
    def column(values: Floats) -> Floats:
        if values.size != len(table.a_levels) * len(table.b_levels):
            values = np.broadcast_to(values, found.value.shape)
        ordered = values.transpose(order) if estimand == "column_share" else values
        return np.asarray(ordered, dtype=np.float64).reshape(-1)

    value, variance = column(found.value) * scale, column(found.variance) * scale**2
    designed = column(found.degrees_of_freedom)
    beta = method in ("beta", "beta_capped")
    freedom = designed if df is None else np.full(len(designed), float(df))
    n, effective = column(found.n), column(found.effective_n)
    low, high = interval(
        method, value, variance, level=level, df=designed if beta else freedom,
        n=column(found.base), answered=n, effective_n=effective,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "a": np.repeat(table.a_levels, len(table.b_levels)),
            "b": np.tile(table.b_levels, len(table.a_levels)),
            "estimand": estimand, "value": value, "standard_error": standard_errors(variance),
            "low": low, "high": high, "level": level, "interval_method": method,
            "degrees_of_freedom": freedom, "n": n.astype(np.int64),
            "n_cell": column(found.n_cell).astype(np.int64), "effective_n": effective,
            "design_effect": column(found.design_effect),
        }
    )  # fmt: skip
