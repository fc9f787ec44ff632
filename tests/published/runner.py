"""Compute what was published and compare it with the printed digits.

A result *agrees* when every figure printed of it (estimate, standard error, interval, n) does; it
is *not ours* when calls.csv says so; one that *disagrees* has its reason in deviations.toml.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tests.published.calls import Call, Computed, Figure, calls
from tests.published.printed import Printed, agrees, printed_in

DEVIATIONS = Path(__file__).parent / "deviations.toml"
Verdict = Literal["agree", "disagree", "not ours"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one published result; `why`: which figures differ, or why it is not ours."""

    printed: Printed
    verdict: Verdict
    why: str = ""

    @property
    def reason(self) -> str | None:
        """The reason in deviations.toml why it disagrees; None if there is none."""
        found = deviation_of(self.printed)
        return None if found is None else str(found["reason"])


class NothingToRunError(Exception):
    """The folder holds no index of published results."""


def run(folder: Path) -> list[Result]:
    """Return what became of every published result of a folder of data."""
    if not (folder / "index.json").is_file():
        raise NothingToRunError(f"{folder}: no index.json")
    asked = [(call_for(printed), printed) for printed in printed_in(folder)]
    computed = Computed(folder, [(c, p) for c, p in asked if c is not None and c.call])
    return [_result(call, printed, computed) for call, printed in asked]


def _result(call: Call | None, printed: Printed, computed: Computed) -> Result:
    """Return the verdict; whatever happens in one call, the others still run."""
    if call is None:
        return Result(printed, "disagree", "no line in calls.csv")
    if not call.call:
        return Result(printed, "not ours", call.reason)
    try:
        found = computed.figure(call, printed)
    except Exception as fault:  # a fault of ours is a disagreement
        return Result(printed, "disagree", f"{type(fault).__name__}: {fault}")
    wrong = list(differences(found, call, printed))
    return Result(printed, "disagree" if wrong else "agree", "; ".join(wrong))


def differences(found: Figure, call: Call, printed: Printed) -> Iterator[str]:
    """Yield each figure that is not what was printed."""
    times = 100.0 if printed.statistic.startswith("%") else 1.0
    low, high = printed.interval or (None, None)
    for name, ours, given, decimals in (
        ("estimate", found.value * times, printed.estimate, call.decimals),
        ("standard error", found.error * times, printed.error, call.se_decimals),
        ("low", found.low * times, low, call.decimals),
        ("high", found.high * times, high, call.decimals),
        ("n", found.n, None if printed.n is None else str(printed.n), 0),
    ):
        if not agrees(ours, given, decimals):
            yield f"{name}: printed {given}, ours {ours:.6g}"


def call_for(printed: Printed) -> Call | None:
    """Return the line of calls.csv for a published result; None if there is none."""
    fits = [
        c for c in _by_statistic().get((printed.id, printed.statistic), ()) if c.is_for(printed)
    ]
    return fits[0] if len(fits) == 1 else None


@cache
def _by_statistic() -> Mapping[tuple[str, str], list[Call]]:
    found = defaultdict(list)
    for call in calls():
        found[call.id, call.statistic].append(call)
    return found


@cache
def deviations() -> tuple[Mapping[str, Any], ...]:
    """Return the entries of deviations.toml."""
    return tuple(tomllib.loads(DEVIATIONS.read_text(encoding="utf-8"))["deviation"])


def deviation_of(printed: Printed) -> Mapping[str, Any] | None:
    """Return the entry that says why a published result differs."""
    for entry in deviations():
        names = printed.table in entry["tables"] and printed.id == entry["id"]
        if names and printed.statistic in entry["statistics"]:
            if printed.estimate in entry.get("estimates", (printed.estimate,)):
                return entry
    return None
