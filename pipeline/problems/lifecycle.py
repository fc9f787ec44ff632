"""The life of a problem: which step may follow which, who may take it, and what state results.

Accepted, assigned (owner, goal, deadline), under way, measures done (administrative proof), tested
by someone else, resolved and to be consolidated, visited again at least 90 days later, closed; or
relapsed and reopened. Whether measures were carried out and whether the problem is gone are two
things: the second is never taken from the owner's own report.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.errors import RegisterError
from pipeline.problems.register import Change, Event, appended

CONSOLIDATION_DAYS = 90
IMMEDIATE_DAYS = 30
FROM: dict[str, frozenset[str]] = {
    "accept": frozenset({""}),
    "drop": frozenset({"accepted"}),
    "assign": frozenset({"accepted", "assigned", "underway", "reopened"}),
    "progress": frozenset({"assigned", "underway"}),
    "measure_done": frozenset({"assigned", "underway"}),
    "test": frozenset({"measures_done"}),
    "revisit": frozenset({"resolved"}),
    "close": frozenset({"resolved"}),
    "reopen": frozenset({"resolved", "closed"}),
}
"""Action -> phases in which it is allowed."""
BY_OTHERS = frozenset({"test", "revisit", "close", "reopen"})
"""What a person of the owner unit may not do."""
PROVEN = frozenset({"measure_done", "test", "revisit", "close", "reopen", "drop"})
"""What needs evidence."""
FIELDS: dict[str, frozenset[str]] = {
    "accept": frozenset(
        {"proposal", "problem_code", "statement_zh", "statement_en", "basis_zh", "basis_en",
         "findings", "grade", "tier", "manifest_level", "root_level", "source_zh", "source_en",
         "problem_type", "rectification", "goal_metric"}
    ),
    "assign": frozenset(
        {"owner", "co_units", "responsible_role", "lead_role", "supervisor_role", "main_cause",
         "goal_metric", "goal_target", "measure", "milestone", "deadline"}
    ),
    "progress": frozenset({"progress", "measure_state", "difficulty", "next_step"}),
    "measure_done": frozenset({""}),
    "test": frozenset({"verdict"}),
    "revisit": frozenset({"result"}),
    "close": frozenset({""}),
    "reopen": frozenset({""}),
    "drop": frozenset({""}),
}  # fmt: skip
VALUES: dict[str, frozenset[str]] = {
    "problem_type": frozenset({"T1", "T2", "T3", "T4", "T5", "T6"}),
    "rectification": frozenset({"immediate", "staged", "continuing"}),
    "measure_state": frozenset({"not_started", "underway", "milestone", "done", "sustained"}),
    "verdict": frozenset(
        {"insufficient", "not_improved", "improved", "improved_small", "worsened", "resolved"}
    ),
    "result": frozenset({"resolved", "partly", "unresolved", "relapsed"}),
}  # fmt: skip
MANY = frozenset({"measure", "milestone"})
"""Fields that gather values instead of replacing them."""


@dataclass(frozen=True)
class Life:
    """Where a problem stands after some of its events."""

    number: str
    phase: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    gathered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: date | None = None
    assigned: date | None = None
    resolved: date | None = None
    closed: date | None = None
    revisited: bool = False


def lives(events: Iterable[Event], as_of: date | None = None) -> tuple[Life, ...]:
    """Return every problem as the log says it stands, in order of numbers.

    Parameters
    ----------
    as_of : events after this day are not looked at

    Raises
    ------
    RegisterError
        If an event is not allowed where it stands, with its line in the log.
    """
    found: dict[str, Life] = {}
    for event in events:
        if as_of is not None and event.at > as_of:
            break
        life = found.get(event.problem, Life(event.problem))
        try:
            found[event.problem] = after(life, event)
        except RegisterError as refused:
            raise RegisterError(
                f"第 {event.event + 1} 行 (line {event.event + 1}): {refused}"
            ) from None
    return tuple(found[number] for number in sorted(found))


def after(life: Life, event: Event) -> Life:
    """Return the life of a problem after one more event.

    Raises
    ------
    RegisterError
        If the action is unknown, not allowed in this phase or to this person, or lacks evidence.
    """
    _allow(life, event)
    facts, collected = dict(life.facts), dict(life.gathered)
    if event.field in MANY:
        collected[event.field] = (*collected.get(event.field, ()), event.value)
    elif event.field:
        facts[event.field] = event.value
    life = replace(life, facts=facts, gathered=collected)
    match event.action:
        case "accept":
            return replace(life, phase="accepting", accepted=event.at)
        case "assign":
            phase = "underway" if life.phase == "underway" else "assigned"
            return replace(life, phase=phase, assigned=life.assigned or event.at)
        case "progress":
            return replace(life, phase="underway")
        case "measure_done":
            return replace(life, phase="measures_done")
        case "test":
            solved = event.value == "resolved"
            return replace(
                life,
                phase="resolved" if solved else "underway",
                resolved=event.at if solved else None,
                revisited=False,
            )
        case "revisit":
            return replace(life, revisited=event.value == "resolved")
        case "close":
            return replace(life, phase="closed", closed=event.at)
        case "reopen":
            return replace(life, phase="reopened", closed=None, resolved=None, revisited=False)
    return replace(life, phase="dropped")


def _allow(life: Life, event: Event) -> None:
    if event.action not in FROM:
        raise RegisterError(f"没有“{event.action}”这个动作。(no such action)")
    phase = _settled(life, event)
    if phase not in FROM[event.action]:
        raise RegisterError(
            f"{life.number} 处于“{phase or '未立项'}”，不能“{event.action}”。请按流程先做前一步。"
            f"({event.action} is not allowed while {phase or 'unknown'})"
        )
    if event.field not in FIELDS[event.action]:
        raise RegisterError(f"“{event.action}”没有“{event.field}”这一项。(no such field)")
    if event.field in VALUES and event.value not in VALUES[event.field]:
        listed = "、".join(sorted(VALUES[event.field]))
        raise RegisterError(f"{event.field} = {event.value!r}，只能是 {listed}。(not in the list)")
    if event.field == "progress":
        _allow_progress(life, event)
    if event.field == "deadline":
        _allow_deadline(life, event)
    if event.action in PROVEN and not event.evidence.strip():
        raise RegisterError(f"“{event.action}”须写明佐证。(evidence is missing)")
    if event.action in BY_OTHERS and _of_the_owner(event.who, life):
        raise RegisterError(
            f"“{event.action}”不能由责任单位“{event.who}”自己做，请由其他单位的人员检验。"
            "(the owner cannot verify its own work)"
        )
    if event.action == "close":
        _allow_closing(life, event)


def _allow_progress(life: Life, event: Event) -> None:
    if not (event.value.isdigit() and int(event.value) <= 100):
        raise RegisterError(f"进度 {event.value!r} 应为 0 至 100 的整数。(0 to 100)")
    before = int(life.facts.get("progress", "0"))
    if int(event.value) < before and not event.evidence.strip():
        raise RegisterError(
            f"{life.number} 的进度由 {before} 降为 {event.value}，须写明佐证。"
            "(progress falls: say in the evidence why)"
        )


def _allow_deadline(life: Life, event: Event) -> None:
    """Hold what is to be put right at once to 30 days (立行立改)."""
    try:
        deadline = date.fromisoformat(event.value)
    except ValueError:
        raise RegisterError(
            f"完成时限 {event.value!r} 应写成 2026-09-30。(write the date so)"
        ) from None
    days = (deadline - event.at).days
    if life.facts.get("rectification") == "immediate" and days > IMMEDIATE_DAYS:
        raise RegisterError(
            f"{life.number} 是立行立改，完成时限不超过交办后 {IMMEDIATE_DAYS} 天，现为 {days} 天。"
            "请缩短时限，或在立项时选分阶段。(to be put right within 30 days)"
        )


def _settled(life: Life, event: Event) -> str:
    """Return the phase, in which a problem that is being accepted takes more facts of that day."""
    if life.phase == "accepting":
        return "" if event.action == "accept" and event.at == life.accepted else "accepted"
    return life.phase


def _of_the_owner(who: str, life: Life) -> bool:
    owner, post = life.facts.get("owner", ""), life.facts.get("responsible_role", "")
    return bool((owner and owner in who) or who == post)


def _allow_closing(life: Life, event: Event) -> None:
    since = (event.at - life.resolved).days if life.resolved else 0
    if not life.revisited or since < CONSOLIDATION_DAYS:
        raise RegisterError(
            f"{life.number} 尚不能销号：须在检验“已解决”满 {CONSOLIDATION_DAYS} 天后回访确认"
            f"（现为 {since} 天，回访{'已' if life.revisited else '未'}确认）。"
            "(closing needs a confirming revisit 90 days after the test)"
        )


def change(
    events: Sequence[Event], changes: Sequence[Change], *, at: date, who: str, problem: str
) -> tuple[Event, ...]:
    """Return the log with the changes added, if the rules of the life cycle allow every one.

    Raises
    ------
    RegisterError
        If a change is not allowed; nothing is added then.
    """
    log = appended(events, changes, at=at, who=who, problem=problem)
    lives(log)
    return log
