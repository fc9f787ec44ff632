"""From columns that somebody names to a design that the data can carry."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import DesignError, Fault, gathered
from pipeline.intake.request import DesignRequest
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import Aside, Described, Role
from pipeline.responses.table import RawTable
from pipeline.responses.typed_numbers import typed_numbers

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
    shares = bool(request.fpc) and all(_are_shares(table, column) for column in request.fpc)
    return DeclaredDesign(
        kind="probability" if drawn else "undecided",
        weight=request.weight,
        strata=request.strata,
        clusters=request.clusters,
        fpc=request.fpc,
        fpc_meaning="sampling_fraction" if shares else "population_size",
    )


def _are_shares(table: RawTable, column: str) -> bool:
    """Tell whether population sizes are sampling fractions, which are above 0 and at most 1."""
    return bool(typed_numbers(table.cells[column]).dropna().le(1).all())


def put_aside(described: Described, table: RawTable, design: DeclaredDesign) -> Described:
    """Take the columns of a declared design out of the questions; say which rows lack a weight.

    Strata stay questions where they are: regions and the like are also what results are shown by.
    """
    roles: dict[str, tuple[Role, str]] = {
        **{column: ("cluster", "声明为抽样的整群。") for column in design.clusters},
        **{column: ("fpc", "声明为总体数。") for column in design.fpc},
    }
    if design.weight:
        roles[design.weight] = ("weight", "声明为权数。")
    items = tuple(item for item in described.items if not set(item.headers) <= set(roles))
    told = {aside.header for aside in described.asides}
    asides = tuple(Aside(header, *roles[header]) for header in roles if header not in told)
    kept = {header for item in items for header in item.headers}
    asides = tuple(aside for aside in asides if aside.header not in kept)
    notes = (*described.notes, *_lacking(table, design.weight))
    return replace(described, items=items, asides=(*described.asides, *asides), notes=notes)


def _lacking(table: RawTable, weight: str) -> Iterator[str]:
    if not weight:
        return
    numbers = typed_numbers(table.cells[weight]).astype("float64")
    for said, rows in (
        ("没有可用的权数（空、负数或不是数字），这些答卷会被剔除", numbers.isna() | (numbers < 0)),
        ("的权数是 0，不计入结果", numbers == 0),
    ):
        if count := int(rows.sum()):
            yield f"权数 {weight}：{count:,} 行{said}。"


def _faults(table: RawTable, request: DesignRequest) -> Iterator[Fault]:
    headers = table.headers
    for column in request.columns:
        if column not in headers:
            near = get_close_matches(column, headers, n=3, cutoff=0.5)
            same = [header for header in headers if header.lower() == column.lower()]
            hint = f"相近的列有 {'、'.join(same or near)}。" if same or near else ""
            yield Fault(column, f"数据里没有这一列。{hint}", "请改正列名。(no such column)")
    parts = [*filter(None, (request.weight,)), *request.strata, *request.clusters, *request.fpc]
    for column in dict.fromkeys(parts):
        if parts.count(column) > 1:
            yield Fault(
                column, "在设计里写了不止一次。", "一列只能担当一个角色。(named for several parts)"
            )
    for option, columns in (("--weight", (request.weight,)), ("--fpc", request.fpc)):
        for column in columns:
            if column and column in headers:
                yield from _not_numbers(option, column, table.cells[column])
    for option, columns in (("--strata", request.strata), ("--cluster", request.clusters)):
        for column in columns:
            empty = column in headers and table.cells[column].map(normal).isin(EMPTY).mean()
            if empty > UNREADABLE:
                yield Fault(f"{option} {column}", "大多是空的。", "请指明另一列。(mostly empty)")
    known = [column for column in request.fpc if column in headers]
    if len({_are_shares(table, column) for column in known}) > 1:
        yield Fault(
            "--fpc",
            "有的列是总体数，有的是抽样比。",
            "请换算成同一种。(population sizes beside sampling fractions)",
        )
    if len(request.fpc) > max(len(request.clusters), 1):
        yield Fault(
            "--fpc",
            f"写了 {len(request.fpc)} 级的总体数，整群只有 {len(request.clusters)} 级。",
            "每一级抽样写一个 --cluster。(more stages of sizes than of clusters)",
        )


def _not_numbers(option: str, column: str, cells: pd.Series) -> Iterator[Fault]:
    filled = ~cells.map(normal).isin(EMPTY)
    numbers = typed_numbers(cells)
    wrong = cells[filled & (numbers.isna() | (numbers < 0).fillna(False))]
    if len(wrong) > UNREADABLE * filled.sum() or not filled.any():
        shown = "、".join(repr(cell) for cell in wrong.drop_duplicates()[:3])
        yield Fault(
            f"{option} {column}",
            f"不是可用的数字（{shown or '全空'}）。",
            "请指明另一列。(not numbers of 0 or more; name another column)",
        )
