"""The columns that a declared design reads, beside the decoded responses."""

from collections.abc import Iterator

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.table import RawTable
from pipeline.responses.typed_numbers import typed_numbers


def with_design(responses: pd.DataFrame, table: RawTable, design: DeclaredDesign) -> pd.DataFrame:
    """Add what the design reads to the decoded responses.

    Returns
    -------
    DataFrame
        With ``design_weight``, ``design_stratum``, ``design_cluster_1`` … and ``design_fpc_1`` …,
        of those that the design names. A response whose weight, stratum or cluster cannot be read
        says so in ``undesigned`` (``column=text``, else ''): nothing can be estimated with it.
    """
    cells = table.cells.loc[responses["raw_row"]].reset_index(drop=True)
    made: dict[str, pd.Series] = {}
    notes = pd.Series("", index=responses.index, dtype="str")
    for column, headers in _design_columns(design):
        texts = [cells[header].map(normal).astype("str") for header in headers]
        empty = pd.concat([one.isin(EMPTY) for one in texts], axis=1).any(axis=1)
        values = texts[0]
        for text in texts[1:]:
            values = values + "|" + text
        if column.startswith(("design_weight", "design_fpc")):
            number = typed_numbers(values)
            empty = (number.isna() | (number < 0)).astype(bool)
            made[column] = number
        else:
            made[column] = values
        bad = values.map(lambda text, of=headers: f"{'|'.join(of)}={text}; ")
        notes = notes.mask(empty, notes + bad)
    if not made:
        return responses
    return responses.assign(**made, undesigned=notes.str.removesuffix("; ").astype("str"))


def _design_columns(design: DeclaredDesign) -> Iterator[tuple[str, tuple[str, ...]]]:
    if design.weight:
        yield "design_weight", (design.weight,)
    if design.strata:
        yield "design_stratum", design.strata
    for stage, header in enumerate(design.clusters, start=1):
        yield f"design_cluster_{stage}", (header,)
    for stage, header in enumerate(design.fpc, start=1):
        yield f"design_fpc_{stage}", (header,)
