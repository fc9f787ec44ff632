"""The frame: every site that can be drawn, with its stratum, its size and its need.

A site is where people are found (a village, a hospital, a company); strata are county x setting.
"""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd

from pipeline.errors import Fault, FrameError, gathered
from pipeline.sampling.tables import Row, read_table

COLUMNS = ("site", "county", "setting", "persons", "need")
STAFF = "staff"
"""Optional column: cadres and employees of the site."""


def read_frame(path: Path) -> pd.DataFrame:
    """Read ``sites.csv`` and check it.

    Returns
    -------
    DataFrame, one row per site, sorted by site; none where a survey has no frame (header only)
        `site` (token), `county`, `setting`, `stratum` ("county/setting"), `persons` (adults,
        int64), `need` (decimal text: how much a site is favoured over an average one), `line` in
        the file (int64); and `staff` (cadres and employees, int64) where the file has that column.
        Nothing is missing.

    Raises
    ------
    FrameError
        All faults of the file, each with its line.
    """
    rows = read_table(path, COLUMNS)
    counted = [STAFF] if rows and STAFF in rows[0].cells else []
    faults = [*_faults(rows), *_uncounted(rows, ["persons", *counted])]
    if faults:
        raise FrameError(gathered(path, faults))
    sites = pd.DataFrame(
        {
            "site": [row["site"] for row in rows],
            "county": [row["county"] for row in rows],
            "setting": [row["setting"] for row in rows],
            "stratum": [f"{row['county']}/{row['setting']}" for row in rows],
            "persons": [int(row["persons"]) for row in rows],
            "need": [row["need"] for row in rows],
            **{column: [int(row[column]) for row in rows] for column in counted},
            "line": [row.line for row in rows],
        }
    )
    return sites.sort_values("site", kind="stable", ignore_index=True)


def frame_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of the frame's content, the figure that the parties of a draw commit to.

    Order of rows, line ends, byte order mark and further columns do not count, so that a file
    saved again by a spreadsheet keeps its hash; a changed site, stratum, size, staff or need
    changes it.
    """
    columns = [*COLUMNS, *([STAFF] if STAFF in frame else [])]
    ordered = frame.sort_values("site", kind="stable").assign(
        need=[str(Fraction(need)) for need in frame.sort_values("site", kind="stable")["need"]]
    )
    lines = [",".join(map(str, row)) for row in ordered[columns].itertuples(index=False)]
    return hashlib.sha256("\n".join([",".join(columns), *lines]).encode()).hexdigest()


def _faults(rows: list[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        for column in ("site", "county", "setting"):
            if not row[column]:
                yield Fault(row.place, f"{column} 为空 (empty).", "请补上。(fill it in)")
            elif set(row[column]) & set('|/,"\n'):
                yield Fault(
                    row.place,
                    f"{column} 含有分隔符：{row[column]!r} (holds a separator).",
                    "请去掉 | / 逗号和引号。(remove them)",
                )
        if (seen := first.setdefault(row["site"], row.line)) != row.line:
            yield Fault(
                row.place,
                f"单位 {row['site']!r} 已在第 {seen} 行 (site already on line {seen}).",
                "每个单位只留一行。(keep one row per site)",
            )
        if _need(row["need"]) is None:
            yield Fault(
                row.place,
                f"need = {row['need']!r}.",
                "须为正数，平均水平写1。(a positive number; write 1 for average)",
            )


def _uncounted(rows: list[Row], columns: list[str]) -> Iterator[Fault]:
    for row in rows:
        for column in columns:
            count = row[column]
            if not (count.isascii() and count.isdigit()) or int(count) < 1:
                remedy = "须为正整数（人数）。(a whole number of persons, 1 or more)"
                yield Fault(row.place, f"{column} = {count!r}.", remedy)


def _need(text: str) -> Fraction | None:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None
