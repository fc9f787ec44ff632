"""The areas of the plan with every problem code: what measures it, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.findings.finding import Finding
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.programme import Area, ProblemCode, Programme
from pipeline.questionnaire.questions import Question
from pipeline.reporting.changes import Change, change_of
from pipeline.reporting.tables import Results


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measured problem in one survey: its figure, the standard and the wave before."""

    results: Results
    question: Question
    measure: Measure
    cell: str
    """Id of the share in the latest wave, '' where it may not be stated."""
    standard: str
    """Id of the comparison with the standard, '' where there is none."""
    verdict: str
    """What that comparison concluded, '' where there is none."""
    change: Change
    finding: Finding | None
    """The finding that rests on this figure."""


@dataclass(frozen=True, slots=True)
class CodeView:
    """A problem code of the plan and what was measured of it, by the order of the surveys."""

    problem: ProblemCode
    measures: tuple[MeasureView, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area with its problem codes."""

    area: Area
    codes: tuple[CodeView, ...]

    @property
    def measured(self) -> tuple[CodeView, ...]:
        return tuple(code for code in self.codes if code.measures)

    @property
    def unmeasured(self) -> tuple[CodeView, ...]:
        return tuple(code for code in self.codes if not code.measures)


def areas_of(
    programme: Programme,
    latest: Sequence[Results],
    before: Mapping[str, Results],
    findings: Sequence[Finding],
) -> tuple[AreaView, ...]:
    """Return all areas in the plan's order.

    Parameters
    ----------
    latest : the latest wave of each survey
    before : survey -> its wave before that one, where there is one
    """
    resting = {finding.estimate: finding for finding in findings if finding.estimate}
    measured: dict[str, list[MeasureView]] = {}
    for results in latest:
        for question, measure in results.codebook.questionnaire.measures():
            view = _measure(results, before.get(results.survey), question, measure, resting)
            measured.setdefault(measure.problem, []).append(view)
    return tuple(
        AreaView(
            area, tuple(CodeView(one, tuple(measured.get(one.code, ()))) for one in area.problems)
        )
        for area in programme.areas
    )


def _measure(
    results: Results, before: Results | None, question: Question, measure: Measure,
    resting: Mapping[str, Finding],
) -> MeasureView:  # fmt: skip
    code = code_of(measure)
    row = results.total(question.name, code)
    against = results.compared("standard", question.name, code)
    cell = str(row["id"]) if row is not None and row["presentable"] else ""
    return MeasureView(
        results=results,
        question=question,
        measure=measure,
        cell=cell,
        standard=str(against["id"]) if against is not None else "",
        verdict=str(against["conclusion"]) if against is not None else "",
        change=change_of(results, before, question.name, code),
        finding=resting.get(cell),
    )


def code_of(measure: Measure) -> str:
    """Return the code under which the unfavourable answers together are estimated."""
    return "+".join(str(code) for code in sorted(measure.unfavourable))
