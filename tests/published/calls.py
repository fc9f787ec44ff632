"""The public calls, asked with what calls.csv says, each made once for all results that need it."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import agreement, estimation
from pipeline.estimation import Item, Model
from tests.published.printed import Printed
from tests.published.sources import SOURCES, Data

NAN = float("nan")
CALLS = Path(__file__).parent / "calls.csv"


@dataclass(frozen=True, slots=True)
class Call:
    """One line of calls.csv.

    Attributes
    ----------
    id, statistic, subgroup : of the entries it is for; the subgroup ``*`` stands for all that
        sources.toml names for the data
    said : what the entry's design must contain, where only that tells two entries apart
    data, design : names in sources.toml
    call : the public function; "" for a statistic that is none of ours, with the `reason`
    columns : of the data; ``-`` before a reversed item; a formula for a regression
    code : the category that counts, the quantile's probability, the coefficient, or what a mean is
        standardised by
    decimals, se_decimals : printed, where the index left out zeros; None: as in the index
    """

    id: str
    statistic: str
    subgroup: str
    said: str
    data: str
    design: str
    call: str
    columns: tuple[str, ...]
    code: str
    decimals: int | None
    se_decimals: int | None
    reason: str

    def is_for(self, printed: Printed) -> bool:
        """Return whether this line is the one for a published result of its id and statistic."""
        return self.subgroup in ("*", printed.subgroup) and self.said in printed.design


@dataclass(frozen=True, slots=True)
class Figure:
    """What we compute; NaN where a call does not give it."""

    value: float
    error: float = NAN
    low: float = NAN
    high: float = NAN
    n: float = NAN


@cache
def calls() -> tuple[Call, ...]:
    """Return the lines of calls.csv."""
    with CALLS.open(encoding="utf-8", newline="") as file:
        return tuple(_call(line) for line in csv.DictReader(file))


@cache
def _data(folder: Path, name: str) -> Data:
    """Return the data of a name with the columns that its lines ask for."""
    return Data(folder, name, " ".join(" ".join(c.columns) for c in calls() if c.data == name))


def _call(line: Mapping[str, str]) -> Call:
    decimals = {key: int(line[key]) if line[key] else None for key in ("decimals", "se_decimals")}
    columns = tuple(line["columns"].split("|")) if line["columns"] else ()
    return Call(**{**line, **decimals, "columns": columns})  # type: ignore[arg-type]


class Computed:
    """The figures for the lines of calls.csv, on the data of one folder."""

    def __init__(self, folder: Path, wanted: Iterable[tuple[Call, Printed]]) -> None:
        self._wanted = tuple(wanted)
        self._data = partial(_data, folder)
        self._tables = cache(self._table)
        self._alone = cache(self._single)
        self._shared = cache(self._shared_by)

    def figure(self, call: Call, printed: Printed) -> Figure:
        """Return the figure of one published result."""
        if call.call in TABLED:
            table = self._tables(self._shared(call))
            return table[(*_labels(call), *self._data(call.data).subgroup(printed.subgroup))]
        return self._alone(call, printed.subgroup if call.call == "joint" else "")

    def _shared_by(self, call: Call) -> tuple[str, str, str, str, bytes]:
        """Return what lines have in common that one call can serve; last, their domain."""
        answered = b""
        if call.id in SOURCES["domains"]["answered"]:
            answered = self._data(call.data).rows[call.columns[0]].notna().to_numpy().tobytes()
        id = call.id if call.id in SOURCES["options"] else ""
        return call.data, call.design, call.call, id, answered

    @cached_property
    def _together(self) -> Mapping[tuple, list[tuple[Call, Printed]]]:
        found = defaultdict(list)
        for call, printed in self._wanted:
            if call.call in TABLED:
                found[self._shared(call)].append((call, printed))
        return found

    def _table(self, shared: tuple[str, str, str, str, bytes]) -> Mapping[tuple, Figure]:
        """Make one call for all lines that share it."""
        data, design, name, id, answered = shared
        same = self._together[shared]
        source = self._data(data)
        rows, drawn = source.designed(design)
        where = source.where
        if answered:
            where = pd.Series(np.frombuffer(answered, dtype=bool), index=rows.index)
        by = dict.fromkeys(source.subgroup(p.subgroup)[0] for _, p in same)
        options: dict[str, Any] = dict(SOURCES["options"].get(id, {}))
        if name == "quantiles":
            options["probabilities"] = sorted({float(c.code) for c, _ in same})
        found = getattr(estimation, name)(
            rows, TABLED[name]([c for c, _ in same]), design=drawn, where=where,
            by=[tuple(one.split("*")) if "*" in one else one for one in by], **options,
        )  # fmt: skip
        return {
            (line.question, line.code, line.domain, line.domain_value): Figure(
                line.value, line.standard_error, line.low, line.high, line.n
            )
            for line in found.itertuples()
        }

    def _single(self, call: Call, subgroup: str) -> Figure:
        options = SOURCES["options"].get(call.id, {})
        return ALONE[call.call](self._data(call.data), call, subgroup, options)


def _items(same: Sequence[Call]) -> list[Item]:
    of = {(c.columns, c.code): "proportion" if c.code else "mean" for c in same}
    return [
        Item(columns[0], code, columns, (code,) if code else (), kind)
        for (columns, code), kind in of.items()
    ]


def _columns(same: Sequence[Call]) -> list[str]:
    return list(dict.fromkeys(c.columns[0] for c in same))


def _pairs(same: Sequence[Call]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(c.columns for c in same))


def _labels(call: Call) -> tuple[str, str]:
    """Return what the lines of a table call a figure: its question and its code."""
    return call.columns[0], call.columns[1] if call.call == "ratios" else call.code


TABLED: Mapping[str, Callable[[Sequence[Call]], list]] = {
    "proportions": _items, "totals": _items, "means": _columns, "ratios": _pairs,
    "quantiles": _columns,
}  # fmt: skip
"""The calls that give a table, and what is asked of them."""


def _coefficient(data: Data, call: Call, _: str, options: Mapping[str, Any]) -> Figure:
    rows, design = data.designed(call.design)
    fit = estimation.regression(rows, Model.of(call.columns[0], **options), design=design)
    line = fit.table().iloc[fit.names.index(call.code)]
    return Figure(line["estimate"], line["standard_error"])


def _alpha(data: Data, call: Call, _: str, options: Mapping[str, Any]) -> Figure:
    items = [column.removeprefix("-") for column in call.columns]
    turned = [column[1:] for column in call.columns if column.startswith("-")]
    found = estimation.alpha(data.rows, items, reverse=turned, **options)
    return Figure(found.value, n=found.n)


def _fleiss(data: Data, call: Call, _: str, __: Mapping[str, Any]) -> Figure:
    """Fleiss' kappa: chance agreement with all N codes below the line, where Krippendorff has N - 1."""
    codes = data.rows[list(call.columns)]
    alpha = agreement.krippendorff_alpha(codes)
    return Figure(1 - (1 - alpha) * codes.size / (codes.size - 1))


