"""From columns that somebody names to a design that the data can carry."""

from collections.abc import Iterator
from difflib import get_close_matches

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import DesignError, Fault, gathered
from pipeline.intake.request import DesignRequest
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.table import RawTable

UNREADABLE = 0.5
"""A weight or population size of which more than this share is no number is the wrong column."""


def declared(table: RawTable, request: DesignRequest) -> DeclaredDesign:
    """Return the design that the named columns give.

    Strata, clusters or population sizes say that people were drawn with known probabilities; a
    weight alone does not (panels of volunteers are weighted, too): that needs ``--probability``.
    With nothing named the design is undecided.

    Raises
    ------
    DesignError
        All columns that are not there, or cannot be what they are named as.
    """
    if faults := list(_faults(table, request)):
        raise DesignError(gathered("抽样设计 (design)", faults))
    drawn = request.probability or request.strata or request.clusters or request.fpc
    shares = bool(request.fpc) and all(
        _numbers(table.cells[column]).dropna().le(1).all() for column in request.fpc
    )
    return DeclaredDesign(
        kind="probability" if drawn else "undecided",
        weight=request.weight,
        strata=request.strata,
        clusters=request.clusters,
        fpc=request.fpc,
        fpc_meaning="sampling_fraction" if shares else "population_size",
    )


def _faults(table: RawTable, request: DesignRequest) -> Iterator[Fault]:
    headers = table.headers
    for column in request.columns:
        if column not in headers:
            near = get_close_matches(column, headers, n=3, cutoff=0.5)
            same = [header for header in headers if header.lower() == column.lower()]
            hint = f"相近的列有 {'、'.join(same or near)}。" if same or near else ""
            yield Fault(column, f"数据里没有这一列。{hint}", "请改正列名。(no such column)")
    for option, columns in (("--weight", (request.weight,)), ("--fpc", request.fpc)):
        for column in columns:
            if column and column in headers:
                yield from _not_numbers(option, column, table.cells[column])
    if len(request.fpc) > max(len(request.clusters), 1):
        yield Fault(
            "--fpc",
            f"写了 {len(request.fpc)} 级的总体数，整群只有 {len(request.clusters)} 级。",
            "每一级抽样写一个 --cluster。(more stages of sizes than of clusters)",
        )


def _not_numbers(option: str, column: str, cells: pd.Series) -> Iterator[Fault]:
    filled = cells[~cells.map(normal).isin(EMPTY)]
    numbers = _numbers(filled)
    wrong = filled[numbers.isna() | (numbers < 0)]
    if filled.empty or len(wrong) > UNREADABLE * len(filled):
        shown = "、".join(repr(cell) for cell in wrong.drop_duplicates()[:3])
        yield Fault(
            f"{option} {column}",
            f"不是可用的数字（{shown or '全空'}）。",
            "请指明另一列。(not numbers of 0 or more; name another column)",
        )


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells.map(normal), errors="coerce")
