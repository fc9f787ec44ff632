from datetime import date

import pytest

from pipeline.errors import RegisterError
from pipeline.problems.lifecycle import change, lives
from pipeline.problems.register import Change, Event
from tests.problems.made import CHECKER, NUMBER, OFFICE, OWNER, accepted, assigned


def step(
    log: tuple[Event, ...], action: str, at: date, who: str = OFFICE, **given: str
) -> tuple[Event, ...]:
    return change(log, [Change(action=action, **given)], at=at, who=who, problem=NUMBER)


def done() -> tuple[Event, ...]:
    return step(assigned(), "measure_done", date(2026, 11, 1), OWNER, evidence="验收单 3 号")


def resolved() -> tuple[Event, ...]:
    return step(done(), "test", date(2026, 11, 10), CHECKER, field="verdict", value="resolved",
                evidence="第二轮独立样本")  # fmt: skip


def test_the_whole_way_to_closing() -> None:
    assert [life.phase for life in lives(assigned())] == ["assigned"]
    log = step(assigned(), "progress", date(2026, 10, 25), OWNER, field="progress", value="40")
    assert lives(log)[0].phase == "underway"
    revisited = step(resolved(), "revisit", date(2027, 2, 10), CHECKER, field="result",
                     value="resolved", evidence="回访记录")  # fmt: skip
    closed = step(revisited, "close", date(2027, 2, 11), CHECKER, evidence="审核单")
    life = lives(closed)[0]
    assert (life.phase, life.closed) == ("closed", date(2027, 2, 11))
    back = step(closed, "reopen", date(2027, 6, 1), CHECKER, evidence="两份新的反映")
    assert lives(back)[0].phase == "reopened"
    assert lives(closed, date(2026, 10, 20))[0].phase == "assigned"


def test_a_test_without_success_sends_the_problem_back() -> None:
    log = step(done(), "test", date(2026, 11, 10), CHECKER, field="verdict",
               value="not_improved", evidence="第二轮")  # fmt: skip
    assert lives(log)[0].phase == "underway"


def test_closing_needs_a_revisit_and_ninety_days() -> None:
    with pytest.raises(RegisterError, match="尚不能销号"):
        step(resolved(), "close", date(2027, 3, 1), CHECKER, evidence="审核单")
    early = step(resolved(), "revisit", date(2026, 12, 1), CHECKER, field="result",
                 value="resolved", evidence="回访")  # fmt: skip
    with pytest.raises(RegisterError, match="90"):
        step(early, "close", date(2026, 12, 2), CHECKER, evidence="审核单")


def test_the_owner_cannot_verify_its_own_work() -> None:
    for who in (OWNER, f"{OWNER}组织科", "副部长"):
        with pytest.raises(RegisterError, match="owner"):
            step(done(), "test", date(2026, 11, 10), who, field="verdict", value="resolved",
                 evidence="自查")  # fmt: skip


@pytest.mark.parametrize(
    ("log", "action", "given"),
    [
        (accepted, "progress", {"field": "progress", "value": "10"}),
        (accepted, "close", {"evidence": "x"}),
        (assigned, "test", {"field": "verdict", "value": "resolved", "evidence": "x"}),
        (assigned, "drop", {"evidence": "x"}),
        (assigned, "accept", {"field": "proposal", "value": "P-A1.4-residents"}),
        (assigned, "measure_done", {}),
        (assigned, "progress", {"field": "progress", "value": "101"}),
        (assigned, "progress", {"field": "verdict", "value": "resolved"}),
        (assigned, "progress", {"field": "measure_state", "value": "resolved"}),
        (assigned, "celebrate", {}),
    ],
)
def test_what_the_rules_forbid_is_refused(log, action: str, given: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RegisterError):
        step(log(), action, date(2026, 10, 21), CHECKER, **given)


def test_a_forbidden_event_in_a_file_is_told_with_its_line() -> None:
    from pipeline.problems.register import appended

    wrong = [Change(action="close", evidence="x")]
    log = appended(accepted(), wrong, at=date(2026, 12, 1), who=CHECKER, problem=NUMBER)
    with pytest.raises(RegisterError, match=f"line {len(log) + 1}"):
        lives(log)
