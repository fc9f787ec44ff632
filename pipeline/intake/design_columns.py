"""Which columns may be the weight, the strata, the clusters and the population sizes.

Proposals for people, with the reason of each: none is ever chosen here. Rival weights stand
side by side.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.intake.cells import Content, contents
from pipeline.intake.design_names import (
    body_weights,
    named_cluster,
    named_fpc,
    named_strata,
    named_weight,
)
from pipeline.intake.headers import is_code_name, is_fieldwork
from pipeline.responses.described import Described, Role
from pipeline.responses.table import RawTable

MOST_STRATA = 200
LEAST_IN_STRATUM = 5
"""Rows that strata must have on average where nothing but a constant weight speaks for them."""
LEAST_CLUSTERS = 8
MEAN_OF_ONE = 0.01
LONGEST_AREA = 40

_AREA = re.compile(
    r"\b(?:region|province|state|county|district)\b|urbrur|urban or rural|urban/rural"
    r"|城乡|地区|省份|区县"
)
_NEVER: frozenset[Role] = frozenset(
    {
        "contact",
        "key",
        "submitted",
        "start",
        "end",
        "seconds",
        "empty",
        "date",
        "unreadable",
        "metadata",
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may play a part in the sampling design.

    Attributes
    ----------
    why : a Chinese sentence
    rivals : other columns for the same part, of which at most one can be right
    """

    header: str
    why: str
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DesignCandidates:
    """The candidates for each part of the design, the likeliest first."""

    weights: tuple[Candidate, ...] = ()
    strata: tuple[Candidate, ...] = ()
    clusters: tuple[Candidate, ...] = ()
    fpc: tuple[Candidate, ...] = ()


def design_candidates(
    table: RawTable, described: Described, columns: Mapping[str, Content] | None = None
) -> DesignCandidates:
    """Propose the design's columns by their names, labels and contents.

    Returns
    -------
    DesignCandidates
        Columns that are contact data, the key, dates or empty are never among them.
    """
    never = {aside.header for aside in described.asides if aside.role in _NEVER}
    columns = {
        header: content
        for header, content in (contents(table) if columns is None else columns).items()
        if header not in never and content.counts
    }
    weights = dict(_weights(columns))
    fpc = {h: f"{why}。" for h, content in columns.items() if (why := named_fpc(content))}
    strata = dict(_strata(columns, (*weights, *fpc)))
    clusters = dict(_clusters(columns, stages=len(fpc)))
    return DesignCandidates(
        _candidates(weights, rivals=tuple(weights)),
        _candidates(strata),
        _candidates({header: why for header, why in clusters.items() if header not in weights}),
        _candidates(fpc),
    )


def _candidates(found: Mapping[str, str], rivals: Sequence[str] = ()) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(header, why, tuple(other for other in rivals if other != header))
        for header, why in found.items()
    )


def _weights(columns: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    bodies = body_weights(columns.values())
    named = {h: why for h, c in columns.items() if h not in bodies and (why := named_weight(c))}
    for header, why in named.items():
        mean = _mean(columns[header])
        yield header, f"{why}（{len(columns[header].counts)} 个不同的值，平均 {mean:.4g}）。"
    for header, content in columns.items():
        if header not in named and _averages_one(content):
            yield header, "全部为正数，平均恰为 1，像标准化的权重。"


def _mean(content: Content) -> float:
    total = sum(content.numbers[cell] * rows for cell, rows in content.counts.items())
    return total / content.filled


def _averages_one(content: Content) -> bool:
    """Tell whether a column without labels has many positive values that average 1."""
    if content.labels or not content.is_numeric or content.whole or len(content.counts) <= 10:
        return False
    if min(content.numbers.values()) <= 0 or content.filled < content.rows:
        return False
    return abs(_mean(content) - 1) <= MEAN_OF_ONE


def _strata(
    columns: Mapping[str, Content], constant_within: Sequence[str]
) -> Iterator[tuple[str, str]]:
    named = {header: why for header, c in columns.items() if (why := named_strata(c))}
    for header, why in named.items():
        yield header, f"{why}（{len(columns[header].counts)} 层）。"
    for header, content in sorted(columns.items(), key=lambda one: len(one[1].counts)):
        if header in named or header in constant_within or len(content.counts) < 2:
            continue
        few = len(content.counts) <= MOST_STRATA and content.filled == content.rows
        few = few and (content.whole or not content.numbers)
        fixed = [of for of in constant_within if few and _is_fixed_within(columns[of], content)]
        if fixed:
            yield header, f"“{fixed[0]}” 在这一列的每一类内不变，像按它分层。"
        elif few and _is_area(content):
            yield header, "是地区或城乡，常用来分层；是否真的按它分层，请看抽样说明。"


def _is_area(content: Content) -> bool:
    """Tell whether a column is called a region; a question that mentions one is longer."""
    short = len(content.variable.label) <= LONGEST_AREA and len(content.header) <= LONGEST_AREA
    return short and _AREA.search(content.words) is not None


def _is_fixed_within(weight: Content, strata: Content) -> bool:
    """Tell whether a weight or population size differs between the strata and never within."""
    if not 2 <= len(weight.counts) <= len(strata.counts) or weight.filled < weight.rows:
        return False
    if len(strata.counts) * (LEAST_IN_STRATUM if strata.rows >= 20 else 2) > strata.rows:
        return False
    pairs = np.unique(np.column_stack([strata.places, weight.places]), axis=0)
    return len(pairs) == len(strata.counts)


def _clusters(columns: Mapping[str, Content], *, stages: int) -> Iterator[tuple[str, str]]:
    named = {header: why for header, c in columns.items() if (why := named_cluster(c))}
    for header, why in named.items():
        yield header, f"{why}（{len(columns[header].counts)} 个不同的值；在各层内可能重新编号）。"
    for header, content in columns.items():
        if header in named or content.labels or not content.whole:
            continue
        if is_fieldwork(f"{header} {content.variable.label}".casefold()):
            continue  # who interviewed is no unit that was drawn
        if not is_code_name(header) or len(content.counts) < LEAST_CLUSTERS:
            continue
        if len(content.counts) < content.filled:
            each = content.filled / len(content.counts)
            yield header, f"是单位的编号，每个编号平均 {each:.1f} 行，可能是抽样单元。"
        elif stages > 1:
            yield header, "是单位的编号，每行不同；总体规模有几级，它可能是最后一级的单元。"
