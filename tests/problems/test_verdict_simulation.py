"""How often a verdict is wrong: two waves with overlapping sites, worst groups picked as problems.

A dozen programmes here; ``make simulate`` draws many more (DIAOYAN_SIMULATIONS).
"""

import os
from functools import cache

import pandas as pd
import pytest

from pipeline.estimation.wave_rows import wave_rows
from pipeline.problems.judgement import adjusted, one_sided, verdict_of
from tests.estimation.two_waves import asked, surveyed

FEW = 12
PROGRAMMES = max(FEW, int(os.environ.get("DIAOYAN_SIMULATIONS", "0")) // 10)
ITEMS = 6
IMPROVED = ("improved", "improved_small")


def judged(seed: int, fallen: tuple[int, ...], fall: float) -> pd.DataFrame:
    """Judge one programme: of each item the whole, the county and the age that looked worst."""
    before, after = surveyed(
        seed, asked(ITEMS), asked(ITEMS), items=ITEMS, apart=0.15, fallen=fallen, fall=fall,
        persons=16,
    )  # fmt: skip
    table = wave_rows(before, after, survey="s")
    tested = table[table["p"].notna()]
    worst = tested.loc[tested.groupby(["question", "domain"])["value_b"].idxmax()]
    whole = worst["domain"] == "all"
    baseline = worst["value_b"].where(whole, worst["shrunk_b"])
    error = worst["standard_error"].where(whole, worst["shrunk_error"])
    plain = worst.assign(change=worst["value_a"] - baseline, error=error)
    figures = plain[["change", "error", "degrees_of_freedom"]].to_numpy()
    falls, rises = zip(*(one_sided(*one) for one in figures), strict=True)
    verdicts = [
        verdict_of(*one, q_fall, q_rise, 0.05)
        for one, q_fall, q_rise in zip(figures, adjusted(falls), adjusted(rises), strict=True)
    ]
    fell = plain["question"].str[1:].astype(int).isin(fallen)
    return pd.DataFrame({"domain": plain["domain"], "fell": fell, "verdict": verdicts})


@cache
def programmes(number: int, fall: float) -> pd.DataFrame:
    """Return the problems of all programmes, in which the first items fell."""
    fallen = tuple(range(1, number + 1))
    return pd.concat([judged(1000 + seed, fallen, fall) for seed in range(PROGRAMMES)])


def share(of: pd.DataFrame, *verdicts: str) -> float:
    return float(of["verdict"].isin(verdicts).mean())


def at_most(limit: float, of: pd.DataFrame) -> float:
    """Return the limit and two standard errors of a share of so many problems."""
    return limit + 2 * float((limit * (1 - limit) / len(of)) ** 0.5)


def test_where_nothing_changed_hardly_anything_is_called_improved() -> None:
    none = programmes(0, 0.0)
    assert share(none, *IMPROVED) <= 0.015
    assert share(none, "worsened") <= 0.015


@pytest.mark.parametrize("number", [3] if PROGRAMMES == FEW else [1, 3, 5])
def test_beside_true_improvements_the_unchanged_are_not_carried_along(number: int) -> None:
    mixed = programmes(number, 0.12)
    fell, unchanged = mixed[mixed["fell"]], mixed[~mixed["fell"]]
    assert share(unchanged, *IMPROVED) <= at_most(0.05, unchanged)
    assert share(fell, *IMPROVED) > 0.30
    assert share(fell, "worsened") == 0.0
