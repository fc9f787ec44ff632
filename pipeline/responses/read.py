"""Find and read the one delivered file of a run, whatever kind of file it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.delimited import read_csv
from pipeline.responses.portable import read_por
from pipeline.responses.sas import read_sas7bdat, read_xport
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.spss import read_sav
from pipeline.responses.spss_syntax import read_with_syntax_beside
from pipeline.responses.stata import read_dta
from pipeline.responses.table import RawTable

BESIDE_THE_EXPORT = frozenset({"dispositions.csv", "corrections.csv"})
TEXTS = (".csv", ".tsv", ".tab", ".txt")
SPREADSHEETS = (".xlsx", ".xls")
READERS: Mapping[str, Callable[[Path], RawTable]] = {
    **dict.fromkeys(TEXTS, read_csv), **dict.fromkeys(SPREADSHEETS, read_spreadsheet),
    ".sav": read_sav, ".zsav": read_sav, ".por": read_por, ".dta": read_dta,
    ".xpt": read_xport, ".sas7bdat": read_sas7bdat, ".dat": read_with_syntax_beside,
}  # fmt: skip
OFTEN_NOTES = (".txt", ".dat")
"""Read where they are named; in a folder, such a file is as often a note or something else."""
OPEN_IN_A_PROGRAM = "~$"
"""What Excel and WPS put before the name of the lock file of a workbook that is open."""


def find_export(folder: Path) -> Path:
    """Return the one delivered file in a run's raw folder.

    Raises
    ------
    ResponseError
        If the folder is missing, or holds no file that can be read, or more than one.
    """
    kinds = "、".join(kind for kind in READERS if kind not in OFTEN_NOTES)
    if not folder.is_dir():
        raise ResponseError(
            f"{folder}: 找不到文件夹。请建立它，并放入导出的答卷（{kinds}）。"
            "(no such folder; put the export there)"
        )
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in READERS
        and path.suffix.lower() not in OFTEN_NOTES
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
    """Read a file of any kind in `READERS` as text.

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
    cells = table.cells.drop(columns=list(headers))
    if table.dictionary is None:
        return replace(table, cells=cells)
    kept = tuple(one for one in table.dictionary.variables if one.name not in headers)
    return replace(table, cells=cells, dictionary=replace(table.dictionary, variables=kept))
