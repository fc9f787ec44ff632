"""Which measured questions become findings, and what may be said of each.

A question that measures a problem becomes a finding if its share passes the presentation rule. A
difference is claimed only if its q is within the false discovery rate of its declared family and
it is at least as large as the smallest important difference; otherwise the sentence says that
there is no clear difference. Null results are findings too. Problems that only interviews speak
of become leads when several sites do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.disclosure.public import PublicTables
from pipeline.errors import QuestionnaireError
from pipeline.findings.changes import change_of, with_change
from pipeline.findings.finding import Figure, Finding, Verdict
from pipeline.findings.grade import Evidence, NonresponseFault, grade, nonresponse_faults
from pipeline.findings.groups import group_notes
from pipeline.findings.interviews import heard_on, leads
from pipeline.findings.numbering import finding_numbers, latest_books
from pipeline.findings.wording import (
    causal_words,
    inside,
    level_name,
    mark,
    said,
    who_and_claim,
)
from pipeline.i18n import Text
from pipeline.questionnaire.codebook import Codebook
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.parts import Measure
from pipeline.questionnaire.programme import Programme, ReportingRules
from pipeline.questionnaire.questions import Question

HEADLINES = 5


@dataclass(frozen=True)
class Measured:
    """A question that measures a problem, with its rows of the published tables."""

    id: str
    questionnaire: Questionnaire
    wave: str
    question: Question
    measure: Measure
    estimate: pd.Series
    standard: pd.Series | None
    comparisons: pd.DataFrame
    exploratory: bool
    """The measure differs from the one frozen at launch, or was never frozen."""


def findings_of(
    public: PublicTables, codebooks: Sequence[Codebook], programme: Programme
) -> tuple[Finding, ...]:
    """Return all findings, ordered by id, at most five of them marked as headlines.

    Parameters
    ----------
    codebooks : one for each survey and wave; of a survey, the programme's latest wave counts

    Raises
    ------
    QuestionnaireError
        If a definition makes a finding claim a cause.
    """
    found = [_finding(one, public, programme) for one in _measured(public, codebooks, programme)]
    latest = latest_books(codebooks, [wave.wave for wave in programme.waves])
    covered = {code for book in latest for code in _codes(book.questionnaire)}
    found += list(leads(public, programme, covered))
    for finding in found:
        if words := causal_words(finding.statement):
            raise QuestionnaireError(
                f"{finding.survey} {finding.question}: measure 的表述含因果词 {'、'.join(words)}；"
                "一次调查只能说明相关，请改写 claim 或 decision。"
                "(the measure claims a cause; a survey shows association only, reword it)"
            )
    return _with_headlines(sorted(found, key=lambda finding: finding.id))


def verdict_on(comparison: pd.Series | None, rules: ReportingRules) -> Verdict:
    """Return what a comparison with a standard allows to say."""
    if comparison is None or pd.isna(comparison["q"]):
        return "no_standard"
    # Published differences of groups carry three decimals, so half a unit there is no shortfall.
    large = abs(comparison["difference"]) >= rules.smallest_important_difference - 0.0005
    if comparison["q"] > rules.false_discovery_rate or not large:
        return "no_difference"
    return "above" if comparison["difference"] > 0 else "below"


def _codes(questionnaire: Questionnaire) -> set[str]:
    return {measure.problem for _, measure in questionnaire.measures()}


def _measured(
    public: PublicTables, codebooks: Sequence[Codebook], programme: Programme
) -> Iterator[Measured]:
    """Yield the presentable measured questions of each survey's latest wave."""
    order = [wave.wave for wave in programme.waves]
    numbers = finding_numbers(codebooks, order)
    for book in latest_books(codebooks, order):
        for question, measure in book.questionnaire.measures():
            rows = _of(public.estimates, book, question.name)
            rows = rows[_is_set(rows["code"], measure.unfavourable) & (rows["domain"] == "all")]
            rows = rows[rows["presentable"].astype(bool)]
            compared = _of(public.comparisons, book, question.name)
            compared = compared[_is_set(compared["code"], measure.unfavourable)]
            against = compared[
                (compared["kind"] == "standard") & compared["domain"].isin(["all", ""])
            ]
            if not rows.empty:
                yield Measured(
                    numbers[measure.problem, book.survey, question.name],
                    book.questionnaire,
                    book.wave,
                    question,
                    measure,
                    rows.iloc[0],
                    None if against.empty or measure.standard is None else against.iloc[0],
                    compared,
                    question.name in book.changed_measures,
                )


def _of(table: pd.DataFrame, book: Codebook, question: str) -> pd.DataFrame:
    at = (table["survey"] == book.survey) & (table["wave"] == book.wave)
    return table[at & (table["question"] == question)]


def _is_set(codes: pd.Series, wanted: tuple[int, ...]) -> pd.Series:
    names = {str(code) for code in wanted}
    return codes.map(lambda code: set(str(code).split("+")) == names).astype(bool)


