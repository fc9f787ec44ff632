"""Effect sizes: how large a difference or an association is, apart from how sure it is.

Cohen's d (two means), the rank-biserial correlation (two groups' answers in order) and Cramér's V
(two categorical variables). Cohen's h of two shares is in `pipeline.estimation.comparison`.

Source: Cohen (1988), Statistical Power Analysis, 2nd ed.; Cureton (1956), Psychometrika 21,
287-290; Cramér (1946), Mathematical Methods of Statistics, sec. 21.9.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where, crossed, inside, without_gaps
from pipeline.estimation.hypotheses.independence import pearson_of
from pipeline.estimation.hypotheses.two_way import Column, two_way_tables
from pipeline.estimation.intervals import standard_errors, t_quantile
from pipeline.estimation.items import Item, read_items
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Floats, Integers


@dataclass(frozen=True, slots=True, repr=False)
class Effect:
    """An effect size; standard_error, low and high are None where it has no interval."""

    name: str
    value: float
    n: int
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None

    def __str__(self) -> str:
        within = ""
        if self.level is not None:
            within = f"，{self.level:.0%} 置信区间 (CI) [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.name} = {self.value:.3f}{within}, n = {self.n:,}"

    __repr__ = __str__


def cohens_d(
    rows: pd.DataFrame,
    outcome: str,
    group: str,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
) -> Effect:
    """Return the difference of two groups' means in standard deviations: second minus first.

    The standard deviation is pooled: the weighted mean of squared distances from the own group's
    mean, times n / (n - 2). The interval is a t interval by linearisation, as for a mean; the
    arguments are those of `t_test`.
    """
    sample, answer, code, name = _two_groups(rows, outcome, group, design, where, missing)
    n = int(((code >= 0) & (sample.weight > 0)).sum())
    correction = n / (n - 2) if n > 2 else np.nan

    def moments(weight: Floats) -> tuple[Floats, Floats, float]:
        size = np.array([weight[code == k].sum() for k in (0, 1)])
        mean = np.array([weight[code == k] @ answer[code == k] for k in (0, 1)]) / size
        away = np.where(code >= 0, answer - mean[np.maximum(code, 0)], 0.0)
        return size, mean, float(weight @ away**2 / size.sum() * correction)

    def statistic(weight: Floats) -> Floats:
        _, mean, square = moments(weight)
        return np.array([(mean[1] - mean[0]) / np.sqrt(square)])

    def influence() -> Floats:
        size, mean, square = moments(sample.weight)
        at = np.maximum(code, 0)
        away = np.where(code >= 0, answer - mean[at], 0.0)
        of_mean = np.where(code == 1, 1.0, -1.0) * away / size[at]
        of_square = np.where(code >= 0, away**2 * correction - square, 0.0) / size.sum()
        d = (mean[1] - mean[0]) / np.sqrt(square)
        found: Floats = (of_mean / np.sqrt(square) - d / (2 * square) * of_square)[:, None]
        return found

    return _effect(f"Cohen's d, {name}", sample, code, statistic, influence, level)


def rank_biserial(
    rows: pd.DataFrame,
    outcome: str,
    group: str,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    level: float = 0.95,
) -> Effect:
    """Return the chance that the second group's answer is the higher, minus that it is the lower.

    Twice the difference in mean rank scores of the Wilcoxon test (`rank_test`); 0 when neither
    group tends to higher answers, 1 when all of the second lie above all of the first. The
    interval is a t interval by linearisation, in which the ranks vary too.
    """
    sample, answer, code, name = _two_groups(rows, outcome, group, design, where, missing)
    known = np.flatnonzero(code >= 0)
    _, place = np.unique(answer[known], return_inverse=True)
    values, own = int(place.max()) + 1, code[known]

    def mass(weight: Floats) -> Floats:
        each = [np.bincount(place[own == k], weight[known][own == k], values) for k in (0, 1)]
        return np.stack(each)

    def balance(masses: Floats) -> Floats:
        """Return the share below minus the share above each value, (2, values)."""
        reached = masses.cumsum(axis=1)
        size = reached[:, -1:]
        found: Floats = (2 * reached - masses - size) / size
        return found

    def statistic(weight: Floats) -> Floats:
        masses = mass(weight)
        return np.array([masses[1] @ balance(masses)[0] / masses[1].sum()])

    def influence() -> Floats:
        masses = mass(sample.weight)
        below, size = balance(masses), masses.sum(axis=1)
        value = masses[1] @ below[0] / size[1]
        found = np.zeros((len(code), 1))
        found[known, 0] = np.where(
            own == 1, (below[0][place] - value) / size[1], (-below[1][place] - value) / size[0]
        )
        return found

    return _effect(
        f"秩二列相关 (rank-biserial), {name}", sample, code, statistic, influence, level
    )


def cramers_v(
    rows: pd.DataFrame,
    a: Column,
    b: Column,
    *,
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    corrected: bool = True,
) -> Effect:
    """Return Cramér's V of the weighted table: 0 for independence, 1 for complete association.

    V^2 = phi^2 / (smaller number of levels - 1). In samples phi^2 exceeds 0 also under
    independence, on average by the sum of the design effects' eigenvalues over n (Rao & Scott
    1984); `corrected` takes that off, and gives 0 where nothing is left. Under simple random
    sampling that is nearly the correction of Bergsma (2013), J. Korean Stat. Soc. 42, 323-328.
    The other arguments are those of `independence`.
    """
    sample, (table,) = two_way_tables(rows, [(a, b)], design=design, where=where, missing=missing)
    if min(table.shape) < 2:
        raise ResponseError(
            f"{table.a} × {table.b}: 有一题只有一类，没有关联可言。(a variable has a single level)"
        )
    of = pearson_of(table, sample)
    bias = float(of.eigenvalues.sum()) / table.rows_inside if corrected else 0.0
    value = float(np.sqrt(max(0.0, of.phi_squared - bias) / (min(table.shape) - 1)))
    said = "，已校正偏差 (bias-corrected)" if corrected else ""
    name = f"Cramér's V{said}, {table.a} × {table.b}"
    return Effect(name, value, int(table.n.sum()))


def _two_groups(
    rows: pd.DataFrame,
    outcome: str,
    group: str,
    design: SurveyDesign,
    where: Where,
    missing: Missing,
) -> tuple[Sample, Floats, Integers, str]:
    """Return the sample, answers, each row's group (0, 1 or `OUTSIDE`), and what is compared."""
    items = [
        Item(outcome, "", (outcome,), (), "mean"), Item(group, "", (group,), (), "proportion")
    ]  # fmt: skip
    rows, where, _ = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    answer = read_items(rows, items[:1]).value  # type: ignore[union-attr]
    code, texts = crossed(rows, (group,))
    counts = inside(rows, where) & ~np.isnan(answer) & (code >= 0)
    filled = np.unique(code[counts & (sample.weight > 0)])
    if len(filled) != 2:
        raise ResponseError(
            f"{outcome}: 域内 {group} 应有两组有效回答，实有 {len(filled)} 组。"
            "请用 where 选出要比较的组。(two groups with answers are needed; choose with `where`)"
        )
    first, second = filled
    own = np.where(code == first, 0, np.where(code == second, 1, OUTSIDE))
    answer = np.where(counts, answer, 0.0)
    name = f"{group}: {texts[second]} − {texts[first]}"
    return sample, answer, np.where(counts, own, OUTSIDE), name


def _effect(
    name: str,
    sample: Sample,
    code: Integers,
    statistic: Callable[[Floats], Floats],
    influence: Callable[[], Floats],
    level: float,
) -> Effect:
    counts = code >= 0
    with np.errstate(divide="ignore", invalid="ignore"):
        value = statistic(sample.weight)
        parts = sample.parts(value, statistic, influence)
    error = float(standard_errors(np.diag(sample.covariance(parts, counts)))[0])
    freedom = np.array([sample.degrees_of_freedom(counts) - 1])
    margin = float(t_quantile((1 + level) / 2, freedom)[0]) * error
    n = int((counts & (sample.weight > 0)).sum())
    at = float(value[0])
    return Effect(name, at, n, error, at - margin, at + margin, level)
