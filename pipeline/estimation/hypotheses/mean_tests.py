"""Design-based t tests of a mean or of the difference of two, and tests of equivalence.

The difference is linearised as a whole, so that what the two groups share (strata, PSUs, the
calibration) enters with its covariance.

Source: Korn & Graubard (1999), Analysis of Health Surveys, sec. 3.2; for equivalence the two
one-sided tests of Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15, 657-680.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where, crossed, inside, without_gaps
from pipeline.estimation.estimate import scores_of
from pipeline.estimation.hypotheses.significance import Test
from pipeline.estimation.intervals import standard_errors, t_quantile, two_sided_p
from pipeline.estimation.items import Item, given, only, read_items
from pipeline.estimation.ratio import groups_of, totals_of
from pipeline.estimation.sample import sample_of
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Booleans, Floats

_ONE_SAMPLE: tuple[str, ...] = ("",)


def t_test(
    rows: pd.DataFrame,
    outcome: str | Item,
    group: str | None = None,
    *,
    null_value: float = 0.0,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    df: float | None = None,
) -> Test:
    """Test a mean, or the difference of the means of two groups.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`
    outcome : a column of numbers, or an item (a share counts as a mean of 0 and 1)
    group : a column with two levels in the domain: second minus first; None: one sample
    null_value : the mean or difference under the hypothesis
    missing : as for `means`; rows without an answer or a group leave the domain
    df : in place of PSUs minus strata over the rows that count, minus 1

    Returns
    -------
    Test with the estimate and its t interval at `level`; a statistic of infinity where nothing
    is left to chance, and NaN with a single PSU

    Raises
    ------
    ResponseError
        A column is absent or not numeric, or `group` has not two levels in the domain.
    """
    of = _difference(rows, outcome, group, design, where, missing)
    freedom = of.df if df is None else df
    t = _over(of.value - null_value, of.error)
    margin = float(t_quantile((1 + level) / 2, np.array([freedom]))[0]) * of.error
    return Test(
        "t 检验 (design-based t test)", t, "t", (freedom,), _two_sided(t, freedom), of.n,
        of.value, of.name, of.value - margin, of.value + margin, level,
    )  # fmt: skip


def equivalence_test(
    rows: pd.DataFrame,
    outcome: str | Item,
    group: str | None = None,
    *,
    margin: float | tuple[float, float],
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
    df: float | None = None,
) -> Test:
    """Test whether a mean, or the difference of two, lies within a margin.

    A small p-value says: it does. The other arguments are those of `t_test`.

    Parameters
    ----------
    margin : the largest difference that does not matter, or (low, high)
    level : 1 - the chance of wrongly finding equivalence

    Returns
    -------
    Test; the statistic is that of the nearer limit, p the larger of the two one-sided p-values.
    The interval has the coverage 2 x level - 1: it lies within the margin when p < 1 - level.

    Raises
    ------
    ResponseError
        As `t_test`, or the margin has no width.
    """
    low, high = margin if isinstance(margin, tuple) else (-margin, margin)
    if not low < high:
        raise ResponseError(
            f"等效界值 {margin} 不可用：下限须小于上限。(the margin must have low < high)"
        )
    of = _difference(rows, outcome, group, design, where, missing)
    freedom = of.df if df is None else df
    above, below = _over(of.value - low, of.error), _over(high - of.value, of.error)
    nearer = min(above, below)
    p = _two_sided(nearer, freedom) / 2
    half = float(t_quantile(level, np.array([freedom]))[0]) * of.error
    return Test(
        f"等效检验，界值 [{low:g}, {high:g}] (equivalence, two one-sided t tests)", nearer, "t",
        (freedom,), p if nearer >= 0 else 1 - p, of.n, of.value, of.name,
        of.value - half, of.value + half, 2 * level - 1,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Difference:
    name: str
    value: float
    error: float
    df: float
    n: int


def _difference(
    rows: pd.DataFrame,
    outcome: str | Item,
    group: str | None,
    design: SurveyDesign,
    where: Where,
    missing: Missing,
) -> _Difference:
    item = outcome if isinstance(outcome, Item) else Item(outcome, "", (outcome,), (), "mean")
    asked_of = [item]
    if group is not None:
        asked_of.append(Item(group, "", (group,), (), "proportion"))
    rows, where, counted = without_gaps(rows, asked_of, where, missing)
    sample = sample_of(rows, design)
    column = only(read_items(rows, [item]), counted)
    chosen = inside(rows, where) & given(column)
    code, texts = np.zeros(len(rows), dtype=np.int64), _ONE_SAMPLE
    if group is not None:
        code, texts = crossed(rows, (group,))
    code = np.where(chosen, code, OUTSIDE)
    found = totals_of(sample, column, groups_of(sample, code, max(1, len(texts))))
    filled = np.flatnonzero(found.n[:, 0] > 0)
    wanted = 1 if group is None else 2
    if len(filled) != wanted:
        named = "、".join(texts[k] for k in filled) or "（无）"
        raise ResponseError(
            f"{item.question}: 域内应有 {wanted} 组有效回答，实有 {len(filled)} 组"
            f"{'' if group is None else f'（{group} = {named}）'}。请用 where 选出要比较的组。"
            f"({wanted} group(s) with answers needed in the domain; choose them with `where`)"
        )
    value, parts = scores_of(found, sample, "mean")
    sign = np.array([1.0]) if group is None else np.array([-1.0, 1.0])
    score = parts[:, filled, 0] @ sign
    present: Booleans = found.present[:, filled].sum(axis=1, keepdims=True) > 0
    spread = sample.variance(score[:, None], present)
    largest = float(np.abs(value[filled, 0]).max())
    name = "均值 (mean)"
    if group is not None:
        first, second = (texts[k] for k in filled)
        name = f"{group}: {second} − {first} 之差 (difference)"
    return _Difference(
        name,
        float(value[filled, 0] @ sign),
        _error(spread, largest),
        sample.degrees_of_freedom(code >= 0) - 1,
        int(found.n[filled, 0].sum()),
    )


def _error(spread: Floats, largest: float) -> float:
    """Return the standard error; what rounding leaves of 0 is 0."""
    error = float(standard_errors(spread)[0])
    return 0.0 if error < 1e-14 * largest else error


def _over(distance: float, error: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(distance) / error)


def _two_sided(t: float, df: float) -> float:
    return float(two_sided_p(np.array([t]), np.array([df]))[0])
