"""The rows of the problem list, the duty list and the supervision list, in the order of columns.

A row holds what stands in each column; numbers that the pipeline measured are marks
(``[[E-…:value]]``, ``[[V-…:difference]]``), to be resolved from the disclosed tables. Sorted by
tier, then deadline.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from pipeline.findings.finding import MARK, Finding
from pipeline.findings.wording import mark
from pipeline.i18n import Language, word
from pipeline.problems.followup import FollowUp
from pipeline.problems.problem import Lamp, Problem
from pipeline.problems.verdicts import verdict_id
from pipeline.questionnaire.programme import Programme


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row of 问题清单."""

    sequence: int
    number: str
    statement: str
    area: str
    problem_type: str
    manifest_level: str
    root_level: str
    source: str
    evidence: str
    grade: str
    main_cause: str
    rectification: str
    tier: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A row of 责任清单."""

    sequence: int
    number: str
    duty_statement: str
    measures: str
    goal: str
    lead_role: str
    owner: str
    co_units: str
    responsible_role: str
    deadline: date | None
    milestones: str


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """A row of 督办清单."""

    sequence: int
    number: str
    matter: str
    matter_source: str
    owner: str
    responsible_role: str
    assigned: date | None
    deadline: date | None
    progress: int
    measure_state: str
    verdict: str
    lamp: str
    difficulty: str
    next_step: str
    supervisor_role: str
    closed: date | None


LAMPS: Mapping[Lamp, str] = {"green": "●", "yellow": "▲", "red": "■", "grey": "○"}
ListRow = ProblemRow | DutyRow | SupervisionRow


def headers(row: type[ListRow], language: Language = "zh") -> tuple[str, ...]:
    """Return the headers of a list's columns, in order."""
    return tuple(word(f"problems.column_{one.name}", language) for one in fields(row))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by tier, then deadline (none last), then number."""
    return tuple(sorted(problems, key=lambda p: (p.tier, p.deadline or date.max, p.number)))


def problem_rows(
    problems: Iterable[Problem],
    findings: Iterable[Finding],
    programme: Programme,
    language: Language = "zh",
) -> tuple[ProblemRow, ...]:
    """Return 问题清单; `findings` are the current ones, from which the evidence is cited."""
    known = {finding.id: finding for finding in findings}
    return tuple(
        ProblemRow(
            sequence=place,
            number=problem.number,
            statement=problem.statement(language),
            area=programme.area_of(problem.problem).short(language),
            problem_type=word(f"problems.type_{problem.problem_type}", language),
            manifest_level=problem.manifest_level,
            root_level=problem.root_level,
            source=problem.source(language),
            evidence=_evidence(problem, known, language),
            grade=_grade(problem, known, language),
            main_cause=problem.main_cause,
            rectification=word(f"problems.rectification_{problem.rectification}", language),
            tier=word(f"problems.tier_{problem.tier}", language),
        )
        for place, problem in enumerate(in_order(problems), start=1)
    )


def duty_rows(problems: Iterable[Problem], language: Language = "zh") -> tuple[DutyRow, ...]:
    """Return 责任清单."""
    return tuple(
        DutyRow(
            sequence=place,
            number=problem.number,
            duty_statement=problem.statement(language),
            measures="\n".join(problem.measures),
            goal=word("problems.goal", language, target=f"{problem.goal.target:.0%}")
            if problem.goal
            else "",
            lead_role=problem.lead_role,
            owner=problem.owner,
            co_units="、".join(problem.co_units),
            responsible_role=problem.responsible_role,
            deadline=problem.deadline,
            milestones="\n".join(problem.milestones),
        )
        for place, problem in enumerate(in_order(problems), start=1)
    )


def supervision_rows(
    problems: Iterable[Problem], followups: Iterable[FollowUp], language: Language = "zh"
) -> tuple[SupervisionRow, ...]:
    """Return 督办清单; the lamp and the verdict stand in columns of their own.

    The verdict is that of the data (`followups`), with the change as marks; where the register
    recorded another one, both stand and it is said which is which. The lamp has its sign.
    """
    tested = {one.number: one for one in followups}
    return tuple(
        SupervisionRow(
            sequence=place,
            number=problem.number,
            matter=problem.statement(language),
            matter_source=problem.source(language),
            owner=problem.owner,
            responsible_role=problem.responsible_role,
            assigned=problem.assigned,
            deadline=problem.deadline,
            progress=problem.progress,
            measure_state=word(f"problems.state_{problem.measure_state}", language),
            verdict=_verdict(problem, tested.get(problem.number), language),
            lamp=f"{LAMPS[problem.lamp]} {word(f'problems.lamp_{problem.lamp}', language)}",
            difficulty=problem.difficulty,
            next_step=problem.next_step,
            supervisor_role=problem.supervisor_role,
            closed=problem.closed,
        )
        for place, problem in enumerate(in_order(problems), start=1)
    )


def _verdict(problem: Problem, one: FollowUp | None, language: Language) -> str:
    if one is None:
        return word(f"problems.verdict_{problem.verdict}", language)
    lines = [word(f"problems.verdict_{one.verdict}", language)]
    if one.difference is not None:
        lines.append(
            word(
                "report.l_change",
                language,
                difference=mark(verdict_id(one.number), "difference"),
                low=mark(verdict_id(one.number), "low"),
                high=mark(verdict_id(one.number), "high"),
            )
        )
    if one.recorded not in ("untested", one.verdict):
        recorded = word(f"problems.verdict_{one.recorded}", language)
        lines.append(word("report.l_recorded", language, verdict=recorded))
    return "\n".join(lines)


def _grade(problem: Problem, known: dict[str, Finding], language: Language) -> str:
    """Return the grade that was recorded; where the findings bear another one now, both."""

    def said(grade: str) -> str:
        return f"{grade} {word(f'findings.grade_{grade}', language)}"

    now = sorted({known[one].grade for one in problem.findings if one in known})
    if not now or now == [problem.grade]:
        return said(problem.grade)
    current = word("report.slash", language).join(map(said, now))
    return word("report.l_grades", language, then=said(problem.grade), now=current)


def _evidence(problem: Problem, known: dict[str, Finding], language: Language) -> str:
    """Cite the current findings; where they changed, first what was found on acceptance."""
    now = "\n".join(
        _cited(finding, language)
        for finding in (known[one] for one in problem.findings if one in known)
    )
    if problem.finding_link == "current":
        return now
    then = _when_accepted(problem, language)
    if problem.finding_link == "gone":
        return f"{then}\n{word('problems.evidence_gone', language)}"
    return f"{then}\n{word('problems.evidence_now', language, evidence=now)}" if now else then


def _cited(finding: Finding, language: Language) -> str:
    stated = finding.figure is not None and finding.figure.low is not None
    key = "problems.evidence" if stated else "problems.evidence_lead"
    return word(key, language, finding=finding.id, **_figures(finding.estimate))


def _when_accepted(problem: Problem, language: Language) -> str:
    """Cite the estimate of the goal or of the statement; without one the basis as written."""
    named = MARK.search(problem.statement.zh)
    estimate = problem.goal.metric if problem.goal else named["id"] if named else ""
    if not estimate:
        return problem.basis(language)
    finding = "、".join(problem.findings)
    # What was accepted without an interval (a lead, or no probability sample) is cited without.
    key = "evidence_then" if "区间" in problem.basis.zh else "evidence_then_lead"
    return word(f"problems.{key}", language, finding=finding, **_figures(estimate))


def _figures(estimate: str) -> dict[str, str]:
    return {name: mark(estimate, name) for name in ("value", "low", "high", "n")}
