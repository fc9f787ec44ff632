"""Rank tests under a complex design: whether groups differ in where their answers lie.

Every respondent gets the estimated share of the population that lies below, as a rank; the ranks
become scores (r, normal quantiles, or above the median), and the groups' mean scores are compared
as means are. The scores count as fixed, as they do under the hypothesis.

Source: Lumley & Scott (2013), Biometrika 100, 831-842.
"""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from pipeline.design import SurveyDesign
from pipeline.errors import ResponseError
from pipeline.estimation.domains import Missing, Where, crossed, inside, without_gaps
from pipeline.estimation.hypotheses.significance import Test, upper_f, wald_f
from pipeline.estimation.intervals import two_sided_p
from pipeline.estimation.items import Item, read_items
from pipeline.estimation.sample import Sample, sample_of
from pipeline.totals.kernel import OUTSIDE
from pipeline.totals.units import Booleans, Floats, Integers

RankTest = Literal["wilcoxon", "kruskal_wallis", "van_der_waerden", "median"]
Ties = Literal["midrank", "row_order"]
AT_THE_MEDIAN = 1e-12
"""A rank this near to one half is one half: it does not lie above the median."""
METHOD = {
    "wilcoxon": "Wilcoxon 秩和检验 (design-based Wilcoxon test)",
    "kruskal_wallis": "Kruskal-Wallis 秩检验 (design-based Kruskal-Wallis test)",
    "van_der_waerden": "van der Waerden 检验 (design-based van der Waerden test)",
    "median": "中位数检验 (design-based median test)",
}
SCORE: dict[str, Callable[[Floats], Floats]] = {
    "wilcoxon": lambda rank: rank,
    "kruskal_wallis": lambda rank: rank,
    "van_der_waerden": lambda rank: np.asarray(special.ndtri(rank)),
    "median": lambda rank: (rank > 0.5 + AT_THE_MEDIAN).astype(np.float64),
}


def rank_test(
    rows: pd.DataFrame,
    outcome: str,
    group: str,
    *,
    test: RankTest = "wilcoxon",
    design: SurveyDesign,
    where: Where = None,
    missing: Missing = "domain",
    ties: Ties = "midrank",
    df: float | None = None,
) -> Test:
    """Test whether groups have the same distribution of an ordered outcome.

    Parameters
    ----------
    rows : all rows of the sample, as for `means`
    outcome : a column of numbers or of ordered codes
    group : a column with two or more levels in the domain; with two the second minus the first
    test : the scores; ``wilcoxon`` and ``kruskal_wallis`` are the same
    missing : as for `means`; rows without an answer or a group leave the domain
    ties : equal answers share the rank in the middle of their weights (``midrank``); or the plain
        mean of the ranks they would have in the order of their rows (``row_order``): what R does,
        though it depends on that order where weights differ
    df : in place of PSUs minus strata over the rows that count, minus 1 or minus (groups - 1)

    Returns
    -------
    Test. Two groups: t on df - 1, with the difference of the mean scores; more: F on groups - 1
    and df - (groups - 1).

    Raises
    ------
    ResponseError
        A column is absent or not numeric, fewer than two groups have answers, or the groups' mean
        scores have a singular covariance.
    """
    for name, given, allowed in (("test", test, RankTest), ("ties", ties, Ties)):
        if given not in get_args(allowed):
            raise ResponseError(
                f"{name}={given!r} 不可用，可用 {', '.join(get_args(allowed))}。(use one of these)"
            )
    items = [
        Item(outcome, "", (outcome,), (), "mean"), Item(group, "", (group,), (), "proportion")
    ]  # fmt: skip
    rows, where, _ = without_gaps(rows, items, where, missing)
    sample = sample_of(rows, design)
    answer = read_items(rows, items[:1]).value  # type: ignore[union-attr]
    code, texts = crossed(rows, (group,))
    counts = inside(rows, where) & ~np.isnan(answer) & (code >= 0)
    code, texts = _filled(np.where(counts, code, OUTSIDE), texts, sample.weight, outcome, group)
    rank = ranks(answer, sample.weight, counts, ties)
    score = np.where(counts & (sample.weight > 0), SCORE[test](rank), 0.0)
    value, influence = _group_means(score, sample.weight, code, len(texts))
    spread = _covariance(sample, influence, counts)
    n = int((counts & (sample.weight > 0)).sum())
    whole = sample.degrees_of_freedom(counts)
    away = value[1:] - value[0]
    if len(texts) > 2:
        freedom = whole - len(away) if df is None else df
        statistic, _ = wald_f(away, spread, np.inf, adjusted=False)
        freedoms = (float(len(away)), freedom)
        return Test(METHOD[test], statistic, "F", freedoms, upper_f(statistic, freedoms), n)
    freedom = whole - 1 if df is None else df
    with np.errstate(divide="ignore", invalid="ignore"):
        t = float(away[0] / np.sqrt(spread[0, 0]))
    p = float(two_sided_p(np.array([t]), np.array([freedom]))[0])
    name = f"平均秩得分之差，{group}: {texts[1]} − {texts[0]} (difference in mean rank score)"
    return Test(METHOD[test], t, "t", (freedom,), p, n, float(away[0]), name)


