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


def read_frame(path: Path) -> pd.DataFrame:
    """Read ``sites.csv`` and check it.

    Returns
    -------
    DataFrame, one row per site, sorted by site; none where a survey has no frame (header only)
        `site` (token), `county`, `setting`, `stratum` ("county/setting"), `persons` (adults,
        int64), `need` (decimal text: how much a site is favoured over an average one), `line` in
        the file (int64). Nothing is missing.

    Raises
    ------
    FrameError
        All faults of the file, each with its line.
    """
    rows = read_table(path, COLUMNS)
    faults = list(_faults(rows))
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
            "line": [row.line for row in rows],
        }
    )
    return sites.sort_values("site", kind="stable", ignore_index=True)


def frame_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of the frame's content, the figure that the parties of a draw commit to.

    Order of rows, line ends, byte order mark and further columns do not count, so that a file
    saved again by a spreadsheet keeps its hash; a changed site, stratum, size or need changes it.
    """
    ordered = frame.sort_values("site", kind="stable")
    lines = [
        f"{site},{county},{setting},{persons},{Fraction(need)}"
        for site, county, setting, persons, need in zip(
            *(ordered[column] for column in COLUMNS), strict=True
        )
    ]
    return hashlib.sha256("\n".join([",".join(COLUMNS), *lines]).encode()).hexdigest()


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
        if not (row["persons"].isascii() and row["persons"].isdigit()) or int(row["persons"]) < 1:
            yield Fault(
                row.place,
                f"persons = {row['persons']!r}.",
                "须为正整数（人数）。(a whole number of persons, 1 or more)",
            )
        if _need(row["need"]) is None:
            yield Fault(
                row.place,
                f"need = {row['need']!r}.",
                "须为正数，平均水平写1。(a positive number; write 1 for average)",
            )


def _need(text: str) -> Fraction | None:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None
