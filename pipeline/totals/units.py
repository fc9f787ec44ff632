"""From a sample design to its variance units: integer codes for strata, clusters and rows.

The *variance unit* is the cluster of the deepest stage whose variance is estimated: the PSU, or
with a finite population correction per stage the unit of the last corrected stage. Codes are made
so that the units of a cluster, and the clusters of a stratum, are neighbours: every sum over a
stage is then one ``reduceat``.

Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, ch. 4; the nested sums
are those of ``multistage`` in R's survey package.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.design import ColumnOrCrossed, LonelyPsu, SurveyDesign
from pipeline.errors import DesignError
from pipeline.totals.coding import Codes, coded, each_row_within, first_rows, within
from pipeline.totals.design_columns import probabilities, refuse_gaps, weights
from pipeline.totals.pairs import joint_form

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

COMPLETE = 1e-7
"""A stratum of which less than this share was left undrawn counts as sampled completely."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling, seen from the variance units.

    Attributes
    ----------
    first_unit : position of the first unit of each cluster; clusters are in order of their code
    first_cluster : position of the first cluster of each stratum
    stratum : stratum code of each cluster
    sampled : clusters drawn per stratum
    undrawn : per cluster, the share of its stratum's clusters that was not drawn (1 without fpc);
        with Brewer's approximation one minus the cluster's own probability
    share : product of the sampling fractions of the stages before, per stratum
    """

    first_unit: Integers
    first_cluster: Integers
    stratum: Integers
    sampled: Floats
    undrawn: Floats
    share: Floats

    @property
    def complete(self) -> Booleans:
        """Whether a stratum was sampled completely: it adds nothing to a variance."""
        most: Floats = np.maximum.reduceat(self.undrawn, self.first_cluster)
        return most < COMPLETE

    def cluster_of(self, unit: Integers) -> Integers:
        """Return the cluster of this stage in which each of the given units lies."""
        found: Integers = np.searchsorted(self.first_unit, unit, side="right") - 1
        return found

    def clusters(self, units: Floats) -> Floats:
        """Sum a table with one row per unit to one row per cluster of this stage."""
        if len(self.first_unit) == len(units):
            return units
        summed: Floats = np.add.reduceat(units, self.first_unit, axis=0)
        return summed

    def strata(self, clusters: npt.NDArray[np.generic]) -> Floats:
        """Sum a table with one row per cluster of this stage to one row per stratum."""
        summed: Floats = np.add.reduceat(clusters, self.first_cluster, axis=0, dtype=np.float64)
        return summed


@dataclass(frozen=True, slots=True)
class VarianceUnits:
    """The rows of a sample in numbers: their unit, their weight, and how the units nest.

    Attributes
    ----------
    unit : code of each row's variance unit, 0 .. `count` - 1
    weight : analysis weight of each row; 0 for a sampled unit that did not respond
    stages : first stage first
    pairs : (units, units) the quadratic form that is the variance of a sum of unit scores, where
        pairs of units had their own joint probabilities; None: strata and stages say it
    """

    unit: Integers
    weight: Floats
    count: int
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu
    lonely_psu_in_domains: bool
    pairs: Floats | None = None

    @property
    def needs_presence(self) -> bool:
        """Whether a variance depends on which units have rows in the domain."""
        return self.lonely_psu == "average" or (
            self.lonely_psu_in_domains and self.lonely_psu == "adjust"
        )


def units_of(rows: pd.DataFrame, design: SurveyDesign) -> VarianceUnits:
    """Return the variance units of `rows`.

    Parameters
    ----------
    rows : DataFrame, one row per response or silent sampled unit
        Holds the design's columns without missing values. All rows of the sample have to be here:
        a domain is chosen later, or strata and PSUs would be lost.

    Raises
    ------
    DesignError
        Columns missing or with empty cells, negative weights, clusters that cross strata, an fpc
        that is not constant or smaller than the sample, a lonely PSU under ``fail``.
    """
    refuse_gaps(rows, design)
    if rows.empty:
        raise DesignError("样本是空表，无法估计。(the sample has no rows)")
    depth = max(1, len(design.fpc))
    parent = np.zeros(len(rows), dtype=np.int32)
    codes: list[tuple[Codes, Codes]] = []  # per stage: stratum and cluster code of each row
    for stage in range(depth):
        stratum = parent
        if stage < len(design.strata):
            stratum = _codes(rows, design.strata[stage])
            if stage:
                stratum, _ = within(parent, stratum)
        if stage < len(design.clusters):
            label = _codes(rows, design.clusters[stage])
            cluster, _ = within(stratum, label)
            if stage == 0 and not design.nest:
                _refuse_crossing(design.clusters[0], label, cluster)
        else:
            cluster = each_row_within(stratum)
        codes.append((stratum, cluster))
        parent = cluster
    unit = parent.astype(np.int64)
    count = int(unit.max()) + 1
    first_row = first_rows(parent, count)
    stages, product = _stages(rows, design, codes, first_row)
    _refuse_lonely(rows, design, codes, stages)
    pairs = None
    if design.pps is not None and design.pps.method != "brewer":
        pairs = joint_form(
            design.pps,
            probabilities(rows, design)[first_row],
            codes[0][0][first_row].astype(np.int64),
            unit,
        )
    return VarianceUnits(
        unit=unit,
        weight=weights(rows, design, product),
        count=count,
        stages=stages,
        lonely_psu=design.lonely_psu,
        lonely_psu_in_domains=design.lonely_psu_in_domains,
        pairs=pairs,
    )


def one_unit(rows: pd.DataFrame, design: SurveyDesign) -> VarianceUnits:
    """Return the rows as a single unit: with replicate weights nothing else carries a variance."""
    refuse_gaps(rows, design)
    if rows.empty:
        raise DesignError("样本是空表，无法估计。(the sample has no rows)")
    return VarianceUnits(
        unit=np.zeros(len(rows), dtype=np.int64),
        weight=weights(rows, design, np.ones(len(rows))),
        count=1,
        stages=(),
        lonely_psu=design.lonely_psu,
        lonely_psu_in_domains=False,
    )


def _codes(rows: pd.DataFrame, entry: ColumnOrCrossed) -> Codes:
    columns = [entry] if isinstance(entry, str) else list(entry)
    code, _ = coded(rows[columns[0]], blank_is_missing=False)
    for column in columns[1:]:
        code, _ = within(code, coded(rows[column], blank_is_missing=False)[0])
    return code


def _stages(
    rows: pd.DataFrame,
    design: SurveyDesign,
    codes: list[tuple[Codes, Codes]],
    row_of_unit: Integers,
) -> tuple[tuple[Stage, ...], Floats]:
    """Return the stages, and for each row the product of population size over sample size."""
    stages: list[Stage] = []
    expansion = np.ones(len(rows))
    fraction_before = np.ones(len(rows))
    for number, (stratum, cluster) in enumerate(codes):
        last = number + 1 == len(codes)
        row_of_cluster = row_of_unit if last else first_rows(cluster, int(cluster.max()) + 1)
        stratum_of_cluster = stratum[row_of_cluster].astype(np.int64)
        row_of_stratum = row_of_cluster[np.unique(stratum_of_cluster, return_index=True)[1]]
        sampled = np.bincount(stratum_of_cluster).astype(np.float64)
        fraction = np.zeros(len(sampled))
        undrawn = np.ones(len(row_of_cluster))
        if number < len(design.fpc):
            fraction = _fraction(rows, design, number, stratum, row_of_stratum, sampled)
            expansion = expansion / fraction[stratum]
            undrawn = 1 - fraction[stratum_of_cluster]
        elif design.pps is not None and design.pps.method == "brewer":
            undrawn = 1 - probabilities(rows, design)[row_of_cluster]
        stages.append(
            Stage(
                first_unit=np.unique(cluster[row_of_unit], return_index=True)[1],
                first_cluster=np.unique(stratum_of_cluster, return_index=True)[1],
                stratum=stratum_of_cluster,
                sampled=sampled,
                undrawn=undrawn,
                share=fraction_before[row_of_stratum],
            )
        )
        if number + 1 < len(codes):
            fraction_before = fraction_before * fraction[stratum]
    return tuple(stages), expansion


def _fraction(
    rows: pd.DataFrame,
    design: SurveyDesign,
    number: int,
    stratum: Codes,
    row_of_stratum: Integers,
    sampled: Floats,
) -> Floats:
    column = design.fpc[number]
    given = rows[column].to_numpy(dtype=np.float64)
    first = given[row_of_stratum]
    where = f"第 {number + 1} 级 (stage {number + 1}), {column}"
    if not np.allclose(given, first[stratum], rtol=1e-9, atol=0):
        raise DesignError(
            f"{where}: 同一层（群）内的总体数不一致；请核对抽样框。"
            "(the population size varies within a stratum or cluster; check the frame)"
        )
    if design.fpc_meaning == "sampling_fraction":
        fraction = first
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            fraction = sampled / first
    if not ((fraction > 0) & (fraction <= 1 + 1e-9)).all():
        raise DesignError(
            f"{where}: 总体数小于样本数，或抽样比不在 0 与 1 之间；请核对抽样框。"
            "(population smaller than the sample, or a fraction outside 0..1; check the frame)"
        )
    at_most_one: Floats = np.minimum(fraction, 1.0)
    return at_most_one


def _refuse_crossing(entry: ColumnOrCrossed, label: Codes, cluster: Codes) -> None:
    crossing = int(cluster.max()) - int(label.max())
    if crossing:
        raise DesignError(
            f"列 {entry}: {crossing} 个初级单元的编号在几个层里重复出现。若各层重复编号，"
            "请设 nest=True；否则请改正编号。"
            "(PSU names occur in several strata; set nest=True or correct the names)"
        )


def _refuse_lonely(
    rows: pd.DataFrame,
    design: SurveyDesign,
    codes: list[tuple[Codes, Codes]],
    stages: tuple[Stage, ...],
) -> None:
    if design.lonely_psu != "fail":
        return
    for number, stage in enumerate(stages):
        lonely = np.flatnonzero((stage.sampled == 1) & ~stage.complete)
        if not len(lonely):
            continue
        first = first_rows(codes[number][0], len(stage.sampled))
        entry = (design.strata if number == 0 else design.clusters)[max(0, number - 1) :][:1]
        column = entry[0] if entry and isinstance(entry[0], str) else None
        named = [str(rows[column].iloc[first[code]]) for code in lonely[:10]] if column else []
        which = "：" + "、".join(named) if named else ""
        raise DesignError(
            f"第 {number + 1} 级 (stage {number + 1}): {len(lonely)} 个层（群）只有一个样本单元"
            f"{which}，无法估计方差。请合并相邻的层，或选定 lonely_psu 规则。"
            "(only one sampled unit in a stratum; merge strata or choose a lonely_psu rule)"
        )
