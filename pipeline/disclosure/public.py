"""What may be published: the disclosed tables, and what each of their figures is worth and reads.

A figure is named by the id of its row and a field. Most fields are columns; three are derived:
``margin`` (half the interval), ``gap`` (the size of a difference) and ``bound`` (what is left to
say of a sensitive share in a small group: at most 5 %, at least 95 %).
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from pipeline.documents import numbers
from pipeline.errors import DisclosureError

TABLES = ("estimates", "comparisons", "themes", "interviews", "quality")
SHARES = frozenset(
    {"value", "share", "low", "high", "value_a", "value_b", "level", "shrunk_baseline"}
)
COUNTS = frozenset(
    {"n", "n_a", "n_b", "family_size", "interviews", "sites", "strata", "psus", "keyness",
     "checked", "needed_n", "used"}
)  # fmt: skip
FACTORS = frozenset({"design_effect", "effect"})
POINTS = frozenset({"low", "high"})
"""Of a comparison: the ends of the interval of a difference."""


class Design(BaseModel):
    """How one wave of a survey was drawn, as far as a page says it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    survey: str
    wave: str
    probability_sample: bool
    strata: int = 0
    psus: int = 0
    weighted: bool = False
    declared: Literal["", "undecided", "open", "probability"] = ""
    """What the analyst declared of a sample that others drew; '' where nothing was declared."""
    weight_column: str = ""
    """The weight that the delivered file brought with it."""
    raked_variables: tuple[str, ...] = ()
    lonely_psu: str = ""
    level: float = 0.95


