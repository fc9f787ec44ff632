"""What each section of the page is about: findings, areas and problems with their figures."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import MARK, Finding
from pipeline.i18n import Text
from pipeline.problems.followup import FollowUp
from pipeline.problems.lists import in_order
from pipeline.problems.problem import Problem, Proposal
from pipeline.questionnaire.codebook import Codebook
from pipeline.questionnaire.model import Question
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.programme import Area, ProblemCode, Programme, Wave
from pipeline.reporting.charts import Axis, axis_for
from pipeline.reporting.provenance import Provenance
from pipeline.reporting.tables import Banner, Results, Row, interview_rows

SECTIONS = ("headlines", "areas", "findings", "words", "problems", "followup", "quality",
            "methods", "answers")  # fmt: skip
WITHOUT_MEASURES = ("headlines", "answers", "words", "quality", "methods")
"""Sections of a survey whose questions measure no problem of the programme."""


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measured problem in one survey: its figure beside the standard."""

    results: Results
    question: Question
    measure: Measure
    cell: str
    verdict: str
    finding: Finding | None
    """The finding that rests on this figure."""


@dataclass(frozen=True, slots=True)
class CodeView:
    """A problem code of the plan and what was measured of it."""

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


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with everything that is shown of it."""

    finding: Finding
    area: Area
    problem: ProblemCode
    results: Results | None
    question: Question | None
    comparisons: tuple[Row, ...]
    interviews: tuple[Row, ...]
    quotes: tuple[Row, ...]
    number: str
    """Number of the accepted problem that rests on it, '' where there is none."""

    @property
    def banners(self) -> tuple[Banner, ...]:
        if self.results is None or self.question is None:
            return ()
        code = self.results.disclosed.rows[self.finding.estimate]["code"]
        return self.results.banners(self.question.name, code)

    @property
    def stated(self) -> bool:
        """Whether the finding may be written with a percentage and its margin (grades A, B)."""
        return (
            bool(self.finding.estimate)
            and self.finding.presentable
            and (self.finding.grade in ("A", "B"))
        )

    @property
    def groups_differ(self) -> bool:
        """Whether any comparison of groups found a difference that holds."""
        return any(
            row["kind"] == "group" and row["conclusion"] in ("higher", "lower")
            for row in self.comparisons
        )

    @property
    def against(self) -> tuple[Row, ...]:
        """Counts of contradicting interviews that no contrary sentence names already."""
        said = "".join(text.zh for text in self.finding.contrary)
        return tuple(
            row
            for row in self.interviews
            if row["stance"] == "contradicts" and row["id"] not in said
        )

    @property
    def axis(self) -> Axis:
        rows = self.results.disclosed.rows if self.results else {}
        cells = [self.finding.estimate]
        cells += [group.cell for banner in self.banners for group in banner.groups]
        ends = [rows[cell][end] for cell in cells if cell for end in ("high", "value")]
        standard = [self.finding.standard.value] if self.finding.standard else []
        return axis_for([end for end in ends if not math.isnan(end)] + standard)

    @property
    def themes(self) -> tuple[Row, ...]:
        """Themes of open answers that bear on this finding."""
        rows = self.results.disclosed.rows if self.results else {}
        return tuple(rows[theme] for theme in self.finding.themes if theme in rows)


@dataclass(frozen=True)
class Site:
    """Everything the pages and lists are made from."""

    programme: Programme
    codebooks: tuple[Codebook, ...]
    disclosed: PublicTables
    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]
    followups: tuple[FollowUp, ...]
    as_of: date
    provenance: Provenance

    @cached_property
    def results(self) -> tuple[Results, ...]:
        return tuple(Results(self.disclosed, self.programme, book) for book in self.codebooks)

    @property
    def simulated(self) -> bool:
        return self.programme.simulated or any(
            book.questionnaire.simulated for book in self.codebooks
        )

    @property
    def sections(self) -> tuple[str, ...]:
        measured = any(list(book.questionnaire.measures()) for book in self.codebooks)
        named = SECTIONS if measured or self.findings or self.problems else WITHOUT_MEASURES
        worded = any(run.themes(q.name) for run in self.results for q in run.open_questions)
        return tuple(name for name in named if name != "words" or worded)

    @property
    def probability_sample(self) -> bool:
        """Whether any survey of the page may bear margins of error."""
        return any(design.probability_sample for design in self.disclosed.designs)

    @cached_property
    def waves(self) -> tuple[Wave, ...]:
        """The waves that were analysed; all of the programme where it names none of them."""
        met = {book.wave for book in self.codebooks}
        named = tuple(wave for wave in self.programme.waves if wave.wave in met)
        return named or self.programme.waves

    def wave_of(self, results: Results) -> Wave | None:
        """Return the wave of a run as the programme describes it."""
        return next((w for w in self.programme.waves if w.wave == results.wave), None)

    def withheld(self, results: Results) -> tuple[tuple[str, str, str], ...]:
        """Return (id, table, rule) of every count of withheld rows of one run."""
        return tuple(
            (cell, row["table"], row["rule"])
            for cell, row in self.disclosed.rows.items()
            if cell.startswith("L-") and row["value"]
            and (row["survey"], row["wave"]) == (results.survey, results.wave)
        )  # fmt: skip

    def null_results(self, results: Results) -> tuple[Question, ...]:
        """Return the measured questions of which no comparison found a difference."""
        concluded: dict[str, set[str]] = {}
        for row in self.disclosed.rows.values():
            if row["id"].startswith("C-") and (row["survey"], row["wave"]) == (
                results.survey, results.wave,
            ):  # fmt: skip
                concluded.setdefault(row["question"], set()).add(row["conclusion"])
        return tuple(
            question
            for question, _ in results.codebook.questionnaire.measures()
            if concluded.get(question.name, set()) - {"one_wave"} == {"no_difference"}
        )

    def run(self, survey: str, wave: str) -> Results | None:
        """Return the results of one run, or None where the page has none."""
        return next((r for r in self.results if (r.survey, r.wave) == (survey, wave)), None)

    @cached_property
    def areas(self) -> tuple[AreaView, ...]:
        return tuple(
            AreaView(area, tuple(CodeView(one, self._measures(one.code)) for one in area.problems))
            for area in self.programme.areas
        )

    def _measures(self, problem: str) -> tuple[MeasureView, ...]:
        made = []
        for results in self.results:
            for question, measure in results.codebook.questionnaire.measures():
                if measure.problem != problem:
                    continue
                code = "+".join(str(one) for one in sorted(measure.unfavourable))
                row = results.total(question.name, code)
                cell = str(row["id"]) if row is not None and row["presentable"] else ""
                made.append(
                    MeasureView(
                        results, question, measure, cell,
                        self._against_standard(results, question.name, code),
                        next((f for f in self.findings if cell and f.estimate == cell), None),
                    )
                )  # fmt: skip
        return tuple(made)

    def _against_standard(self, results: Results, question: str, code: str) -> str:
        key = (results.survey, results.wave, question, code, "standard", "all")
        return next(
            (
                str(row["conclusion"])
                for row in self.disclosed.rows.values()
                if row["id"].startswith("C-") and key == (
                    row["survey"], row["wave"], row["question"], row["code"], row["kind"],
                    row["domain"] or "all",
                )
            ),
            "",
        )  # fmt: skip

    @cached_property
    def finding_views(self) -> tuple[FindingView, ...]:
        """All findings: those of the first screen first, then in the order of their ids."""
        ordered = sorted(self.findings, key=lambda f: (f.headline or 99, f.id))
        return tuple(self._finding(finding) for finding in ordered)

    def _finding(self, finding: Finding) -> FindingView:
        results = self.run(finding.survey, finding.wave)
        question = None
        if results is not None and finding.question:
            question = results.codebook.questionnaire.question(finding.question)
        rows = self.disclosed.rows
        return FindingView(
            finding=finding,
            area=self.programme.area_of(finding.problem),
            problem=self.programme.problem(finding.problem),
            results=results,
            question=question,
            comparisons=tuple(rows[one] for one in finding.comparisons if one in rows),
            interviews=interview_rows(self.disclosed, finding.problem, "count"),
            quotes=interview_rows(self.disclosed, finding.problem, "quote"),
            number=next((p.number for p in self.problems if finding.id in p.findings), ""),
        )

    @property
    def open_proposals(self) -> tuple[Proposal, ...]:
        """Proposals that no person has accepted yet."""
        waiting = [proposal for proposal in self.proposals if not proposal.accepted_as]
        return tuple(sorted(waiting, key=lambda p: (p.tier, p.id)))

    @property
    def listed_problems(self) -> tuple[Problem, ...]:
        """Accepted problems in the order of the lists: by tier, then deadline."""
        return in_order(self.problems)

    @cached_property
    def problems_by_number(self) -> Mapping[str, Problem]:
        return {problem.number: problem for problem in self.problems}

    def resolvable(self, text: Text) -> bool:
        """Tell whether all figures that a sentence names are still disclosed."""
        marks = [found for words in (text.zh, text.en) for found in MARK.finditer(words)]
        return all(_has(self.disclosed, found["id"], found["field"]) for found in marks)


def _has(disclosed: PublicTables, cell: str, field: str) -> bool:
    try:
        disclosed.value(cell, field)
    except KeyError:
        return False
    return True
