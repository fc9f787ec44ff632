"""Small delivered files, made for a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat


def workbook(folder: Path, rows: Sequence[Sequence[object]], name: str = "export.xlsx") -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    path = folder / name
    book.save(path)
    return path


def labelled_file(
    folder: Path,
    columns: Mapping[str, Sequence[object]],
    labels: Mapping[str, Mapping[float, str]] | None = None,
    missing: Mapping[str, Sequence[float]] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Path:
    """Write an SPSS file with value labels, declared missing codes and variable labels."""
    path = folder / "export.sav"
    pyreadstat.write_sav(
        pd.DataFrame(dict(columns)),
        path,
        column_labels={name: texts[name] for name in columns if name in texts} if texts else None,
        variable_value_labels={name: dict(words) for name, words in (labels or {}).items()},
        missing_ranges={name: list(codes) for name, codes in (missing or {}).items()},
    )
    return path