def _finding(one: Measured, public: PublicTables, programme: Programme) -> Finding:
    survey, measure, row = one.questionnaire.survey, one.measure, one.estimate
    design = public.design(survey, one.wave)
    drawn = design is not None and design.probability_sample
    verdict = verdict_on(one.standard, programme.reporting) if drawn else "no_standard"
    heard = heard_on(public, measure.problem)
    # Where no difference is claimed, nothing agrees and no claim is contradicted, but whoever says
    # that the problem is there must still be heard.
    agree, contradict, contrary = {
        "above": ("supports", "contradicts", "contradicts"),
        "no_standard": ("supports", "contradicts", "contradicts"),
        "below": ("contradicts", "supports", "supports"),
        "no_difference": ("", "", "supports"),
    }[verdict]
    letter, reason = grade(
        Evidence(
            survey=True,
            probability_sample=drawn,
            rules_passed=bool(row["presentable"]),  # `verdict_on` holds q and size
            exploratory=one.exploratory,
            nonresponse_faults=_nonresponse(public, survey, one.wave, one.question.name),
            agreeing=heard.of(agree).interviews,
            agreeing_sites=heard.of(agree).sites,
            contradicting=heard.of(contradict).interviews,
            explained=heard.of(contradict).explained,
        )
    )
    stated = letter in "AB"
    against = heard.of(contradict)
    contradicted = against.interviews > against.explained
    change = change_of(one.comparisons, programme.reporting) if stated else None
    themes = public.themes
    if not themes.empty:
        themes = themes[
            (themes["survey"] == survey)
            & (themes["wave"] == one.wave)
            & (themes["problem"] == measure.problem)
            & (themes["domain"] == "all")
        ]
    return Finding(
        id=one.id,
        survey=survey,
        wave=one.wave,
        problem=measure.problem,
        question=one.question.name,
        statement=with_change(_statement(one, verdict), change)
        if stated
        else _lead(one, verdict, contradicted),
        estimate=str(row["id"]),
        figure=Figure(
            value=float(row["value"]),
            low=float(row["low"]) if stated and pd.notna(row["low"]) else None,
            high=float(row["high"]) if stated and pd.notna(row["high"]) else None,
            n=int(row["n"]),
        ),
        comparisons=tuple(sorted(one.comparisons["id"])),
        change=change,
        notes=group_notes(one.comparisons, public, one.questionnaire, programme) if stated else (),
        themes=() if themes.empty else tuple(sorted(themes["id"])),
        interview_support=heard.of("supports").interviews,
        interview_contradict=heard.of("contradicts").interviews,
        standard=measure.standard,
        against_standard=verdict,
        presentable=True,
        grade=letter,
        grade_reason=reason,
        contrary=heard.contrary(contrary),
        decision=measure.decision,
        manifest_level=measure.manifest_level,
        root_level=measure.root_level,
        headline=None,
        exploratory=one.exploratory,
        limitation=_limitation(one),
    )


def _statement(one: Measured, verdict: Verdict) -> Text:
    who, claim = who_and_claim(one.questionnaire, one.measure.claim)
    standard = "" if one.standard is None else str(one.standard["id"])
    decision = one.measure.decision
    meaning = "to_study" if verdict == "above" and decision.zh else f"means_{verdict}"
    return said(
        f"statement_{verdict}",
        who=who,
        value=mark(one.estimate["id"], "value"),
        claim=claim,
        gap=mark(standard, "gap"),
        standard=mark(standard, "value_b"),
        meaning=said(meaning, level=level_name(one.measure.root_level), decision=inside(decision)),
    )


def _lead(one: Measured, verdict: Verdict, contradicted: bool) -> Text:
    """Return the sentence of a lead; where survey and interviews disagree, both are told."""
    who, claim = who_and_claim(one.questionnaire, one.measure.claim)
    apart = contradicted and verdict in ("above", "below")
    key = f"statement_lead_{verdict}" if apart else "statement_lead"
    return said(key, who=who, n=mark(one.estimate["id"], "n"), claim=claim)


def _limitation(one: Measured) -> Text:
    limits = one.questionnaire.limitation
    if not one.exploratory:
        return limits
    changed = said("limitation_changed")
    return Text(
        zh=f"{limits.zh.rstrip('。')}。{changed.zh}",
        en=f"{limits('en').rstrip('.')}. {changed.en}",
    )


def _nonresponse(
    public: PublicTables, survey: str, wave: str, question: str
) -> tuple[NonresponseFault, ...]:
    quality = public.quality
    known: dict[tuple[str, str], float] = {}
    if not quality.empty:
        rows = quality[(quality["survey"] == survey) & (quality["wave"] == wave)]
        known = {
            (str(group), str(item)): float(value)
            for group, item, value in zip(rows["group"], rows["item"], rows["value"], strict=True)
        }
    return nonresponse_faults(
        known.get(("response", "rr1")),
        known.get(("weights", "representativity")),
        known.get(("item_nonresponse", question)),
    )


def excess(finding: Finding) -> float:
    """Return how far the near end of the interval lies beyond the standard (shares, 0-1)."""
    if finding.figure is None or finding.standard is None:
        return 0.0
    low, high = finding.figure.low, finding.figure.high
    if finding.against_standard == "above" and low is not None:
        return low - finding.standard.value
    if finding.against_standard == "below" and high is not None:
        return finding.standard.value - high
    return 0.0


def _with_headlines(found: list[Finding]) -> tuple[Finding, ...]:
    """Mark at most five findings for the first screen: beyond the standard first, then better."""
    candidates = [
        finding
        for finding in found
        if finding.grade in "AB" and finding.against_standard in ("above", "below")
    ]
    candidates.sort(key=lambda f: (f.against_standard == "below", -excess(f), f.id))
    places = {finding.id: place for place, finding in enumerate(candidates[:HEADLINES], start=1)}
    return tuple(
        finding.model_copy(update={"headline": places.get(finding.id)}) for finding in found
    )
