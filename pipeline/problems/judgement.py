"""What two waves say of one problem: one-sided tests, adjusted over all problems, and the verdict.

A difference is later minus earlier share of the unfavourable answer: more is worse.
"""

import math
from collections.abc import Sequence

from pipeline.estimation.adjustment import false_discovery_adjusted
from pipeline.problems.problem import TestVerdict

FALSE_DISCOVERY_RATE = 0.05


def one_sided(difference: float, standard_error: float, df: float) -> tuple[float, float]:
    """Return the p-values of t tests that the share fell, and that it rose.

    An error of 0 tests nothing: both are 1.
    """
    from scipy.special import stdtr

    if not standard_error > 0:
        return 1.0, 1.0
    statistic = difference / standard_error
    return float(stdtr(df, statistic)), float(stdtr(df, -statistic))


def adjusted(p: Sequence[float]) -> tuple[float, ...]:
    """Return the q-values of tests made together (Benjamini & Hochberg 1995)."""
    return tuple(map(float, false_discovery_adjusted(p)))


def reach(standard_error: float, df: float, level: float) -> float:
    """Return half the width of the interval of a difference."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + level) / 2)) * standard_error


def verdict_of(
    difference: float,
    standard_error: float,
    df: float,
    q_fall: float,
    q_rise: float,
    smallest_fall: float,
) -> TestVerdict:
    """Return the verdict on one problem; the first that holds.

    - ``worsened`` : the share rose, q at most .05
    - ``improved`` : it fell, q at most .05; ``improved_small`` where a fall of `smallest_fall` is
      excluded
    - ``not_improved`` : a fall of `smallest_fall` is excluded, that is, the 90 % interval lies
      above it (the test of equivalence at 5 %)
    - ``insufficient`` : it can not be told

    Without the first a true rise would read as not improved every time; without the order a sure
    but small fall would be improved and not improved at once.
    """
    figures = (difference, standard_error, df, q_fall, q_rise)
    if any(math.isnan(figure) for figure in figures):
        return "insufficient"
    excluded = difference - reach(standard_error, df, 0.90) > -smallest_fall
    if q_rise <= FALSE_DISCOVERY_RATE:
        return "worsened"
    if q_fall <= FALSE_DISCOVERY_RATE:
        return "improved_small" if excluded else "improved"
    return "not_improved" if excluded else "insufficient"
