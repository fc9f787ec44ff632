"""What the findings propose as problems: one for each problem code and survey beyond a standard.

A problem is a gap between a named standard and a measured state; without a standard there is a
topic. Proposals stand in three tiers, never in ranks: tier 1 are those that cannot be told apart
from the one that is farthest beyond its standard, tier 2 the others that are established, tier 3
mere leads.
"""

from collections.abc import Iterable, Sequence

from pipeline.documents import numbers
from pipeline.findings.finding import MARK, Finding
from pipeline.findings.rules import excess
from pipeline.i18n import LANGUAGES, Language, Text, word
from pipeline.problems.problem import Proposal
from pipeline.questionnaire.programme import Programme


def proposals_of(
    findings: Iterable[Finding], programme: Programme, accepted: dict[str, str]
) -> tuple[Proposal, ...]:
    """Return the proposals, ordered by tier and id.

    Parameters
    ----------
    accepted : proposal id -> number of the problem that it became
    """
    beyond: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.against_standard == "above" and finding.grade in "ABC":
            beyond.setdefault(proposal_id(finding), []).append(finding)
    leading = {id_: min(group, key=_strength) for id_, group in beyond.items()}
    tiers = _tiers(list(leading.values()))
    proposals = [
        _proposal(id_, leading[id_], beyond[id_], tiers[leading[id_].id], programme, accepted)
        for id_ in leading
    ]
    return tuple(sorted(proposals, key=lambda proposal: (proposal.tier, proposal.id)))


def proposal_id(finding: Finding) -> str:
    """Return the id of the proposal that a finding belongs to: of its problem and survey."""
    return f"P-{finding.problem}-{finding.survey}"


def basis_of(finding: Finding) -> Text:
    """Return the sentence of a finding with its numbers written out, and what it rests on.

    This is what an acceptance records: later runs may change figures, not this record.
    """
    words = {language: _written_out(finding, language) for language in LANGUAGES}
    return Text(zh=words["zh"], en=words["en"])


def _strength(finding: Finding) -> tuple[str, float, str]:
    return (finding.grade, -excess(finding), finding.id)


def _tiers(findings: Sequence[Finding]) -> dict[str, int]:
    far_ends = {
        f.id: f.figure.high - f.standard.value
        for f in findings
        if f.grade in "AB" and f.standard and f.figure and f.figure.high is not None
    }
    farthest = max((excess(f) for f in findings if f.id in far_ends), default=0.0)
    return {
        f.id: 3 if f.id not in far_ends else 1 if far_ends[f.id] >= farthest else 2
        for f in findings
    }


def _proposal(
    id_: str,
    leading: Finding,
    group: Sequence[Finding],
    tier: int,
    programme: Programme,
    accepted: dict[str, str],
) -> Proposal:
    wave = programme.wave(leading.wave).title
    return Proposal(
        id=id_,
        problem=leading.problem,
        survey=leading.survey,
        statement=leading.statement,
        basis=basis_of(leading),
        estimate=leading.estimate,
        findings=tuple(sorted(f.id for f in group)),
        grade=leading.grade,
        tier=tier,
        manifest_level=leading.manifest_level,
        root_level=leading.root_level,
        source=Text(
            zh=word("problems.source", "zh", wave=wave.zh),
            en=word("problems.source", "en", wave=wave("en")),
        ),
        decision=leading.decision,
        accepted_as=accepted.get(id_, ""),
    )


def _written_out(finding: Finding, language: Language) -> str:
    sentence = MARK.sub(
        lambda mark: _number(finding, mark["id"], mark["field"]), finding.statement(language)
    )
    figure = finding.figure
    stated = figure is not None and figure.low is not None and figure.high is not None
    return word(
        "problems.basis" if stated else "problems.basis_lead",
        language,
        sentence=sentence.rstrip("。."),
        finding=finding.id,
        low=numbers.percent(figure.low) if figure and figure.low is not None else "",
        high=numbers.percent(figure.high) if figure and figure.high is not None else "",
        n=numbers.count(figure.n) if figure else "",
        grade=word(f"findings.grade_{finding.grade}", language),
    )


def _number(finding: Finding, row: str, field: str) -> str:
    """Return the number that a mark stands for; a finding knows its own figures."""
    figure, standard, change = finding.figure, finding.standard, finding.change
    match field:
        case "gap" if change is not None and change.comparison == row:
            return numbers.points_apart(change.difference or 0.0)
        case "value" if figure is not None:
            return numbers.percent(figure.value)
        case "n" if figure is not None:
            return numbers.count(figure.n)
        case "value_b" if standard is not None:
            return numbers.percent(standard.value)
        case "gap" if figure is not None and standard is not None:
            return numbers.points_apart(figure.value - standard.value)
    return "…"
