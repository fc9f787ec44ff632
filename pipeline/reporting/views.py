"""Everything that pages and lists are made from, and what each section of the page is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import MARK, Finding, Grade
from pipeline.i18n import Text
from pipeline.problems.followup import FollowUp
from pipeline.problems.lists import in_order
from pipeline.problems.problem import Problem, Proposal
from pipeline.questionnaire.codebook import Codebook
from pipeline.questionnaire.programme import Area, Programme, Wave
from pipeline.questionnaire.questions import Question
from pipeline.reporting.areas import AreaView, areas_of
from pipeline.reporting.finding_views import FindingView, finding_views
from pipeline.reporting.followed import FollowUpView, VerdictGroup, grouped, views_of
from pipeline.reporting.heard import coding_rows
from pipeline.reporting.provenance import Provenance
from pipeline.reporting.tables import Results

SECTIONS = ("headlines", "areas", "findings", "words", "problems", "followup", "quality",
            "methods", "answers")  # fmt: skip
WITHOUT_MEASURES = ("headlines", "answers", "words", "quality", "methods")
"""Sections of a survey whose questions measure no problem of the programme."""


@dataclass(frozen=True)
class Site:
    """Everything the pages and lists are made from.

    What is found speaks of the latest wave of each survey (`results`); how the data came about is
    told of every wave (`waves_of`).
    """

    programme: Programme
    codebooks: tuple[Codebook, ...]
    """One for each survey and wave."""
    disclosed: PublicTables
    """With the rows of the verdicts."""
    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]
    followups: tuple[FollowUp, ...]
    as_of: date
    provenance: Provenance

    @cached_property
    def runs(self) -> Mapping[tuple[str, str], Results]:
        """All results by survey and wave, each survey's waves in their order."""
        order = {wave.wave: place for place, wave in enumerate(self.programme.waves)}
        books = sorted(self.codebooks, key=lambda b: (b.survey, order.get(b.wave, -1), b.wave))
        return {
            (book.survey, book.wave): Results(self.disclosed, self.programme, book)
            for book in books
        }

    @cached_property
    def by_survey(self) -> Mapping[str, tuple[Results, ...]]:
        """The waves of each survey, the earliest first."""
        found: dict[str, list[Results]] = {}
        for (survey, _), results in self.runs.items():
            found.setdefault(survey, []).append(results)
        return {survey: tuple(waves) for survey, waves in found.items()}

    @cached_property
    def results(self) -> tuple[Results, ...]:
        """The latest wave of each survey."""
        return tuple(waves[-1] for waves in self.by_survey.values())

    @cached_property
    def earlier(self) -> tuple[Results, ...]:
        """All waves of each survey but its latest."""
        return tuple(one for waves in self.by_survey.values() for one in waves[:-1])

    @cached_property
    def before(self) -> Mapping[str, Results]:
        """The wave before the latest of each survey that has one."""
        return {survey: waves[-2] for survey, waves in self.by_survey.items() if len(waves) > 1}

    @property
    def simulated(self) -> bool:
        return self.programme.simulated or any(
            book.questionnaire.simulated for book in self.codebooks
        )

    @cached_property
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

    def wave_name(self, name: str) -> Text:
        """Return how a wave is called."""
        wave = next((w for w in self.programme.waves if w.wave == name), None)
        return wave.title if wave is not None else Text(zh=name)

    def null_results(self, results: Results) -> tuple[Question, ...]:
        """Return the measured questions of which no comparison found a difference."""
        concluded: dict[str, set[str]] = {}
        for row in results.comparisons:
            concluded.setdefault(row["question"], set()).add(row["conclusion"])
        return tuple(
            question
            for question, _ in results.codebook.questionnaire.measures()
            if concluded.get(question.name, set()) - {"one_wave", "not_comparable"}
            == {"no_difference"}
        )

    @cached_property
    def areas(self) -> tuple[AreaView, ...]:
        return areas_of(self.programme, self.results, self.before, self.findings)

    @cached_property
    def finding_views(self) -> tuple[FindingView, ...]:
        """All findings: those of the first screen first, then in the order of their ids."""
        return finding_views(
            self.findings, self.listed_problems, self.runs, self.before, self.programme,
            self.disclosed,
        )  # fmt: skip

    @cached_property
    def findings_by_area(self) -> Sequence[tuple[Area, tuple[FindingView, ...]]]:
        """The findings of each area that has any, in the plan's order."""
        of = {
            area.code: tuple(view for view in self.finding_views if view.area.code == area.code)
            for area in self.programme.areas
        }
        return tuple((area, of[area.code]) for area in self.programme.areas if of[area.code])

    @property
    def open_proposals(self) -> tuple[Proposal, ...]:
        """Proposals that no person has accepted yet."""
        waiting = [proposal for proposal in self.proposals if not proposal.accepted_as]
        return tuple(sorted(waiting, key=lambda p: (p.tier, p.id)))

    @cached_property
    def listed_problems(self) -> tuple[Problem, ...]:
        """Accepted problems in the order of the lists: by tier, then deadline."""
        return in_order(self.problems)

    @cached_property
    def problems_by_number(self) -> Mapping[str, Problem]:
        return {problem.number: problem for problem in self.problems}

    def grades_now(self, problem: Problem) -> tuple[Grade, ...]:
        """Return the grades that the findings of a problem bear now; none where all are gone."""
        found = {one.grade for one in self.findings if one.id in problem.findings}
        return tuple(sorted(found))

    @cached_property
    def followup_views(self) -> Mapping[str, FollowUpView]:
        """The follow-up of each accepted problem, by its number, in the order of the lists."""
        places = {problem.number: place for place, problem in enumerate(self.listed_problems)}
        views = views_of(
            self.followups, self.problems_by_number, self.runs, self.programme, self.disclosed
        )
        ordered = sorted(views, key=lambda view: places[view.problem.number])
        return {view.problem.number: view for view in ordered}

    @cached_property
    def verdicts(self) -> tuple[VerdictGroup, ...]:
        """The follow-ups by verdict."""
        return grouped(self.followup_views.values())

    @property
    def checked(self) -> str:
        """Id of a verdict that says how many problems were tested together, '' without one."""
        tested = (view for view in self.followup_views.values() if view.followup.checked)
        return next((view.verdict for view in tested), "")

    @cached_property
    def coding(self) -> Mapping[str, str]:
        """Ids of what is known of the coding of the interviews, by kind."""
        return coding_rows(self.disclosed)

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