def _standardised(data: Data, call: Call, subgroup: str, _: Mapping[str, Any]) -> Figure:
    """A mean standardised directly, with its interval on the log-odds, in per cent below."""
    rows, design = data.designed(call.design)
    within, value = data.subgroup(subgroup)
    by, prefix = ((call.code,), "") if within == "all" else ((within, call.code), f"{value}*")
    groups = estimation.joint(
        rows, "mean", call.columns[0], design=design, by=[by], where=data.where
    )
    standard = data.standard[call.code]
    people = sum(standard.values())
    shares = {f"{call.columns[0]}@{prefix}{k}": n / people for k, n in standard.items()}
    adjusted = groups.contrast({"adjusted": shares})
    odds = adjusted.function("log_odds", lambda at: np.log(at["adjusted"] / (1 - at["adjusted"])))
    limits = 1 / (1 + np.exp(-odds.table()[["low", "high"]].to_numpy()[0]))
    return Figure(adjusted.value[0], adjusted.covariance[0, 0] ** 0.5, *limits)


ALONE: Mapping[str, Callable[[Data, Call, str, Mapping[str, Any]], Figure]] = {
    "regression": _coefficient, "alpha": _alpha, "krippendorff_alpha": _fleiss,
    "joint": _standardised,
}  # fmt: skip
"""The calls that give one figure at a time."""
