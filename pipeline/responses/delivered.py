"""Read the files of a delivery as `source.yaml` describes them, joined into one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.responses.delimited import read_csv
from pipeline.responses.joined import joined
from pipeline.responses.read import SPREADSHEETS, TEXTS, read_table
from pipeline.responses.source import File, Source
from pipeline.responses.spreadsheet import read_spreadsheet
from pipeline.responses.spss_syntax import read_fixed_width, read_syntax, with_labels_of
from pipeline.responses.systems.recognise import Recognised, recognised
from pipeline.responses.table import RawTable

FIXED = (".dat", ".asc", ".txt")
"""Kinds of files that hold nothing but figures in fixed places."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A file to be read, where it lies, and the SPSS syntax beside it, if any."""

    file: File
    path: Path
    syntax: Path | None = None


def placed_in(folder: Path, files: Sequence[File]) -> list[Placed]:
    """Return the files of a source as they lie in a run's folder."""
    return [Placed(f, folder / f.name, folder / f.syntax if f.syntax else None) for f in files]


def read_file(placed: Placed) -> RawTable:
    """Read one file; its encoding, sheet or syntax are taken from the source where it names them.

    Raises
    ------
    ResponseError
        The file is not there, or as its reader.
    """
    path = placed.path
    if not path.is_file():
        raise ResponseError(
            f"{path}: 找不到文件。请放回 source.yaml 写明的文件，或改正它的名称。"
            "(file not found; put it back or correct its name in source.yaml)"
        )
    if placed.syntax is None:
        return _read(placed)
    syntax = read_syntax(placed.syntax)
    if syntax.columns and path.suffix.lower() in FIXED:
        return read_fixed_width(path, syntax)
    return with_labels_of(_read(placed), syntax)


def _read(placed: Placed) -> RawTable:
    suffix = placed.path.suffix.lower()
    if suffix in TEXTS:
        return read_csv(placed.path, encoding=placed.file.encoding or None)
    if suffix in SPREADSHEETS:
        return read_spreadsheet(
            placed.path, sheet=placed.file.sheet or None, encoding=placed.file.encoding or None
        )
    return read_table(placed.path)


def read_together(files: Sequence[Placed], on: Sequence[str]) -> RawTable:
    """Read all files and join them in their order.

    Raises
    ------
    ResponseError
        As `read_file` and `joined`; or a file holds a header and no response.
    """
    tables = [read_file(file) for file in files]
    table = tables[0] if len(tables) == 1 else joined(tables, list(on))
    if table.cells.empty:
        raise ResponseError(
            f"{table.source}: 只有表头，0 份答卷。请重新导出。"
            "(a header and no response; export again)"
        )
    return table


def read_delivered(folder: Path, source: Source) -> tuple[RawTable, Recognised]:
    """Read a run's files as its source says, tidied as its system does."""
    table = read_together(placed_in(folder, source.files), source.on)
    found = recognised(table, source.layout)
    return found.system.tidied(table), found
