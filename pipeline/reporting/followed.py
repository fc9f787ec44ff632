"""Accepted problems after measures were taken: the share before and now, and the verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.disclosure.public import PublicTables
from pipeline.i18n import Text
from pipeline.problems.followup import FollowUp
from pipeline.problems.problem import Problem, TestVerdict
from pipeline.problems.verdicts import verdict_id
from pipeline.questionnaire.programme import ProblemCode, Programme
from pipeline.reporting.tables import Results

VERDICTS: tuple[TestVerdict, ...] = (
    "worsened", "reopened", "resolved", "closed", "improved", "improved_small", "not_improved",
    "insufficient", "untested",
)  # fmt: skip
"""The order in which verdicts are listed: that of the rules that give them."""


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """One accepted problem, what was measured of it, and what the test says."""

    followup: FollowUp
    problem: Problem
    code: ProblemCode
    respondents: Text
    claim: Text
    group: Text
    """The group that the goal is set for; empty for the whole survey."""
    before: str
    """Id of the share that the goal was set on, '' where it may not be stated."""
    now: str
    """Id of the same share in the latest wave, '' where there is none to state."""
    verdict: str
    """Id of the verdict's row."""

    @property
    def tested(self) -> bool:
        """Whether a later wave was compared, so that a difference can be shown."""
        return self.followup.status == "tested"

    @property
    def before_measures_end(self) -> bool:
        """Whether something improved while the measures were still under way."""
        improved = self.followup.verdict in ("improved", "improved_small")
        return improved and self.problem.progress < 100

    @property
    def recorded_otherwise(self) -> bool:
        """Whether the register holds another verdict than the data give."""
        recorded = self.followup.recorded
        return recorded != "untested" and recorded != self.followup.verdict


@dataclass(frozen=True, slots=True)
class VerdictGroup:
    """The problems of one verdict."""

    verdict: TestVerdict
    views: tuple[FollowUpView, ...]

    @property
    def ids(self) -> str:
        """Ids of the verdicts' rows, as an attribute of the group's word names them."""
        return " ".join(view.verdict for view in self.views)


def views_of(
    followups: Iterable[FollowUp],
    problems: Mapping[str, Problem],
    runs: Mapping[tuple[str, str], Results],
    programme: Programme,
    disclosed: PublicTables,
) -> tuple[FollowUpView, ...]:
    """Return the follow-ups of accepted problems, in the order given.

    Parameters
    ----------
    problems : number -> accepted problem
    runs : (survey, wave) -> results
    """
    return tuple(
        _view(one, problems[one.number], runs, programme, disclosed)
        for one in followups
        if one.number in problems
    )


def grouped(views: Iterable[FollowUpView]) -> tuple[VerdictGroup, ...]:
    """Return the views by verdict, in the order of `VERDICTS`; none of them is empty."""
    found = tuple(views)
    groups = (
        VerdictGroup(verdict, tuple(v for v in found if v.followup.verdict == verdict))
        for verdict in VERDICTS
    )
    return tuple(group for group in groups if group.views)


def _view(
    one: FollowUp, problem: Problem, runs: Mapping[tuple[str, str], Results],
    programme: Programme, disclosed: PublicTables,
) -> FollowUpView:  # fmt: skip
    row = disclosed.rows.get(one.metric, {})
    results = runs.get((row.get("survey", ""), row.get("wave", "")))
    nothing = Text(zh="")
    respondents = claim = group = nothing
    if results is not None:
        asked = results.codebook.questionnaire
        respondents, measure = asked.respondents, asked.question(row["question"]).measure
        claim = measure.claim if measure is not None else asked.question(row["question"]).text
        if row["domain"] != "all":
            group = results.level_name(row["domain"], str(row["domain_value"]))
    return FollowUpView(
        followup=one,
        problem=problem,
        code=programme.problem(problem.problem),
        respondents=respondents,
        claim=claim,
        group=group,
        before=_stated(disclosed, one.metric),
        now=_stated(disclosed, one.latest),
        verdict=verdict_id(one.number),
    )


def _stated(disclosed: PublicTables, cell: str) -> str:
    row = disclosed.rows.get(cell)
    return cell if row is not None and row["presentable"] else ""