def ranks(answer: Floats, weight: Floats, counts: Booleans, ties: Ties = "midrank") -> Floats:
    """Return the share of the weight that lies below each row, its own half included.

    Parameters
    ----------
    answer, weight, counts : of each row; only rows that count are ranked

    Returns
    -------
    (rows,) shares between 0 and 1; one half where a row does not count
    """
    share = np.full(len(answer), 0.5)
    place = np.flatnonzero(counts)
    place = place[np.argsort(answer[place], kind="stable")]
    own = weight[place].astype(np.longdouble)
    reached = np.cumsum(own)
    if not len(place) or reached[-1] <= 0:
        return share
    ordered = answer[place]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    tied = np.diff(np.append(first, len(place)))
    if ties == "row_order":
        middle = np.add.reduceat(reached - own / 2, first) / tied
    else:
        sums = np.add.reduceat(own, first)
        middle = np.cumsum(sums) - sums / 2
    share[place] = np.repeat((middle / reached[-1]).astype(np.float64), tied)
    return share


def _filled(
    code: Integers, texts: tuple[str, ...], weight: Floats, outcome: str, group: str
) -> tuple[Integers, tuple[str, ...]]:
    """Return the groups that have answers."""
    seen = np.bincount(code[(code >= 0) & (weight > 0)], minlength=len(texts)) > 0
    if seen.sum() < 2:
        raise ResponseError(
            f"{outcome}: 域内 {group} 至少应有两组有效回答，实有 {int(seen.sum())} 组。"
            "(at least two groups with answers are needed in the domain)"
        )
    new = np.where(seen, np.cumsum(seen) - 1, OUTSIDE)
    left = tuple(text for text, kept in zip(texts, seen, strict=True) if kept)
    return np.where(code >= 0, new[np.maximum(code, 0)], OUTSIDE), left


def _group_means(
    score: Floats, weight: Floats, code: Integers, groups: int
) -> tuple[Floats, Floats]:
    """Return mean scores, and the influence of rows on each group's difference from the first."""
    known = code >= 0
    size = np.bincount(code[known], weight[known], minlength=groups)
    value = np.bincount(code[known], (weight * score)[known], minlength=groups) / size
    at = np.maximum(code, 0)
    own = np.where(known, (score - value[at]) / size[at], 0.0)
    influence = np.stack(
        [np.where(code == k, own, np.where(code == 0, -own, 0.0)) for k in range(1, groups)],
        axis=1,
    )
    return value, influence


def _covariance(sample: Sample, influence: Floats, counts: Booleans) -> Floats:
    """Return the covariance of the weighted sums of influences, the scores taken as fixed."""
    nothing = np.zeros(influence.shape[1])
    parts = sample.parts(nothing, lambda weight: weight @ influence, lambda: influence)
    return sample.covariance(parts, counts)
