"""Multipliers of sampled clusters for replicate weights.

A stratum sampled completely has multipliers of 1. So has a lonely PSU under ``remove`` and
``certainty``; under ``adjust`` it swings by its whole total, up and down, and under ``average``
the other strata are scaled up. A lonely cluster of a later stage adds nothing.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.design import LonelyPsu
from pipeline.errors import DesignError
from pipeline.totals.units import Booleans, Floats, Integers, Stage, VarianceUnits
from pipeline.weighting.hadamard import hadamard


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Factors (units, replicates), and how replicates add up to a variance."""

    factors: Floats
    scale: float
    rscales: float | tuple[float, ...] = 1.0


def jackknife(stage: Stage, lonely: LonelyPsu) -> Multipliers:
    """Drop one PSU at a time; the others of its stratum make up for it (JK1, JKn)."""
    several, alone = _kinds(stage)
    dropped = np.flatnonzero(several[stage.stratum])
    swings = np.flatnonzero(alone[stage.stratum]) if lonely == "adjust" else np.array([], int)
    replicates = len(dropped) + 2 * len(swings)
    if replicates < 2:
        raise DesignError(
            "make_replicates: 没有可以去掉的初级单元：各层都已全部抽中，或只有一个单元。"
            "(no PSU can be dropped: all strata are sampled completely or have one PSU)"
        )
    drawn = stage.sampled[stage.stratum]
    factors = np.ones((len(stage.stratum), replicates))
    for column, psu in enumerate(dropped):
        first = stage.first_cluster[stage.stratum[psu]]
        factors[first : first + int(drawn[psu]), column] = drawn[psu] / (drawn[psu] - 1)
        factors[psu, column] = 0.0
    for pair, psu in enumerate(swings):
        factors[psu, len(dropped) + 2 * pair : len(dropped) + 2 * pair + 2] = 0.0, 2.0
    rscales = np.concatenate(
        [
            stage.undrawn[dropped] * (drawn[dropped] - 1) / drawn[dropped],
            np.repeat(stage.undrawn[swings] / 2, 2),
        ]
    )
    scale = _spread(stage, lonely)
    if np.ptp(rscales) == 0:
        return Multipliers(factors, scale * float(rscales[0]))
    return Multipliers(factors, scale, tuple(rscales.tolist()))


def half_samples(stage: Stage, rho: float) -> Multipliers:
    """Take one PSU of each pair, balanced over strata (BRR; with `rho` above 0 Fay's).

    An fpc draws both multipliers nearer to 1, by the root of the share that was not drawn.
    """
    several, _ = _kinds(stage)
    wrong = several & (stage.sampled != 2)
    if wrong.any() or not several.any():
        found = sorted({int(n) for n in stage.sampled[wrong]})
        raise DesignError(
            f"make_replicates: BRR 与 Fay 要求每层恰有两个初级单元，而有 {int(wrong.sum())} 层不是"
            f"（单元数 {'、'.join(map(str, found))}）。请改用 JKn 或 bootstrap。"
            "(BRR and Fay need exactly two PSUs in every stratum; use JKn or a bootstrap)"
        )
    strata = np.flatnonzero(several)
    signs = hadamard(len(strata) + 1)[:, 1 : len(strata) + 1].T.astype(np.float64)
    first = stage.first_cluster[strata]
    swing = signs * ((1 - rho) * np.sqrt(stage.undrawn[first]))[:, None]
    factors = np.ones((len(stage.stratum), signs.shape[1]))
    factors[first] += swing
    factors[first + 1] -= swing
    return Multipliers(factors, 1 / (signs.shape[1] * (1 - rho) ** 2))


