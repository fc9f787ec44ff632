"""What many simulated programmes showed, as tables for people (Markdown)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.i18n import word
from pipeline.problems.problem import TestVerdict
from pipeline.simulation.trials.outcomes import Detected, Outcome, Verdict
from pipeline.simulation.trials.plan import CHANGES, Kind
from pipeline.simulation.trials.programme import READ_RIGHT

SHOWN: tuple[TestVerdict, ...] = (
    "improved", "improved_small", "worsened", "not_improved", "insufficient",
)  # fmt: skip
FELL = frozenset({"improved", "improved_small"})
TRULY_NOT: frozenset[Kind] = frozenset({"unchanged", "worsened 8"})
LEVELS = {"whole": "whole survey", "group": "worst groups"}


def coverage(outcomes: Sequence[Outcome]) -> str:
    """Return how often 95 % intervals held the truth, by what was estimated."""
    counted: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for one in outcome.covered:
            key = (one.estimated, one.level)
            counted[key] += 1
            held[key] += one.holds
    rows = [
        (estimated, "whole survey" if level == "whole" else "county or setting",
         f"{counted[estimated, level]:,}", _percent(held[estimated, level], n))
        for (estimated, level), n in sorted(counted.items())
    ]  # fmt: skip
    return _table(("estimated", "of", "intervals", "hold the truth"), rows)


def covered_share(outcomes: Iterable[Outcome], estimated: str, level: str) -> float:
    """Return the share of intervals of one kind that held the truth."""
    held = [
        one.holds
        for outcome in outcomes
        for one in outcome.covered
        if (one.estimated, one.level) == (estimated, level)
    ]
    return sum(held) / len(held)


def verdicts(outcomes: Iterable[Outcome]) -> str:
    """Return the rates of verdicts by what truly happened."""
    by: dict[tuple[str, Kind], Counter[TestVerdict]] = {}
    for one in _verdicts(outcomes):
        by.setdefault((one.level, one.kind), Counter())[one.verdict] += 1
    rows = [
        (LEVELS[level], kind, f"{sum(given.values()):,}",
         *(_percent(given[verdict], sum(given.values())) for verdict in SHOWN))
        for level in LEVELS
        for kind in CHANGES
        if (given := by.get((level, kind)))
    ]  # fmt: skip
    named = (word(f"problems.verdict_{verdict}", "zh") for verdict in SHOWN)
    return _table(("problem of", "truth (points)", "problems", *named), rows)


def false_improved(outcomes: Iterable[Outcome]) -> str:
    """Return how often an unchanged problem is called improved, by the share that did improve."""
    listed = list(_verdicts(outcomes))
    rows = []
    for level in LEVELS:
        for mixture in sorted({one.mixture for one in listed}):
            rate, n = false_rate(listed, level, mixture)
            told = [one for one in listed if one.level == level and one.mixture == mixture]
            called = [one for one in told if one.verdict in FELL]
            false = sum(one.kind in TRULY_NOT for one in called)
            rows.append(
                (LEVELS[level], f"{mixture:.0%}", f"{n:,}", f"{rate:.1%}" if n else "-",
                 f"{len(called):,}",
                 _percent(false, len(called)))
            )  # fmt: skip
    return _table(
        ("problem of", "truly improved", "unchanged problems", "called improved", "called in all",
         "of these false"), rows,
    )  # fmt: skip


def false_rate(listed: Iterable[Verdict], level: str, mixture: float) -> tuple[float, int]:
    """Return the share of unchanged problems that were called improved, and their number."""
    fell = [
        one.verdict in FELL
        for one in listed
        if (one.level, one.mixture, one.kind) == (level, mixture, "unchanged")
    ]
    return (sum(fell) / len(fell) if fell else float("nan")), len(fell)


def detection(outcomes: Iterable[Outcome]) -> str:
    """Return with which precision and recall each kind of planted fault was found."""
    rows = [
        (kind, f"{one.found + one.missed:,}", _percent(one.found, one.found + one.missed),
         "read right, kept" if kind in READ_RIGHT else _percent(one.found, one.found + one.false))
        for kind, one in detected(outcomes).items()
    ]  # fmt: skip
    return _table(("fault", "planted", "found (recall)", "right when found (precision)"), rows)


def detected(outcomes: Iterable[Outcome]) -> dict[str, Detected]:
    """Add up what was found of each kind of fault."""
    total: dict[str, Detected] = {}
    for outcome in outcomes:
        for kind, one in outcome.dirt.items():
            so_far = total.get(kind, Detected(0, 0, 0))
            total[kind] = Detected(
                so_far.found + one.found, so_far.missed + one.missed, so_far.false + one.false
            )
    return total


def _verdicts(outcomes: Iterable[Outcome]) -> Iterator[Verdict]:
    for outcome in outcomes:
        yield from outcome.verdicts


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
