"""Read what `save` wrote: the file and the codebook beside it, as the table that was saved."""

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.exports.csv_codebook import Book, beside, read_book
from pipeline.exports.limits import quoted
from pipeline.responses.read import read_table
from pipeline.responses.table import RawTable


def read_saved(path: Path) -> RawTable:
    """Read a saved file by its codebook; a file without one as it stands.

    Names, codes, labels, kinds, missing codes and measures are those of the table that was saved.
    Rows are numbered as the file's kind is: cases from 1, lines of a csv from 2.

    Raises
    ------
    ResponseError
        File or codebook cannot be read, or do not belong together.
    """
    if not beside(path).is_file():
        return read_table(path)
    book = read_book(beside(path))
    if path.suffix.lower() == ".csv":
        return _read_csv(path, book)
    table = read_table(path)
    _refuse_others(table.headers, book, path)
    cells = pd.concat(
        [
            table.cells.iloc[:, place].map(lambda cell, codes=codes: codes.get(cell, cell))
            for place, codes in enumerate(book.codes)
        ],
        axis=1,
    )
    return _with(replace(table, cells=cells), book)


def _read_csv(path: Path, book: Book) -> RawTable:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as fault:
        raise ResponseError(
            f"{path}: 读不出（{fault}）。请重新保存，或移走编码本 {beside(path).name}。"
            "(not as it was saved; save again, or move the codebook away)"
        ) from None
    _refuse_others(header, book, path)
    wrong = [str(line) for line, row in enumerate(rows, start=2) if len(row) != len(header)]
    if wrong:
        raise ResponseError(
            f"{path}: 第 {quoted(wrong)} 行不是 {len(header)} 格。请重新保存。"
            "(rows of another length; save again)"
        )
    cells = pd.DataFrame(rows, columns=pd.Index(header, dtype="str"), dtype="str")
    cells.index = pd.RangeIndex(2, len(rows) + 2, name="raw_row")
    return _with(RawTable(path, hashlib.sha256(content).hexdigest(), cells), book)


def _refuse_others(headers: list[str], book: Book, path: Path) -> None:
    if headers != list(book.names):
        other = [name for name in [*headers, *book.names] if headers.count(name) == 0]
        other += [name for name in headers if name not in book.names]
        raise ResponseError(
            f"{path}: 变量与编码本 {beside(path).name} 不符（{quoted(other)}）。"
            "请重新保存，或移走编码本。(the codebook is of another file)"
        )


def _with(table: RawTable, book: Book) -> RawTable:
    """Return the table under the names and with the dictionary of its codebook."""
    names = [variable.name for variable in book.dictionary.variables]
    notes = table.dictionary.notes if table.dictionary else ()
    cells = table.cells.set_axis(pd.Index(names, dtype="str"), axis=1)
    return replace(table, cells=cells, dictionary=replace(book.dictionary, notes=notes))