@dataclass(frozen=True)
class PublicTables:
    """The disclosed tables of all surveys and waves, one row a figure with its ``id``."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    themes: pd.DataFrame
    interviews: pd.DataFrame
    quality: pd.DataFrame
    designs: tuple[Design, ...]
    log: Mapping[str, Any]
    verdicts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Rows of follow-up by their id, computed from these tables; empty until they are added."""

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """Every row by its id.

        Raises
        ------
        DisclosureError
            If two rows bear the same id: a sentence could then mean either.
        """
        found: dict[str, Mapping[str, Any]] = {}
        for name in TABLES:
            table: pd.DataFrame = getattr(self, name)
            if "id" not in table:
                continue
            for row in _records(table):
                if row["id"] in found:
                    raise DisclosureError(
                        f"disclose/{name}: 编号 {row['id']} 出现两次。请重跑 disclose。"
                        "(the id occurs twice; run disclose again)"
                    )
                found[row["id"]] = row
        return found | self._of_records() | dict(self.verdicts)

    @cached_property
    def by_run(self) -> Mapping[tuple[str, str], Mapping[str, Sequence[Mapping[str, Any]]]]:
        """The rows of each survey and wave by the letter of their id."""
        found: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = {}
        for cell, row in self.rows.items():
            if "survey" in row:
                run = found.setdefault((row["survey"], row["wave"]), {})
                run.setdefault(cell[0], []).append(row)
        return found

    def with_verdicts(self, verdicts: Mapping[str, Mapping[str, Any]]) -> "PublicTables":
        """Return the same tables with the rows of follow-up beside them."""
        made = replace(self, verdicts=verdicts)
        made.__dict__["rows"] = {**self.rows, **verdicts}  # once read is enough
        return made

    def _of_records(self) -> dict[str, Mapping[str, Any]]:
        """Designs (``D-survey-wave``) and withheld rows (``L-survey-wave-table-rule``) as rows."""
        rows: dict[str, Mapping[str, Any]] = {
            f"D-{design.survey}-{design.wave}": {
                **design.model_dump(),
                "id": f"D-{design.survey}-{design.wave}",
            }
            for design in self.designs
        }
        for entry in self.log.get("tables", ()):
            run = f"{entry['survey']}-{entry['wave']}-{entry['table']}"
            for rule, withheld in entry["withheld"].items():
                rows[f"L-{run}-{rule}"] = {
                    **entry,
                    "id": f"L-{run}-{rule}",
                    "rule": rule,
                    "value": withheld,
                }
        return rows

    def design(self, survey: str, wave: str) -> Design | None:
        """Return how this wave was drawn, or None where nothing is known of it."""
        return next((d for d in self.designs if (d.survey, d.wave) == (survey, wave)), None)

    def probability_sample(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row's survey may bear margins of error; not known counts as no."""
        design = self.design(str(row.get("survey", "")), str(row.get("wave", "")))
        return design is not None and design.probability_sample

    def value(self, cell: str, field: str) -> float:
        """Return the unrounded figure.

        Raises
        ------
        KeyError
            If there is no such row or field, or the figure is missing.
        """
        row = self.rows[cell]
        if field == "margin":
            value = (self.value(cell, "high") - self.value(cell, "low")) / 2
        elif field == "gap":
            value = abs(self.value(cell, "difference"))
        elif field == "bound":
            value = float(row["high"] if row["low"] == 0 else row["low"])
        else:
            value = math.nan if pd.isna(row[field]) else float(row[field])
        if math.isnan(value):
            raise KeyError(f"{cell}:{field}")
        return value

    def text(self, cell: str, field: str) -> str:
        """Return the figure as a page prints it (digits and signs; units are words beside it)."""
        row, value = self.rows[cell], self.value(cell, field)
        match field:
            case "margin":
                half = numbers.margin(self.value(cell, "value"), row["low"], row["high"])
                if half is None:
                    raise KeyError(f"{cell}:{field}")
                return half
            case "gap":
                return numbers.points_apart(value)
            case "difference":
                return numbers.points(value)
            case "bound":
                return ("≤" if row["low"] == 0 else "≥") + numbers.percent(value)
            case "p" | "q" | "q_fall" | "q_rise":
                return numbers.probability(value)
            case "degrees_of_freedom" | "effective_n":
                return numbers.count(value)
        if field in COUNTS:
            return numbers.count(value)
        if field in FACTORS:
            return numbers.factor(value)
        if cell.startswith("I-") and str(row["kind"]).startswith("alpha"):
            return numbers.factor(value)
        if cell[0] in "CV" and field in POINTS:
            return numbers.points(value)
        if cell.startswith("Q-"):
            return _of_quality(str(row["kind"]), value)
        if row.get("estimand") == "mean":
            return numbers.level(value)
        if cell.startswith("L-"):
            return numbers.count(value)
        if field in SHARES:
            return numbers.percent(value)
        raise KeyError(f"{cell}:{field}")


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; `to_dict` takes several times as long on columns of text."""
    columns = [
        table[name].to_numpy(dtype=object)
        if isinstance(table[name].dtype, pd.StringDtype)
        else table[name].tolist()
        for name in table
    ]
    names = [str(name) for name in table]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _of_quality(kind: str, value: float) -> str:
    match kind:
        case "rate":
            return numbers.percent(value)
        case "factor":
            return numbers.factor(value)
        case _:
            return numbers.count(value)


def read_public(folder: Path) -> PublicTables:
    """Read the tables that stage `disclose` wrote; a table that is not there is empty.

    Raises
    ------
    DisclosureError
        If there is no table of estimates, or the designs are missing.
    """
    tables: dict[str, Any] = {}
    for name in TABLES:
        path = folder / f"{name}.parquet"
        tables[name] = pd.read_parquet(path) if path.is_file() else pd.DataFrame()
    if tables["estimates"].columns.empty:
        raise DisclosureError(
            f"{folder}/estimates.parquet: 找不到。请先运行 disclose。(not found; run disclose)"
        )
    designs, log = folder / "designs.json", folder / "log.json"
    if not designs.is_file():
        raise DisclosureError(
            f"{designs}: 找不到，不知道是否概率抽样。请先运行 disclose。"
            "(not found: whether the samples are probability samples is unknown; run disclose)"
        )
    return PublicTables(
        **tables,
        designs=tuple(
            Design.model_validate(one) for one in json.loads(designs.read_text(encoding="utf-8"))
        ),
        log=json.loads(log.read_text(encoding="utf-8")) if log.is_file() else {},
    )
