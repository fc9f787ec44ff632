"""What was published: the entries of the index, and two tables that print more than it lists.

A figure stays the text that was printed, so that its digits can be counted. The two tables are the
weighted topline of a survey on masculinity (whole per cent) and the analysis of a household survey
in Iraq; the index lists parts of both.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from tests.published.sources import TABLES

INDEX = "index.json"
SLACK = 1e-12
"""Of rounding in floating point, relative; printed figures of 15 digits need it."""

Standing = Literal["seen", "memory", "computed"]
"""Where the index has a figure from: the source was read, or it is quoted from memory, or it was
not published and R computed it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One published result.

    Attributes
    ----------
    table : the table that prints it; `file` holds the data
    estimate, error, interval : the printed texts; None where not printed
    n : respondents below the line, where printed
    """

    table: str
    id: str
    file: str
    statistic: str
    subgroup: str
    design: str
    standing: Standing
    estimate: str
    error: str | None = None
    interval: tuple[str, str] | None = None
    n: int | None = None

    def __str__(self) -> str:
        return f"{self.id} {self.statistic}（{self.subgroup}）"


def printed_in(folder: Path) -> Iterator[Printed]:
    """Yield all published results of a folder, the index first."""
    yield from _index(folder / INDEX)
    yield from _topline(folder / TABLES["topline"])
    yield from _analysis(folder / TABLES["analysis"])


def agrees(found: float, printed: str | None, decimals: int | None) -> bool:
    """Return whether a figure is within half a unit of the last printed digit.

    `decimals` are those of the source where its copy in the index left out zeros; None: as written.
    """
    if printed is None:
        return True
    if decimals is None:
        exponent = Decimal(printed).as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
    wanted = float(printed)
    return abs(found - wanted) <= 0.5 * 10.0**-decimals + SLACK * max(1.0, abs(wanted))


def _index(path: Path) -> Iterator[Printed]:
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    for entry in content["published_results"]:
        yield _entry(entry)


def _entry(entry: Mapping[str, Any]) -> Printed:
    estimate, error = entry["published_estimate"], entry["published_se"]
    interval = entry["published_ci"]
    standing: Standing = "seen" if entry["source_seen"] else "memory"
    if estimate is None or entry["kind"] != "published":
        estimate, error, interval = (
            entry[f"verified_{figure}"] for figure in ("estimate", "se", "ci")
        )
        standing = "computed"
    undefined = interval is None or not all(isinstance(end, str) for end in interval)  # NaN
    return Printed(
        INDEX, entry["id"], entry["file"], entry["statistic"], entry["subgroup"], entry["design"],
        standing, estimate, error, None if undefined else (interval[0], interval[1]),
    )  # fmt: skip


def _topline(path: Path) -> Iterator[Printed]:
    """Yield every cell, named as the index names those that it lists."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        above, below, *lines = csv.reader(file)
    groups = [low or high for high, low in zip(above[2:], below[2:], strict=True)]
    question = ""
    for line in lines:
        question = line[0] or question
        for group, cell in zip(groups, line[2:], strict=True):
            if cell:
                yield Printed(
                    path.name, "masc", "masculinity_raw-responses.csv",
                    f'% "{line[1]}" to: {question[:90]}', group, "", "seen",
                    cell.removesuffix("%"),
                )  # fmt: skip


def _analysis(path: Path) -> Iterator[Printed]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            question, choice = line["main_variable"], line["choice"]
            mean = choice in ("", "NA")
            low, high = line["mean.pct_low"], line["mean.pct_upp"]
            yield Printed(
                path.name, "ct", "cleaningtools_clean_data.csv",
                f"mean {question}" if mean else f"proportion {question}=={choice}", "all", "",
                "seen", line["mean.pct"], interval=(low, high) if low and high else None,
                n=int(line["response_count"]),
            )  # fmt: skip
