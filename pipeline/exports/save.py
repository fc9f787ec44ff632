"""Save a table with all that is known of it: SPSS, Stata, or csv, and a codebook beside it.

The codebook (see `csv_codebook`) holds what the format cannot; `saved.read_saved` reads both.
"""

import csv
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ResponseError, gathered
from pipeline.exports.columns import Column, encoding_note, unwritable
from pipeline.exports.csv_codebook import beside, write_codebook_of
from pipeline.exports.dta import write_dta
from pipeline.exports.sav import write_sav
from pipeline.responses.dictionary import Dictionary, Variable
from pipeline.responses.table import RawTable


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a table was saved.

    Attributes
    ----------
    notes : what the format could not hold, or holds otherwise, in whole Chinese sentences
    """

    path: Path
    codebook: Path
    notes: tuple[str, ...]


Writer = Callable[[RawTable, Path], tuple[list[Column], list[str]]]


def write_csv(table: RawTable, path: Path) -> tuple[list[Column], list[str]]:
    """Write the cells as they are, in UTF-8 with BOM, so that Excel and WPS read Chinese."""
    known = table.dictionary or Dictionary()
    columns = [
        Column(header, _known(known, place, header), "text", table.cells.iloc[:, place])
        for place, header in enumerate(table.headers)
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.headers)
        writer.writerows(table.cells.itertuples(index=False, name=None))
    return columns, encoding_note(table)


def _known(known: Dictionary, place: int, header: str) -> Variable:
    """Return what is known of a column: of its place, as a header may occur twice."""
    of = known.variables
    if place < len(of) and of[place].name == header:
        return of[place]
    return known.variable(header)


WRITERS: Mapping[str, Writer] = {
    ".sav": write_sav, ".zsav": write_sav, ".dta": write_dta, ".csv": write_csv,
}  # fmt: skip


def save_table(table: RawTable, path: Path) -> Saved:
    """Save a table in the format that the path's ending names, and its codebook beside it.

    What the format cannot hold is told in the notes, or refused; nothing is saved by halves.

    Raises
    ------
    ResponseError
        The ending is unknown, the folder is missing, or as the writer of that format.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ResponseError(
            f"{path}: 不能存成这种文件，能存的是 {'、'.join(WRITERS)}。(no writer for this kind)"
        )
    if not path.parent.is_dir():
        raise ResponseError(f"{path.parent}: 找不到文件夹。请先建立。(no such folder; make it)")
    if faults := unwritable(table):
        raise ResponseError(gathered(path.name, faults))
    about = table.dictionary or Dictionary()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".save-") as folder:
        made = Path(folder) / path.name
        columns, notes = writer(table, made)
        write_codebook_of(about, columns, beside(made))
        made.replace(path)
        beside(made).replace(beside(path))
    return Saved(path, beside(path), tuple(notes))
