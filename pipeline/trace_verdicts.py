"""From the verdict on a problem back to the tests of all problems that were made with it."""

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.i18n import Language, word
from pipeline.places import DISCLOSED, FOLLOWUP, PROBLEMS
from pipeline.problems.followup import FollowUp, read_followups
from pipeline.problems.judgement import adjusted, one_sided, verdict_of
from pipeline.problems.problem import read_problems
from pipeline.problems.verdicts import verdict_id
from pipeline.trace_answers import unlike


def followup_of(identifier: str) -> FollowUp | None:
    """Return the follow-up whose verdict bears the id (``V-A1-2026-001``), None if none does."""
    if not FOLLOWUP.is_file():
        return None
    found = (one for one in read_followups(FOLLOWUP) if verdict_id(one.number) == identifier)
    return next(found, None)


def of_verdict(one: FollowUp, language: Language) -> Iterator[str]:
    """Yield the problem, the verdict on it, and what the verdict rests on."""
    problem = next((p for p in read_problems(PROBLEMS) if p.number == one.number), None)
    yield f"{verdict_id(one.number)}  {one.number}: {_called(one.verdict, language)}"
    if problem is not None:
        yield f"{word('trace.problem', language)}: {problem.problem} {problem.basis(language)}"
    why = f" ({word(f'report.why_{one.why_not}', language)})" if one.why_not else ""
    yield f"  {word(f'problems.followup_{one.status}', language)}{why}"
    if one.recorded not in ("untested", one.verdict):
        recorded = _called(one.recorded, language)
        yield f"  {word('report.recorded_otherwise', language, verdict=recorded)}"
    if one.status == "tested":
        yield from _tested(one, language)
    yield f"{word('trace.table', language)}: {FOLLOWUP.as_posix()}"


def _tested(one: FollowUp, language: Language) -> Iterator[str]:
    base = "baseline" if one.shrunk_baseline is None else "shrunk"
    start = one.baseline if one.shrunk_baseline is None else one.shrunk_baseline
    yield (
        f"  {one.value:.6f} − {start:.6f} ({word(f'trace.{base}', language)}) = "
        f"{one.difference:.6f}, SE = {one.standard_error:.6f}"
    )
    yield (
        f"  95% {word('trace.interval', language)}: {one.low:.4f} – {one.high:.4f}; "
        f"90%: {one.low90:.4f} – {one.high90:.4f}; "
        f"{word('trace.smallest_fall', language)}: {one.smallest_fall:.2f}"
    )
    yield (
        f"  q_fall = {one.q_fall:.4f}, q_rise = {one.q_rise:.4f} (BH, "
        f"{word('trace.checked', language)} {one.checked})"
    )
    yield from _again(one, language)


def _again(one: FollowUp, language: Language) -> Iterator[str]:
    """Yield the verdict as the published differences of all tested problems give it again."""
    together = [other for other in read_followups(FOLLOWUP) if other.status == "tested"]
    table = pd.read_parquet(DISCLOSED / "comparisons.parquet")
    tests = [_change(table[table["id"] == other.comparison].iloc[0]) for other in together]
    place = [other.number for other in together].index(one.number)
    q_fall, q_rise = (_adjusted(tests, side)[place] for side in (0, 1))
    verdict = verdict_of(*tests[place], q_fall, q_rise, one.smallest_fall)
    marks = unlike(q_fall, one.q_fall) + unlike(q_rise, one.q_rise)
    marks += "" if verdict == one.verdict else f"  ≠ {one.verdict} !"
    marks += unlike(len(tests), one.checked)
    yield (
        f"  {word('trace.again', language)}: q_fall = {q_fall:.4f}, q_rise = {q_rise:.4f} → "
        f"{_called(verdict, language)}{marks}"
    )


def _change(row: pd.Series) -> tuple[float, float, float]:
    """Return the difference that is judged, its standard error and degrees of freedom."""
    if row["domain"] == "all":
        return row["difference"], row["standard_error"], row["degrees_of_freedom"]
    return row["value_a"] - row["shrunk_b"], row["shrunk_error"], row["degrees_of_freedom"]


def _adjusted(tests: Sequence[tuple[float, float, float]], side: int) -> tuple[float, ...]:
    return adjusted([one_sided(*test)[side] for test in tests])


def _called(verdict: str, language: Language) -> str:
    return word(f"problems.verdict_{verdict}", language)