def rao_wu(
    stage: Stage, lonely: LonelyPsu, count: int, seed: int | None, *, fpc: bool
) -> Multipliers:
    """Draw n - 1 of a stratum's n PSUs with replacement, and scale them."""
    rng = np.random.default_rng(seed)
    several, _ = _kinds(stage)
    factors = np.ones((len(stage.stratum), count))
    for size in np.unique(stage.sampled[several]):
        n = int(size)
        strata = np.flatnonzero(several & (stage.sampled == size))
        times = rng.multinomial(n - 1, np.full(n, 1 / n), size=(len(strata), count))
        first = stage.first_cluster[strata]
        psu = first[:, None] + np.arange(n)
        pull = np.sqrt(stage.undrawn[first]) if fpc else np.ones(len(strata))
        scaled = times.transpose(0, 2, 1) * (n / (n - 1))
        factors[psu] = 1 + pull[:, None, None] * (scaled - 1)
    _swing(factors, stage, lonely, rng, fpc)
    return Multipliers(factors, _spread(stage, lonely) / (count - 1))


def preston(units: VarianceUnits, count: int, seed: int | None) -> Multipliers:
    """Take half of the clusters at every stage, without replacement, and scale them.

    Stage k adds its own swing of the units in the clusters kept so far; the swing is the root of
    the share of the variance that is the stage's.
    """
    rng = np.random.default_rng(seed)
    everyone = np.arange(units.count)
    places = [stage.cluster_of(everyone) for stage in units.stages]
    factors = np.ones((units.count, count))
    for column in factors.T:
        carried = np.ones(units.count)
        for stage, place in zip(units.stages, places, strict=True):
            several, _ = _kinds(stage)
            half = np.floor(stage.sampled / 2)
            kept = _drawn(rng, stage, half)
            more = np.divide(stage.sampled, half, out=np.ones_like(half), where=several)
            undrawn = stage.undrawn[stage.first_cluster]
            pull = np.where(
                several, np.sqrt(stage.share * half * undrawn / (stage.sampled - half)), 0.0
            )
            of = stage.stratum
            column += carried * (pull[of] * (more[of] * kept - 1))[place]
            carried *= np.where(several[of], np.sqrt(more[of]) * kept, 1.0)[place]
    first = units.stages[0]
    _swing(factors, first, units.lonely_psu, rng, True, places[0])
    return Multipliers(factors, _spread(first, units.lonely_psu) / (count - 1))


def _drawn(rng: np.random.Generator, stage: Stage, size: Floats) -> Booleans:
    """Draw `size` clusters of each stratum without replacement."""
    order = np.lexsort((rng.random(len(stage.stratum)), stage.stratum))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - stage.first_cluster[stage.stratum]
    drawn: Booleans = rank < size[stage.stratum]
    return drawn


def _kinds(stage: Stage) -> tuple[Booleans, Booleans]:
    """Which strata have several PSUs to choose from, and which a lonely one."""
    several: Booleans = (stage.sampled > 1) & ~stage.complete
    return several, (stage.sampled == 1) & ~stage.complete


def _swing(
    factors: Floats,
    stage: Stage,
    lonely: LonelyPsu,
    rng: np.random.Generator,
    fpc: bool,
    place: Integers | None = None,
) -> None:
    """Let lonely PSUs swing by their whole total, with a random sign in each replicate."""
    _, alone = _kinds(stage)
    if lonely != "adjust" or not alone.any():
        return
    of_psu = alone[stage.stratum]
    swing = np.zeros((len(of_psu), factors.shape[1]))
    size = np.sqrt(stage.undrawn[of_psu]) if fpc else np.ones(int(of_psu.sum()))
    signs = rng.integers(0, 2, (len(size), factors.shape[1])) * 2 - 1
    swing[of_psu] = signs * size[:, None]
    factors += swing if place is None else swing[place]


def _spread(stage: Stage, lonely: LonelyPsu) -> float:
    """Return what the other strata are scaled by where they stand for the lonely ones."""
    _, alone = _kinds(stage)
    if lonely != "average" or not alone.any():
        return 1.0
    if alone.all():
        raise DesignError(
            "make_replicates: 每一层都只有一个初级单元，average 无从取均。"
            "(every stratum has one PSU; average has nothing to take the mean of)"
        )
    return len(alone) / float(np.count_nonzero(~alone))
