from datetime import date

import pytest

from pipeline.findings.finding import Figure
from pipeline.problems.lifecycle import change
from pipeline.problems.problem import Problem, read_problems, write_problems
from pipeline.problems.register import Change
from pipeline.problems.state import lamp, problems_of
from tests.problems.made import CHECKER, NUMBER, OWNER, accepted, assigned, finding

AS_OF = date(2026, 11, 15)


def state(log=None, findings=None, as_of: date = AS_OF) -> Problem:  # type: ignore[no-untyped-def]
    (problem,) = problems_of(
        log if log is not None else assigned(),
        [finding()] if findings is None else findings,
        as_of=as_of,
    )
    return problem


def test_an_accepted_problem_keeps_what_a_person_accepted() -> None:
    problem = state()
    assert (problem.number, problem.area, problem.problem_type) == (NUMBER, "A1", "T5")
    assert problem.basis.zh.startswith("党员群众中，58%的人重复填过表")
    assert problem.finding_link == "current"
    changed = finding(figure=Figure(value=0.5, low=0.45, high=0.55, n=1400))
    assert state(findings=[changed]).finding_link == "changed"
    assert state(findings=[changed]).basis == problem.basis
    assert state(findings=[]).finding_link == "gone"
    assert state(findings=[finding(against_standard="no_difference")]).finding_link == "gone"


def test_the_finding_that_stands_now_is_that_of_the_same_problem_and_survey() -> None:
    assert state(findings=[finding(id="F-A1.4-03")]).finding_link == "changed"  # renumbered
    other = finding(survey="cadres")  # the old number, of another survey now
    assert state(findings=[other]).finding_link == "gone"
    later = finding(wave="2026-followup", estimate="E-2")
    assert state(findings=[other, later]).finding_link == "current"  # it reads the same
    moved = finding(figure=Figure(value=0.5, low=0.45, high=0.55, n=1400), wave="2026-followup")
    assert state(findings=[moved]).finding_link == "changed"
    assert state(findings=[moved]).basis == state().basis


def test_goal_owner_and_measures_come_from_the_log() -> None:
    problem = state()
    assert problem.goal is not None
    assert (problem.goal.metric, problem.goal.target) == ("E-1", 0.30)
    assert (problem.owner, problem.measures) == (OWNER, ("合并台账",))
    assert (problem.assigned, problem.deadline) == (date(2026, 10, 20), date(2026, 12, 31))
    assert state(accepted()).goal is None
    assert state(accepted()).lamp == "grey"


def test_measures_done_say_nothing_of_the_problem_being_gone() -> None:
    log = change(assigned(), [Change(action="measure_done", evidence="验收单")],
                 at=date(2026, 11, 1), who=OWNER, problem=NUMBER)  # fmt: skip
    problem = state(log)
    assert (problem.measure_state, problem.progress, problem.lamp) == ("done", 100, "green")
    assert problem.verdict == "untested"
    tested = change(log, [Change(action="test", field="verdict", value="not_improved",
                                 evidence="第二轮")],
                    at=date(2026, 11, 10), who=CHECKER, problem=NUMBER)  # fmt: skip
    assert state(tested).verdict == "not_improved"


def test_a_late_problem_is_overdue_and_red() -> None:
    problem = state(as_of=date(2027, 1, 1))
    assert (problem.measure_state, problem.lamp) == ("overdue", "red")


@pytest.mark.parametrize(
    ("progress", "as_of", "expected"),
    [
        (40, date(2026, 10, 1), "grey"),  # before the assignment
        (40, date(2026, 11, 20), "green"),  # 50 expected, 10 behind
        (39, date(2026, 11, 20), "yellow"),
        (20, date(2026, 11, 20), "yellow"),  # 30 behind
        (19, date(2026, 11, 20), "red"),
        (95, date(2027, 1, 2), "yellow"),  # 7 days to the deadline
        (99, date(2027, 1, 10), "red"),  # overdue
        (100, date(2027, 1, 10), "green"),
    ],
)
def test_lamp(progress: int, as_of: date, expected: str) -> None:
    start, deadline = date(2026, 10, 2), date(2027, 1, 8)
    assert (deadline - start).days == 98
    assert (date(2026, 11, 20) - start).days == 49
    assert lamp(start, deadline, progress, done=False, as_of=as_of) == expected


def test_without_a_deadline_there_is_no_lamp_but_grey() -> None:
    assert lamp(date(2026, 1, 1), None, 0, done=False, as_of=AS_OF) == "grey"
    assert lamp(AS_OF, AS_OF, 0, done=False, as_of=AS_OF) == "red"


def test_problems_are_read_back_as_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_problems([state()], tmp_path / "problems.json")
    assert read_problems(tmp_path / "problems.json") == (state(),)
