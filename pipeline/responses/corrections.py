"""Signed corrections of single cells; the raw file stays as it was delivered."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.responses.delimited import read_csv
from pipeline.responses.table import RawTable

COLUMNS = ("key", "column", "old", "new", "reason", "who")


def correct(table: RawTable, corrections: Path, key: str) -> RawTable:
    """Return the table with the signed corrections made.

    Parameters
    ----------
    corrections : csv with the columns key, column, old, new, reason, who
        `column` is a header as the delivered file has it (of a SAV: the variable), `old` and `new`
        are contents as the delivered file writes them; each row must meet the cell it wants to
        change, with its old content. There need be no such file.
    key : header of the column that tells responses apart

    Raises
    ------
    ResponseError
        All rows that name no cell, another content, or no reason or person.
    """
    if not corrections.is_file():
        return table
    wanted = read_csv(corrections).cells
    if missing := [name for name in COLUMNS if name not in wanted]:
        raise ResponseError(
            f"{corrections}: 缺少列 {'、'.join(missing)}。"
            f"请按 {','.join(COLUMNS)} 补上。(columns are missing)"
        )
    cells = table.cells.copy()
    faults: list[Fault] = []
    for line, row in wanted.iterrows():
        place = f"第 {line} 行 (line {line})"
        column = row["column"].strip()
        if missed := _misses(cells, column, row["key"], key):
            faults.append(Fault(place, *missed))
            continue
        at = cells.index[cells[key].str.strip() == row["key"].strip()][0]
        found = cells.at[at, column]
        if found != row["old"]:
            faults.append(
                Fault(
                    place,
                    f"原值写的是 {row['old']!r}，文件中是 {found!r}。",
                    "请核对。(old value differs)",
                )
            )
        if not row["reason"].strip() or not row["who"].strip():
            faults.append(
                Fault(place, "没有写明理由或更正人。", "请补上 reason 和 who。(say why and who)")
            )
        cells.at[at, column] = row["new"]
    if faults:
        raise ResponseError(gathered(corrections, faults))
    return replace(table, cells=cells)


def _misses(cells: pd.DataFrame, column: str, wanted: str, key: str) -> tuple[str, str] | None:
    """Say why a correction meets no one cell: what was found, what to do; None if it meets one."""
    columns = int((cells.columns == column).sum())
    if columns != 1:
        found = f"答卷有 {columns} 列叫 {column!r}。" if columns else f"答卷没有列 {column!r}。"
        return found, "请照原文件的列名改正。(must name one column)"
    responses = int((cells[key].str.strip() == wanted.strip()).sum())
    if responses != 1:
        return f"编号 {wanted!r} 有 {responses} 份答卷。", "须恰好一份。(key must meet one row)"
    return None
