"""Find and read the one delivered file of a run, whatever kind of file it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.delimited import read_csv
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.spss import read_sav
from pipeline.responses.table import RawTable

BESIDE_THE_EXPORT = frozenset({"dispositions.csv", "corrections.csv"})
READERS = {".csv": read_csv, ".xlsx": read_spreadsheet, ".xls": read_spreadsheet, ".sav": read_sav}
OPEN_IN_A_PROGRAM = "~$"
"""What Excel and WPS put before the name of the lock file of a workbook that is open."""


def find_export(folder: Path) -> Path:
    """Return the one delivered file in a run's raw folder.

    Raises
    ------
    ResponseError
        If the folder is missing, or holds no file that can be read, or more than one.
    """
    kinds = "、".join(READERS)
    if not folder.is_dir():
        raise ResponseError(
            f"{folder}: 找不到文件夹。请建立它，并放入导出的答卷（{kinds}）。"
            "(no such folder; put the export there)"
        )
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in READERS
        and path.name not in BESIDE_THE_EXPORT
        and not path.name.startswith(OPEN_IN_A_PROGRAM)
    )
    if not found:
        raise ResponseError(
            f"{folder}: 没有答卷文件。请放入系统导出的文件（{kinds}）。"
            "(no export found; put the exported file there)"
        )
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise ResponseError(
            f"{folder}: 有 {len(found)} 个答卷文件（{names}），不知道读哪一个。请只留一个。"
            "(more than one export; keep one)"
        )
    return found[0]


def read_table(path: Path) -> RawTable:
    """Read a .csv, .xlsx, .xls or .sav as text.

    Raises
    ------
    ResponseError
        As the reader of that kind of file; or the kind of file is none of them.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ResponseError(
            f"{path}: 不能读这种文件，能读的是 {'、'.join(READERS)}。(no reader for this kind)"
        )
    return reader(path)


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
            f"{table.source}: 只有表头，0 份答卷。请重新导出。"
            "(a header and no response; export again)"
        )
    return table


def without(table: RawTable, headers: Sequence[str]) -> RawTable:
    """Return the table without the columns of `headers` (contact data never comes in)."""
    return replace(table, cells=table.cells.drop(columns=list(headers)))
