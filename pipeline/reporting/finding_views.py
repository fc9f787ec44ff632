"""A finding with everything that the page shows of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import Finding
from pipeline.problems.problem import Problem
from pipeline.questionnaire.programme import Area, ProblemCode, Programme
from pipeline.questionnaire.questions import Question
from pipeline.reporting.changes import Change, change_of
from pipeline.reporting.chart_parts import Axis, axis_for
from pipeline.reporting.heard import agreement_rows, interview_rows
from pipeline.reporting.tables import Banner, Results, Row

KINDS = ("standard", "wave", "group")
"""The order in which the comparisons of a finding are listed."""


@dataclass(frozen=True)
class FindingView:
    """A finding with everything that is shown of it."""

    finding: Finding
    area: Area
    problem: ProblemCode
    results: Results | None
    question: Question | None
    change: Change
    comparisons: tuple[Row, ...]
    interviews: tuple[Row, ...]
    quotes: tuple[Row, ...]
    agreement: tuple[Row, ...]
    """How far two coders agree on what interviews say of the problem, one row a theme."""
    problems: tuple[Problem, ...]
    """The accepted problems that rest on it."""

    @cached_property
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

    @cached_property
    def axis(self) -> Axis:
        rows = self.results.disclosed.rows if self.results else {}
        cells = [self.finding.estimate]
        cells += [group.cell for banner in self.banners for group in banner.groups]
        ends = [rows[cell][end] for cell in cells if cell for end in ("high", "value")]
        standard = [self.finding.standard.value] if self.finding.standard else []
        return axis_for([end for end in ends if not math.isnan(end)] + standard)

    @property
    def themes(self) -> tuple[Row, ...]:
        """Themes of open answers that bear on this finding, as the page lists them."""
        if self.results is None:
            return ()
        asked = self.results.open_questions
        listed = [row for one in asked for row in self.results.themes(one.name)]
        return tuple(row for row in listed if row["id"] in self.finding.themes)


def finding_views(
    findings: Sequence[Finding],
    problems: Sequence[Problem],
    runs: Mapping[tuple[str, str], Results],
    before: Mapping[str, Results],
    programme: Programme,
    disclosed: PublicTables,
) -> tuple[FindingView, ...]:
    """Return all findings: those of the first screen first, then in the order of their ids.

    Parameters
    ----------
    runs : (survey, wave) -> results
    before : survey -> its wave before the latest
    """
    made = []
    for finding in sorted(findings, key=lambda f: (f.headline or 99, f.id)):
        results = runs.get((finding.survey, finding.wave))
        question, change = None, Change("one_wave")
        if results is not None and finding.question:
            question = results.codebook.questionnaire.question(finding.question)
            code = disclosed.rows.get(finding.estimate, {}).get("code", "")
            change = change_of(results, before.get(finding.survey), question.name, code)
        made.append(
            FindingView(
                finding=finding,
                area=programme.area_of(finding.problem),
                problem=programme.problem(finding.problem),
                results=results,
                question=question,
                change=change,
                comparisons=_listed(finding, results, disclosed),
                interviews=interview_rows(disclosed, finding.problem, "count"),
                quotes=interview_rows(disclosed, finding.problem, "quote"),
                agreement=agreement_rows(disclosed, finding.problem),
                problems=tuple(p for p in problems if finding.id in p.findings),
            )
        )
    return tuple(made)


def _listed(finding: Finding, results: Results | None, disclosed: PublicTables) -> tuple[Row, ...]:
    """Return the comparisons of a finding by kind, domain and level, in their defined order.

    What no wave allows to compare is said once.
    """
    rows = [disclosed.rows[one] for one in finding.comparisons if one in disclosed.rows]
    kept = [
        row
        for row in rows
        if row["conclusion"] != "not_comparable" or row["domain"] in ("", "all")
    ]
    asked = results.codebook.questionnaire.domains if results is not None else ()
    places = {
        (domain, level): (place, number)
        for place, domain in enumerate(asked)
        for number, (level, _) in enumerate(results.levels(domain) if results else ())
    }

    def place(row: Row) -> tuple[int, tuple[int, int], str]:
        return KINDS.index(row["kind"]), places.get((row["domain"], row["a"]), (-1, 0)), row["b"]

    return tuple(sorted(kept, key=place))
