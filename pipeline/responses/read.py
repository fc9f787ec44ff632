"""Read a delivered table as text, cell for cell, with the corrections that somebody signed."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, ResponseError, gathered

BESIDE_THE_EXPORT = frozenset({"dispositions.csv", "corrections.csv"})
CORRECTION_COLUMNS = ("key", "column", "old", "new", "reason", "who")


@dataclass(frozen=True, slots=True)
class RawTable:
    """An export as it was delivered: every cell is text, an empty cell is ''.

    `cells` is indexed by the 1-based line of the table (the header is line 1).
    """

    path: Path
    sha256: str
    cells: pd.DataFrame


def find_export(folder: Path) -> Path:
    """Return the one delivered file in a run's raw folder.

    Raises
    ------
    ResponseError
        If the folder is missing, or holds no .csv, or more than one.
    """
    if not folder.is_dir():
        raise ResponseError(
            f"{folder}: 找不到文件夹。请建立它，并放入导出的答卷 .csv。"
            "(no such folder; put the export there)"
        )
    found = sorted(p for p in folder.glob("*.csv") if p.name not in BESIDE_THE_EXPORT)
    if not found:
        raise ResponseError(
            f"{folder}: 没有答卷文件。请放入系统导出的 .csv。(no export found; put the .csv there)"
        )
    if len(found) > 1:
        names = "、".join(p.name for p in found)
        raise ResponseError(
            f"{folder}: 有 {len(found)} 个 .csv（{names}），不知道读哪一个。请只留一个答卷文件。"
            "(more than one export; keep one)"
        )
    return found[0]


def read_table(path: Path) -> RawTable:
    """Read a UTF-8 csv (with or without BOM) as text.

    Raises
    ------
    ResponseError
        If it is not UTF-8, is empty, has a header twice, or a row of another length.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise ResponseError(
            f"{path}: 第 {line} 行不是 UTF-8 编码。请在导出时选 UTF-8，或用 WPS/Excel 另存为"
            "“CSV UTF-8”。(not UTF-8; export it as UTF-8)"
        ) from None
    rows = list(csv.reader(text.splitlines(keepends=True)))
    if not rows or not any(rows[0]):
        raise ResponseError(
            f"{path}: 文件是空的。请重新导出。(the file is empty; export it again)"
        )
    header = [name.strip() for name in rows[0]]
    faults = [
        Fault(
            f"第 1 行 (line 1), 列 {name!r}",
            f"这个列名出现 {header.count(name)} 次。",
            "请改成不同的名字。(duplicate header)",
        )
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    faults += [
        Fault(
            f"第 {line} 行 (line {line})",
            f"有 {len(row)} 格，表头有 {len(header)} 格。",
            "请检查引号和逗号，或重新导出。(row of another length)",
        )
        for line, row in enumerate(rows[1:], start=2)
        if row and len(row) != len(header)
    ]
    if faults:
        raise ResponseError(gathered(path, faults))
    kept = {line: row for line, row in enumerate(rows[1:], start=2) if row}
    cells = pd.DataFrame.from_dict(kept, orient="index", columns=header, dtype="str")
    cells.index = pd.Index(list(kept), dtype="int64", name="raw_row")
    return RawTable(path, hashlib.sha256(content).hexdigest(), cells)


def read_export(folder: Path) -> RawTable:
    """Read the one delivered file of a run's raw folder.

    Raises
    ------
    ResponseError
        As `find_export` and `read_table`; or the file holds a header and no response.
    """
    table = read_table(find_export(folder))
    if table.cells.empty:
        raise ResponseError(
            f"{table.path}: 只有表头，0 份答卷。请重新导出。"
            "(a header and no response; export again)"
        )
    return table


def without(table: RawTable, headers: Sequence[str]) -> RawTable:
    """Return the table without the columns of `headers` (contact data never comes in)."""
    return RawTable(table.path, table.sha256, table.cells.drop(columns=list(headers)))


def correct(table: RawTable, corrections: Path, key: str) -> RawTable:
    """Return the table with the signed corrections made; the raw file stays as it was.

    `corrections` has the columns key, column, old, new, reason, who; each row must meet the cell
    it wants to change, with its old content.

    Raises
    ------
    ResponseError
        All rows that name no cell, another content, or no reason or person.
    """
    if not corrections.is_file():
        return table
    wanted = read_table(corrections).cells
    if missing := [name for name in CORRECTION_COLUMNS if name not in wanted]:
        raise ResponseError(
            f"{corrections}: 缺少列 {'、'.join(missing)}。"
            f"请按 {','.join(CORRECTION_COLUMNS)} 补上。(columns are missing)"
        )
    cells = table.cells.copy()
    faults: list[Fault] = []
    for line, row in wanted.iterrows():
        place = f"第 {line} 行 (line {line})"
        if row["column"] not in cells:
            faults.append(
                Fault(place, f"答卷没有列 {row['column']!r}。", "请改正列名。(no such column)")
            )
            continue
        rows = cells.index[cells[key] == row["key"]]
        if len(rows) != 1:
            faults.append(
                Fault(
                    place,
                    f"编号 {row['key']!r} 有 {len(rows)} 份答卷。",
                    "须恰好一份。(key must meet one row)",
                )
            )
            continue
        found = cells.at[rows[0], row["column"]]
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
        cells.at[rows[0], row["column"]] = row["new"]
    if faults:
        raise ResponseError(gathered(corrections, faults))
    return RawTable(table.path, table.sha256, cells)
