"""Findings, proposals and problems as the sentences that a page must show, for its audit."""

from collections.abc import Iterable

from pipeline.disclosure.claims import Claim, Claims, Sentence
from pipeline.disclosure.public import PublicTables
from pipeline.findings.finding import MARK, Finding
from pipeline.i18n import LANGUAGES, Language, Text, word
from pipeline.problems.problem import Problem, Proposal

HEADLINES = 5
"""How many findings the first screen holds."""


def claims_of(
    findings: Iterable[Finding],
    proposals: Iterable[Proposal],
    problems: Iterable[Problem],
    disclosed: PublicTables,
) -> Claims:
    """Return what each page must say, with the marks filled in from the disclosed tables.

    A sentence with a figure that is not disclosed any more can not be read on a page: of a problem
    the sentence on record remains, of a finding nothing, and the audit then refuses the page.
    """
    found, proposed, listed = tuple(findings), tuple(proposals), tuple(problems)
    ranked = sorted((f.headline, f.id) for f in found if f.headline is not None)
    first = {id_ for _, id_ in ranked[:HEADLINES]}
    return {
        language: (
            *(_of_finding(one, language, disclosed, one.id in first) for one in found),
            *(_of_proposal(one, language, disclosed) for one in proposed),
            *(_of_problem(one, language, disclosed) for one in listed),
        )
        for language in LANGUAGES
    }


def _of_finding(
    finding: Finding, language: Language, disclosed: PublicTables, headline: bool
) -> Claim:
    stated = finding.estimate != "" and finding.presentable and finding.grade in ("A", "B")
    notes = [filled(note, language, disclosed) for note in finding.notes] if stated else []
    contrary = [filled(text, language, disclosed).text for text in finding.contrary]
    return Claim(
        id=finding.id, kind="finding", grade=finding.grade, badge=_badge(finding.grade, language),
        estimate=finding.estimate, readings=(filled(finding.statement, language, disclosed),),
        notes=Sentence(
            "".join(note.text for note in notes),
            tuple(figure for note in notes for figure in note.figures),
        ) if notes else None,
        told=(
            *([word("report.limitation", language) + finding.limitation(language)]
              if finding.exploratory else []),  # those of a whole survey stand in its methods
            *contrary,
        ),
        headline=headline,
    )  # fmt: skip


def _of_proposal(proposal: Proposal, language: Language, disclosed: PublicTables) -> Claim:
    return Claim(
        id=proposal.id, kind="proposal", grade=proposal.grade,
        badge=_badge(proposal.grade, language), estimate=proposal.estimate,
        readings=(filled(proposal.statement, language, disclosed),),
    )  # fmt: skip


def _of_problem(problem: Problem, language: Language, disclosed: PublicTables) -> Claim:
    accepted = Sentence(problem.basis(language), ())
    now = filled(problem.statement, language, disclosed)
    return Claim(
        id=problem.number, kind="problem", grade=problem.grade,
        badge=_badge(problem.grade, language), estimate="",
        readings=(now, accepted) if problem.finding_link == "current" else (accepted,),
    )  # fmt: skip


def _badge(grade: str, language: Language) -> str:
    return f"{grade} {word(f'findings.grade_{grade}', language)}"


def filled(text: Text, language: Language, disclosed: PublicTables) -> Sentence:
    """Return a sentence as it reads; a figure that is not disclosed stays a mark."""
    parts, figures, end = [], [], 0
    words = text(language)
    for mark in MARK.finditer(words):
        try:
            figure = disclosed.text(mark["id"], mark["field"])
        except KeyError:
            figure = mark[0]
        parts += [words[end : mark.start()], figure]
        figures.append((mark["id"], mark["field"]))
        end = mark.end()
    return Sentence("".join([*parts, words[end:]]), tuple(figures))
